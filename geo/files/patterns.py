"""Which files a path in a study means: itself, or all that fit a pattern (`街道/*.xlsx`).

Only what does not stand on disk as it is written is a pattern: `数据[2024]/*.csv` is all ledgers of
that folder.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from glob import has_magic
from pathlib import Path
from typing import Final

from geo.door.links import refuse_links_out
from geo.errors import LayerError
from geo.files.sources import SUFFIXES
from geo.language import Message, say

_ANY_DEPTH: Final = "**"


@dataclass(frozen=True)
class Fitting:
    """What fits a pattern.

    files
        Each once, in the order of their names.
    passed_over
        Linked folders that were not walked through, and links to a file that is there already.
    """

    files: tuple[Path, ...]
    passed_over: tuple[Path, ...]


def is_pattern(folder: Path, path: str) -> bool:
    """Tell whether a path in a study means all files that fit it; a file of that name is one."""
    _, varying = _divided(folder, path)
    if any("*" in part or "?" in part for part in varying):
        return True
    # A bracket alone is more often of a name than of a pattern.
    return any(has_magic(part) for part in varying) and bool(fitting(folder, path).files)


def files_meant(folder: Path, path: str) -> list[Path]:
    """Return the files that a path in a study means: itself, or all that fit a pattern.

    Errors: LayerError for a pattern that nothing fits, or one that meets a link out of its folder.
    """
    if not is_pattern(folder, path):
        return [folder / path]
    found = fitting(folder, path)
    if not found.files:
        refusal = say("没有符合“{pattern}”的数据文件。请检查 path。", pattern=path)
        raise LayerError(refusal, *about_links(folder, path, found.passed_over))
    refuse_links_out(found.files, _divided(folder, path)[0])
    return [*found.files]


def would_fit(folder: Path, path: str, file: Path) -> bool:
    """Tell whether a file would be among those that a path means once it is there."""
    start, varying = _divided(folder, path)
    whole, below = start.resolve(), file.resolve()
    if whole != below and whole not in below.parents:
        return False
    if not varying:  # a file, or a folder that is one data set
        return True
    names = below.relative_to(whole).parts
    hidden = file.name.startswith("~$") or any(name.startswith(".") for name in names)
    return file.suffix.lower() in SUFFIXES and not hidden and _fits(varying, names)


def _fits(parts: Sequence[str], names: Sequence[str]) -> bool:
    """Tell whether the names of folders and of a file fit the parts of a pattern."""
    if not parts or not names:
        return not parts and not names
    part, *rest = parts
    if part == _ANY_DEPTH:
        return _fits(rest or ["*"], names) or (len(names) > 1 and _fits(parts, names[1:]))
    return fnmatch(names[0], part) and _fits(rest, names[1:])


def names_of(files: Sequence[Path], folder: Path, pattern: str) -> list[str]:
    """Return the names of the files that fit a pattern: their paths from where it begins to vary.

    Another file that comes later changes no name, whatever it is called.
    """
    start, _ = _divided(folder, pattern)
    return [file.relative_to(start).as_posix() for file in files]


def about_links(folder: Path, pattern: str, links: Sequence[Path]) -> list[Message]:
    """Return one sentence about the links that were passed over; none where there are none."""
    if not links:
        return []
    start, _ = _divided(folder, pattern)
    message = say(
        "有 {count} 个链接没有读（首个：{first}）：链接的文件夹不进入，同一文件只读一次。",
        count=len(links), first=links[0].relative_to(start).as_posix(),
    )
    return [message]


def fitting(folder: Path, pattern: str) -> Fitting:
    """Return the files of data that fit a pattern, not those of hidden or linked folders."""
    start, varying = _divided(folder, pattern)
    links: set[Path] = set()
    meant = {
        file for file in _below(start, varying, links)
        if file.suffix.lower() in SUFFIXES and not file.name.startswith(("~$", "."))
    }
    # Of a file and its links the file itself: its name stays when a link goes.
    first: dict[Path, Path] = {}
    for file in sorted(meant, key=lambda file: (file.is_symlink(), file)):
        if first.setdefault(file.resolve(), file) != file:
            links.add(file)
    return Fitting(tuple(sorted(first.values())), tuple(sorted(links)))


def _divided(folder: Path, path: str) -> tuple[Path, list[str]]:
    """Return the folder where a pattern begins to vary, and its parts from there."""
    start, parts = folder, [*Path(path).parts]
    while parts and (not has_magic(parts[0]) or _is_there(start / parts[0])):
        start /= parts.pop(0)
    return start, parts


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name too long, or with a null in it
        return False


def _below(start: Path, parts: Sequence[str], links: set[Path]) -> Iterator[Path]:
    """Yield what fits the parts of a pattern below a folder; adds to `links`."""
    if not parts:
        if _is_there(start):
            yield start
        return
    part, *rest = parts
    if part == _ANY_DEPTH and rest[:1] == [_ANY_DEPTH]:
        yield from _below(start, rest, links)
    elif part == _ANY_DEPTH:
        yield from _below(start, rest or ["*"], links)
        for folder in _folders(start, "*", links):
            yield from _below(folder, parts, links)
    elif not has_magic(part):
        yield from _below(start / part, rest, links)
    elif rest:
        for folder in _folders(start, part, links):
            yield from _below(folder, rest, links)
    else:
        yield from (Path(each) for each in _entries(start, part))


def _folders(start: Path, part: str, links: set[Path]) -> list[Path]:
    """Return the folders that fit a part of a pattern, without links, which may lead anywhere."""
    found = [Path(each) for each in _entries(start, part) if each.is_dir()]
    links |= {folder for folder in found if folder.is_symlink()}
    return [folder for folder in found if not folder.is_symlink()]


def _entries(start: Path, part: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(start) as entries:
            shown = [each for each in entries if not each.name.startswith(".")]
    except OSError:
        return []
    return [each for each in shown if fnmatch(each.name, part)]
