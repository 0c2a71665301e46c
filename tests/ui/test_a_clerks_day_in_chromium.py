"""A clerk's work from a messy Excel to the list of estates that fall short, in a real browser."""

import re
import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from clerk import clerk_study
from playwright.sync_api import Browser, Page, expect
from test_data_in_chromium import PART, choose, go
from test_page_in_chromium import ROOT, Visit, engine, serve, visit

__all__ = ["engine"]

SCREENS = ROOT / "out" / "screens"  # ignored by git; looked at by whoever changes a page
WAIT_MS = 90_000
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def messy_ledger() -> bytes:
    """Return a street's ledger as streets send them: a title, two rows of headers, sums, notes."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2026年住宅小区养老服务设施配建情况统计表"])
    sheet.append(["填报单位：桥北街道（盖章）", None, None, None, None, "填报日期：2026年3月"])
    sheet.append(["序号", "小区名称", "户数（户）", "竣工时间", "建设类型", "养老用房", None, None,
                  "经度", "纬度"])  # fmt: skip
    sheet.append([None, None, None, None, None, "建筑面积（㎡）", "状态", "移交日期"])
    sheet.merge_cells("A1:J1")
    sheet.merge_cells("F3:H3")
    for row in (
        (1, "向阳花园", "约500户", "2016.8", "新建", "100", "运营", "2017-01", 118.951, 42.281),
        (2, "　长青 小区", "１２０", "1998年", "已建成", "无", None, None, 118.952, 42.282),
        (3, "和平里", "不详待查", "2001", "已建成", "60", "运营", None, 118.953, 42.283),
        (4, "锦绣家园一期", 800, "2018-05", "新建", "150", "挪用", "2018-09", 118.954, 42.282),
        (5, "锦绣家园二期", 300, "2019-05", "新建", "60平方米", "运营", "2019-09", 118.955, 42.281),
    ):
        sheet.append(row)
    sheet.append([None, "小计", 1720, None, None, 370])
    sheet.append(["备注：以上数据由各社区上报"])
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clerk")


@pytest.fixture(scope="module")
def address(engine: Browser, folder: Path) -> Iterator[str]:  # noqa: ARG001 - no browser, no server
    yield from serve(ROOT / "app.py", CARECIRCLE_STUDY=str(clerk_study(folder)))


def put_in(seen: Visit) -> None:
    """Check the ledger and make a study of it."""
    page = seen.page
    ledger = {"name": "桥北街道 小区台账.xlsx", "mimeType": "application/octet-stream",
              "buffer": messy_ledger()}  # fmt: skip
    page.locator("input[type=file]").first.set_input_files(ledger)
    check = page.get_by_role("button", name="检查", exact=True)
    expect(check).to_be_enabled(timeout=WAIT_MS)
    choose(seen, "坐标取自", "WGS84")
    check.click()
    told = page.locator(".st-key-care-refusal-verdict")
    expect(told).to_contain_text(re.compile("第 7 行.*不详待查"), timeout=WAIT_MS)
    page.get_by_label("研究名称").fill("桥北核查")
    # At once, without leaving the box: what was typed last counts.
    page.get_by_role("button", name="建立研究").click()
    expect(page.locator(".st-key-care-good-using")).to_contain_text("已建立研究“桥北核查”")
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / "clerk-study.png")


def taken_list(page: Page) -> dict[object, tuple[object, object]]:
    """Return what the list of estates that fall short says: owed and lacking, by estate."""
    page.get_by_role("link", name="配建核查").click()
    short = page.get_by_role("button", name=re.compile("^不达标"))
    short.wait_for(timeout=WAIT_MS)
    expect(short).to_contain_text("2")
    short.click()
    take = page.get_by_role("button", name="下载这 2 个")
    take.wait_for(timeout=WAIT_MS)
    page.screenshot(path=SCREENS / "clerk-list.png")
    with page.expect_download() as taken:
        take.click()
    book = openpyxl.load_workbook(BytesIO(Path(taken.value.path()).read_bytes()), read_only=True)
    head, *rows = [row for row in book.worksheets[0].iter_rows(values_only=True) if any(row)]
    at = {str(name): number for number, name in enumerate(head)}
    return {row[at["小区"]]: (row[at["应配㎡"]], row[at["缺口㎡"]]) for row in rows}


def test_from_a_messy_excel_to_the_list_of_estates_that_fall_short(
    engine: Browser, address: str, folder: Path
) -> None:
    seen = visit(engine, f"{address}/ledgers")
    seen.page.locator(PART).first.wait_for(timeout=WAIT_MS)
    go(seen, 1)
    choose(seen, "这些文件是", "小区")
    put_in(seen)
    kept = tomllib.loads((folder / "桥北核查.study.toml").read_text(encoding="utf-8"))
    assert kept["title"] == "桥北核查"
    # 0.2 m² for each of 800 and 120 households; rooms used for something else are none.
    assert taken_list(seen.page) == {"锦绣家园一期": (160, 160), "长青 小区": (24, 24)}
    assert seen.blocked == []
    assert seen.errors == []
    seen.close()
