"""Keys that no scenario knows: told with those it knows at that place, and the one meant."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Any, Final, get_args

from pydantic import BaseModel
from rapidfuzz import fuzz, process

from analysis.description import Walking
from geo.language import Message, say

LIKE: Final = 70.0  # of 100: how like a key must be to be the one meant
# Words that say the same and are not spelled alike.
SAME: Final[Mapping[str, str]] = MappingProxyType(
    {
        "enlarge": "resize", "expand": "resize", "扩建": "resize", "remove": "close",
        "新建": "open", "new": "open", "关停": "close", "迁址": "move", "relocate": "move",
        "road": "link", "path": "link", "entrance": "gate", "barrier": "block",
        "id": "facility_id", "minutes": "limit_min", "area": "floor_area_m2",
        "area_m2": "floor_area_m2",
    }
)  # fmt: skip


def unknown_key(
    path: Path, model: type[BaseModel], problem: Mapping[str, Any], *within: str
) -> Message | None:
    """Return what is said of a key that is not known; None for a complaint of another kind.

    model
        What stands in the whole file, or in the part of it that `within` names.
    """
    if problem["type"] != "extra_forbidden":
        return None
    *where, key = problem["loc"]
    known = _known(model, where)
    told = {
        "file": path.name,
        "key": ".".join(str(part) for part in (*within, *where, key)),
        "known": "、".join(known),
    }
    if where and key in model.model_fields:
        return say("{file}：“{key}”要写在所有 [[…]] 之前。这里可用：{known}。", **told)
    meant = _meant(str(key), known)
    if meant is None:
        return say("{file}：不认识“{key}”。这里可用：{known}。", **told)
    return say("{file}：不认识“{key}”，是不是“{meant}”？这里可用：{known}。", **told, meant=meant)


def unknown_walking(path: Path, problem: Mapping[str, Any]) -> Message | None:
    """Return what is said of a key of `[walking]` that is not known."""
    return unknown_key(path, Walking, problem, "walking")


def _known(model: type[BaseModel], where: Sequence[object]) -> list[str]:
    """Return the keys of the table that stands at a place, as files spell them."""
    here = model
    for part in where:
        if isinstance(part, str):
            here = _inner(here, part)
    return [field.alias or name for name, field in here.model_fields.items()]


def _inner(model: type[BaseModel], key: str) -> type[BaseModel]:
    annotation: Any = model.model_fields[key].annotation
    rows: tuple[type | UnionType, ...] = get_args(annotation) or (annotation,)
    return next(each for each in rows if isinstance(each, type) and issubclass(each, BaseModel))


def _meant(key: str, known: Sequence[str]) -> str | None:
    """Return the known key that a word is most like, if any is."""
    word = key.strip().lower()
    same = SAME.get(word, SAME.get(word.removesuffix("s")))
    if same in known:
        return same
    found = process.extractOne(word, known, scorer=fuzz.WRatio, score_cutoff=LIKE)
    return None if found is None else str(found[0])
