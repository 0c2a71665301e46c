"""Names in the layers of a study: written out where they are sure, told where they are not."""

from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from analysis.matching import duplicates
from analysis.matching.kept import Confirmed
from analysis.matching.resolving import Resolved, resolve_names
from analysis.provision.facility_links import link_facilities
from analysis.provision.projects import project_of
from geo.findings import Finding
from tests.analysis.toy_study import area, box, estate, facility, layer, spot

COLUMN = "服务小区"


def served(
    serves: str | None,
    *estates: dict[str, Any],
    kept: tuple[Confirmed, ...] = (),
    **more: list[Any],
) -> Resolved:
    """Resolve whom one facility at the origin serves."""
    layers = {
        "facilities": layer(facility("f1", spot(0, 0), serves=serves)),
        "residential": layer(*estates),
        **{name: layer(*rows) for name, rows in more.items()},
    }
    return resolve_names(layers, kept=kept, within_m=2000.0)


def named(id_: str, name: str, **more: object) -> Any:  # noqa: ANN401 - a row
    return estate(id_, box(100, 0, 200, 100), **{"name": name, **more})


def cell(resolved: Resolved) -> object:
    return resolved.layers["facilities"]["serves"].iloc[0]


def lines(resolved: Resolved, severity: str) -> list[str]:
    return [str(f.message) for f in resolved.findings if f.severity == severity]


def test_what_is_sure_is_written_as_the_estates_are_called() -> None:
    found = served(
        "阳光住宅小区；老地方，r3、幸福里", named("r1", "阳光小区"),
        named("r2", "锦绣江南", aliases="老地方"), named("r3", "富河园"), named("r4", "幸福里"),
    )  # fmt: skip
    assert cell(found) == "阳光小区、锦绣江南、r3、幸福里"
    told = [f for f in found.findings if f.column == COLUMN]
    assert [(f.severity, f.row, f.value) for f in told] == [
        ("info", 2, "阳光住宅小区"), ("info", 2, "老地方"),
    ]  # fmt: skip
    assert str(told[0].message) == "“阳光住宅小区”认作“阳光小区”（写法不同）。"


def test_a_cell_with_nothing_to_change_stays_as_it_is() -> None:
    found = served("富河园; r1", named("r1", "阳光小区"), named("r3", "富河园"))
    assert cell(found) == "富河园; r1"
    assert lines(found, "info") == []


def test_an_estate_that_shares_its_name_is_named_by_its_id() -> None:
    twice = estate("r2", box(-10, -10, 10, 10), name="红旗小区")
    found = served("红旗小区", named("r1", "红旗小区"), twice)
    assert cell(found) == "r2"


def test_all_phases_of_one_project_are_named() -> None:
    phases = [
        named(f"r{n}", f"幸福小区{word}期", project_id="P") for n, word in ((1, "一"), (2, "二"))
    ]
    assert cell(served("幸福小区", *phases)) == "幸福小区一期、幸福小区二期"


def test_phases_written_in_one_breath_are_named_one_by_one() -> None:
    phases = [named(f"r{n}", f"幸福小区{word}期") for n, word in ((1, "一"), (2, "二"))]
    found = served("幸福小区一、二期；阳光小区", *phases, named("r3", "阳光小区"))
    assert cell(found) == "幸福小区一期、幸福小区二期；阳光小区"
    (told,) = [f for f in found.findings if f.column == COLUMN]
    assert (told.severity, told.value) == ("info", "幸福小区一、二期；阳光小区")
    whole = served("幸福小区1-2期", *phases, named("r3", "幸福小区1-2期"))
    assert cell(whole) == "幸福小区1-2期"


def test_doubtful_and_unmatched_names_stay_and_are_told_with_what_they_resemble() -> None:
    found = served("阳光花圆、天外天", named("r1", "阳光花园"))
    assert cell(found) == "阳光花圆、天外天"
    told = [f for f in found.findings if f.severity == "warning" and f.column == COLUMN]
    assert [(f.row, f.value) for f in told] == [(2, "阳光花圆"), (2, "天外天")]
    # Three of four signs are shared, all four by sound: (75 + 100) / 2.
    assert str(told[0].message) == (
        "在小区表中没有同名的，未采用。最像：阳光花园（r1，88 分，100 米）。"
    )
    assert str(told[1].message) == "在小区表中找不到。也没有相近的名称。"


def test_every_name_asked_for_is_counted_once() -> None:
    estates = named("r1", "阳光小区"), named("r2", "阳光花园")
    found = served("阳光住宅小区、阳光花圆、天外天、r1", *estates)
    (answer,) = found.answers
    counts = [answer.matches.count(status) for status in ("matched", "doubtful", "unmatched")]
    assert counts == [2, 1, 1]
    assert len(answer.asked) == 4


def test_resolving_again_changes_nothing() -> None:
    once = served("阳光住宅小区、阳光花圆", named("r1", "阳光小区"), named("r2", "阳光花园"))
    again = resolve_names(once.layers, within_m=2000.0)
    pd.testing.assert_frame_equal(
        pd.DataFrame(again.layers["facilities"]), pd.DataFrame(once.layers["facilities"])
    )
    assert lines(again, "info") == []


