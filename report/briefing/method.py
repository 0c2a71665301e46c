"""What stands behind the figures: indicators, findings, parameters, rules, sources, fields."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

import pandas as pd

from analysis.description import LayerSource, StreetsSource, StudyDescription
from analysis.evaluation import Evaluation
from analysis.explaining.explained import unit_words
from analysis.explaining.parameter_words import parameter_words
from geo.findings import as_table
from geo.language import Message, headed, joined, say, spoken
from geo.schema import SCHEMAS, layer_word
from report.briefing.content import Column, Kind, Table
from report.figures import NOTHING

INDICATORS: Final = "indicators"
FINDINGS: Final = "findings"
PARAMETERS: Final = "parameters"
SOURCES: Final = "sources"
FIELDS: Final = "fields"
_LAYERS_NAMED: Final = 3  # beside one source in a line
_INDICATOR: Final = (
    Column("name", say("指标"), words=headed, weight=2.4),
    Column("value", say("数值"), Kind.FIGURE, unit="unit"),
    Column("target", say("目标"), Kind.FIGURE, unit="unit", share=Kind.AIM),
    Column("unit", say("单位"), words=unit_words, weight=0.8),
    Column("met", say("是否达到"), words=headed),
    Column("numerator", say("分子"), Kind.FIGURE),
    Column("denominator", say("分母"), Kind.FIGURE),
    Column("document", say("文件"), weight=1.8),
    Column("clause", say("条款")),
    Column("source", say("来源"), weight=1.6),
    Column("note", say("口径"), weight=2.4),
    Column("key", say("代码")),
)  # fmt: skip
_FINDING: Final = (
    Column("severity", say("程度"), words=headed, weight=0.6),
    Column("layer", say("资料")),
    Column("file", say("文件"), weight=1.4),
    Column("row", say("行"), Kind.COUNT, weight=0.6),
    Column("column", say("列")),
    Column("value", say("原值")),
    Column("message", say("问题"), words=headed, weight=3),
    Column("remedy", say("处理建议"), words=headed, weight=2),
)  # fmt: skip
_PARAMETER: Final = (
    Column("name", say("参数"), words=headed, weight=1.4),
    Column("value", say("取值"), weight=2),
)
_SOURCE: Final = (
    Column("layer", say("资料")),
    Column("file", say("文件"), weight=1.6),
    Column("source", say("来源"), weight=2),
    Column("licence", say("许可")),
    Column("date", say("日期")),
    Column("coordinates", say("给定坐标系")),
    Column("sha256", "SHA-256", weight=1.4),
)  # fmt: skip
_FIELD: Final = (
    Column("table", say("表"), weight=1.4),
    Column("title", say("列"), weight=1.4),
    Column("key", say("字段名"), weight=1.2),
    Column("kind", say("类型")),
    Column("meaning", say("含义"), words=headed, weight=3),
)  # fmt: skip
_KINDS: Final = {
    Kind.TEXT: say("文字"), Kind.COUNT: say("整数"), Kind.AREA: say("平方米"),
    Kind.SHARE: say("比例 0–1"), Kind.AIM: say("比例 0–1"), Kind.MINUTES: say("分钟"),
    Kind.MONEY: say("万元"),
    Kind.FIGURE: say("数"), Kind.DEGREES: say("度"),
}  # fmt: skip
_REVIEWED: Final = re.compile(r"审图号[：:\s]*([^\s；;，,。：:]+)")
_NOT_REVIEWED: Final = re.compile(r"未经[^，。；]{0,6}审核|不得公开")
_GRAVITY: Final = {"error": say("错误"), "warning": say("警告"), "info": say("提示")}


def indicators_table(evaluation: Evaluation) -> Table:
    """Return every indicator with its target, its denominator and the text that asks for it."""
    ledger = evaluation.detail.ledger
    met = {True: str(say("达到")), False: str(say("未达到"))}
    rows = ledger.assign(
        met=[met.get(each, "") for each in ledger["met"].astype(object)],
        note=ledger["note"].map(str, na_action="ignore"),
        **{
            name: pd.to_numeric(ledger[name], errors="coerce").astype("float64")
            for name in ("value", "target", "numerator", "denominator")
        },
    )[[column.key for column in _INDICATOR]].reset_index(drop=True)
    note = say("没有数值的指标缺少资料，不等于没有达到。")
    return Table(INDICATORS, say("指标台账"), _INDICATOR, rows, None, note)


def findings_table(evaluation: Evaluation) -> Table:
    """Return what was noticed in the data, the gravest first."""
    order = {code: place for place, code in enumerate(_GRAVITY)}
    found = sorted(evaluation.findings, key=lambda finding: order[finding.severity])
    rows = as_table(found)
    rows = rows.assign(
        severity=[str(_GRAVITY[code]) for code in rows["severity"]],
        layer=[str(layer_word(code)) for code in rows["layer"]],
        column=[_header(*each) for each in zip(rows["layer"], rows["column"], strict=True)],
        row=rows["row"].astype("Float64").to_numpy(dtype="float64", na_value=float("nan")),
    )
    return Table(FINDINGS, say("数据问题"), _FINDING, rows)


def _header(layer: str, column: str) -> str:
    """Return a column as a ledger heads it; a finding may name it by its code."""
    if layer not in SCHEMAS or not SCHEMAS[layer].has(column):
        return column
    return column if spoken() == "en" else SCHEMAS[layer].column(column).chinese


def parameters_table(evaluation: Evaluation) -> Table:
    """Return the parameters of the walk, of people and of the check, in words."""
    study = evaluation.study
    walking, people = study.description.walking, study.description.people
    size = say("按所依据的规定") if people.household_size is None else people.household_size
    told = {
        "speed_m_per_s": walking.speed_m_per_s, "limit_min": walking.limit_min,
        "horizon_min": walking.horizon_min, "snap_max_m": walking.snap_max_m,
        "component_min_m": walking.component_min_m, "categories": walking.categories,
        "through_estates": walking.through_estates, "household_size": size,
        "people_source": evaluation.located.source, "control": people.control,
        "on": study.on.isoformat(), "covers": study.description.covers,
        "rules": [pack.title for pack in evaluation.rulebook.packs],
        **_checked(study.description),
        "crs": study.crs.to_string(),
        "scenario": [str(told.get("title") or NOTHING) for told in study.scenarios],
    }  # fmt: skip
    words = [(str(label), str(value)) for label, value in parameter_words(told)]
    rows = pd.DataFrame(words, columns=["name", "value"])
    return Table(PARAMETERS, say("测算参数"), _PARAMETER, rows)


def _checked(described: StudyDescription) -> dict[str, object]:
    """Return the judgements of the check that no text decides, as the study settles them."""
    return {
        **{name: value or str(say("不作假设"))
           for name, value in described.assume.model_dump(mode="json").items()},
        **described.provision.model_dump(mode="json"),
        **described.nearby.model_dump(mode="json"),
        "pools": [pool.name for pool in described.pools],
    }  # fmt: skip


def sources_table(evaluation: Evaluation) -> Table:
    """Return where each layer and the streets come from."""
    described = evaluation.study.description
    rows = [
        {
            "layer": str(layer_word(name)),
            "file": _file(source),
            "source": described.said(source.source) or NOTHING,
            "licence": described.said(source.licence) or NOTHING,
            "date": source.date.isoformat() if source.date else NOTHING,
            "coordinates": source.coordinates or NOTHING,
            "sha256": evaluation.study.inputs.get(_file(source), "")[:16],
        }
        for name, source in _described(evaluation)
    ]
    return Table(SOURCES, say("数据来源"), _SOURCE, pd.DataFrame(rows))


def _described(evaluation: Evaluation) -> list[tuple[str, LayerSource | StreetsSource]]:
    described = evaluation.study.description
    return [*described.layers.items(), ("streets", described.streets)]


def _file(source: LayerSource | StreetsSource) -> str:
    return source.shown() if isinstance(source, LayerSource) else source.path


def fields_table(tables: Iterable[Table]) -> Table:
    """Return the dictionary of every column of these tables."""
    rows = [
        {
            "table": str(table.title),
            "title": str(column.title),
            "key": column.key,
            "kind": str(_KINDS[column.kind]),
            "meaning": "" if column.meaning is None else str(column.meaning),
        }
        for table in tables
        for column in table.columns
    ]
    return Table(FIELDS, say("字段说明"), _FIELD, pd.DataFrame(rows))


def source_line(evaluation: Evaluation) -> Message:
    """Return the sources of a map in one line, each once with the layers that come from it."""
    layers: dict[str, list[str]] = {}
    for name, source in _described(evaluation):
        if source.source:
            layers.setdefault(source.source, []).append(layer_word(name))
    said = evaluation.study.description.said
    told = [say("{layers}：{source}", layers=_few(named), source=said(source))
            for source, named in layers.items()]  # fmt: skip
    return say("来源：{sources}", sources=joined("；", *told) if told else NOTHING)


def _few(named: Sequence[str]) -> Message:
    """Return the names of layers, the first ones where there are many."""
    if len(named) <= _LAYERS_NAMED:
        return joined("、", *named)
    return say("{layers}等{count}项", layers=joined("、", *named[:_LAYERS_NAMED]), count=len(named))


def review_line(evaluation: Evaluation) -> Message | None:
    """Return what the boundaries' source says of a map's review; None where it says nothing.

    Maps of Chinese areas are reviewed before they are published; the number is the source's.
    """
    source = evaluation.study.description.layers.get("boundaries")
    told = "" if source is None else f"{source.source} {source.licence}"
    number = _REVIEWED.search(told)
    if number:
        return say("审图号：{number}", number=number[1])
    return say("未经地图审核，不得公开出版。") if _NOT_REVIEWED.search(told) else None
