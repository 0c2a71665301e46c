"""Names that repeat from street to street, and what was confirmed of them in one street."""

from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

from analysis.matching.answering import COMMUNITY, SERVES, answer_of
from analysis.matching.kept import Confirmed
from analysis.matching.resolving import Resolved, resolve_names
from analysis.provision.facility_links import link_facilities
from analysis.provision.projects import project_of
from geo.files.several_files import FILE
from tests.analysis.toy_study import area, box, estate, facility, layer, spot

# Two streets side by side; the west half of each is its community 第1社区.
STREETS = [
    area("b1", "street", box(0, 0, 100, 100), name="桥北街道"),
    area("b2", "street", box(100, 0, 200, 100), name="站前街道"),
]
COMMUNITIES = [
    area("c1", "community", box(0, 0, 50, 100), name="桥北街道第1社区(模拟)"),
    area("c2", "community", box(100, 0, 150, 100), name="站前街道第1社区(模拟)"),
]


def home(id_: str, x: float, community: str, **more: object) -> Any:  # noqa: ANN401 - a row
    return estate(id_, spot(x, 50), community=community, **more)


def resolved(
    *homes: Any,  # noqa: ANN401 - rows
    kept: tuple[Confirmed, ...] = (),
    areas: list[Any] | None = None,
) -> Resolved:
    boundaries = layer(*(STREETS + COMMUNITIES if areas is None else areas))
    return resolve_names({"residential": layer(*homes), "boundaries": boundaries}, kept=kept)


def communities(found: Resolved) -> list[str]:
    return [*found.layers["residential"]["community"]]


def said(asked: str, to: str, **more: object) -> Confirmed:
    names = {row["id"]: row["name"] for row in COMMUNITIES}
    return Confirmed.model_validate(
        {
            "layer": "residential", "column": "community", "asked": asked, "to_id": to,
            "to_name": names[to], "decision": "same", **more,
        }
    )  # fmt: skip


def warned(found: Resolved) -> list[tuple[str, str]]:
    return [(f.value, f.column) for f in found.findings if f.severity == "warning"]


def test_where_an_estate_lies_says_which_of_the_namesakes_is_meant() -> None:
    found = resolved(home("r1", 25, "第1社区"), home("r2", 125, "第1社区"))
    assert communities(found) == ["桥北街道第1社区(模拟)", "站前街道第1社区(模拟)"]
    assert warned(found) == []


def test_the_street_says_it_of_estates_that_lie_in_none_of_them() -> None:
    rows = home("r1", 75, "第1社区"), home("r2", 175, "第1社区", street="站前街道")
    found = resolved(*rows)
    assert communities(found) == ["桥北街道第1社区(模拟)", "站前街道第1社区(模拟)"]
    nowhere = resolved(
        *(estate(f"r{n}", None, community="第1社区", street=street)
          for n, street in enumerate(("桥北", "站前街道办事处")))
    )  # fmt: skip
    assert communities(nowhere) == ["桥北街道第1社区(模拟)", "站前街道第1社区(模拟)"]


def test_without_street_or_place_namesakes_are_in_doubt() -> None:
    found = resolved(estate("r1", None, community="第1社区"))
    assert communities(found) == ["第1社区"]
    assert warned(found) == [("第1社区", "社区")]


def test_a_street_without_such_a_community_has_none() -> None:
    third = area("b3", "street", box(200, 0, 300, 100), name="铁南街道")
    other = area("c3", "community", box(200, 0, 300, 100), name="铁南街道第2社区")
    found = resolved(home("r1", 250, "第1社区"), areas=[*STREETS, third, *COMMUNITIES, other])
    assert communities(found) == ["第1社区"]
    assert warned(found) == [("第1社区", "社区")]