def test_floor_area_goes_to_an_estate_whose_name_was_written_otherwise() -> None:
    county = area("b1", "county", box(-999, -999, 999, 999), name="松山区")
    estates = named("r1", "阳光小区一期"), named("r2", "阳光小区二期")
    found = served("松山区阳光小区（1期）", *estates, boundaries=[county])
    residential = found.layers["residential"]
    links = link_facilities(
        residential, found.layers["facilities"], project=project_of(residential), within_m=2000
    )
    assert links.findings == ()
    assert [*links.shares[["project", "share", "clear"]].iloc[0]] == [0, 1.0, True]
    # Without resolving, nobody has it.
    plain = layer(facility("f1", spot(0, 0), serves="松山区阳光小区（1期）"))
    assert link_facilities(residential, plain, project=project_of(residential)).shares.empty


def said(decision: str, to_id: str, to_name: str, asked: str = "阳光小区") -> Confirmed:
    return Confirmed.model_validate(
        {
            "layer": "facilities", "column": "serves", "row_id": "f1", "row_name": "care f1",
            "asked": asked, "to_id": to_id, "to_name": to_name, "decision": decision,
        }
    )  # fmt: skip


def test_a_confirmed_match_is_written() -> None:
    kept = (said("same", "r1", "阳光花园", "阳光花圆"),)
    found = served("阳光花圆", named("r1", "阳光花园"), kept=kept)
    assert cell(found) == "阳光花园"
    assert lines(found, "warning") == []
    assert lines(found, "info") == ["“阳光花圆”认作“阳光花园”（已确认）。"]


def test_what_the_user_denied_is_not_found_by_its_name_either() -> None:
    none = served("阳光小区", named("r1", "阳光小区"), kept=(said("none", "", ""),))
    assert cell(none) == "阳光小区（不在小区表）"
    other = said("different", "r1", "阳光小区")
    denied = served("阳光小区", named("r1", "阳光小区"), kept=(other,))
    assert cell(denied) == "阳光小区（不在小区表）"
    residential = denied.layers["residential"]
    links = link_facilities(
        residential, denied.layers["facilities"], project=project_of(residential)
    )
    assert links.shares.empty
    again = resolve_names(none.layers, kept=(said("none", "", ""),), within_m=2000.0)
    assert cell(again) == "阳光小区（不在小区表）"


@pytest.mark.parametrize(
    ("kept", "start"),
    [
        (said("same", "r1", "阳光家园", "阳光花圆"), "已确认“阳光花圆”与“阳光家园”（r1）的对应"),
        (said("same", "r1", "阳光花园", "别处"), "已确认的“别处”：编号“f1”"),
    ],
)
def test_a_confirmed_match_that_fits_no_more_is_told(kept: Confirmed, start: str) -> None:
    found = served("阳光花圆", named("r1", "阳光花园"), kept=(kept,))
    assert cell(found) == "阳光花圆"
    stale = [line for line in lines(found, "warning") if line.startswith(start)]
    assert len(stale) == 1


def test_a_confirmed_match_follows_rows_whose_numbers_moved() -> None:
    moved = said("same", "r9", "阳光花园", "阳光花圆").model_copy(update={"row_id": "f7"})
    assert cell(served("阳光花圆", named("r1", "阳光花园"), kept=(moved,))) == "阳光花园"


def test_entrances_find_their_estate_by_name() -> None:
    gates = layer(
        {"id": "e1", "residential_id": "阳光住宅小区", "geometry": spot(100, 0)},
        {"id": "e2", "residential_id": "阳光小区", "geometry": spot(100, 0)},
        {"id": "e3", "residential_id": "r1", "geometry": spot(100, 0)},
        {"id": "e4", "residential_id": "别处", "geometry": None},
    )
    found = resolve_names({"entrances": gates, "residential": layer(named("r1", "阳光小区"))})
    assert [*found.layers["entrances"]["residential_id"]] == ["r1", "r1", "r1", "别处"]
    assert [f.value for f in found.findings if f.severity == "warning"] == ["别处"]


def streets(**columns: list[object]) -> Resolved:
    """Resolve estates at x = 50, 150, … among two streets of 100 m."""
    rows = [
        estate(f"r{n}", spot(50 + 100 * n, 50), **dict(zip(columns, cells, strict=True)))
        for n, cells in enumerate(zip(*columns.values(), strict=True))
    ]
    areas = layer(
        area("b1", "street", box(0, 0, 100, 100), name="桥北街道"),
        area("b2", "street", box(100, 0, 200, 100), name="站前街道"),
    )
    return resolve_names({"residential": layer(*rows), "boundaries": areas})


def test_an_estate_without_a_street_is_of_the_one_it_lies_in() -> None:
    found = streets(street=["桥北街道", None, None])
    assert [*found.layers["residential"]["street"].fillna("-")] == ["桥北街道", "站前街道", "-"]
    assert lines(found, "info") == ["1 个小区没有写，按所在位置填写。"]


