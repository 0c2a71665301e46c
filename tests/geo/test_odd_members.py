"""What stands where a word should: a list as a type, a null in a code page, bytes as a name."""

import sqlite3
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.errors import LayerError
from geo.ingest import read_layer


def station() -> gpd.GeoDataFrame:
    columns = {"名称": ["锦绣站"], "类别": ["日间照料中心"]}
    return gpd.GeoDataFrame(columns, geometry=[shapely.Point(118.9, 42.2)], crs=4326)


@pytest.mark.parametrize("kind", ["[]", "{}", "1", "null", '["Feature"]'])
def test_a_type_that_is_no_word_is_refused_in_words(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(f'{{"type": {kind}, "features": []}}', encoding="utf-8")
    with pytest.raises(LayerError, match=r"^a\.geojson：是 JSON"):
        read_layer(path, "residential")


def test_a_code_page_with_a_null_is_none(tmp_path: Path) -> None:
    station().to_file(tmp_path / "a.shp", encoding="utf-8")
    (tmp_path / "a.cpg").write_bytes(b"UT\x00-8")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for part in ("shp", "shx", "dbf", "prj", "cpg"):
            archive.write(tmp_path / f"a.{part}", f"a.{part}")
    assert read_layer(tmp_path / "a.zip", "facilities").frame["name"].tolist() == ["锦绣站"]


def test_a_view_whose_name_is_no_text_does_not_end_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    station().to_file(path, layer="设施")
    database = sqlite3.connect(path)
    database.execute("CREATE VIEW zzzz AS SELECT 1")
    database.commit()
    database.close()
    path.write_bytes(path.read_bytes().replace(b"zzzz", b"z\x87zz"))
    assert read_layer(path, "facilities", sheet="设施").frame["name"].tolist() == ["锦绣站"]
