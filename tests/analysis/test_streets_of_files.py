"""The street of an estate is that of its file, where no row says another."""

import geopandas as gpd
import pandas as pd

from analysis.people.source import Source, figure_findings
from analysis.placing.streets_of_files import with_streets_of_files
from geo.layers import FileRead, Layer

EAST, NO = "铁东街道小区.csv", "其他.csv"


def layers(*said: str | None, areas: tuple[str, ...] = ("铁东街道",)) -> dict[str, Layer]:
    """Return three estates, two in a file of a street and one in another, and streets."""
    where = gpd.GeoSeries([None, None, None], crs=4326)
    frame = gpd.GeoDataFrame(
        {"id": ["a", "b", "c"], "row": [2, 3, 2], "file": [EAST, EAST, NO],
         "street": pd.Series(said, dtype="str")}, geometry=where,
    )  # fmt: skip
    streets = tuple({name for name in said[:2] if name})
    files = (FileRead(EAST, {}, "", streets), FileRead(NO, {}, ""))
    areas_of = gpd.GeoDataFrame(
        {"name": pd.Series(areas, dtype="str"), "level": ["street"] * len(areas)},
        geometry=gpd.GeoSeries([None] * len(areas), crs=4326),
    )
    return {"residential": Layer(frame, (), files=files), "boundaries": Layer(areas_of, ())}


def streets(read: dict[str, Layer]) -> list[str]:
    return [*with_streets_of_files(read)["residential"].frame["street"].fillna("")]


def test_rows_without_a_street_have_that_of_their_file() -> None:
    read = layers(None, "铁东街道", None)
    assert streets(read) == ["铁东街道", "铁东街道", ""]
    (told,) = with_streets_of_files(read)["residential"].findings
    assert (told.severity, told.file) == ("info", EAST)
    assert str(told.message) == "1 行没有写街道，按文件名认作“铁东街道”。"
    assert read["residential"].frame["street"].isna().sum() == 2  # as it was read


def test_a_row_of_another_street_leaves_the_file_without_one() -> None:
    assert streets(layers(None, "桥北街道", None)) == ["", "桥北街道", ""]


def test_a_street_that_the_boundaries_do_not_have_is_none() -> None:
    assert streets(layers(None, None, None, areas=("桥北街道",))) == ["", "", ""]


def test_more_elderly_than_people_are_counted_and_said() -> None:
    rows = gpd.GeoDataFrame(
        {"population": [3600.0, 100.0, None], "elderly_60plus": [9000.0, 100.0, 50.0]},
        geometry=gpd.GeoSeries([None] * 3, crs=4326),
    )
    (told,) = [f for f in figure_findings(Source("population", rows)) if f.remedy is not None]
    assert "1 行 60 岁以上人口多于总人口，多出 5400 人" in str(told.message)
