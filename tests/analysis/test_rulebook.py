"""Rule packs: which rule holds when, and that quotes are the texts' own words."""

import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from analysis.rulebook import PACKS, UNITS, Rule, Rulebook
from geo.errors import RuleError

POLICY = Path(__file__).resolve().parents[3] / "shared" / "policy"
FLOOR_AREA = "care_floor_area_per_100_households"

ROW = """
[[rules]]
key = "household_size"
value = {value}
unit = "人/户"
applies_to = "{applies_to}"
in_force_from = {day}
document = "虚构文件"
confidence = "public page"
"""


def pack(folder: Path, name: str, *rows: tuple[object, str, str], head: str = "") -> str:
    text = head + "".join(ROW.format(value=v, applies_to=a, day=d) for v, a, d in rows)
    (folder / name).write_text(text, encoding="utf-8")
    return name


def bundled_rules() -> list[Rule]:
    names = [path.stem for path in sorted(PACKS.glob("*.toml"))]
    return list(Rulebook.load(names).rules)


def test_chifeng_stands_on_inner_mongolia_and_the_nation() -> None:
    names = [pack.name for pack in Rulebook.load(["chifeng"]).packs]
    assert names == ["national", "inner_mongolia", "chifeng"]


@pytest.mark.parametrize("kind", ["new", "built"])
def test_chifeng_asks_twenty_square_metres_of_new_and_built(kind: str) -> None:
    rule = Rulebook.load(["chifeng"]).at(FLOOR_AREA, kind, date(2025, 12, 31))
    assert rule.value == 20
    assert rule.document == "赤政办发〔2023〕42号"
    assert rule.confidence == "policy text"
    assert rule.id == f"chifeng/{FLOOR_AREA}/{kind}/2023-08-25"


def test_a_rule_holds_from_its_day_on() -> None:
    rulebook = Rulebook.load(["chifeng"])
    assert rulebook.at(FLOOR_AREA, "built", date(2023, 8, 25)).value == 20
    with pytest.raises(RuleError, match=rf"2023-08-24.*{FLOOR_AREA}"):
        rulebook.at(FLOOR_AREA, "built", date(2023, 8, 24))


def test_a_higher_pack_overrides_from_its_own_date(tmp_path: Path) -> None:
    name = pack(tmp_path, "ours.toml", (3.0, "all", "2022-01-01"), (3.5, "all", "2024-01-01"))
    rulebook = Rulebook.load(["chifeng", name], folder=tmp_path)
    years = {2021: 2.5, 2022: 3.0, 2023: 3.0, 2024: 3.5}
    for year, size in years.items():
        assert rulebook.at("household_size", "all", date(year, 6, 1)).value == size
    history = rulebook.history("household_size", "all", until=date(2023, 6, 1))
    assert [rule.value for rule in history] == [2.5, 3.0]


def test_what_binds_all_binds_each_but_the_narrower_row_goes_first(tmp_path: Path) -> None:
    name = pack(tmp_path, "ours.toml", (3.0, "all", "2022-01-01"), (4.0, "new", "2022-01-01"))
    rulebook = Rulebook.load([name], folder=tmp_path)
    assert rulebook.at("household_size", "new", date(2025, 1, 1)).value == 4.0
    assert rulebook.at("household_size", "built", date(2025, 1, 1)).value == 3.0


