"""Commands that measure the program itself: its speed beside other libraries, and its door.

Each command loads only what it needs, so that help and refusals come at once.
"""
# ruff: noqa: PLC0415, PLR0913, PLR0917, FBT002 - see above; a command takes options as arguments

from pathlib import Path
from typing import Annotated, Final

import typer

from cli_parts import AsJson, Lang, refusals, told_by_line

RESULTS: Final = Path(__file__).resolve().parent / "bench" / "results.json"


def bench(
    size: Annotated[str, typer.Option(help="城市规模 S|M|L：约 2 万、20 万、200 万个节点")] = "S",
    only: Annotated[list[str] | None, typer.Option(help="只测这一项，可重复")] = None,
    out: Annotated[Path, typer.Option("--out", help="结果文件 JSON；只替换这次测的")] = RESULTS,
    growth: Annotated[bool, typer.Option("--growth", help="只测用时与内存随规模的增长")] = False,
    clicks: Annotated[bool, typer.Option("--clicks", help="只测浏览器里打开与点击的等待")] = False,
    page: Annotated[Path | None, typer.Option(help="把结果写进这一说明文档")] = None,
    as_json: AsJson = False,
    lang: Lang = "zh",  # noqa: ARG001
) -> None:
    """与常用库并排测速。Measure side by side with the libraries a user would pick."""
    from bench.command import clicking, growing, side_by_side
    from bench.contests import MODULES
    from bench.run import write_json
    from bench.settled import SIZES
    from bench.stored import read_stored
    from report.terminal import print_json

    if size not in SIZES:
        raise typer.BadParameter("|".join(SIZES), param_hint="--size")
    if unknown := sorted({*(only or ())} - {*MODULES}):
        message = f"{', '.join(unknown)} ({', '.join(MODULES)})"
        raise typer.BadParameter(message, param_hint="--only")
    with refusals(), told_by_line() as tell:
        read_stored(out)  # what cannot be added to is told before the long work
        if clicks:
            report = clicking(page=page, tell=tell)
        elif growth:
            report = growing(page=page, tell=tell)
        else:
            report = side_by_side(size=size, only=only or (), page=page, tell=tell)
        write_json(report.among(read_stored(out)), out)
    if as_json:
        print_json(report.content)
    else:
        report.show()


def reliability(
    collection: Annotated[
        Path | None, typer.Option(help="文件集：含 manifest.csv 的文件夹")
    ] = None,
    executions: Annotated[int, typer.Option(help="随机损坏的文件个数；0 不做", min=0)] = 0,
    seed: Annotated[int, typer.Option(help="随机数种子", min=0)] = 0,
    page: Annotated[Path | None, typer.Option(help="把结果写进这一说明文档")] = None,
    as_json: AsJson = False,
    lang: Lang = "zh",  # noqa: ARG001
) -> None:
    """试验文件之门：文件集、攻击文件、随机损坏。Try the door: a collection, attacks, damage."""
    from bench.reliability.command import measure, tables, write_page
    from bench.table import print_table
    from report.terminal import print_json

    with refusals(), told_by_line() as tell:
        found = measure(collection, executions=executions, seed=seed, tell=tell)
        if page is not None:
            write_page(found, page)
    if as_json:
        print_json(found.content)
        return
    for rows in tables(found).values():
        print_table(rows)
