"""What a figure is asked of: by the one name, or a refusal that tells ids with their names."""

import pytest

from analysis.explaining.explained import area_called
from geo.errors import PlanningError

KNOWN = {"r1": "林业局二区", "r2": "金桥名苑", "r3": "金桥名苑", "r4": ""}


def test_a_name_that_only_one_has_is_its_id() -> None:
    assert area_called("林业局二区", KNOWN) == "r1"


def test_a_name_of_several_is_refused_with_their_ids() -> None:
    with pytest.raises(PlanningError, match="r2（金桥名苑）、r3（金桥名苑）"):
        area_called("金桥名苑", KNOWN)


def test_near_ones_are_told_with_ids_and_names() -> None:
    with pytest.raises(PlanningError, match="相近的有 r1（林业局二区）"):
        area_called("林业局2区", KNOWN)
