"""A scenario in lines: what is opened, closed, moved, enlarged, built and barred."""

from collections.abc import Iterator, Mapping

from analysis.explaining.parameter_words import CATEGORY_NAMES, LABELS, value_words
from analysis.scenario import Scenario
from analysis.study import Study
from geo.language import Message, say
from report.figures import NOTHING, number


def scenario_lines(scenario: Scenario, study: Study) -> list[Message]:
    """Return every change that a scenario makes to a study, a line each."""
    opened = [
        say("新增：{name}（{category}）", name=each.name,
            category=CATEGORY_NAMES.get(each.category, say("其他设施")))
        for each in scenario.open
    ]  # fmt: skip
    further = further_lines(scenario, names_of(study, "facilities"), names_of(study, "residential"))
    return [*opened, *(line for lines in further.values() for line in lines)]


def further_lines(
    scenario: Scenario, care: Mapping[str, str], homes: Mapping[str, str]
) -> dict[str, list[Message]]:
    """Return every change but what is opened, by the part of the scenario that says it.

    care, homes
        Names of facilities and of estates, by id.
    """
    return {
        "close": [say("关闭：{name}", name=_called(care, each)) for each in scenario.close],
        "move": [
            say("移动：{name} 到 {lon:.6f}, {lat:.6f}", name=_called(care, each.facility_id),
                lon=each.lon, lat=each.lat)
            for each in scenario.move
        ],
        "resize": [
            say("改规模：{name}，建筑面积 {area} ㎡，床位 {beds}",
                name=_called(care, each.facility_id), area=_size(each.floor_area_m2),
                beds=_size(each.beds))
            for each in scenario.resize
        ],
        "link": [
            say("新通道 {place}：{a:.5f}, {b:.5f} 到 {c:.5f}, {d:.5f}", place=at, a=each.start[0],
                b=each.start[1], c=each.end[0], d=each.end[1])
            for at, each in enumerate(scenario.link, start=1)
        ],
        "gate": [
            say("新出入口：{name}，{lon:.6f}, {lat:.6f}", name=_called(homes, each.residential_id),
                lon=each.lon, lat=each.lat)
            for each in scenario.gate
        ],
        "block": [
            say("阻断 {place}：{count} 个点的线", place=at, count=len(each.line))
            for at, each in enumerate(scenario.block, start=1)
        ],
        "walking": [*_walks(scenario)],
    }  # fmt: skip


def names_of(study: Study, layer: str) -> dict[str, str]:
    """Return the names of the rows of a layer by id; those without a name are left out."""
    rows = study.layer(layer)
    if rows is None or "name" not in rows:
        return {}
    known = rows.loc[rows["name"].notna(), ["id", "name"]]
    return dict(known.itertuples(index=False, name=None))


def _walks(scenario: Scenario) -> Iterator[Message]:
    for name, value in scenario.walking.items():
        yield say("步行设定：{name} = {value}", name=LABELS.get(name, name),
                  value=value_words(name, value))  # fmt: skip


def _size(value: float | None) -> str | Message:
    return say("不变") if value is None else number(value)


def _called(names: Mapping[str, str], code: str) -> str:
    return str(say("{name}（{kind}）", name=names.get(code, NOTHING), kind=code))
