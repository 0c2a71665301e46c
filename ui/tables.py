"""Tables of the page: per street, what was noticed, who cannot be reached."""
# ruff: noqa: TID251 - this is the browser face

import pandas as pd
import streamlit as st

from analysis.evaluation import Evaluation
from geo.language import translate
from ui.words import layer, reason_word, severity

OUTSIDE = "OUTSIDE"
ROW_PX, TABLE_PX_MAX = 34, 620
LEVELS = ("street", "community", "county", "planning_unit", "city")


def show_streets(evaluation: Evaluation) -> None:
    """Show coverage per street, or at the finest level there is, with the sum."""
    table = street_table(evaluation)
    whole = st.column_config.NumberColumn(format="localized", width=72)
    share = st.column_config.NumberColumn(format="%.1f%%", width=78)
    bar = st.column_config.ProgressColumn(format="%.1f%%", min_value=0, max_value=100, width=118)
    name = st.column_config.TextColumn(pinned=True, width=112)
    columns = dict(zip(table.columns, (name, bar, whole, whole, share, whole), strict=True))
    st.dataframe(
        table, hide_index=True, row_height=ROW_PX, column_config=columns,
        height=min(TABLE_PX_MAX, (len(table) + 1) * ROW_PX + 3),
    )


def street_table(evaluation: Evaluation) -> pd.DataFrame:
    """Return the sum, then one level, most people missed first; shares in percent."""
    coverage = evaluation.coverage
    present = set(coverage["level"])
    level = next((name for name in LEVELS if name in present), "")
    rows = coverage.loc[coverage["level"].eq(level)]
    rows = rows.assign(missed=rows["elderly_60plus"] - rows["covered_60plus"])
    outside = rows["area_id"].eq(OUTSIDE)
    empty = outside & rows["elderly_60plus"].fillna(0).eq(0) & rows["areas"].fillna(0).eq(0)
    rows = rows.assign(outside=outside).loc[~empty]
    rows = rows.sort_values(["outside", "missed"], ascending=[True, False], kind="stable")
    names = rows["name"].mask(rows["outside"], translate("界外"))
    whole = coverage.iloc[[0]].assign(name=translate("合计"))
    table = pd.concat([whole, rows.assign(name=names)])
    missed = table["elderly_60plus"] - table["covered_60plus"]
    return pd.DataFrame(
        {
            translate("街道"): table["name"],
            translate("可达率"): table["share_60plus"] * 100,
            translate("未覆盖"): missed.round(),
            translate("60岁以上"): table["elderly_60plus"].round(),
            translate("小区覆盖"): _share(table["covered_areas"], table["areas"]) * 100,
            translate("小区数"): table["areas"],
        }
    )


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part / whole.where(whole > 0)


def show_findings(evaluation: Evaluation) -> None:
    """Show what was noticed in the data, the gravest first."""
    rows = [
        {
            translate("程度"): str(severity(finding.severity)),
            translate("图层"): str(layer(finding.layer)),
            translate("文件"): finding.file,
            translate("行"): finding.row,
            translate("列"): finding.column,
            translate("原值"): finding.value,
            translate("问题"): str(finding.message),
            translate("处理建议"): "" if finding.remedy is None else str(finding.remedy),
        }
        for finding in sorted(evaluation.findings, key=lambda f: _GRAVITY[f.severity])
    ]
    if not rows:
        st.caption(translate("没有发现问题。"))
        return
    narrow = st.column_config.Column(width="small")
    wide = st.column_config.Column(width="large")
    widths = dict.fromkeys(list(rows[0])[:6], narrow)
    st.dataframe(
        pd.DataFrame(rows).astype({translate("行"): "Int64"}), hide_index=True, row_height=ROW_PX,
        column_config=widths | {translate("问题"): wide, translate("处理建议"): wide},
    )


_GRAVITY = {"error": 0, "warning": 1, "info": 2}


def show_unreachable(evaluation: Evaluation) -> None:
    """Show the places that no walk reaches, with the reason in words."""
    places = evaluation.places
    lost = places.loc[~places["reachable"].astype(bool)]
    if lost.empty:
        st.caption(translate("没有不可达的地点。"))
        return
    table = pd.DataFrame(
        {
            translate("图层"): [str(layer(code)) for code in lost["layer"]],
            translate("编号"): lost["place_id"].to_numpy(),
            translate("名称"): _names(evaluation, lost),
            translate("离街距离（米）"): lost["off_street_m"].round().to_numpy(),
            translate("原因"): [str(reason_word(code)) for code in lost["reason"]],
        }
    )
    st.dataframe(table, hide_index=True, row_height=ROW_PX)


def unreachable_count(evaluation: Evaluation) -> int:
    """Return how many places no walk reaches."""
    return int((~evaluation.places["reachable"].astype(bool)).sum())


def _names(evaluation: Evaluation, places: pd.DataFrame) -> list[str]:
    """Return the names of places, empty where the layer has none."""
    known: dict[tuple[str, str], str] = {}
    for name in places["layer"].unique():
        frame = evaluation.study.layers.get(str(name))
        if frame is not None and "name" in frame:
            named = frame.loc[frame["name"].notna(), ["id", "name"]]
            known.update({(str(name), i): n for i, n in named.itertuples(index=False)})
    return [
        known.get((kind, place), "")
        for kind, place in zip(places["layer"], places["place_id"], strict=True)
    ]