def test_rules_used_name_every_rule_in_force_once() -> None:
    rulebook, on = Rulebook.load(["chifeng"]), date(2025, 12, 31)
    used = rulebook.rules_used(on)
    ids = [rule["id"] for rule in used]
    assert len(ids) == len(set(ids))
    sizes = [rule["value"] for rule in used if rule["key"] == "household_size"]
    assert sizes == [2.5]
    assert rulebook.rule(ids[0]).key == used[0]["key"]
    with pytest.raises(RuleError, match="nowhere"):
        rulebook.rule("nowhere")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('title = "x"\n[[rules]]\nkey = "household_size"', "缺少字段 value"),
        ("rules = 3", "只能有"),
        ('surprise = "x"', "只能有"),
        ("this is not toml", "TOML"),
        (ROW.format(value='"2.5"', applies_to="all", day="2022-01-01"), "value"),
        (ROW.format(value="true", applies_to="all", day="2022-01-01"), "value"),
        (ROW.format(value=-1, applies_to="all", day="2022-01-01"), "value"),
        (ROW.format(value="nan", applies_to="all", day="2022-01-01"), "value"),
        (ROW.format(value=1, applies_to="all", day='"soon"'), "in_force_from"),
        (ROW.format(value=1, applies_to="all", day="2022-01-01") * 2, "写了两次"),
        (ROW.format(value=1, applies_to="all", day="2022-01-01") + 'colour = "red"', "colour"),
        (ROW.format(value=1, applies_to="all", day="2022-01-01") + 'pack = "red"', "pack"),
        (
            ROW.format(value=1, applies_to="all", day="2022-01-01").replace("人/户", "人"),
            "单位应为",
        ),
        (
            ROW.format(value=1, applies_to="all", day="2022-01-01").replace(
                "household_size", "houshold_size"
            ),
            "houshold_size”：不认识的规则名",
        ),
        (
            ROW.format(value=1, applies_to="all", day="2022-01-01").replace(
                "public page", "policy text"
            ),
            "clause 与 quote",
        ),
        ('stands_on = ["ours.toml"]', "绕回"),
        ('stands_on = ["nowhere.toml"]', "nowhere.toml"),
    ],
)
def test_a_wrong_pack_is_refused_with_file_and_reason(
    tmp_path: Path, text: str, reason: str
) -> None:
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError) as refused:
        Rulebook.load(["ours.toml"], folder=tmp_path)
    assert reason in str(refused.value)
    assert ".toml" in str(refused.value) or "ours" in str(refused.value)


def test_all_faults_of_a_pack_are_told_at_once(tmp_path: Path) -> None:
    pack(tmp_path, "ours.toml", (-1, "all", "2022-01-01"), ('"x"', "new", "2022-01-01"))
    with pytest.raises(RuleError) as refused:
        Rulebook.load(["ours.toml"], folder=tmp_path)
    assert len(refused.value.messages) == 2


@pytest.mark.parametrize("name", ["nowhere", "../rulebook", "missing.toml", "."])
def test_a_missing_pack_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RuleError, match=re.escape(name)):
        Rulebook.load([name], folder=tmp_path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RuleError, match=r"ours\.toml"):
        Rulebook.load(["ours.toml"], folder=tmp_path)


def test_every_key_of_the_bundled_packs_has_its_unit_or_a_name_for_the_ledger() -> None:
    for rule in bundled_rules():
        assert rule.unit == UNITS[rule.key] if rule.key in UNITS else rule.name, rule.id


def test_every_pack_stands_on_its_own() -> None:
    names = {path.stem for path in PACKS.glob("*.toml")}
    assert names == {
        "national", "inner_mongolia", "chifeng", "hubei", "anhui", "guizhou", "yinchuan",
        "harbin", "shanghai",
    }  # fmt: skip
    for name in names:
        assert Rulebook.load([name]).packs[-1].name == name


@pytest.mark.parametrize(
    ("pack_name", "new", "built"),
    [("chifeng", 20, 20), ("anhui", 30, 20), ("guizhou", 20, 15), ("yinchuan", 30, 20),
     ("harbin", 30, 20), ("hubei", 20, None), ("shanghai", None, None)],
)  # fmt: skip
def test_provinces_differ_between_new_and_built(
    pack_name: str, new: float | None, built: float | None
) -> None:
    rulebook = Rulebook.load([pack_name])
    found = (rulebook.find(FLOOR_AREA, kind, date(2025, 12, 31)) for kind in ("new", "built"))
    assert [None if rule is None else rule.value for rule in found] == [new, built]


def test_shanghais_shares_of_all_beds_make_no_gap_of_affordable_ones() -> None:
    on = date(2025, 12, 31)
    shanghai = Rulebook.load(["shanghai"])
    assert shanghai.find("institution_beds_per_elderly", "all", on) is None
    lines = {rule.key: (rule.value, rule.unit) for rule in shanghai.ledger(on)}
    assert lines["institution_beds_per_registered_elderly"] == (0.025, "比例")
    assert lines["care_floor_area_per_1000_people"] == (50, "m2/千人")


@pytest.mark.parametrize(
    ("pack_name", "key", "applies_to"),
    [("hubei", "provision_rate_target", "new"), ("hubei", "care_land_per_resident", "community"),
     ("guizhou", "street_centre_rate_target", "all")],
)  # fmt: skip
def test_a_page_does_not_hide_the_nations_own_words(
    pack_name: str, key: str, applies_to: str
) -> None:
    rule = Rulebook.load([pack_name]).at(key, applies_to, date(2025, 12, 31))
    assert (rule.pack, rule.confidence) == ("national", "policy text")


