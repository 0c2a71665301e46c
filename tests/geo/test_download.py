"""Downloads: a small Overpass on loopback, and nobody at all."""

import inspect
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import osmnx
import pytest
import shapely

from geo.errors import DownloadError, StreetsError
from geo.language import Message
from geo.streets import download
from geo.streets.download import download_streets, parse_box
from geo.streets.graphml import network_from_graph
from tests.overpass_stub import OverpassStub, elements, overpass_stub

BOX = "118.89,42.26,118.91,42.28"


@pytest.fixture(autouse=True)
def no_proxy_for_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def stub() -> Iterator[OverpassStub]:
    with overpass_stub() as running:
        yield running


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def download_box(stub: OverpassStub, place: str = BOX) -> "nx.MultiDiGraph[Any]":
    return download_streets(place, overpass_url=stub.url, nominatim_url=stub.url)


def test_a_box_brings_every_piece_of_every_way_once_as_drawn(stub: OverpassStub) -> None:
    graph = download_box(stub)
    assert sorted(graph.edges()) == [(2, 1), (2, 5), (3, 2), (4, 2)]
    assert graph.nodes[1]["x"] == 118.9
    assert graph.graph["crs"] == "epsg:4326"


def test_the_tags_that_the_street_filter_needs_come_along(stub: OverpassStub) -> None:
    graph = download_box(stub)
    assert graph.edges[4, 2, 0]["oneway:foot"] == "yes"
    assert graph.edges[2, 5, 0]["access"] == "private"
    assert (graph.edges[2, 5, 0]["bridge"], graph.edges[2, 5, 0]["layer"]) == ("yes", "1")
    assert graph.edges[3, 2, 0]["name"] == "昭乌达路"


def test_the_graph_becomes_a_walk_network_with_its_one_way_path(stub: OverpassStub) -> None:
    network, _ = network_from_graph(download_box(stub), name=BOX)
    one_way = np.flatnonzero(network.oneway)
    assert len(one_way) == 1
    # The path falls from 42.272 to 42.270 degrees north as it is drawn, and is walked that way.
    drop_m = network.y[network.tail[one_way]] - network.y[network.head[one_way]]
    assert drop_m * network.oneway[one_way] == pytest.approx(222, abs=1)
    assert network.private.sum() == 1


def test_the_query_asks_for_streets_people_walk_on_within_the_box(stub: OverpassStub) -> None:
    download_box(stub)
    (query,) = stub.asked
    assert "footway" in query
    assert "motorway" not in query
    assert '["foot"!~"^no$"]' in query


def test_a_named_place_is_looked_up_and_taken_with_its_surroundings(stub: OverpassStub) -> None:
    graph = download_streets("红山区, 赤峰市", overpass_url=stub.url, nominatim_url=stub.url)
    name, query = stub.asked
    assert name == "红山区, 赤峰市"
    assert len(graph) == 5
    numbers = [float(word) for word in query.split("(poly:'")[1].split("'")[0].split()]
    # 1,300 m are 0.0117 degrees of latitude; OSMnx asks for 500 m (0.0045) more.
    assert max(numbers[::2]) == pytest.approx(42.272 + 0.0117 + 0.0045, abs=0.0003)


def test_progress_names_the_stages(stub: OverpassStub) -> None:
    told: list[tuple[Message, float]] = []
    download_streets(
        BOX,
        overpass_url=stub.url,
        nominatim_url=stub.url,
        progress=lambda *stage: told.append(stage),
    )
    assert [str(what) for what, _ in told] == ["检查网络", "查找范围", "下载道路"]
    parts = [part for _, part in told]
    assert parts == sorted(parts)


