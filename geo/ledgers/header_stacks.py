"""What a header of several rows may mean: the group and what stands below it, said together."""

import re
from collections.abc import Sequence

from geo.ledgers.folded import fold

# Under a header of two rows these mean the header above.
_WHOLE = frozenset({"总数", "合计", "总计", "小计", "共计", "数量", "个数", "数", "总", "全部"})
# Under such a header a column holds what is not there, or not yet.
_NOT_AS_IT_STANDS = re.compile(
    "规划|计划|拟|新增|上年|去年|上期|同期|目标|预计|增长|比例|占比|应配|应建|需配|缺口|差额"
)


def spellings_of(stack: Sequence[str], *, others: re.Pattern[str] | None = None) -> list[str]:
    """Return what a header of several rows may mean, the likeliest first.

    床位 over 护理型 is 床位护理型 or 护理型床位; over 总数 it is 床位 itself; 基本情况 over 名称
    says nothing.

    others
        What the rows above may speak of that is another thing than that of the row: the lowest
        alone then means nothing, as 移交日期 under 养老用房 is no date of an estate.
    """
    *parents, leaf = stack
    if not parents:
        return [leaf]
    base, note = _parted(leaf)
    nearest, own_note = _parted(parents[-1])
    tail = note or own_note
    spelled = ["".join((*parents[:-1], nearest, base)), f"{nearest}{base}", f"{base}{nearest}"]
    # A row between them that says nothing of its own: 养老用房 | 配建情况 | 面积.
    spelled += [f"{_parted(parent)[0]}{base}" for parent in parents[:-1]]
    if fold(base) in _WHOLE:
        spelled += [nearest, "".join((*parents[:-1], nearest))]
    elif not any(_of_something_else(parent, others) for parent in parents):
        spelled.append(base)
    return [f"{text}({tail})" if tail else text for text in spelled]


def _of_something_else(parent: str, others: re.Pattern[str] | None) -> bool:
    return bool(_NOT_AS_IT_STANDS.search(parent)) or (
        others is not None and others.search(fold(parent)) is not None
    )


def _parted(text: str) -> tuple[str, str]:
    part = re.match(r"^(.+?)[(（\[【]([^()（）\[\]【】]*)[)）\]】]$", text.strip())
    return (part[1], part[2]) if part else (text, "")
