"""Which files a study reads: what a command writes must be none of them."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from analysis.description import read_description
from analysis.filled_cells import filled_file
from analysis.matching.kept import matches_file
from analysis.own_packs import own_packs
from analysis.placing.by_hand import hand_file
from analysis.pooling.kept import pools_file
from geo.databases.address import is_database
from geo.door.names import printable
from geo.errors import LayerError, PlanningError
from geo.files.patterns import would_fit
from geo.language import say

_KEPT = (filled_file, hand_file, matches_file, pools_file)


def files_of_study(study: Path) -> list[Path]:
    """Return the study file, the files it names, those kept beside it, whether there or not.

    Errors: StudyError for a study file that is none.
    """
    return [study, *_named(study), *(kept(study) for kept in _KEPT)]


def refuse_what_is_read(study: Path, folder: Path, names: Iterable[str]) -> None:
    """Refuse to write files of such names into a folder where the study would read one of them.

    A layer may be all that fits a pattern (`街道/*.xlsx`) or lies in a folder: what is written
    there is its data the next time, which no look at the files that are there can tell.

    Errors: PlanningError; StudyError for a study file that is none.
    """
    description = read_description(study)
    home = study.resolve().parent
    layers = [each.path for each in description.layers.values() if not is_database(each.path)]
    meant = [*layers, *(str(file.absolute()) for file in files_of_study(study))]
    for name in names:
        path = next((path for path in meant if would_fit(home, path, folder / name)), None)
        if path is not None:
            raise PlanningError(
                say("{folder}：要写的“{file}”会被研究当作自己的数据读入（{path}），没有写。"
                    "请换一个文件夹。",
                    folder=str(folder), file=name, path=printable(path))
            )  # fmt: skip


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
