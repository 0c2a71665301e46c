"""What the terminal says was written: papers first, folders in a line each."""

import os
from pathlib import Path

import pytest

from geo.language import say
from report.terminal import print_papers


def test_papers_stand_first_and_a_folder_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    out = Path("[b]汇报")  # no markup
    maps = [f"地图/{number}.png" for number in range(24)]
    names = ["report.json", "养老服务圈.html", *maps, "汇报.docx", "数据/a.gpkg",
             "数据/shp/a.shp", "附表.xlsx", "汇报.pptx", "待补数据.docx"]  # fmt: skip
    gone = ["附表.xlsx", "汇报.docx", *(f"核查单/{number}.docx" for number in range(19))]
    print_papers([out / name for name in names], out, [say("完成")], removed=gone)
    papers = ["汇报.docx", "汇报.pptx", "待补数据.docx", "附表.xlsx", "养老服务圈.html",
              "report.json"]  # fmt: skip
    assert capsys.readouterr().out.splitlines() == [
        "完成", *(str(out / name) for name in papers),
        f"{out / '地图'}{os.sep} 24 个文件", f"{out / '数据'}{os.sep} 2 个文件",
        f"已删除上次生成、本次没有的 21 个文件：汇报.docx、附表.xlsx、核查单{os.sep} 19 个文件",
    ]  # fmt: skip
