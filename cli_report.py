"""The command of the terminal that writes documents for a meeting."""
# ruff: noqa: PLC0415 - loaded where needed

from pathlib import Path
from typing import Annotated

import typer

from cli_parts import AsJson, Lang, parts_of, progress_bar, refusals, walked_otherwise
from geo.errors import PlanningError
from geo.language import say

FIVE = 5


def report(
    study: Annotated[Path, typer.Argument(help="研究文件 NAME.study.toml")],
    out: Annotated[Path, typer.Option("--out", help="结果文件夹")],
    formats: Annotated[
        str | None, typer.Option(help="docx,pptx,xlsx,pdf,png,html,gpkg；默认全部")
    ] = None,
    count: Annotated[int, typer.Option(help="建议新建几处；0 为不作建议", min=0)] = FIVE,
    scenario: Annotated[Path | None, typer.Option(help="情景文件 TOML")] = None,
    before: Annotated[
        Path | None, typer.Option(help="上期 evaluate 的结果文件夹：写明与上期相比的变化")
    ] = None,
    maker: Annotated[
        str, typer.Option(help="编制单位：报告落款、幻灯封面、地图制图单位；不写则不落款")
    ] = "",
    speed: Annotated[float | None, typer.Option(help="步行速度，米/秒")] = None,
    limit: Annotated[float | None, typer.Option(help="时限，分钟")] = None,
    as_json: AsJson = False,
    lang: Lang = "zh",  # noqa: ARG001
) -> None:
    """汇报材料：Word、PPT、Excel、地图、网页。Write the documents for a meeting."""
    from analysis.scenario_text import read_scenario
    from report.documents import FORMATS, require_formats
    from report.drafts import tidy_when_terminated
    from report.ordering import Order, fulfil
    from report.papers import papers_of_ours
    from report.terminal import print_json, print_papers

    with refusals(), tidy_when_terminated(), progress_bar() as tell:
        asked = FORMATS if formats is None else parts_of(formats)
        if not asked:
            raise PlanningError(
                say("--formats 没有写格式。可用：{known}。", known=", ".join(FORMATS))
            )
        order = Order(
            study=study,
            scenario=None if scenario is None else read_scenario(scenario),
            walking=tuple(walked_otherwise(speed, limit).items()),
            formats=tuple(require_formats(asked)),
            count=count,
            before=before,
            maker=maker,
        )
        earlier = papers_of_ours(out)
        written, briefing = fulfil(order, out, progress=tell)
    removed = sorted(name for name in earlier if not (out / name).exists())
    if as_json:
        files, gone = [str(file) for file in written], [str(out / name) for name in removed]
        print_json({"files": files, "removed": gone})
    else:
        print_papers(written, out, briefing.headline, removed=removed)
