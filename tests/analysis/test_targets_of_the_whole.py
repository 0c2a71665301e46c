"""What a text asks of the whole city or nation is not held against a part of it."""

from datetime import date

import pandas as pd
import pytest

from analysis.districts.presence import county_table, presence_indicators
from analysis.districts.standing import Standing
from analysis.evaluation import Evaluation
from analysis.indicators.indicator import Indicator, of_a_part, ratio
from analysis.rulebook import Rulebook
from geo.language import say
from tests.analysis.toy_study import area, box, facility, layer, spot

ON = date(2025, 12, 31)
BOOK = Rulebook.load(["chifeng"])


def figure(key: str, part: float, whole: float) -> Indicator:
    """Return a ratio held against the target of everything."""
    return ratio(BOOK.find(key, "all", ON), key=key, name=say("指标台账"), parts=(part, whole),
                 on=ON, per=1000 if key.startswith("beds") else 1)  # fmt: skip


@pytest.mark.parametrize("beds", [49, 50])
def test_fifty_beds_are_asked_of_the_whole_city(beds: float) -> None:
    part = of_a_part(figure("beds_per_1000_elderly", beds, 1000), whole_city=False)
    assert (part.value, part.target, part.met, part.gap) == (beds, 50, None, None)
    assert part.wider == "city"
    assert "目标是对全市的，研究没有写明覆盖全市" in str(part.note)
    whole = of_a_part(figure("beds_per_1000_elderly", beds, 1000), whole_city=True)
    assert (whole.met, whole.wider) == (beds >= 50, "")


def test_what_each_part_is_bound_by_is_held_against_each_part() -> None:
    one = of_a_part(figure("urban_community_coverage_target", 3, 4), whole_city=False)
    assert (one.met, one.wider) == (False, "")


def test_a_share_of_the_nation_is_held_against_no_city() -> None:
    one = of_a_part(figure("street_centre_rate_target", 1, 2), whole_city=True)
    assert (one.value, one.target, one.met, one.wider) == (0.5, 0.6, None, "nation")


def test_a_figure_without_a_value_is_told_nothing_of_its_target() -> None:
    one = of_a_part(figure("beds_per_1000_elderly", 0, 0), whole_city=False)
    assert (one.value, str(one.note)) == (None, "")


def test_none_in_a_part_of_a_county_is_not_none_in_the_county() -> None:
    areas = [area(f"k{n}", "county", box(100 * n, 0, 100 * n + 100, 100)) for n in range(2)]
    kinds = ("day_care", "welfare_home", "elder_university")
    first = [facility(kind, spot(50, 50), kind) for kind in kinds]
    standing = Standing.of(layer(*first, facility("f9", spot(150, 50))), layer(*areas))
    for kind in kinds[1:]:
        assert county_table(standing)[f"has_{kind}"].tolist() == [True, False]
        assert county_table(standing, whole=False)[f"has_{kind}"].tolist() == [True, pd.NA]
    told = {one.key: one for one in
            presence_indicators(county_table(standing, whole=False), BOOK, on=ON)}  # fmt: skip
    rows = [told[f"county_presence_{kind}"] for kind in kinds[1:]]
    assert [(row.value, row.met) for row in rows] == [(None, None)] * 2
    assert all("研究没有写明覆盖整个旗县区" in str(row.note) for row in rows)


def test_of_chifeng_only_what_binds_each_part_is_judged(bundled: Evaluation) -> None:
    told = [one for one in bundled.figures if one.value is not None and one.target is not None]
    # By their texts: 每个住宅小区 two, 城市社区 two, 所有街道, 组团或片区 two (one a lower bound).
    judged = {one.key for one in told if one.met is not None}
    assert judged == {
        "provision_rate_new", "care_floor_area_per_100_households", "urban_community_served",
        "community_station_coverage", "street_centre_rate_subdistricts",
        "care_land_per_resident_welfare",
    }  # fmt: skip
    wider = {one.key: one.wider for one in told if one.wider}
    assert wider == {
        "street_centre_rate": "nation", "beds_per_1000_elderly": "city",
        "nursing_share_of_institution_beds": "city", "basic_and_affordable_beds_share": "city",
        "new_public_beds": "city",
    }  # fmt: skip
    assert len(told) == 6 + 5 + 1


def test_every_text_that_says_all_of_the_city_says_so_in_its_row() -> None:
    said = {"全市": "city", "全国": "nation"}
    computed = [rule for pack in BOOK.packs for rule in pack.rules
                if not rule.name and "rate_target" not in rule.key]  # fmt: skip
    for rule in computed:
        for word, of in said.items():
            if word in rule.quote and rule.key not in (
                "institution_beds_per_elderly", "provision_review_since",
            ):  # a method and a year, no targets
                assert rule.of == of, rule.id
    city = {rule.key for rule in computed if rule.of == "city"}
    assert city == {  # the others of 三（二） stand below 到2025年，全市
        "beds_per_1000_elderly", "nursing_share_of_institution_beds", "new_public_beds",
        "basic_and_affordable_beds_share", "rural_community_coverage_target",
    }  # fmt: skip
