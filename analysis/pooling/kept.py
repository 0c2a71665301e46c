"""Pools confirmed on the page: NAME.pools.toml beside NAME.study.toml, written as `[[pools]]` too.

They follow those of the study file, and each after those that were confirmed before it: where two
name the same estate or facility, the first one has it.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from analysis.description import Described, Pool, StudyDescription, checked, read_description
from analysis.kept_beside import beside, read_beside, toml_block, write_beside, writing
from geo.errors import StudyError
from geo.language import Message, say

HEADING: Final = (
    "# 已确认的统筹组。由程序写入，也可以手工修改；写法与研究文件的 [[pools]] 相同。\n"
)


class KeptPool(Pool):
    """A pool that stands beside the study file.

    file
        Where it stands; the study's description prints it without.
    """

    file: str = ""


class _Kept(Described):
    pools: tuple[Pool, ...] = ()


def pools_file(study: Path) -> Path:
    """Return where the pools confirmed on the page stand."""
    return beside(study, "pools")


def read_pools(study: Path) -> tuple[Pool, ...]:
    """Return the pools kept beside a study; none where there is no file. Errors: StudyError."""
    path = pools_file(study)
    raw = read_beside(path, say("已确认的统筹组"))
    with checked(path):
        return _Kept.model_validate(raw).pools


def with_kept_pools(description: StudyDescription, study: Path) -> StudyDescription:
    """Return what a study says with the pools kept beside it, after its own. Errors: StudyError."""
    file = pools_file(study).name
    kept = tuple(KeptPool(**dict(pool), file=file) for pool in read_pools(study))
    if not kept:
        return description
    return description.model_copy(update={"pools": (*description.pools, *kept)})


def keep_pool(study: Path, pool: Pool) -> None:
    """Keep one more pool beside a study.

    Errors: StudyError where it is none, where another pool has one of its estates or facilities
    already, or where the file cannot be written; it is then as it was.
    """
    _require_whole(pool)
    with writing(pools_file(study)):
        kept = read_pools(study)
        own = read_description(study).pools
        _require_free(pool, [(study.name, own), (pools_file(study).name, kept)])
        _write(study, (*kept, pool))


def drop_pool(study: Path, pool: Pool) -> None:
    """Take a kept pool away; nothing where it is gone already. Errors: StudyError."""
    with writing(pools_file(study)):
        _write(study, [each for each in read_pools(study) if each != pool])


def put_pools_back(study: Path, pools: Sequence[Pool]) -> None:
    """Keep exactly these pools beside a study; without any, take the file away.

    Errors: StudyError where the file cannot be written; it is then as it was.
    """
    with writing(pools_file(study)):
        _write(study, pools)


def _require_whole(pool: Pool) -> None:
    """Refuse a pool that no document could have confirmed. Errors: StudyError."""
    if not (pool.name.strip() and pool.document.strip()):
        raise StudyError(say("确认统筹要写明统筹组的名称和确认的文件，没有保存。"))
    if not (pool.estates and pool.facilities):
        raise StudyError(say("统筹组要有小区和设施，没有保存。"))


def _require_free(pool: Pool, known: Iterable[tuple[str, Sequence[Pool]]]) -> None:
    """Refuse a pool of which another one has an estate or a facility. Errors: StudyError."""
    taken: list[Message] = []
    for file, pools in known:
        for other in pools:
            estates = [each for each in pool.estates if each in other.estates]
            facilities = [each for each in pool.facilities if each in other.facilities]
            both = [*estates, *facilities]
            if both:
                taken.append(
                    say("{ids} 已在 {file} 的统筹组“{name}”中，不能再统筹一次，没有保存。",
                        ids="、".join(both), file=file, name=other.name)
                )  # fmt: skip
    if taken:
        raise StudyError(*taken)


def _write(study: Path, pools: Sequence[Pool]) -> None:
    blocks = [toml_block("pools", _told(pool)) for pool in pools]
    write_beside(pools_file(study), "\n".join([HEADING, *blocks]) if blocks else "")


def _told(pool: Pool) -> dict[str, object]:
    """Return what is written of a pool; what is not known is not written."""
    told = {name: value for name, value in dict(pool).items() if name in Pool.model_fields}
    return {name: value for name, value in told.items() if value not in ("", None)}
