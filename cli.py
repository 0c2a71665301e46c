"""The terminal face: `carecircle …`. Figures go to stdout, progress and refusals to stderr.

Each command loads only what it needs, so that help and refusals come at once.
"""
# ruff: noqa: PLC0415 - see above

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

import cli_data
import cli_measured
import cli_names
import cli_report
import cli_siting
from cli_parts import (
    AsJson,
    Lang,
    end_quietly,
    files_read,
    numbers_of,
    owed_conditions,
    part_of,
    progress_bar,
    read_study,
    refusals,
    write_file,
)
from geo.errors import PlanningError, StudyError
from geo.language import say, translate

HERE: Final = Path(__file__).resolve().parent
LONGEST_MIN: Final = 180
PERIODS: Final = 2

app = typer.Typer(
    help="养老服务圈 CareCircle：步行可达、配建核查。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

StudyFile = Annotated[Path, typer.Argument(help="研究文件 NAME.study.toml")]
OutFolder = Annotated[Path, typer.Option("--out", help="结果文件夹")]
OutFile = Annotated[Path, typer.Option("--out", help="结果文件")]


@app.command()
def evaluate(
    study: StudyFile,
    out: OutFolder,
    scenario: Annotated[Path | None, typer.Option(help="情景文件 TOML")] = None,
    speed: Annotated[float | None, typer.Option(help="步行速度，米/秒")] = None,
    limit: Annotated[float | None, typer.Option(help="时限，分钟")] = None,
    categories: Annotated[str | None, typer.Option(help="计入的设施类别，逗号分隔")] = None,
    as_json: AsJson = False,
    lang: Lang = "zh",  # noqa: ARG001
) -> None:
    """评价一个研究，写出全部结果表。Evaluate a study and write all tables."""
    from analysis.evaluation import evaluate as evaluate_study
    from analysis.files_of_study import refuse_what_is_read
    from geo.ingest import one_door
    from report.tables import NAMES, all_or_none, write_tables
    from report.terminal import print_json, print_summary

    with refusals(), progress_bar() as tell, one_door():
        with all_or_none(out, mark="parameters.json"):  # a refusal comes before the long work
            pass
        refuse_what_is_read(study, out, NAMES)
        read = read_study(study, scenario, speed, limit, categories, tell=part_of(tell, 0.0, 0.5))
        evaluation = evaluate_study(read, progress=part_of(tell, 0.5, 0.95))
        tell(say("写出结果"), 0.95)
        write_tables(evaluation, out)
    if as_json:
        print_json(evaluation.summary)
    else:
        print_summary(evaluation.summary, evaluation.findings, out)


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="上期（或现状）evaluate 的结果文件夹")],
    after: Annotated[Path, typer.Argument(help="本期（或一个情景）evaluate 的结果文件夹")],
    out: OutFolder,
    further: Annotated[
        list[Path] | None, typer.Argument(help="更多情景的结果文件夹")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = "zh",  # noqa: ARG001
) -> None:
    """比较两期结果，或同一研究的几个情景。Compare two periods, or scenarios of one study."""
    from analysis.periods.snapshot import read_snapshot
    from analysis.what_if.side_by_side import are_scenarios
    from geo.ingest import one_door
    from report.comparison_files import require_other_folder
    from report.tables import all_or_none

    with refusals(), progress_bar() as tell, one_door():
        folders = [read_snapshot(folder) for folder in (before, after, *(further or []))]
        require_other_folder(out)
        with all_or_none(out, mark="comparison.json"):  # a refusal comes before the long work
            pass
        if len(folders) > PERIODS or are_scenarios(*folders):
            show = _scenarios_compared(folders, out)
        else:
            show = _periods_compared(folders, out, tell)
    show(as_json)


def _scenarios_compared(folders: Any, out: Path) -> Callable[[bool], None]:  # noqa: ANN401
    from analysis.what_if.side_by_side import compare_folders
    from report.scenario_files import print_scenarios, scenarios_content, write_scenarios
    from report.terminal import print_json

    compared = compare_folders(folders)
    write_scenarios(compared, out)
    return lambda as_json: (
        print_json(scenarios_content(compared)) if as_json else print_scenarios(compared, out)
    )


def _periods_compared(folders: Any, out: Path, tell: Any) -> Callable[[bool], None]:  # noqa: ANN401
    from analysis.periods.comparison import compare as compare_snapshots
    from report.answers import print_comparison
    from report.comparison_files import comparison_content, write_comparison
    from report.terminal import print_json

    comparison = compare_snapshots(*folders, progress=tell)
    write_comparison(comparison, out)
    return lambda as_json: (
        print_json(comparison_content(comparison))
        if as_json
        else print_comparison(comparison, out)
    )