def test_osmnx_is_left_as_it_was_and_no_cache_folder_is_written(
    stub: OverpassStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    keys = [key for key in dir(osmnx.settings) if key.islower()]
    before = {key: getattr(osmnx.settings, key) for key in keys}
    lookup = socket.getaddrinfo
    download_box(stub)
    stub.status = 429
    with pytest.raises(DownloadError):
        download_box(stub)
    assert {key: getattr(osmnx.settings, key) for key in keys} == before
    assert socket.getaddrinfo is lookup
    assert list(Path().iterdir()) == []


def test_nobody_there_is_said_in_one_line_well_within_ten_seconds(closed_port: int) -> None:
    started = time.monotonic()
    with pytest.raises(
        DownloadError, match=r"无法连接 127\.0\.0\.1:.*互联网；内网请用文件"
    ) as refused:
        download_streets(BOX, overpass_url=f"http://127.0.0.1:{closed_port}/api")
    assert time.monotonic() - started < 10
    assert len(str(refused.value).splitlines()) == 1


def test_a_service_that_takes_the_call_and_says_nothing_is_given_up(stub: OverpassStub) -> None:
    stub.silent_s = 3.0
    started = time.monotonic()
    with pytest.raises(DownloadError, match="无法连接"):
        download_streets(BOX, overpass_url=stub.url, reach_s=0.3)
    assert time.monotonic() - started < 2


def test_a_name_that_never_resolves_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_such_name(*_: object, **__: object) -> None:
        time.sleep(2)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    started = time.monotonic()
    with pytest.raises(DownloadError, match=r"无法连接 overpass\.invalid"):
        download_streets(BOX, overpass_url="http://overpass.invalid/api", reach_s=0.3)
    assert time.monotonic() - started < 2


def test_the_default_patience_leaves_time_for_the_start_within_ten_seconds() -> None:
    patience = inspect.signature(download_streets).parameters["reach_s"].default
    assert patience <= 5


@pytest.mark.parametrize("status", [429, 504])
def test_a_busy_service_is_named_at_once_and_not_asked_again(
    stub: OverpassStub, status: int
) -> None:
    stub.status = status
    started = time.monotonic()
    with pytest.raises(DownloadError, match=f"繁忙（{status}）"):
        download_box(stub)
    assert time.monotonic() - started < 10
    assert len(stub.asked) == 1


def test_a_refused_request_is_named(stub: OverpassStub) -> None:
    stub.status = 400
    with pytest.raises(DownloadError, match="拒绝了请求（400）"):
        download_box(stub)


@pytest.mark.parametrize("body", [b"<html>please log in</html>", b"{ half", b"", b'{"a": 1}'])
def test_garbage_is_not_taken_for_streets(stub: OverpassStub, body: bytes) -> None:
    stub.answer = body
    with pytest.raises(DownloadError, match="无法读懂"):
        download_box(stub)


def test_an_answer_cut_short_by_the_service_is_not_taken_for_the_whole(stub: OverpassStub) -> None:
    remark = 'runtime error: Query timed out in "recurse" at line 1 after 181 seconds.'
    stub.answer = json.dumps({"elements": elements(), "remark": remark}).encode()
    with pytest.raises(DownloadError, match="没有完成查询"):
        download_box(stub)


def test_an_empty_answer_is_nothing_to_walk_on(stub: OverpassStub) -> None:
    stub.answer = b'{"elements": []}'
    with pytest.raises(StreetsError, match="没有可步行的道路"):
        download_box(stub)


def test_streets_all_outside_the_box_are_nothing_to_walk_on(stub: OverpassStub) -> None:
    with pytest.raises(StreetsError, match="没有可步行的道路"):
        download_box(stub, "118.95,42.29,118.96,42.30")


def test_an_unknown_place_is_named(stub: OverpassStub) -> None:
    stub.found = []
    with pytest.raises(StreetsError, match="找不到地名“乌有乡”"):
        download_streets("乌有乡", overpass_url=stub.url, nominatim_url=stub.url)


def test_a_place_without_an_outline_is_refused(stub: OverpassStub) -> None:
    stub.found[0]["geojson"] = {"type": "Point", "coordinates": [118.9, 42.27]}
    with pytest.raises(StreetsError, match="面状边界"):
        download_streets("某点", overpass_url=stub.url, nominatim_url=stub.url)


@pytest.mark.parametrize(
    "place",
    ["118.91,42.26,118.89,42.28", "42.26,118.89,42.28,118.91", "nan,42.26,118.91,42.28"],
)
def test_a_box_in_the_wrong_order_is_refused_before_anything_is_asked(place: str) -> None:
    with pytest.raises(StreetsError, match="西,南,东,北"):
        download_streets(place, overpass_url="http://127.0.0.1:9")


def test_a_box_of_a_whole_province_is_refused() -> None:
    with pytest.raises(StreetsError, match="过大"):
        parse_box("110,40,120,45")


def test_chinese_commas_make_a_box_too() -> None:
    assert parse_box("118.89，42.26，118.91，42.28") == shapely.box(118.89, 42.26, 118.91, 42.28)


def test_a_name_with_commas_is_a_name() -> None:
    assert parse_box("红山区, 赤峰市") is None


def test_the_public_services_stand_by_default() -> None:
    assert download.OVERPASS.startswith("https://")
    assert download.NOMINATIM.startswith("https://")
