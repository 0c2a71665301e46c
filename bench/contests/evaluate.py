"""Row: a whole evaluation, from points and streets to minutes, coverage and verdicts."""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.description import StudyDescription
from analysis.study import Study
from bench.contest import (
    SPEED_M_PER_S,
    Agreement,
    Arrays,
    Contender,
    Contest,
    Job,
    Outcome,
    Target,
    Task,
)
from bench.given import as_osmnx
from bench.osmnx_recipe import recipe_polygon
from bench.second_way import walks_by_scipy
from bench.settled import estates, residents
from geo.language import say

LIMIT_MIN: Final = 15.0
HORIZON_MM: Final = 3_240_000  # the hour that walks are told for
FEW: Final = 10  # polygons of the recipe that are drawn; the others are reckoned from them
SAME_MIN: Final = 1e-4
AREAS: Final = 5  # along each side


def study_of(task: Task) -> Study:
    """Return the city as a study: everything loaded, nothing computed."""
    network = task.network
    description = StudyDescription.model_validate(
        {"title": "city", "on": "2025-12-31", "streets": {"path": "city.npz"}}
    )
    layers = {
        "facilities": _points(task, "facilities", category="day_care", status="operating"),
        "population": _population(task),
        "residential": estates(network, task.size.estates),
        "boundaries": _areas(task),
    }
    return Study(
        description=description,
        path=task.folder / "city.study.toml",
        crs=network.crs,
        layers=layers,
        network=network,
    )


def ours(task: Task) -> Job:
    """Evaluate with this project; outlines are a row of their own."""
    from analysis.evaluation import evaluate

    study = study_of(task)

    def run() -> Outcome:
        places = evaluate(study, draw="when asked").places
        return Outcome(lambda: _minutes(places))

    return run


def osmnx_polygons(task: Task) -> Job:
    """Draw the recipe's polygon around every facility, and see which places lie inside."""
    import osmnx as ox

    graph = as_osmnx(task.network)
    facilities, places = task.spots("facilities"), task.spots("places")
    many = len(facilities.x)
    share = min(FEW, many) / many

    def run() -> Outcome:
        nodes = ox.distance.nearest_nodes(graph, facilities.x[:FEW], facilities.y[:FEW])
        polygons = [recipe_polygon(graph, node) for node in nodes]
        tree = shapely.STRtree(shapely.points(places.x, places.y))
        for polygon in polygons:
            tree.query(polygon, predicate="contains")
        return Outcome(dict, share=share)

    return run


def osmnx_minutes(task: Task) -> Job:
    """Put everything on OSMnx's nearest nodes and search with networkx."""
    import networkx as nx
    import osmnx as ox

    graph = as_osmnx(task.network)
    facilities, places = task.spots("facilities"), task.spots("places")

    def run() -> Outcome:
        sources = set(ox.distance.nearest_nodes(graph, facilities.x, facilities.y))
        nodes = ox.distance.nearest_nodes(graph, places.x, places.y)
        metres = nx.multi_source_dijkstra_path_length(
            graph, sources, cutoff=HORIZON_MM / 1000, weight="length"
        )
        walk_m = np.array([metres.get(node, np.nan) for node in nodes])
        return Outcome(lambda: {"minutes": walk_m / (SPEED_M_PER_S * 60)})

    return run


def agree(one: Arrays, other: Arrays) -> Agreement:
    """Count the same verdicts: the peers measure from node to node, off-street metres left out."""
    same = (one["minutes"] <= LIMIT_MIN) == (other["minutes"] <= LIMIT_MIN)
    return Agreement(
        same=None,
        how=say("规则不同（点到节点）：{share:.1%} 的地点达标结论相同", share=float(same.mean())),
    )


def check(task: Task, ours: Arrays) -> Agreement:
    """Hold every place's minutes against shapely and scipy."""
    walk_m = walks_by_scipy(
        Task(task.folder, task.size, "raw"), "facilities", "places", horizon_mm=HORIZON_MM
    )
    truth = walk_m / (SPEED_M_PER_S * 60)
    both = np.isfinite(truth) & np.isfinite(ours["minutes"])
    most = float(np.abs(truth - ours["minutes"])[both].max(initial=0.0))
    apart = int((np.isfinite(truth) != np.isfinite(ours["minutes"])).sum())
    return Agreement(
        same=most <= SAME_MIN and not apart,
        how=say(
            "与 shapely 加 scipy 逐点比较：{count} 个地点，最多差 {most:.1e} 分钟，"
            "{apart} 个只有一方可达",
            count=len(truth),
            most=most,
            apart=apart,
        ),
    )


def _minutes(places: pd.DataFrame) -> Arrays:
    people = places[places["layer"] == "population"]
    order = np.argsort(people["place_id"].to_numpy().astype(str), kind="stable")
    return {"minutes": people["minutes"].to_numpy(float)[order]}


def _points(task: Task, name: str, **columns: object) -> gpd.GeoDataFrame:
    spots = task.spots(name)
    ids = [f"{name[0]}{number:07d}" for number in range(len(spots.x))]
    frame: dict[str, Any] = {"id": ids, "name": ids, "row": np.arange(2, len(ids) + 2), **columns}
    return gpd.GeoDataFrame(
        frame, geometry=gpd.points_from_xy(spots.x, spots.y), crs=task.network.crs
    )


def _population(task: Task) -> gpd.GeoDataFrame:
    frame = _points(task, "places").drop(columns="name")
    people = residents(len(frame))
    return frame.assign(population=people, elderly_60plus=np.rint(people / 4))


def _areas(task: Task) -> gpd.GeoDataFrame:
    """Return squares that cover the city, as its streets offices would."""
    network = task.network
    x = np.linspace(network.x.min() - 500, network.x.max() + 500, AREAS + 1)
    y = np.linspace(network.y.min() - 500, network.y.max() + 500, AREAS + 1)
    row, column = np.divmod(np.arange(AREAS * AREAS), AREAS)
    ids = [f"b{number:02d}" for number in range(AREAS * AREAS)]
    boxes = shapely.box(x[column], y[row], x[column + 1], y[row + 1])
    columns = {"id": ids, "name": ids, "level": "street", "row": np.arange(2, len(ids) + 2)}
    return gpd.GeoDataFrame(columns, geometry=boxes, crs=network.crs)


CONTEST = Contest(
    name="evaluate",
    title=lambda size: say(
        "全程评价：{places} 个地点，{facilities} 处设施",
        places=size.places,
        facilities=size.facilities,
    ),
    contenders=(
        Contender("ours", say("本项目"), ours, given="loaded"),
        Contender("osmnx", say("OSMnx 做法：逐个设施画等时圈"), osmnx_polygons, needs=("osmnx",)),
        Contender("osmnx_nodes", say("OSMnx 最近节点 + networkx"), osmnx_minutes),
    ),
    agree=agree,
    check=check,
    targets={"M": Target(seconds=0.5, times=100.0, against="osmnx")},
)
