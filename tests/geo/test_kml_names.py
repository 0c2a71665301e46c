"""Names of data in a KML, counted before each becomes a column: soon, however they are written."""

import time
from pathlib import Path

import pytest

from geo.errors import LayerError
from geo.files.kml import require_few_names

KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'
HOSTILE = {
    "elements": "<Data " * 300_000,
    "attributes": "<Data " + 'name ="" ' * 300_000,
    "blanks": "<Data name" + " " * 2_000_000,
    "prefixes": "<" + "a" * 2_000_000 + ":Data ",
    "half names": "<Data name" * 200_000,
}


def written(folder: Path, content: str) -> Path:
    path = folder / "a.kml"
    path.write_text(KML.format(content), encoding="utf-8")
    return path


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_no_kml_costs_long(tmp_path: Path, content: str) -> None:
    path = written(tmp_path, f"<!-- {content} -->")
    began = time.process_time()
    require_few_names(path, "a.kml")
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "data",
    [
        '<Data name="n{}"/>', "<SimpleData name = 'n{}'/>", '<x:Data a=">" name="n{}"/>',
        f'<SimpleField type="{"s" * 600}" name="n{{}}"/>', f'<Data name="{"n" * 300}{{}}"/>',
        '<Data\nname\n=\n"n{}"/>',
    ],
)
def test_too_many_names_are_refused(tmp_path: Path, data: str) -> None:
    require_few_names(written(tmp_path, "".join(data.format(at) for at in range(2_000))), "a.kml")
    with pytest.raises(LayerError, match=r"^a\.kml：属性名超过 2000 个"):
        require_few_names(
            written(tmp_path, "".join(data.format(at) for at in range(2_001))), "a.kml"
        )
