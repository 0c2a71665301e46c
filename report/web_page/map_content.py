"""What the page's map shows: the layers of every map, each place with its card."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.evaluation import Evaluation
from geo.language import headed, say
from report import map_layers
from report.briefing.content import Briefing, Table
from report.briefing.places import communities_table, community_rows
from report.briefing.sites import PROJECTS
from report.coverage_classes import coverage_classes
from report.figures import NOTHING
from report.map_extent import bounds_of_life
from report.palette import FACILITIES
from report.place_card import Facts, PlaceCards
from report.street_card import street_lines
from report.web_page.compact import PER_DEGREE, compact
from report.web_page.words import colourings, colours, signs

FINE_M: Final = 0.3  # estates: their corners are looked at closely
COARSE_M: Final = 1.0
_SITE_HIDDEN: Final = frozenset({"rank", "name", "lon", "lat", "candidate_id"})
_COMMUNITY_HIDDEN: Final = frozenset({"number", "name", "area_id"})
Lines = list[list[str]]


def map_content(briefing: Briefing) -> dict[str, Any]:
    """Return what the map draws, as plain values: shapes, classes, cards."""
    now = briefing.evaluation
    west, south, east, north = bounds_of_life(now)
    origin = (round(west, 6), round(south, 6))
    sheet = briefing.maps.get("change")
    after = None if sheet is None else sheet.after
    return {
        "origin": [*origin], "perDegree": PER_DEGREE,
        "bounds": [[south, west], [north, east]],
        "colourings": colourings(now), "signs": signs(), "colours": colours(),
        "ground": _ground(now, origin),
        "streets": _streets(now, origin),
        "areas": _areas(now, after, origin),
        "bands": _bands(now, now, origin),
        "estates": _estates(now, origin),
        "facilities": _facilities(now, origin), "kinds": _kinds(now),
        "sites": _sites(briefing.tables.get(PROJECTS)),
        "after": None if after is None else _after(now, after, origin),
    }  # fmt: skip


def _ground(evaluation: Evaluation, origin: tuple[float, float]) -> list[Any]:
    layer = map_layers.ground(evaluation.study)
    kinds = layer["kind"].fillna("").astype(str).tolist() if "kind" in layer else []
    return [[*pair] for pair in zip(kinds, _shapes(layer, origin), strict=True) if pair[1]]


def _streets(evaluation: Evaluation, origin: tuple[float, float]) -> list[Any]:
    layer = map_layers.streets(evaluation.study.network)
    joined = layer.set_geometry(shapely.line_merge(layer.geometry.to_numpy()), crs=layer.crs)
    return [[*pair] for pair in zip(layer["class"], _shapes(joined, origin), strict=True)
            if pair[1]]  # fmt: skip


def _bands(evaluation: Evaluation, study_of: Evaluation, origin: tuple[float, float]) -> list[Any]:
    layer = map_layers.bands(evaluation.isochrones).to_crs(study_of.study.crs)
    return [[float(minutes), shape]
            for minutes, shape in zip(layer["minutes"], _shapes(layer, origin), strict=True)
            if shape]  # fmt: skip


def _areas(
    now: Evaluation, after: Evaluation | None, origin: tuple[float, float]
) -> list[dict[str, Any]]:
    """Return the administrative areas; streets and communities with lines, before and after."""
    layer = map_layers.borders(now.study)
    if layer.empty:
        return []
    areas = []
    communities = _communities(now), {} if after is None else _communities(after)
    rows = zip(layer["id"], layer["name"], layer["level"], layer["label_x"], layer["label_y"],
               _shapes(layer, origin), strict=True)  # fmt: skip
    for id_, name, level, x, y, shape in rows:
        street = level == "street"
        told = [each.get(str(id_), []) if level == "community" else [] for each in communities]
        areas.append(
            {
                "name": _text(name, id_), "level": str(level), "shape": shape,
                "label": None if pd.isna(x) else [y, x],
                "card": _lines(street_lines(now, str(id_))) if street else told[0],
                "after": _lines(street_lines(after, str(id_))) if street and after else told[1],
            }
        )  # fmt: skip
    return areas


def _communities(evaluation: Evaluation) -> dict[str, Lines]:
    """Return what the list of communities has of each, of those without anybody left too."""
    rows, columns = community_rows(evaluation), communities_table(evaluation).columns
    told = [
        column for column in columns
        if column.key in rows.columns and column.key not in _COMMUNITY_HIDDEN
    ]
    return {
        str(row["area_id"]): [[str(column.title), column.text(row[column.key]) or NOTHING]
                              for column in told]
        for row in rows.to_dict("records")
    }  # fmt: skip


def _estates(evaluation: Evaluation, origin: tuple[float, float]) -> dict[str, Any]:
    """Return the estates column by column: one row an estate in file order."""
    layer = map_layers.estates(evaluation)
    if layer.empty:
        return {"name": [], "street": [], "shape": [], "minutes": [], "coverage": [], "verdict": [],
                "card": [], "walk": [], "clause": [], "clauses": []}  # fmt: skip
    cards = PlaceCards(evaluation)
    streets = evaluation.provision.set_index("residential_id")["street"]
    clauses: dict[tuple[str, ...], int] = {}
    made = [card for card in map(cards.estate, layer["id"]) if card is not None]
    return {
        "name": [card.name for card in made],
        "street": [_text(street, "") for street in layer["id"].map(streets)],
        "shape": compact(layer.geometry, origin, within_m=FINE_M),
        "minutes": layer["minutes_class"].tolist(),
        "coverage": coverage_classes(evaluation, evaluation).tolist(),
        "verdict": layer["verdict_class"].tolist(),
        "walk": [_lines(card.walk) for card in made],
        "card": [_lines([*card.people, *card.verdict]) for card in made],
        "clause": [clauses.setdefault(card.clause, len(clauses)) for card in made],
        "clauses": [[*clause] for clause in clauses],
    }


def _facilities(evaluation: Evaluation, origin: tuple[float, float]) -> list[dict[str, Any]]:
    layer = map_layers.facilities(evaluation.study, map_layers.counting(evaluation))
    if layer.empty:
        return []
    cards = PlaceCards(evaluation)
    shapes = compact(layer.geometry, origin, within_m=0.0)
    rows = zip(layer["id"], layer["category"], layer["operating"], layer["counted"], shapes,
               strict=True)  # fmt: skip
    made = ((cards.facility(id_), *rest) for id_, *rest in rows)
    return [
        {
            "name": card.name, "category": category, "operating": bool(operating),
            "counted": bool(counted), "shape": shape,
            "card": _lines([*card.about, *card.served]),
        }
        for card, category, operating, counted, shape in made
        if card is not None
    ]  # fmt: skip


def _kinds(evaluation: Evaluation) -> list[tuple[str, str, bool]]:
    """Return what the legend says of each category there is, and whether any of it counts.

    How many there are, and how many count where that is some of them: the sign of one that does not
    count at all is light, as the map draws it.
    """
    layer = map_layers.facilities(evaluation.study, map_layers.counting(evaluation))
    if layer.empty:
        return []
    told = []
    for code, sign in FACILITIES.items():
        rows = layer.loc[layer["category"].eq(code)]
        if rows.empty:
            continue
        counted = int(rows["counted"].sum())
        line = say("{kind} {all}", kind=sign.label, all=len(rows))
        if 0 < counted < len(rows):
            line = say("{kind} {all}（计入{counted}）", kind=sign.label, all=len(rows),
                       counted=counted)  # fmt: skip
        told.append((code, headed(line), counted > 0))
    return told


def _sites(projects: Table | None) -> list[dict[str, Any]]:
    """Return the sites proposed, in order, each with everything its row says."""
    if projects is None:
        return []
    told = [column for column in projects.columns if column.key not in _SITE_HIDDEN]
    told.sort(key=lambda column: column.key != "reason")  # why comes first
    return [
        {
            "rank": int(row["rank"]), "name": str(row["name"]),
            "at": [float(row["lat"]), float(row["lon"])],
            "card": [[str(column.title), column.text(row[column.key]) or NOTHING]
                     for column in told],
        }
        for row in projects.rows.to_dict("records")
    ]  # fmt: skip


def _after(now: Evaluation, after: Evaluation, origin: tuple[float, float]) -> dict[str, Any]:
    """Return what is otherwise with the proposal: only that, by the row of each estate."""
    return {
        "bands": _bands(after, now, origin),
        "closed": _closed(now, after),
        **_reclassed(now, after),
        "walk": dict(_rewalked(now, after)),
    }


def _closed(now: Evaluation, after: Evaluation) -> list[int]:
    """Return the rows of the facilities that the proposal gives up."""
    before, left = now.study.layer("facilities"), after.study.layer("facilities")
    if before is None or left is None:
        return []
    return np.flatnonzero(~before["id"].isin(left["id"]).to_numpy()).tolist()


def _reclassed(now: Evaluation, after: Evaluation) -> dict[str, dict[str, str]]:
    """Return the estates whose class is another, by colouring."""
    before, then = map_layers.estates(now), map_layers.estates(after)
    if before.empty:
        return {"minutes": {}, "coverage": {}, "verdict": {}}
    then = then.set_index("id")
    classes = {
        **{each: (before[f"{each}_class"], before["id"].map(then[f"{each}_class"]))
           for each in ("minutes", "verdict")},
        "coverage": (coverage_classes(now, now), coverage_classes(now, after)),
    }  # fmt: skip
    return {each: _otherwise(*both) for each, both in classes.items()}


def _otherwise(before: pd.Series, then: pd.Series) -> dict[str, str]:
    """Return the rows that have another class, with that."""
    other = then.notna() & then.ne(before)
    return {str(row): str(then.iloc[row]) for row in np.flatnonzero(other.to_numpy())}


def _rewalked(now: Evaluation, after: Evaluation) -> Iterator[tuple[str, Lines]]:
    """Yield the estates whose walk is told otherwise, by row."""
    layer = now.study.layer("residential")
    before, then = PlaceCards(now), PlaceCards(after)
    for row, id_ in enumerate([] if layer is None else layer["id"]):
        was, walk = _lines(before.walk(id_)), _lines(then.walk(id_))
        if was != walk:
            yield str(row), walk


def _shapes(layer: gpd.GeoDataFrame, origin: tuple[float, float]) -> list[Any]:
    return compact(layer.geometry, origin, within_m=COARSE_M)


def _lines(facts: Facts | Any) -> Lines:  # noqa: ANN401 - facts of a card or of a street
    return [[headed(label), str(value)] for label, value in facts]


def _text(value: Any, otherwise: object) -> str:  # noqa: ANN401 - a table's cell
    return str(otherwise) if pd.isna(value) else str(value)


def rows_by_id(evaluation: Evaluation) -> Mapping[str, Mapping[str, int]]:
    """Return which row of the map's layers an id stands in: of `estates` and of `areas`."""
    estates, areas = map_layers.estates(evaluation), map_layers.borders(evaluation.study)
    return {
        name: {} if layer.empty else {str(id_): row for row, id_ in enumerate(layer["id"])}
        for name, layer in (("estates", estates), ("areas", areas))
    }
