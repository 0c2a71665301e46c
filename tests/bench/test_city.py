"""The made-up city: as many streets as told, in one piece, the same on every machine."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from bench.city import City, loaded, make_city, same_nodes
from bench.city_file import write_osm
from bench.settled import FACILITIES, PLACES, crossings, estates, residents, spots_by_streets
from geo.streets.osm import read_osm
from geo.walks.nearest_street import StreetIndex

# Of every array of the city of 2,500 crossings. Whole numbers come out alike everywhere; positions
# are held to a hundredth of a millimetre, so that a last digit of another processor does not count.
TOLD = "5b43d7bb36f6be1b"


@pytest.fixture(scope="module")
def city() -> City:
    return make_city(2_500)


def fingerprint(city: City) -> str:
    digest = hashlib.sha256()
    network = city.network
    for whole in (network.tail, network.head, network.length_mm, network.kind, city.way):
        digest.update(whole.astype(np.int64).tobytes())
    for metres in (network.x, network.y, network.vertex_xy):
        digest.update(np.rint(metres * 1e5).astype(np.int64).tobytes())
    return digest.hexdigest()


def test_the_city_is_the_same_every_time(city: City) -> None:
    assert fingerprint(city) == fingerprint(make_city(2_500))
    assert fingerprint(city).startswith(TOLD)
    assert fingerprint(city) != fingerprint(make_city(2_500, seed=1))


def test_the_city_has_the_size_asked_for(city: City) -> None:
    nodes, streets = len(city.network.x), len(city.network)
    assert 2_300 <= nodes <= 2_700
    assert 2.7 <= 2 * streets / nodes <= 3.2


def test_the_city_is_one_piece(city: City) -> None:
    assert len(city.network.component_m) == 1


def test_lengths_are_those_of_the_lines(city: City) -> None:
    network = city.network
    metres = np.array([line.length for line in network.lines()])
    np.testing.assert_allclose(network.length_mm, metres * 1000, atol=0.51)


def test_rivers_are_crossed_by_bridges_only(city: City) -> None:
    network = city.network
    bank = (network.y - 4_640_000) > 2_000
    over = bank[network.tail] != bank[network.head]
    assert 0 < over.sum() <= 4  # 51 columns of crossings: a bridge at 0, 15, 30 and 45 at most


def test_ways_run_from_head_to_tail(city: City) -> None:
    same = city.way[1:] == city.way[:-1]
    assert same.any()
    assert (city.network.tail[1:][same] == city.network.head[:-1][same]).all()


def test_a_city_is_kept_whole(city: City, tmp_path: Path) -> None:
    city.save(tmp_path / "city.npz")
    assert fingerprint(City.load(tmp_path / "city.npz")) == fingerprint(city)


def test_loading_keeps_every_street(city: City) -> None:
    network = loaded(city)
    node = same_nodes(city.network, network)
    ours = np.sort(np.column_stack([network.tail, network.head]), axis=1)
    theirs = np.sort(np.column_stack([node[city.network.tail], node[city.network.head]]), axis=1)
    one = np.column_stack([ours, network.length_mm])
    other = np.column_stack([theirs, city.network.length_mm])
    np.testing.assert_array_equal(one[np.lexsort(one.T)], other[np.lexsort(other.T)])


def test_the_file_holds_the_same_streets(city: City, tmp_path: Path) -> None:
    write_osm(city, tmp_path / "city.osm.pbf")
    network, findings = read_osm(tmp_path / "city.osm.pbf", city.network.crs)
    assert not findings
    # Crossings of two streets of one way are no nodes in the file: fewer streets, the same metres.
    metres = city.network.length_mm.sum() / 1000
    assert network.length_mm.sum() / 1000 == pytest.approx(metres, rel=1e-5)
    assert len(network) <= len(city.network)


def test_whoever_lives_there_lives_by_a_street(city: City) -> None:
    network = city.network
    spots = spots_by_streets(network, 500, what=PLACES)
    index = StreetIndex(network, np.ones(len(network), dtype=bool))
    nearest = index.nearest(spots.x, spots.y, within_m=80.0)
    assert np.isfinite(nearest.off_street_m).all()
    again = spots_by_streets(network, 500, what=PLACES)
    np.testing.assert_array_equal(spots.x, again.x)
    assert not np.array_equal(spots.x, spots_by_streets(network, 500, what=FACILITIES).x)
    assert (residents(500) >= 1).all()
    assert len(np.unique(crossings(len(network.x), 50))) == 50


def test_estates_do_not_overlap(city: City) -> None:
    frame = estates(city.network, 100)
    assert len(frame) == 100
    assert frame.union_all().area == pytest.approx(frame.area.sum())
