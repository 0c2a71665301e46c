"""What is said of a change that was made and moves nobody across the limit."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from analysis.what_if.effect import Part, Reason, effect, part_changed, reason
from analysis.what_if.live import Changed
from geo.language import Message, joined, say

DONE: Final[Mapping[Part, Message]] = MappingProxyType(
    {
        "open": say("新增设施的改动已记入情景"), "close": say("关闭设施的改动已记入情景"),
        "move": say("移动设施的改动已记入情景"), "link": say("通道的改动已记入情景"),
        "gate": say("出入口的改动已记入情景"), "block": say("阻断的改动已记入情景"),
    }
)  # fmt: skip
WHY: Final[Mapping[Reason, Message]] = MappingProxyType(
    {
        "far": say("这里附近没有可步行的道路，走不到。"),
        "uncounted": say("这类设施不计入服务圈。"),
        "crosses nothing": say("这条线没有穿过任何可步行的道路。"),
        "no nearer": say("从这里走，没有人比原来更近。"),
        "on no way": say("没有人去最近设施的路经过这里，或绕行一样近。"),
    }
)


def without_effect(changed: Changed) -> Message | None:
    """Return one sentence where a change moves nobody across the limit; None where it does.

    None too for changes that are not of the walk, such as the size of a facility.
    """
    part = part_changed(changed.before.scenario, changed.after.scenario)
    done = effect(changed) if part is not None else "reach"
    if part is None or done == "reach":
        return None
    if done == "walks":
        return say(
            "{done}：有的地方步行分钟变了，但没有一处因此进入或离开步行时限，覆盖人数不变。",
            done=DONE[part],
        )
    told = say("{done}，但没有一处的步行分钟因此改变，覆盖人数不变。", done=DONE[part])
    why = reason(changed, part)
    return told if why is None else joined("", told, WHY[why])
