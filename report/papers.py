"""Which papers in a folder an earlier run wrote: those of its own list that nobody has changed."""

import hashlib
import json
from pathlib import Path
from typing import Final

from geo.errors import PlanningError
from geo.language import say
from report.drafts import NEW, OLD, left_behind

MANIFEST: Final = "report.json"
DIGESTS: Final = "sha256"
_NAMED: Final = 3  # papers that a refusal names


def papers_of_ours(folder: Path) -> set[str]:
    """Return the papers in a folder that may be written over, the list of them too.

    A run that was killed while its papers moved in has left its list aside, and that of the run
    before it: they are ours as well.

    Errors: PlanningError for a paper of ours that somebody has changed since.
    """
    killed = left_behind(folder)
    whole = _listed(folder, folder / MANIFEST)
    before = [_listed(folder, aside / OLD / MANIFEST) for aside in killed]
    listed = whole or {name: told for each in before for name, told in each.items()}
    moved = [_listed(folder, aside / NEW / MANIFEST) for aside in killed]
    names = {name for each in (listed, *moved) for name in each}
    there = {name: digest(folder / name) for name in names if (folder / name).is_file()}
    ours = {
        name for name, found in there.items()
        if any(each.get(name) == found for each in (listed, *moved))
    }  # fmt: skip
    changed = sorted(name for name in listed if name in there and name not in ours)
    if changed:
        shown = "、".join(changed[:_NAMED])
        raise PlanningError(
            say(
                "{folder} 里有 {count} 个文件生成后改过（{files}{more}），没有覆盖。"
                "请换一个文件夹，或先给它们改名。",
                folder=str(folder), count=len(changed), files=shown,
                more="…" if len(changed) > _NAMED else "",
            )
        )
    return ours | ({MANIFEST} if whole else set())


def digest(file: Path) -> str:
    """Return what tells the content of a file from any other."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _listed(folder: Path, manifest: Path) -> dict[str, str]:
    """Return the papers of a list with their digests; none where it is not a list of ours."""
    inside = folder.resolve()
    try:
        told = json.loads(manifest.read_text(encoding="utf-8"))
        if not all(isinstance(told[key], list) for key in ("files", "headline", "figures")):
            return {}
        return {
            name: str(told[DIGESTS][name]) for name in told["files"]
            # A list that somebody changed leads nowhere else.
            if name != MANIFEST and inside in (folder / name).resolve().parents
        }  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
