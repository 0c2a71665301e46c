"""Studies on this computer: which there are, and whether their files have changed.

Only titles, settings and file names are read here, so the page can open before anything heavy is
imported. A study that cannot be read at all is still listed, by its file name: opening it says why.
"""

import hashlib
import os
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from glob import escape, has_magic
from pathlib import Path
from typing import Any

from analysis.own_packs import own_packs

BUNDLED = Path(__file__).resolve().parent.parent / "data"
ENVIRONMENT = "CARECIRCLE_STUDY"
FILES_KNOWN = 10_000  # whose digests are kept: more than all studies at hand have, some MB
DEFAULT_SPEED_M_PER_S = 0.9
DEFAULT_LIMIT_MIN = 15.0
# What the user decides of a study stands beside it: NAME.matches.toml and so on.
DECIDED = ("filled", "matches", "places", "pools")


@dataclass(frozen=True)
class StudyFile:
    """A study description on disk and the few words the sidebar needs of it."""

    path: Path
    title: str
    speed_m_per_s: float
    limit_min: float
    through_estates: bool


def find_studies() -> list[StudyFile]:
    """Return the study named in the environment first, those beside it, then the bundled ones.

    So a study that was begun on the page is found again; of the bundled ones the default is first.
    """
    named = os.environ.get(ENVIRONMENT)
    paths = [Path(named).resolve()] if named else []
    paths += [file for path in paths for file in sorted(path.parent.glob("*.study.toml"))]
    bundled = sorted(
        BUNDLED.glob("*.study.toml"), key=lambda path: (path.name != "chifeng.study.toml", path)
    )
    paths += [path for path in bundled if not _is_copied(path, paths)]
    return told_apart([read_heading(path) for path in dict.fromkeys(paths)])


def _is_copied(bundled: Path, own: Sequence[Path]) -> bool:
    """Return whether a bundled study is offered as a copy already, to which one may write."""
    copies = [path for path in own if path.name == bundled.name and path != bundled]
    return any(_text(path) == _text(bundled) for path in copies)


def told_apart(studies: Sequence[StudyFile]) -> list[StudyFile]:
    """Return the studies with their file behind every title that repeats.

    Titles are what is chosen by: two that read alike are one choice to Streamlit. Files of one
    name are shown with their folder.
    """
    titles = Counter(study.title for study in studies)
    alike = [study.path.name for study in studies if titles[study.title] > 1]
    return [
        replace(study, title=f"{study.title}（{_file_of(study.path, Counter(alike))}）")
        if titles[study.title] > 1
        else study
        for study in studies
    ]


def _file_of(path: Path, names: Mapping[str, int]) -> str:
    return path.name if names[path.name] == 1 else str(path)


def read_heading(path: Path) -> StudyFile:
    """Return title and walking settings; defaults where the file does not say."""
    description = _description(path)
    walking = description.get("walking")
    settings = walking if isinstance(walking, dict) else {}
    return StudyFile(
        path=path,
        title=str(description.get("title") or path.name.removesuffix(".study.toml")),
        speed_m_per_s=_number(settings.get("speed_m_per_s"), DEFAULT_SPEED_M_PER_S),
        limit_min=_number(settings.get("limit_min"), DEFAULT_LIMIT_MIN),
        through_estates=settings.get("through_estates") is True,
    )


def fingerprint(path: Path) -> str:
    """Return a digest of the study description and of every file it names.

    Files are read again only when their size or a time of change differ: that of the content can
    be set back, as copying does, that of the entry cannot. A missing file counts by its absence.
    """
    return fingerprint_of([path, *_files(path)])


def fingerprint_of(files: Iterable[Path]) -> str:
    """Return a digest of the names of files and of what they hold."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file).encode())
        if file.is_file():
            state = file.stat()
            digest.update(_content(file, state.st_mtime_ns, state.st_ctime_ns, state.st_size))
    return digest.hexdigest()


@lru_cache(maxsize=FILES_KNOWN)
def _content(
    file: Path, changed_ns: int, touched_ns: int, size: int  # noqa: ARG001 - they are the key
) -> bytes:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()


def _files(path: Path) -> Iterator[Path]:
    """Yield the files of the layers, the streets and the rules, and what was decided beside them.

    A shapefile is all files of its name; a pattern is all that fit it now; a folder is what it
    holds.
    """
    description = _description(path)
    layers = description.get("layers")
    sources = list(layers.values()) if isinstance(layers, dict) else []
    forecast = description.get("forecast")
    ages = forecast.get("ages") if isinstance(forecast, dict) else None
    for source in [*sources, description.get("streets"), ages]:
        of_one = isinstance(source, dict)
        for name in (source.get("path"), source.get("places")) if of_one else (source,):
            if isinstance(name, str) and "://" not in name:
                yield from _meant(path.parent, name)
    yield from own_packs(description.get("rules"), path.parent)
    own = path.name.removesuffix(".toml").removesuffix(".study")
    yield from (path.resolve().parent / f"{own}.{what}.toml" for what in DECIDED)


def _meant(folder: Path, name: str) -> list[Path]:
    """Return the files that a name in a study means, one that is missing among them."""
    file = folder / name
    try:
        if file.is_dir():
            return [file, *sorted(part for part in file.rglob("*") if part.is_file())]
        beside = file.parent.glob(f"{escape(file.stem)}.*")
        fitting = folder.glob(name) if has_magic(name) and not file.exists() else ()
        return sorted({file, *beside, *fitting})
    except (OSError, ValueError, NotImplementedError):  # no name of a file: reading it says so
        return []


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return ""


def _description(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except (ValueError, RecursionError):  # opening the study says what is wrong
        return {}


def _number(value: object, default: float) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
        return float(value)
    return default
