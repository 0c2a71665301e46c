"""A scenario in lines: what is opened, closed, moved, enlarged, built and barred."""

from collections.abc import Iterator, Mapping

from analysis.explaining.parameter_words import CATEGORY_NAMES, LABELS, value_words
from analysis.scenario import Opened, Scenario
from analysis.study import Study
from geo.language import Message, joined, say
from report.figures import number
from report.near import near


def scenario_lines(scenario: Scenario, study: Study) -> list[Message]:
    """Return every change that a scenario makes to a study, a line each.

    study
        Without the scenario: it knows the names of what is closed.
    """
    opened = [_opened(each, study) for each in scenario.open]
    further = further_lines(scenario, study)
    return [*opened, *(line for lines in further.values() for line in lines)]


def further_lines(scenario: Scenario, study: Study) -> dict[str, list[Message]]:
    """Return every change but what is opened, by the part of the scenario that says it.

    study
        Without the scenario.
    """
    care, homes = names_of(study, "facilities"), names_of(study, "residential")
    return {
        "close": [say("关闭：{name}", name=_called(care, each)) for each in scenario.close],
        "move": [
            say("移动：{name} 到 {place}", name=_called(care, each.facility_id),
                place=near(study, each.lon, each.lat))
            for each in scenario.move
        ],
        "resize": [
            say("改规模：{name}，建筑面积 {area} ㎡，床位 {beds}",
                name=_called(care, each.facility_id), area=_size(each.floor_area_m2),
                beds=_size(each.beds))
            for each in scenario.resize
        ],
        "link": [
            say("新通道 {number}：{start} 到 {end}", number=at, start=near(study, *each.start),
                end=near(study, *each.end))
            for at, each in enumerate(scenario.link, start=1)
        ],
        "gate": [
            say("新出入口：{name}，{place}", name=_called(homes, each.residential_id),
                place=near(study, each.lon, each.lat, but=each.residential_id))
            for each in scenario.gate
        ],
        "block": [
            say("阻断 {number}：{start} 到 {end}", number=at, start=near(study, *each.line[0]),
                end=near(study, *each.line[-1]))
            for at, each in enumerate(scenario.block, start=1)
        ],
        "walking": [*_walks(scenario)],
    }  # fmt: skip


def _opened(each: Opened, study: Study) -> Message:
    told = say("新增：{name}（{category}）", name=each.name,
               category=CATEGORY_NAMES.get(each.category, say("其他设施")))  # fmt: skip
    if each.lon is None or each.lat is None:  # a candidate's place is told with the candidates
        return told
    return joined("，", told, near(study, each.lon, each.lat))


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
    """Return a name with its id; the id alone where the ledger has no name."""
    return str(say("{name}（{kind}）", name=names[code], kind=code)) if code in names else code
