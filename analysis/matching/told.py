"""What is told of names: what was written otherwise, what is doubted, what is not found."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.coverage.areas import Flags
from analysis.matching.applied import Applied
from analysis.matching.kept import Confirmed
from analysis.matching.links import Link
from analysis.matching.match import Matches
from geo.findings import Finding
from geo.language import Message, joined, say
from geo.schema import SCHEMAS

_SHOWN: Final = 3  # candidates in one message, unless more are equally likely
_MOST: Final = 12  # candidates in one message, however many are equally likely
_NAMED: Final = 10  # rows in one message

CONFIRM: Final = say("请在待确认名单中确认，或改写为编号。")


WHY: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "several": say("不止一个叫这个名称"),
        "short": say("可能是简称，不止一个以此开头"),
        "phase": say("对不上是哪一期（区）"),
        "area": say("名称相符，但不在所写的区划内"),
        "street": say("没有写街道，按上一行的街道推测"),
        "far": say("名称相符，但相距太远"),
        "alike": say("没有同名的，只有相近的"),
        "tie": say("没有同名的，几个一样相近"),
        "none": say("名单里找不到"),
        "said_none": say("名单里找不到"),
    }
)
"""Why a name is not sure, in few words, by the codes of `reason`."""


def header(link: Link) -> str:
    """Return how the column of a link is called in ledgers."""
    return SCHEMAS[link.layer].column(link.column).chinese


def table_of(link: Link) -> Message:
    """Return what the rows are called among which a name is looked for."""
    kinds = {"street": say("街道边界"), "community": say("社区边界")}
    return kinds.get(link.level, say("小区表"))


def told_changed(link: Link, changed: pd.DataFrame) -> list[Finding]:
    """Return a finding for each name that is written otherwise now."""
    ways = {
        "exact": say("名称相同"),
        "alias": say("别名"),
        "folded": say("写法不同"),
        "phase": say("同一项目的各期"),
        "place": say("位于其范围内"),
        "street": say("在所写的街道"),
        "confirmed": say("已确认"),
    }
    return [
        Finding(
            "info",
            link.layer,
            say("“{old}”已确认不是表中的小区，不按同名计。", old=old)
            if denied
            else say("“{old}”认作“{new}”（{how}）。", old=old, new=new, how=ways[how]),
            file=file,
            row=_row(row),
            column=header(link),
            value=old,
        )
        for old, new, how, denied, file, row in changed[
            ["name", "new", "how", "denied", "file", "row"]
        ].itertuples(index=False, name=None)
    ]


def told_far(link: Link, far: pd.DataFrame) -> list[Finding]:
    """Return a finding for each estate that a person confirmed although it lies far off.

    far
        name (as written), meant, metres, row, file.
    """
    return [
        Finding(
            "info",
            link.layer,
            say("“{old}”是“{new}”，确认过，相距 {km:.1f} 公里。",
                old=old, new=new, km=metres / 1000),
            file=file,
            row=_row(row),
            column=header(link),
            value=old,
        )
        for old, new, metres, file, row in far[
            ["name", "meant", "metres", "file", "row"]
        ].itertuples(index=False, name=None)
    ]  # fmt: skip


def told_phases(link: Link, cells: pd.DataFrame) -> list[Finding]:
    """Return a finding for each cell in which phases were written with names of their own.

    cells
        row, file, old, new.
    """
    return [
        Finding(
            "info", link.layer, say("“{old}”认作“{new}”（各期分写）。", old=old, new=new),
            file=_file(file), row=_row(row), column=header(link), value=old,
        )
        for file, row, old, new in cells[["file", "row", "old", "new"]].itertuples(
            index=False, name=None
        )
    ]  # fmt: skip


def told_open(
    link: Link,
    asked: pd.DataFrame,
    known: pd.DataFrame,
    matches: Matches,
    *,
    within_m: float = np.inf,
    only: Flags | None = None,
) -> list[Finding]:
    """Return a finding for each name that is doubtful or unmatched, with what it may mean.

    only
        Which names are told of; all unless said.
    """
    table = matches.table
    open_ = table["status"].ne("matched").to_numpy(dtype=bool)
    if only is not None:
        open_ = open_ & only
    like = likely(known, matches)
    reasons = _reasons(link, within_m)
    return [
        Finding(
            "info" if reason == "said_none" else "warning",
            link.layer,
            _open(reasons[reason], reason, like.get(wanted)),
            None if reason == "said_none" else CONFIRM,
            file=file,
            row=_row(row),
            column=header(link),
            value=name,
        )
        for wanted, reason, file, row, name in zip(
            table.index[open_],
            table.loc[open_, "reason"],
            asked.loc[open_, "file"],
            asked.loc[open_, "row"],
            asked.loc[open_, "name"],
            strict=True,
        )
    ]


def _reasons(link: Link, within_m: float) -> dict[str, Message]:
    table = table_of(link)
    alike = say("在{table}中没有同名的，未采用。", table=table)
    return {
        "several": say("{table}中不止一个叫这个名称，未采用。", table=table),
        "short": say("可能是简称，不止一个以此开头，未采用。"),
        "phase": say("没有写明或对不上是哪一期（区），未采用。"),
        "area": say("名称相符，但不在所写的区划内，未采用。"),
        "street": say("没有写街道，按上一行的街道推测，未采用。"),
        "far": say("名称相符，但相距超过 {limit:.0f} 米，存疑。", limit=within_m),
        "alike": alike,
        "tie": alike,
        "none": say("在{table}中找不到。", table=table),
        "said_none": say("已确认不在{table}中。", table=table),
    }


def _open(why: Message, reason: str, like: Message | None) -> Message:
    if reason == "said_none":
        return why
    if like is None:
        return joined("", why, say("也没有相近的名称。"))
    return joined("", why, say("最像：{like}。", like=like))


def likely(known: pd.DataFrame, matches: Matches) -> dict[int, Message]:
    """Return what each open name may mean, the likeliest first.

    known
        id, name, in_street.
    """
    shown = matches.candidates
    own = {
        to: words(known, name).fillna("").to_numpy(dtype=object)[shown["known"]]
        for to, name in {"to_id": "id", "to_name": "name", "to_street": "in_street"}.items()
    }
    of = shown[["wanted", "score", "metres"]].assign(**own).groupby("wanted", sort=False)
    return {int(wanted): candidates(rows) for wanted, rows in of}  # type: ignore[arg-type]


def candidates(rows: pd.DataFrame) -> Message:
    """Return what one name may mean: all that are equally likely, a few others, how many more.

    rows
        to_id, to_name, to_street, score, metres, the likeliest first.
    """
    first = told_first(rows["score"])
    told = [
        candidate(called(name, street), id_, score, metres)
        for id_, name, street, score, metres in rows[
            ["to_id", "to_name", "to_street", "score", "metres"]
        ].head(first).itertuples(index=False, name=None)
    ]  # fmt: skip
    left = len(rows) - first
    return joined("；", *told, *([say("另有 {count} 个", count=left)] if left > 0 else []))


def told_first(scores: "pd.Series[float]") -> int:
    """Return how many candidates are told: those of the best score, and a few at least."""
    return min(max(_SHOWN, int(scores.eq(scores.max()).sum())), _MOST)


def called(name: str, street: str) -> str:
    """Return what is meant, with its street before it where its name does not say it."""
    return name if not street or street in name else f"{street} {name}"


def candidate(name: str, id_: str, score: float, metres: float) -> Message:
    """Return what a name may mean, with its likeness and, where known, its distance."""
    if np.isnan(metres):
        return say("{name}（{id}，{score:.0f} 分）", name=name, id=id_, score=score)
    return say(
        "{name}（{id}，{score:.0f} 分，{metres:.0f} 米）",
        name=name, id=id_, score=score, metres=metres,
    )  # fmt: skip


def told_stale(link: Link, kept: Applied) -> list[Finding]:
    """Return a finding for each confirmed match that fits no more."""
    return [
        *(_stale(link, one, _no_row(one)) for one in kept.without_row),
        *(_stale(link, one, _no_known(one)) for one in kept.without_known),
    ]


def _no_row(one: Confirmed) -> Message:
    if not one.row_id:
        return say("已确认的名称“{asked}”不再出现，确认未采用。", asked=one.asked)
    return say(
        "已确认的“{asked}”：编号“{id}”的“{name}”不再有或不再这样写，确认未采用。",
        asked=one.asked, id=one.row_id, name=one.row_name,
    )  # fmt: skip


def _no_known(one: Confirmed) -> Message:
    return say(
        "已确认“{asked}”与“{name}”（{id}）的对应，但后者已不在表中或已改名，确认未采用。",
        asked=one.asked, name=one.to_name, id=one.to_id,
    )  # fmt: skip


def _stale(link: Link, one: Confirmed, message: Message) -> Finding:
    return Finding(
        "warning", link.layer, message, say("请重新确认，或撤销这条确认。"),
        column=header(link), value=one.asked,
    )  # fmt: skip


def told_apart(link: Link, rows: pd.DataFrame) -> list[Finding]:
    """Return a finding for each area that estates name without lying in it, and where they lie.

    rows
        said, new (the name of the area that is meant), there (where it lies), file, row, name.
    """
    apart = rows[rows["new"].notna() & rows["there"].notna() & rows["new"].ne(rows["there"])]
    return [
        Finding(
            "warning",
            link.layer,
            say(
                "写的是“{said}”，位置却在“{there}”：{count} 个小区（{names}）。按所写的计。",
                said=said, there=there, count=len(group), names=_names(group),
            ),
            say("请核对台账、位置和边界。"),
            file=str(file),
            row=_row(group["row"].iloc[0]),
            column=header(link),
            value=str(said),
        )
        for (file, said, there), group in apart.groupby(["file", "said", "there"], sort=False)
    ]  # fmt: skip


def told_filled(link: Link, rows: pd.DataFrame) -> list[Finding]:
    """Return what was filled in by place, and what was written as the boundaries have it."""
    return [*_filled(link, rows), *_respelled(link, rows)]


def _filled(link: Link, rows: pd.DataFrame) -> Iterator[Finding]:
    filled = rows[rows["said"].isna() & rows["there"].notna()]
    for file, group in filled.groupby("file", sort=False):
        message = say("{count} 个小区没有写，按所在位置填写。", count=len(group))
        yield Finding(
            "info", link.layer, message, file=str(file),
            row=_row(group["row"].iloc[0]), column=header(link),
        )  # fmt: skip


def _respelled(link: Link, rows: pd.DataFrame) -> Iterator[Finding]:
    other = rows[rows["said"].notna() & rows["said"].ne(rows["new"])]
    for (file, said, new), group in other.groupby(["file", "said", "new"], sort=False):
        message = say("“{old}”认作“{new}”：{count} 个小区。", old=said, new=new, count=len(group))
        yield Finding(
            "info", link.layer, message, file=str(file),
            row=_row(group["row"].iloc[0]), column=header(link), value=str(said),
        )  # fmt: skip


def _names(group: pd.DataFrame) -> str:
    names = group["name"].fillna("")
    return "、".join(names.iloc[:_NAMED]) + ("…" if len(names) > _NAMED else "")


def _file(file: object) -> str:
    return "" if pd.isna(file) else str(file)  # type: ignore[call-overload]


def _row(row: object) -> int | None:
    return None if row is None or pd.isna(row) else int(row)  # type: ignore[call-overload]
