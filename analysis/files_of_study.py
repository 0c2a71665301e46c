"""Which files a study reads: what a command writes must be none of them."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from analysis.description import read_description
from analysis.filled_cells import filled_file
from analysis.matching.kept import matches_file
from analysis.own_packs import own_packs
from analysis.placing.by_hand import hand_file
from analysis.pooling.kept import pools_file
from geo.errors import LayerError

_KEPT = (filled_file, hand_file, matches_file, pools_file)


def files_of_study(study: Path) -> list[Path]:
    """Return the study file, the files it names, those kept beside it, whether there or not.

    Errors: StudyError for a study file that is none.
    """
    return [study, *_named(study), *(kept(study) for kept in _KEPT)]


def _named(study: Path) -> Iterator[Path]:
    description, folder = read_description(study), study.resolve().parent
    yield from own_packs(description.rules, folder)
    for source in description.layers.values():
        with suppress(LayerError):  # a pattern that nothing fits means no file
            yield from source.files(folder)
        if source.places:
            yield folder / source.places
    yield folder / description.streets.path
    if description.forecast.ages is not None:
        yield folder / description.forecast.ages
