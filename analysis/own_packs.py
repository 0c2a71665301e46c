"""Which files the rules of a study are read from, where they are somebody's own."""

import tomllib
from collections.abc import Iterator
from pathlib import Path


def own_packs(names: object, folder: Path) -> list[Path]:
    """Return the user's own rule packs of a list of names, and those that they stand on in turn.

    Each is looked for beside the file that names it, whether there or not; bundled packs come with
    the program. What is no list, no name and no pack is left out: opening the study says so.
    """
    found: list[Path] = []
    waiting = list(_named(names, folder))
    while waiting:
        pack = waiting.pop(0)
        if pack not in found:  # one may come round to itself
            found.append(pack)
            waiting += _named(_stands_on(pack), pack.parent)
    return found


def _named(names: object, folder: Path) -> Iterator[Path]:
    for name in names if isinstance(names, (list, tuple)) else ():
        if isinstance(name, str) and name.endswith(".toml"):
            try:
                file = (folder / name).resolve()
                file.is_file()
            except (OSError, ValueError):  # no file can be called so
                continue
            yield file


def _stands_on(pack: Path) -> object:
    try:
        return tomllib.loads(pack.read_text(encoding="utf-8-sig")).get("stands_on")
    except (OSError, ValueError, RecursionError):
        return None
