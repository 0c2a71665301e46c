"""What a scenario changes, marked on the map of the scenario itself.

It names the facilities opened and moved, brings those closed or moved away to where they stood, its
links, gates and blocks, and the estates that are covered now and were not, or no longer are.
"""

import json
from typing import Any

import geopandas as gpd
import pandas as pd

from analysis.coverage.tally import ESTATE_COVERED_FROM
from analysis.evaluation import Evaluation
from analysis.scenario import Scenario
from ui.map.scenario_layer import care_features, works


def draw_marks(before: Evaluation, after: Evaluation) -> bytes:
    """Return what differs between things as they stand and a scenario, as GeoJSON with members.

    Features: facilities where they no longer stand (`closed`), links, gates, blocks. Members:
    `opened` and `moved`, ids of facilities; `closed`, how many stand no longer where they stood;
    `estates`, by id `gained` or `lost`.
    """
    old, new = (_care(each) for each in (before, after))
    gone = old.index.difference(new.index, sort=False)
    there = old.index.intersection(new.index, sort=False)
    moved = there[~old.geometry.loc[there].geom_equals(new.geometry.loc[there]).to_numpy()]
    left = old.loc[old.index.isin([*gone, *moved])].reset_index()
    opened = new.index.difference(old.index, sort=False)
    document = {
        "type": "FeatureCollection",
        "features": [
            *care_features(left, kind="closed", counted=set(before.counted)),
            *(work for told in after.study.scenarios for work in works(_scenario(told))),
        ],
        "opened": opened.astype(str).tolist(),
        "moved": moved.astype(str).tolist(),
        "closed": len(left),
        "estates": _estates(before, after),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _scenario(told: Any) -> Scenario:  # noqa: ANN401 - plain values, as a study keeps them
    return Scenario.model_validate(told)


def _care(evaluation: Evaluation) -> gpd.GeoDataFrame:
    """Return the facilities by id; without any an empty table."""
    layer = evaluation.study.layer("facilities")
    if layer is None:
        empty = pd.DataFrame({"id": [], "name": [], "category": []}, dtype=object)
        layer = gpd.GeoDataFrame(empty, geometry=[], crs=evaluation.study.crs)
    return layer.set_index("id")


def _estates(before: Evaluation, after: Evaluation) -> dict[str, str]:
    """Return the estates that are covered under one of the two only, as coverage counts them."""
    was, now = (_covered(each) for each in (before, after))
    was = was.reindex(now.index, fill_value=False)
    changed = now[now.ne(was)]
    return {str(id_): "gained" if covered else "lost" for id_, covered in changed.items()}


def _covered(evaluation: Evaluation) -> "pd.Series[bool]":
    places = evaluation.places
    rows = places.loc[places["layer"].eq("residential")]
    return rows.set_index("place_id")["share"].ge(ESTATE_COVERED_FROM)