@pytest.mark.parametrize("pack_name", ["harbin", "yinchuan"])
def test_a_start_that_is_assumed_is_said_to_be(pack_name: str) -> None:
    text = (PACKS / f"{pack_name}.toml").read_text(encoding="utf-8")
    for row in text.split("[[rules]]")[:-1]:
        assert row.rstrip().splitlines()[-1].startswith("# 起始日是假定")


def test_what_is_only_recalled_binds_nobody_and_can_still_be_told(tmp_path: Path) -> None:
    text = ROW.format(value=3, applies_to="all", day="2022-01-01")
    text = text.replace("public page", "recalled").replace("household_size", "pool_walk_min")
    (tmp_path / "ours.toml").write_text(text.replace("人/户", "分钟"), encoding="utf-8")
    rulebook = Rulebook.load(["ours.toml"], folder=tmp_path)
    on = date(2025, 12, 31)
    assert rulebook.at("pool_walk_min", "all", on).pack == "national"
    told = rulebook.recalled("pool_walk_min", "all", on)
    assert told is not None
    assert told.value == 3
    assert not told.binding


def test_ledger_holds_the_lines_nothing_is_computed_for() -> None:
    lines = {rule.key: rule for rule in Rulebook.load(["chifeng"]).ledger(date(2025, 12, 31))}
    assert "care_floor_area_per_100_households" not in lines
    assert lines["geriatric_departments"].value == 1.0  # the city asks more than the nation's 60 %
    assert lines["geriatric_departments"].document == "赤政办发〔2023〕42号"
    assert lines["carers_trained"].target_year == 2023
    assert all(rule.name and rule.bureau for rule in lines.values())


def test_a_line_of_the_ledger_needs_a_name(tmp_path: Path) -> None:
    text = ROW.format(value=0.5, applies_to="all", day="2022-01-01").replace(
        "household_size", "our_own_share"
    )
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match="our_own_share"):
        Rulebook.load(["ours.toml"], folder=tmp_path)
    (tmp_path / "ours.toml").write_text(text + 'name = "我们的比例"', encoding="utf-8")
    lines = Rulebook.load(["ours.toml"], folder=tmp_path).ledger(date(2025, 12, 31))
    assert lines[-1].name == "我们的比例"


@pytest.mark.skipif(not POLICY.is_dir(), reason="the policy texts are not beside this checkout")
@pytest.mark.parametrize(
    "rule",
    [rule for rule in bundled_rules() if rule.confidence == "policy text"],
    ids=lambda rule: rule.id,
)
def test_quotes_are_verbatim(rule: Rule) -> None:
    texts = [path for path in POLICY.glob("*.txt") if rule.document in path.name]
    assert len(texts) == 1, rule.document
    words = _plain(texts[0].read_text(encoding="utf-8"))
    for part in rule.quote.split("……"):
        assert _plain(part) in words


def _plain(text: str) -> str:
    """Return text without line breaks and blanks, full-width punctuation as half-width."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def test_what_a_rule_binds_may_be_said_in_chinese_but_not_misspelt(tmp_path: Path) -> None:
    text = ROW.format(value=30, applies_to="新建", day="2022-01-01")
    text = text.replace("household_size", FLOOR_AREA).replace("人/户", "m2/百户")
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    rulebook = Rulebook.load(["ours.toml"], folder=tmp_path)
    assert rulebook.at(FLOOR_AREA, "new", date(2025, 1, 1)).value == 30
    (tmp_path / "ours.toml").write_text(text.replace("新建", "nwe"), encoding="utf-8")
    with pytest.raises(RuleError, match=rf"ours\.toml.*{FLOOR_AREA}.*nwe.*新建"):
        Rulebook.load(["ours.toml"], folder=tmp_path)


def test_a_pack_may_begin_with_a_mark_of_order_as_notepad_writes_it(tmp_path: Path) -> None:
    text = ROW.format(value=3, applies_to="all", day="2022-01-01")
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8-sig")
    assert Rulebook.load(["ours.toml"], folder=tmp_path).packs[-1].rules[0].value == 3


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (ROW.format(value=3, applies_to="all", day="2022-01-01").encode("gb18030"), "UTF-8"),
        ("title ＝ “某旗”".encode(), "全角标点改为半角"),
        (b"[[[" * 50_000, "TOML"),
    ],
)
def test_other_slips_of_writing_are_told_in_words(
    tmp_path: Path, written: bytes, said: str
) -> None:
    (tmp_path / "ours.toml").write_bytes(written)
    with pytest.raises(RuleError, match=r"ours\.toml") as refused:
        Rulebook.load(["ours.toml"], folder=tmp_path)
    assert said in str(refused.value)