def test_what_was_confirmed_in_one_street_holds_in_it_alone() -> None:
    rows = home("r1", 75, "老社区"), home("r2", 175, "老社区")
    drawn = area("c3", "community", box(150, 0, 200, 100), name="站前街道第2社区")
    found = resolved(
        *rows, kept=(said("老社区", "c1", street="桥北街道"),),
        areas=[*STREETS, *COMMUNITIES, drawn],
    )  # fmt: skip
    assert communities(found) == ["桥北街道第1社区(模拟)", "老社区"]
    assert warned(found) == [("老社区", "社区")]
    both = said("老社区", "c1", street="桥北街道"), said("老社区", "c2", street="站前街道")
    assert communities(resolved(*rows, kept=both)) == [row["name"] for row in COMMUNITIES]


def test_a_decision_kept_without_a_street_holds_where_no_street_speaks_against_it() -> None:
    old = (said("老社区", "c1"),)
    rows = home("r1", 75, "老社区"), home("r2", 175, "老社区")
    assert communities(resolved(*rows, kept=old)) == ["桥北街道第1社区(模拟)", "老社区"]
    # Only one street writes it: that is what was meant then.
    assert communities(resolved(rows[1], kept=old)) == ["桥北街道第1社区(模拟)"]
    # One with a street goes before it.
    new = (*old, said("老社区", "c2", street="桥北街道"))
    assert communities(resolved(rows[0], kept=new)) == ["站前街道第1社区(模拟)"]


def test_rows_without_a_street_are_told_apart_by_their_file() -> None:
    rows = [estate(f"r{n}", None, community="老社区") | {FILE: f"{n}.xlsx"} for n in (1, 2)]
    kept = (said("老社区", "c1", file="1.xlsx"),)
    found = resolved(*rows, kept=kept, areas=COMMUNITIES)
    assert communities(found) == ["桥北街道第1社区(模拟)", "老社区"]
    (open_,) = [f for f in found.findings if f.severity == "warning"]
    assert (open_.file, open_.row, open_.value) == ("2.xlsx", 3, "老社区")


def test_a_street_and_its_community_may_be_confirmed_in_one_go() -> None:
    street = Confirmed(layer="residential", column="street", asked="桥背", to_id="b1",
                       to_name="桥北街道", decision="same")  # fmt: skip
    row = estate("r1", None, community="老社区", street="桥背")
    kept = (street, said("老社区", "c1", street="桥背"))
    assert communities(resolved(row, kept=kept)) == ["桥北街道第1社区(模拟)"]


def test_a_person_goes_before_where_an_estate_lies() -> None:
    kept = (said("第1社区", "c2", street="桥北街道"),)
    assert communities(resolved(home("r1", 25, "第1社区"), kept=kept)) == ["站前街道第1社区(模拟)"]


def test_each_street_is_asked_once_and_offered_its_own_first() -> None:
    rows = [home(f"r{n}", x, "第一老社区") for n, x in enumerate((75, 80, 175))]
    layers = {"residential": layer(*rows).assign(street=["桥北街道", "桥北街道", "站前街道"]),
              "boundaries": layer(*STREETS, *COMMUNITIES)}  # fmt: skip
    answer = answer_of(layers, COMMUNITY, kept=(), within_m=2000)
    assert answer is not None
    assert [*answer.asked["street"]] == ["桥北街道", "站前街道"]
    offered = answer.matches.candidates.sort_values(["wanted", "rank"])
    assert [*offered["known"]] == [0, 1]


FAR = estate("r1", box(3000, 0, 3100, 100), name="祥和嘉园")
CONFIRMED = Confirmed(
    layer="facilities", column="serves", row_id="f1", row_name="care f1", asked="祥和嘉苑",
    to_id="r1", to_name="祥和嘉园", decision="same",
)  # fmt: skip


def far(serves: str, *kept: Confirmed) -> Resolved:
    layers = {"facilities": layer(facility("f1", spot(0, 0), serves=serves)),
              "residential": layer(FAR)}  # fmt: skip
    return resolve_names(layers, kept=kept, within_m=2000.0)