@app.command()
def explain(
    study: StudyFile,
    key: Annotated[str, typer.Argument(help="数字的名字，见 summary.json；list 列出全部")],
    area: Annotated[str | None, typer.Argument(help="区域、小区或设施的编号；ALL 为全部")] = None,
    scenario: Annotated[Path | None, typer.Option(help="情景文件 TOML")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="把全部明细写进 CSV")] = None,
    as_json: AsJson = False,
    lang: Lang = "zh",  # noqa: ARG001
) -> None:
    """一个数字是怎么来的：算式、参数、规则、明细。Tell why a number is what it is."""
    from analysis.evaluation import evaluate as evaluate_study
    from analysis.explaining.explanation import explain as explain_figure
    from analysis.explaining.explanation import known_keys
    from report.answers import explanation_content, print_explanation, print_keys
    from report.tables import write_csv
    from report.terminal import print_json

    with refusals(), progress_bar() as tell:
        read = read_study(study, scenario, None, None, None, tell=part_of(tell, 0.0, 0.5))
        evaluation = evaluate_study(read, progress=part_of(tell, 0.5, 0.95), draw="when asked")
        listed = known_keys(evaluation) if key == "list" else []
        explanation = None if listed else explain_figure(evaluation, key, area)
        if explanation is not None and out is not None:
            rows = explanation.rows
            reads = files_read(study, scenario)
            write_file(out, lambda draft: write_csv(rows, draft), reads=reads)
    if explanation is None:
        if as_json:
            print_json({name: str(title) for name, title in listed})
        else:
            print_keys(listed)
    elif as_json:
        print_json(explanation_content(explanation))
    else:
        print_explanation(explanation)


@app.command()
def conditions(
    households: Annotated[str, typer.Option("--households", help="规划住宅户数")],
    study: Annotated[Path | None, typer.Option("--study", help="研究文件，用来找相邻小区")] = None,
    at: Annotated[str | None, typer.Option("--at", help="地块的经度,纬度 (WGS84)")] = None,
    rules: Annotated[str | None, typer.Option(help="规则包，逗号分隔；默认 chifeng")] = None,
    on: Annotated[str | None, typer.Option("--on", help="按哪一天的规则，YYYY-MM-DD")] = None,
    phased: Annotated[bool, typer.Option("--phased", help="分期建设的项目")] = False,
    as_json: AsJson = False,
    lang: Lang = "zh",  # noqa: ARG001
) -> None:
    """规划条件：新地块应配多少、条文怎么写。Tell what a new parcel owes, and its sentence."""
    from analysis.provision.conditions import read_households
    from report.answers import conditions_content, print_conditions
    from report.terminal import print_json

    position = None if at is None else numbers_of(at, "--at", exactly=2)
    with refusals(), progress_bar() as tell:
        if (study is None) is not (position is None):
            raise PlanningError(say("--at 与 --study 要一起给出。"))
        count = read_households(households)
        owed, pooled = owed_conditions(count, study, position, (rules, on), tell=tell)
    if as_json:
        print_json(conditions_content(owed, pooled, phased=phased))
    else:
        print_conditions(owed, pooled, phased=phased)


@app.command()
def isochrone(
    study: StudyFile,
    at: Annotated[str, typer.Option("--at", help="经度,纬度 (WGS84)")],
    out: OutFile,
    minutes: Annotated[str, typer.Option(help="分钟，逗号分隔")] = "5,10,15",
    speed: Annotated[float | None, typer.Option(help="步行速度，米/秒")] = None,
    as_json: AsJson = False,
    lang: Lang = "zh",  # noqa: ARG001
) -> None:
    """画出一个地点的步行服务圈。Draw the circle around one place."""
    from analysis.walking.around import isochrone_around
    from report.tables import write_polygons
    from report.terminal import print_json

    longitude, latitude = numbers_of(at, "--at", exactly=2)
    limits = numbers_of(minutes, "--minutes")
    if not all(0 < limit <= LONGEST_MIN for limit in limits):
        message = f"0–{LONGEST_MIN}"
        raise typer.BadParameter(message, param_hint="--minutes")
    with refusals(), progress_bar() as tell:
        read = read_study(study, None, speed, None, None, tell=part_of(tell, 0.0, 0.6))
        tell(say("绘制服务圈"), 0.6)
        polygons = isochrone_around(read, longitude, latitude, minutes=limits)
        write_file(out, lambda draft: write_polygons(polygons, draft), reads=files_read(study))
    areas = polygons.to_crs(read.crs).area / 1e6
    if as_json:
        print_json({"minutes": list(polygons["minutes"]), "km2": list(areas.round(6))})
        return
    table = Table(translate("分钟"), translate("面积（平方公里）"))
    for limit, area in zip(polygons["minutes"], areas, strict=True):
        table.add_row(f"{limit:g}", f"{area:.3f}")
    Console().print(table)


