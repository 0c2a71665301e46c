"""Files that move from a draft into their folder, all or none."""

import shutil
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from geo.errors import PlanningError
from geo.language import Message, say
from geo.reasons import why
from report.drafts import NEW, OLD


def files_below(folder: Path) -> list[str]:
    """Return the files in a folder and in its folders, by their path from there."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return sorted(file.relative_to(folder).as_posix() for file in files)


def move_in(
    aside: Path, folder: Path, names: Sequence[str], marks: Sequence[str] = ()
) -> None:
    """Move new files into place; put back what was there where one cannot move, or is not to.

    marks
        Files that say that a folder is whole: gone before any other moves, there once all have.

    Errors: PlanningError where a file cannot be written.
    """
    begun: dict[str, bool] = {}  # whether there was one of the name
    try:
        for name in marks:
            begun[name] = (folder / name).exists()
            _take_aside(aside, folder, name)
        for name in (*names, *marks):
            begun.setdefault(name, (folder / name).exists())
            _move_one(aside, folder, name)
    except BaseException as error:  # who interrupts it wants nothing of it either
        _move_back(aside, folder, begun)
        if isinstance(error, OSError):
            raise PlanningError(cannot_write(folder / name, error)) from None
        raise
    _remove_empty(folder, [name for name in names if not (folder / name).exists()])


def _take_aside(aside: Path, folder: Path, name: str) -> None:
    if (folder / name).is_file():
        (folder / name).replace(aside / OLD / name)


def _move_one(aside: Path, folder: Path, name: str) -> None:
    """Move a file in, or take the old one away where there is no new; a copy of it stays aside."""
    file, target, before = aside / NEW / name, folder / name, aside / OLD / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        before.parent.mkdir(parents=True, exist_ok=True)
        half = aside / "half"
        shutil.copy2(target, half)
        half.replace(before)
    if file.exists():
        file.replace(target)
    else:
        target.unlink(missing_ok=True)


def _move_back(aside: Path, folder: Path, begun: dict[str, bool]) -> None:
    """Put back what was there before files moved in, the last first: a mark comes back last."""
    for name, was_there in reversed([*begun.items()]):
        target, before = folder / name, aside / OLD / name
        moved = not (aside / NEW / name).exists()
        with suppress(OSError):  # the others go back all the same
            if before.exists() and (moved or not target.exists()):
                before.replace(target)
            elif moved and not was_there:
                target.unlink(missing_ok=True)
    _remove_empty(folder, begun)


def _remove_empty(folder: Path, names: Iterable[str]) -> None:
    """Take away the folders of files that are gone, where they hold nothing else."""
    inner = {above for name in names for above in Path(name).parents if above.name}
    for above in sorted(inner, key=lambda path: -len(path.parts)):
        with suppress(OSError):  # it holds something, or is gone
            (folder / above).rmdir()


def refuse_strangers(folder: Path, names: Collection[str]) -> None:
    """Refuse a folder that holds somebody's file of one of our names. Errors: PlanningError."""
    there = next((name for name in names if (folder / name).exists()), None)
    if there is not None:
        raise PlanningError(
            say(
                "{folder} 里已有 {file}，认不出是同一个命令写的，没有覆盖。请换一个文件夹。",
                folder=str(folder),
                file=there,
            )
        )


def refuse_held(folder: Path, names: Iterable[str]) -> None:
    """Refuse a folder where a file of ours cannot be written over: a program may hold it open.

    Where systems let files be replaced under whoever reads them, none is held.

    Errors: PlanningError.
    """
    for name in sorted(names):
        try:
            with (folder / name).open("r+b"):
                pass
        except OSError as error:
            raise PlanningError(cannot_write(folder / name, error)) from None


def cannot_write(path: Path, error: OSError) -> Message:
    """Return the refusal of a place that the system does not let us write to."""
    return say(
        "{path}：无法写入（{reason}）。请关闭正在使用它的程序，或换一个文件夹。",
        path=str(path),
        reason=why(error),
    )
