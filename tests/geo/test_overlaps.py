"""Polygons that share ground: every pair, in blocks, and a word where they are too many."""

import numpy as np
import pytest
import shapely
from pyproj import CRS

from geo.findings import Finding
from geo.ledgers.numbers import Cells
from geo.position.coordinates import WGS84
from geo.position.projected import moved_between
from geo.shapes import overlaps as room
from geo.shapes.checked import doubtful_estates
from geo.shapes.overlaps import overlaps


def _squares(count: int) -> np.ndarray:
    """Return squares of 100 m, each 60 m east of the one before: 40 m of its side are shared."""
    west = np.arange(count) * 60.0
    return np.asarray(shapely.box(west, 0, west + 100, 100))


def test_pairs_are_found_across_blocks() -> None:
    # Neighbours share 40 by 100 m; the next but one begins at 120 m, beyond the side of 100.
    found = overlaps(_squares(200), least_share=0.1)
    assert found.first.tolist() == list(range(199))
    assert found.second.tolist() == list(range(1, 200))
    assert found.m2 == pytest.approx(4000)
    assert found.complete


def test_a_share_and_a_kind_are_asked_for() -> None:
    assert len(overlaps(_squares(9), least_share=0.41).first) == 0  # they share 0.40
    alike = np.array(["a", "a", "b", "b", "a"], dtype=object)
    assert overlaps(_squares(5), alike=alike).first.tolist() == [0, 2]


def test_too_many_pairs_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = overlaps(shapely.box(np.zeros(80), 0, 9, 9))
    assert (len(whole.first), whole.complete) == (80 * 79 // 2, True)
    monkeypatch.setattr(room, "_MOST_VERTICES", 1_000)  # 5 corners each: a hundred pairs
    part = overlaps(shapely.box(np.zeros(80), 0, 9, 9))
    assert (len(part.first), part.complete) == (100, False)
    monkeypatch.setattr(room, "_MOST_VERTICES", 10**9)
    monkeypatch.setattr(room, "_MOST_BOXES", 1_000)
    assert not overlaps(shapely.box(np.zeros(80), 0, 9, 9)).complete


def _about(count: int) -> list[Finding]:
    square = shapely.box(408_000, 4_679_000, 408_100, 4_679_100)
    estates = moved_between(np.array([square] * count), CRS("EPSG:4549"), CRS(WGS84))
    where = Cells(np.full(count, "", dtype=object), np.arange(count) + 2, "", "residential", "a")
    return doubtful_estates(estates, where)[1]


def test_estates_on_one_spot_are_named_up_to_a_limit_then_counted() -> None:
    findings = _about(30)  # 435 pairs
    assert len(findings) == 201
    assert str(findings[0].message) == "与第 3 行的小区重叠 100%（占较小者），人口可能重复计算。"
    assert str(findings[-1].message) == "另有 235 对小区互相重叠，不再逐一列出。"
    assert len(_about(3)) == 3