for command_elsewhere in (
    cli_data.inspect, cli_data.form, cli_data.fill, cli_data.template,
    cli_names.match, cli_names.place,
    cli_siting.site, cli_report.report,
    cli_measured.bench, cli_measured.reliability,
):
    app.command()(command_elsewhere)


@app.command()
def streets(
    source: Annotated[Path, typer.Argument(help=".osm.pbf、.osm、.graphml 或线图层")],
    out: OutFile,
    coordinates: Annotated[str | None, typer.Option(help="线图层的坐标系")] = None,
    layer: Annotated[str | None, typer.Option(help="图层名")] = None,
    crs: Annotated[str | None, typer.Option(help="米制坐标系 EPSG:n，默认自动")] = None,
    connect_m: Annotated[float, typer.Option(help="端点接到线上的容差，米")] = 0.05,
    cross: Annotated[bool, typer.Option("--cross", help="无端点的交叉也连通")] = False,
    as_json: AsJson = False,
    lang: Lang = "zh",  # noqa: ARG001
) -> None:
    """读取道路并保存为路网文件。Read streets and save them as a network."""
    from geo.ingest import read_streets
    from geo.position.coordinates import parse_crs, require_true_metres
    from report.terminal import print_network

    with refusals(), progress_bar() as tell:
        tell(say("读取道路"), 0.1)
        network, findings = read_streets(
            source,
            require_true_metres(parse_crs(crs)) if crs else None,
            layer=layer,
            coordinates=coordinates,
            connect_m=connect_m,
            cross=cross,
        )
        write_file(out, network.save, reads=[source])
    print_network(network, findings, out, as_json=as_json)


@app.command()
def download(
    place: Annotated[str, typer.Argument(help="地名，或 西,南,东,北")],
    out: OutFile,
    overpass: Annotated[str | None, typer.Option(help="Overpass 服务地址")] = None,
    nominatim: Annotated[str | None, typer.Option(help="Nominatim 服务地址")] = None,
    as_json: AsJson = False,
    lang: Lang = "zh",  # noqa: ARG001
) -> None:
    """从互联网下载道路并保存为路网文件。Download streets from OpenStreetMap."""
    from geo.streets.download import download_streets
    from geo.streets.graphml import network_from_graph
    from report.terminal import print_network

    services: dict[str, Any] = {"overpass_url": overpass, "nominatim_url": nominatim}
    with refusals(), progress_bar() as tell:
        graph = download_streets(
            place,
            progress=part_of(tell, 0.0, 0.8),
            **{name: url for name, url in services.items() if url},
        )
        tell(say("生成路网"), 0.8)
        network, findings = network_from_graph(graph, name=place)
        write_file(out, network.tagged(place=place).save, reads=())
    print_network(network, findings, out, as_json=as_json)


@app.command(name="app")
def browser(
    study: Annotated[Path | None, typer.Argument(help="研究文件；默认为自带的赤峰研究")] = None,
    port: Annotated[int, typer.Option(help="端口", min=1, max=65535)] = 8501,
    headless: Annotated[bool, typer.Option("--headless", help="不自动打开浏览器")] = False,
    lang: Lang = "zh",  # noqa: ARG001
) -> None:
    """打开浏览器界面（只在本机）。Open the browser face, on this machine only."""
    from ui.serving import require_free_port, run_until_ended

    environment = dict(os.environ)
    with refusals():
        require_free_port(port)
        if study is not None:
            if not study.is_file():
                raise StudyError(say("{file}：找不到研究文件。请检查路径。", file=str(study)))
            environment["CARECIRCLE_STUDY"] = str(study.resolve())
    command = [sys.executable, "-m", "streamlit", "run", str(HERE / "app.py")]
    command += ["--server.port", str(port), "--server.headless", str(headless).lower()]
    address = f"http://127.0.0.1:{port}"
    typer.echo(str(say("浏览器界面：{address}（按 Ctrl+C 结束）", address=address)))
    try:
        raise typer.Exit(run_until_ended(command, folder=HERE, environment=environment))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def main(arguments: list[str] | None = None) -> None:
    """Run the terminal face; exits with 0 done, 1 refused, 2 wrong usage."""
    # Asked to stop, it ends as on Ctrl+C: nothing half written, no copy of a ledger left behind.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    for stream in (sys.stdout, sys.stderr):
        # A Windows pipe may speak a code page without ² or ㎡: better a question mark than a crash.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    try:
        try:
            app(arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        end_quietly()


if __name__ == "__main__":
    main()
