"""Areas on the map: the tiers of care of every community, and planning units as borders."""

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.evaluation import Evaluation
from analysis.study import Study
from report.palette import tier_classes
from ui.map.features import feature_collection
from ui.seen import plain


def has_tiers(study: Study) -> bool:
    """Return whether the study has communities and facilities of which tiers can be told."""
    return has_level(study, "community") and study.layer("facilities") is not None


def has_level(study: Study, level: str) -> bool:
    """Return whether the study's boundaries have areas of a level."""
    layer = study.layer("boundaries")
    return layer is not None and "level" in layer and bool(layer["level"].eq(level).any())


def tiers(evaluation: Evaluation) -> bytes:
    """Return the communities with the class of their chain of care."""
    table = evaluation.detail.tiers.drop_duplicates("area_id").set_index("area_id")
    layer = evaluation.study.layers["boundaries"]
    areas = layer[layer["level"].eq("community")]
    told = table.reindex(areas["id"].astype(str))
    classes = pd.DataFrame(
        {"name": areas["name"].map(plain).to_numpy(), "class": tier_classes(told).to_numpy()}
    )
    numbers = classes["class"].value_counts().to_dict()
    return feature_collection(areas.geometry, classes, about={"numbers": numbers})


def units(study: Study) -> bytes:
    """Return the planning units, each with a place for its name."""
    layer = study.layers["boundaries"]
    areas: gpd.GeoDataFrame = layer[layer["level"].eq("planning_unit")]
    inside = areas.geometry.representative_point().to_crs("EPSG:4326")
    properties = pd.DataFrame(
        {
            "name": areas["name"].map(plain).to_numpy(), "level": "planning_unit",
            "label_x": np.round(inside.x.to_numpy(), 6),
            "label_y": np.round(inside.y.to_numpy(), 6),
        }
    )
    return feature_collection(areas.geometry, properties)