def doubts_of(layers: Any) -> tuple[int, bool]:  # noqa: ANN401 - layers
    """Return findings about links, and whether the facility is clearly its estate's."""
    homes = layers["residential"]
    links = link_facilities(
        homes, layers["facilities"], project=project_of(homes), within_m=2000.0
    )
    return len(links.findings), bool(links.shares["clear"].all())


@pytest.mark.parametrize("written", ["祥和嘉苑", "祥和嘉园"])
def test_a_confirmed_estate_far_off_is_told_once_and_doubted_nowhere(written: str) -> None:
    found = far(written, CONFIRMED)
    told = [f for f in found.findings if f.layer == "facilities"]
    assert [f.severity for f in told] == ["info"]
    assert str(told[0].message) == f"“{written}”是“祥和嘉园”，确认过，相距 3.0 公里。"
    assert doubts_of(found.layers) == (0, True)


def test_what_was_confirmed_is_not_asked_of_the_layers_it_was_written_into() -> None:
    layers = far("祥和嘉苑", CONFIRMED).layers
    assert [*layers["facilities"]["serves"]] == ["祥和嘉园"]
    answer = answer_of(layers, SERVES, kept=(CONFIRMED,), within_m=2000.0)
    assert answer is not None
    assert answer.matches.count("matched") == 1
    nobody = answer_of(layers, SERVES, kept=(), within_m=2000.0)
    assert nobody is not None
    assert nobody.matches.table["reason"].tolist() == ["far"]


def test_what_nobody_confirmed_is_doubted_as_before() -> None:
    found = far("祥和嘉园")
    assert [f.severity for f in found.findings] == ["warning"]
    assert doubts_of(found.layers) == (1, False)
    taken_back = resolve_names(far("祥和嘉园", CONFIRMED).layers, within_m=2000.0)
    assert doubts_of(taken_back.layers) == (1, False)


def test_entrances_of_namesakes_are_no_one_estates() -> None:
    homes = layer(
        estate("r1", box(0, 0, 40, 40), name="阳光小区"),
        estate("r2", box(110, 0, 140, 40), name="阳光小区"),
    )
    gates = [{"id": f"e{n}", "residential_id": "阳光小区", "geometry": spot(x, 20)}
             for n, x in enumerate((20, 120))]  # fmt: skip
    alone = resolve_names({"entrances": layer(*gates), "residential": homes})
    assert [*alone.layers["entrances"]["residential_id"]] == ["阳光小区", "阳光小区"]
    # Where the streets are drawn, each gate stands in its own.
    by_street = resolve_names(
        {"entrances": layer(*gates), "residential": homes, "boundaries": layer(*STREETS)}
    )
    assert [*by_street.layers["entrances"]["residential_id"]] == ["r1", "r2"]


def test_findings_about_doubles_name_both_files() -> None:
    rows = [facility(f"f{n}", spot(n, 0), name="长青养老服务站") | {FILE: f"{n}.xlsx"}
            for n in (1, 2)]  # fmt: skip
    (told,) = resolve_names({"facilities": layer(*rows)}).findings
    assert (told.file, told.row) == ("1.xlsx", 2)
    assert "与2.xlsx 第 3 行“长青养老服务站”" in str(told.message)


def test_the_frames_given_stay_as_they_were() -> None:
    homes = layer(home("r1", 25, "第1社区"), home("r2", 175, "第1社区"))
    before = homes.copy()
    resolve_names({"residential": homes, "boundaries": layer(*STREETS, *COMMUNITIES)})
    pd.testing.assert_frame_equal(pd.DataFrame(homes), pd.DataFrame(before))
    assert isinstance(homes, gpd.GeoDataFrame)


def test_an_area_without_a_name_is_called_nothing() -> None:
    nameless = area("c3", "community", box(50, 0, 100, 100), name=pd.NA)
    found = resolved(
        home("r1", 75, "第2社区"), home("r2", 25, "第1社区"),
        areas=[*STREETS, *COMMUNITIES, nameless],
    )  # fmt: skip
    assert communities(found) == ["第2社区", "桥北街道第1社区(模拟)"]
    assert ("第2社区", "社区") in warned(found)
