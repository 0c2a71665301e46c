"""Beds from totals alone: Chifeng's own figures of 2023, and what they do and do not say.

The document counts 60 + 17 public homes with 8,192 beds, 67 private ones with 7,750, 124 day-care
centres with 1,455 and 262 mutual-aid homes with 10,164; 7,035 nursing beds as a total; 849,580
people aged 60+ in 2020, 1.05 million in 2025; 11,000 affordable beds.
"""

from datetime import date
from pathlib import Path

import pytest

from analysis.description import IndicatorValue, read_description
from analysis.districts.bed_totals import BedTotals, bed_sentences, total_notes
from analysis.indicators.ledger import ledger_lines, ledger_table
from analysis.rulebook import Rulebook
from geo.language import speaking

ON = date(2023, 12, 31)
CHIFENG = BedTotals(
    institution_beds=8192 + 7750,
    community_beds=1455,
    mutual_aid_beds=10164,
    nursing_beds=7035,
    affordable_beds=11000,
    rounded_beds=28000,
    elderly_60plus={2020: 849_580, 2025: 1_050_000},
)

ENTERED = {
    "beds_total_rounded": IndicatorValue(value=2.8, unit="万张"),
    "beds_institutions": IndicatorValue(value=15942, unit="张"),
    "beds_community": IndicatorValue(value=1455, unit="张"),
    "beds_mutual_aid": IndicatorValue(value=10164, unit="张"),
    "nursing_beds_total": IndicatorValue(value=7035, unit="张"),
    "affordable_beds": IndicatorValue(value=1.1, unit="万张"),
    "elderly_60plus_2020": IndicatorValue(value=849580, unit="人"),
    "elderly_60plus_2025": IndicatorValue(value=105, unit="万人"),
    "life_expectancy": IndicatorValue(value=77.6, unit="岁"),
}


def sentences(totals: BedTotals) -> list[str]:
    with speaking("zh"):
        return [str(one) for one in bed_sentences(totals, Rulebook.load(["chifeng"]), on=ON)]


def test_the_figures_of_the_document() -> None:
    assert CHIFENG.beds == 27_561
    assert CHIFENG.nursing_share_at_most == pytest.approx(0.441, abs=5e-4)
    assert CHIFENG.nursing_beds / CHIFENG.beds == pytest.approx(0.255, abs=5e-4)
    assert CHIFENG.per_1000(2020) == pytest.approx(32.4, abs=0.05)
    assert CHIFENG.needed(2025, per_1000=50) == 52_500
    assert CHIFENG.affordable_gap(2025, share=0.03) == pytest.approx(20_500)


def test_every_figure_is_said_with_what_it_is_divided_by() -> None:
    assert sentences(CHIFENG) == [
        "养老床位合计 27,561 张：养老机构 15,942 张、社区 1,455 张、互助养老 10,164 张。",
        (
            "护理型床位 7,035 张，只有总数：占养老机构床位最高为 44.1%（若全部在养老机构内，"
            "7,035/15,942）。"
        ),
        "护理型床位占全部床位 25.5%（7,035/27,561）；政策目标的分母只计养老机构床位。",
        (
            "按 2020 年 60 岁及以上老年人 849,580 人计，每千名老年人有床位 32.4 张"
            "（含社区和互助养老床位）。"
        ),
        (
            "按每千名老年人 50 张，2025 年老年人 1,050,000 人需床位 52,500 张，"
            "对照逐项合计的 27,561 张，缺 24,939 张。"
        ),
        (
            "按每千名老年人 50 张，2025 年老年人 1,050,000 人需床位 52,500 张，"
            "对照文件取整的 28,000 张，缺 24,500 张。"
        ),
        (
            "另按 3.0% 的老年人口入住机构测算，2025 年需普惠型床位 31,500 张，现有 11,000 张，"
            "缺 20,500 张；这是另一种口径，与每千名老年人床位数不相加、不混用。"
        ),
    ]


def test_totals_entered_by_hand_say_the_same() -> None:
    assert sentences(BedTotals.entered(ENTERED)) == sentences(CHIFENG)


def test_figures_that_cannot_be_counted_with_say_nothing() -> None:
    entered = {
        "beds_total": IndicatorValue(value=0, unit="张"),
        "beds_institutions": IndicatorValue(value=0, unit="张"),
        "nursing_beds_total": IndicatorValue(value=5, unit="张"),
        "affordable_beds": IndicatorValue(value=3, unit="千张"),
        "elderly_60plus_2025": IndicatorValue(value=0, unit="人"),
    }
    assert sentences(BedTotals.entered(entered)) == ["养老床位合计 0 张。"]


def test_each_sentence_stands_at_the_total_that_it_follows_from() -> None:
    rulebook = Rulebook.load(["chifeng"])
    notes = total_notes(ENTERED, rulebook, on=ON)
    assert list(notes) == [
        "beds_institutions", "nursing_beds_total", "elderly_60plus_2020", "elderly_60plus_2025",
        "beds_total_rounded", "affordable_beds",
    ]  # fmt: skip
    assert sum(len(said) for said in notes.values()) == len(sentences(CHIFENG))
    assert total_notes({}, rulebook, on=ON) == {}


def test_the_bundled_study_prints_what_the_document_says_of_the_whole_city() -> None:
    study = read_description(
        Path(__file__).resolve().parents[2] / "data" / "chifeng.study.toml"
    )
    lines = ledger_lines((), Rulebook.load(["chifeng"]), on=study.on, entered=study.indicators)
    table = ledger_table(lines, on=study.on).set_index("key")
    rows = table.loc[[*study.indicators]]
    assert rows["source"].str.contains("赤政办发〔2023〕42号 一（一）").all()
    assert rows["source"].str.contains("全市").all()
    assert rows.loc["beds_institutions", "date"] == "2022-12-31"
    assert rows["name"].ne(rows.index).all()
    for key, said in {
        "beds_institutions": ["27,561 张", "不是本研究设施表的合计"],
        "nursing_beds_total": ["最高为 44.1%", "占全部床位 25.5%"],
        "elderly_60plus_2020": ["32.4 张"],
        "elderly_60plus_2025": ["缺 24,939 张"],
        "beds_total_rounded": ["文件取整的 28,000 张，缺 24,500 张"],
        "affordable_beds": ["缺 20,500 张", "不相加、不混用"],
    }.items():
        for words in said:
            assert words in rows.loc[key, "note"]


def test_a_total_alone_stands_without_classes() -> None:
    said = sentences(BedTotals(told_beds=27561, elderly_60plus={2020: 849_580}))
    assert said[0] == "养老床位合计 27,561 张。"
    assert "32.4 张" in said[1]
    assert "逐项合计的 27,561 张" in said[2]
    assert len(said) == 3


def test_nursing_beds_known_of_institutions_are_no_upper_bound() -> None:
    said = sentences(BedTotals(institution_beds=1000, institution_nursing_beds=400))
    assert said == ["养老机构护理型床位 400 张，占养老机构床位 1,000 张的 40.0%。"]


def test_what_is_unknown_is_not_said() -> None:
    assert sentences(BedTotals()) == []
    assert sentences(BedTotals.entered({})) == []
    assert sentences(BedTotals(institution_beds=15942)) == []


def test_more_than_enough_is_no_negative_gap() -> None:
    totals = BedTotals(told_beds=60_000, affordable_beds=40_000, elderly_60plus={2025: 1_050_000})
    assert "缺 0 张" in sentences(totals)[2]
    assert totals.affordable_gap(2025, share=0.03) == 0
