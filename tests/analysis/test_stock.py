"""Stock that may become care facilities: what kind, what speaks against it, in which order."""

import re
import unicodedata
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.districts.stock import KINDS, StockKind, kind_of, stock_table
from analysis.provision.usable import REASONS
from analysis.rulebook import Rulebook
from tests.analysis.toy_study import Row, layer, spot

ON = date(2025, 12, 31)
CHIFENG, ANHUI = Rulebook.load(["chifeng"]), Rulebook.load(["anhui"])
POLICY = Path(__file__).resolve().parents[3] / "shared" / "policy"


def candidate(id_: str, **more: object) -> Row:
    usual = {
        "name": f"room {id_}", "kind": "社区用房", "area_m2": 400, "cost_wan": 40, "floor": "1",
        "lift": False, "forbidden": False, "objection_risk": "低", "available_years": 10,
        "geometry": spot(0, 0),
    }  # fmt: skip
    return {"id": id_, **usual, **more}


def table(*rows: Row, rulebook: Rulebook = CHIFENG, on: date = ON) -> pd.DataFrame:
    return stock_table(layer(*rows), rulebook, on=on).set_index("candidate_id")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("空置公租房", "vacant_public_rental"), ("国企物业", "state_company"),
        ("机关培训疗养机构", "training_resort"), ("闲置商业", "idle_commercial"),
        ("社区用房", "community_room"), ("闲置公共服务资源", "idle_public_service"),
        ("社区综合服务设施", "community_room"), ("新增用地", "new_land"), ("其他", ""), (None, ""),
    ],
)  # fmt: skip
def test_kinds_are_read_from_their_words(said: str | None, kind: str) -> None:
    assert kind_of(pd.Series([said], dtype="str")).tolist() == [kind]


@pytest.mark.parametrize(
    ("more", "usable", "reasons", "warnings"),
    [
        ({}, True, "", ""),
        ({"forbidden": True}, False, "forbidden", ""),
        ({"floor": "2"}, False, "no_lift", ""),
        ({"floor": "2", "lift": True}, True, "", ""),
        ({"floor": "2", "lift": None}, None, "lift_unknown", ""),
        ({"floor": "1-2"}, True, "", "no_lift_upstairs"),
        ({"floor": None}, None, "floor_unknown", ""),
        ({"area_m2": None}, None, "area_unknown", ""),
        ({"forbidden": True, "area_m2": None}, False, "forbidden;area_unknown", ""),
        ({"area_m2": 0}, None, "area_unknown", "under_room_min"),
        ({"available_years": 0}, False, "not_available", ""),
        # No text binding here lets a cellar count, nor sets a least size for this place.
        ({"floor": "-1"}, False, "unfit_floor", ""),
        ({"floor": "-1-2"}, True, "", "partly_unfit_floor;no_lift_upstairs"),
        ({"area_m2": 349}, True, "", "under_room_min"),
        ({"area_m2": 350}, True, "", ""),
        # Land has neither floor nor lift.
        ({"kind": "新增用地", "floor": None, "lift": None}, True, "", "land"),
        ({"kind": "闲置地块", "floor": None, "area_m2": 300}, True, "", "land"),
    ],
)
def test_what_speaks_against_a_room_in_chifeng(
    more: dict[str, object],
    usable: bool | None,  # noqa: FBT001
    reasons: str,
    warnings: str,
) -> None:
    row = table(candidate("c1", **more)).loc["c1"]
    assert (None if pd.isna(row["usable"]) else bool(row["usable"])) is usable
    assert (row["reasons"], row["warnings"]) == (reasons, warnings)
    assert set(reasons.split(";")) | set(warnings.split(";")) <= {*REASONS, ""}


@pytest.mark.parametrize(
    ("more", "reasons"),
    [({"floor": "-1"}, "unfit_floor"), ({"area_m2": 349}, "under_room_min"), ({"floor": "1"}, "")],
)
def test_where_a_place_sets_the_figure_itself_it_binds(
    more: dict[str, object], reasons: str
) -> None:
    row = table(candidate("c1", **more), rulebook=ANHUI).loc["c1"]
    assert (row["usable"], row["reasons"]) == (not reasons, reasons)


def test_above_the_highest_floor_of_the_pack() -> None:
    guizhou = Rulebook.load(["guizhou"])
    rows = [candidate(f"c{n}", floor=str(n), lift=True) for n in (3, 4)]
    found = table(*rows, rulebook=guizhou)
    assert found["reasons"].to_dict() == {"c3": "", "c4": "above_highest_floor"}


def test_the_usable_come_first_then_kind_objection_cost_and_size() -> None:
    found = table(
        candidate("c1", forbidden=True, kind="空置公租房"),
        candidate("c2", area_m2=None, kind="空置公租房"),
        candidate("c3", kind="新增用地"),
        candidate("c4", objection_risk="高"),
        candidate("c5", cost_wan=80),
        candidate("c6", area_m2=800, cost_wan=80),
        candidate("c7"),
        candidate("c8"),
        candidate("c9", kind="国企物业", objection_risk="高"),
    )
    assert found.index.tolist() == ["c9", "c6", "c7", "c8", "c5", "c4", "c3", "c2", "c1"]
    assert found["rank"].tolist() == list(range(1, 10))


def test_people_newly_covered_come_before_the_kind() -> None:
    rows = layer(candidate("c1", kind="空置公租房"), candidate("c2"), candidate("c3", kind="其他"))
    gain = pd.Series({"c2": 50.0, "c1": 10.0})
    found = stock_table(rows, CHIFENG, on=ON, gain_60plus=gain)
    assert found["candidate_id"].tolist() == ["c2", "c1", "c3"]


def test_the_transition_ends_after_the_years_of_the_text_and_is_none_of_new_land() -> None:
    found = table(candidate("c1"), candidate("c2", kind="新增用地"), on=date(2024, 2, 29))
    assert found.loc["c1", "transition_until"] == pd.Timestamp(2029, 2, 28)
    assert pd.isna(found.loc["c2", "transition_until"])


def test_a_text_is_quoted_from_its_day_on() -> None:
    row = candidate("c1", kind="闲置公共服务资源")
    assert table(row).loc["c1", "clause"] == "十三"
    early = table(row, on=date(2024, 12, 29)).loc["c1"]
    assert early[["document", "clause", "quote"]].tolist() == ["", "", ""]


def test_no_candidates_no_rows_and_row_order_changes_nothing() -> None:
    assert stock_table(None, CHIFENG, on=ON).empty
    rows = [candidate("c1", cost_wan=50), candidate("c2"), candidate("c3", floor="3")]
    pd.testing.assert_frame_equal(table(*rows), table(*rows[::-1]))


@pytest.mark.skipif(not POLICY.is_dir(), reason="the policy texts are not beside this checkout")
@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_quotes_are_verbatim(kind: StockKind) -> None:
    texts = [path for path in POLICY.glob("*.txt") if kind.document in path.name]
    assert len(texts) == 1
    assert _plain(kind.quote) in _plain(texts[0].read_text(encoding="utf-8"))


def _plain(text: str) -> str:
    """Return text without line breaks and blanks, full-width punctuation as half-width."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