def test_estates_get_their_streets_where_the_ledger_has_no_such_column() -> None:
    found = streets(households=[100, 100]).layers["residential"]
    assert [*found["street"]] == ["桥北街道", "站前街道"]
    assert [*found.columns[-2:]] == ["street", "geometry"]
    assert isinstance(found, gpd.GeoDataFrame)


def test_where_two_streets_are_drawn_nothing_is_filled_in() -> None:
    areas = layer(
        area("b1", "street", box(0, 0, 100, 100), name="桥北街道"),
        area("b2", "street", box(0, 0, 200, 100), name="站前街道"),
    )
    row = estate("r1", spot(50, 50))
    found = resolve_names({"residential": layer(row), "boundaries": areas})
    assert "street" not in found.layers["residential"].columns


def test_a_street_written_otherwise_is_written_as_its_boundary_is() -> None:
    found = streets(street=["桥北街道办事处", "站前"])
    assert [*found.layers["residential"]["street"]] == ["桥北街道", "站前街道"]
    assert lines(found, "warning") == []


def test_what_is_written_and_where_it_lies_are_both_told_and_what_is_written_stays() -> None:
    found = streets(street=["站前街道", "站前街道"])
    assert [*found.layers["residential"]["street"]] == ["站前街道", "站前街道"]
    (line,) = lines(found, "warning")
    assert line == "写的是“站前街道”，位置却在“桥北街道”：1 个小区（estate r0）。按所写的计。"


def test_an_unknown_street_stays_and_is_told_once_where_boundaries_reach() -> None:
    found = streets(street=["天山路街道", "天山路街道", "天池街道"])
    assert [*found.layers["residential"]["street"]] == ["天山路街道", "天山路街道", "天池街道"]
    told = [f for f in found.findings if f.severity == "warning"]
    # The third stands where no boundary is drawn: nobody can say that its street is unknown.
    assert [f.value for f in told] == ["天山路街道"]


def doubled(*rows: Any, name: str = "facilities") -> list[Finding]:  # noqa: ANN401 - rows
    return [f for f in resolve_names({name: layer(*rows)}).findings if "重复登记" in str(f.message)]


def care(id_: str, x: float, name: str, **more: object) -> Any:  # noqa: ANN401 - a row
    return facility(id_, spot(x, 0), **{"name": name, **more})


def test_a_facility_under_an_old_and_a_new_name_is_told_with_both_rows() -> None:
    (told,) = doubled(
        care("f1", 0, "长青社区养老服务站"), care("f2", 49, "长青社区老年服务站"),
        care("f3", 60, "站前社区养老服务站"),
    )  # fmt: skip
    assert (told.row, told.value) == (2, "长青社区养老服务站")
    assert "第 3 行“长青社区老年服务站”相距 49 米" in str(told.message)


def test_what_stands_apart_or_is_of_another_kind_is_no_double() -> None:
    assert doubled(care("f1", 0, "长青养老服务站"), care("f2", 50.5, "长青养老服务站")) == []
    assert doubled(
        care("f1", 0, "长青养老服务站"),
        facility("f2", spot(9, 0), "canteen", name="长青养老服务站"),
    ) == []


def test_one_name_at_one_address_is_a_double_wherever_it_stands() -> None:
    (told,) = doubled(
        care("f1", 0, "长青养老服务站", address="长青街１号"),
        care("f2", 900, "长青 养老服务站", address="长青街1号"),
        care("f3", 1800, "长青养老服务站", address="长青街2号"),
    )
    assert told.row == 2


def test_hundreds_at_one_spot_are_told_by_name_without_comparing_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(duplicates, "AT_ONE_SPOT", 2)
    names = ["甲乙丙丁", "戊己庚辛", "壬癸子丑", "寅卯辰巳", "壬癸子丑"]
    (told,) = doubled(*(care(f"f{n}", 0, name) for n, name in enumerate(names)))
    assert (told.row, told.value) == (4, "壬癸子丑")


def test_phases_of_an_estate_are_no_doubles() -> None:
    rows = [estate(f"r{n}", spot(n, 0), name=f"幸福小区{n}期") for n in (1, 2)]
    assert doubled(*rows, name="residential") == []
    column = [estate(f"r{n}", spot(n, 0), name="幸福小区", phase=f"{n}期") for n in (1, 2)]
    assert doubled(*column, name="residential") == []
    assert len(doubled(*[row | {"phase": "1期"} for row in column], name="residential")) == 1


def test_layers_without_rows_places_or_columns_are_left_alone() -> None:
    empty = layer(facility("f1", None)).iloc[:0]
    assert resolve_names({"facilities": empty}).findings == ()
    nowhere = gpd.GeoDataFrame({"id": ["r1"], "name": ["甲"]}, geometry=[shapely.Point()], crs=4549)
    assert resolve_names({"residential": nowhere, "facilities": empty}).findings == ()
