"""Commands about data before any result: what is wrong with files, what is to be filled in.

Each command loads only what it needs, so that help and refusals come at once.
"""
# ruff: noqa: PLC0415, PLR0913, PLR0917, FBT002 - see above; a command takes options as arguments

import glob
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli_parts import AsJson, Lang, files_read, progress_bar, refusals, write_file
from geo.databases.address import is_database, shown_url
from geo.errors import LayerError
from geo.findings import as_table
from geo.language import say
from geo.schema import SCHEMAS

STUDY: Final = ".toml"
LAYERS: Final = "、".join(f"{name} {schema.chinese}" for name, schema in SCHEMAS.items())

Coordinates = Annotated[str | None, typer.Option(help="wgs84、gcj02、bd09 或 EPSG:n")]
Sheet = Annotated[str | None, typer.Option(help="图层或工作表名")]


def inspect(
    files: Annotated[list[str], typer.Argument(help="数据文件、文件夹、通配符，或一个研究文件")],
    layer: Annotated[str | None, typer.Option("--as", help=LAYERS)] = None,
    coordinates: Coordinates = None,
    sheet: Sheet = None,
    each: Annotated[bool, typer.Option("--all", help="逐条列出，不合并同类")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="把报告写成 Excel")] = None,
    as_json: AsJson = False,
    lang: Lang = "zh",  # noqa: ARG001
) -> None:
    """检查数据：读到什么、改了什么、缺什么、对结果的影响。Report on files; exits 1 on errors."""
    from report.data.printed import print_files, print_report

    name = _layer_of(files, layer)
    with refusals():
        report = _report_on(files, name, coordinates=coordinates, sheet=sheet)
        if out is not None:
            from report.data.workbook import write_report

            write_file(
                out, lambda draft: write_report(report, draft), reads=_files_read(files, name)
            )
        if as_json and not report.all_refused:
            _print_json(report)
        elif not report.all_refused:  # why files are refused is told with the others
            if len(report.layers) > 1 and name is not None and not each:
                print_files(report)
            else:
                print_report(report, each=each)
        if report.refused and (as_json or report.all_refused):
            raise LayerError(*report.refused)
    if report.errors:
        raise typer.Exit(1)


def _report_on(
    files: list[str], name: str | None, *, coordinates: str | None, sheet: str | None
) -> Any:  # noqa: ANN401 - a DataReport; its type would load the libraries
    """Return the report on a study, or on every file as a layer."""
    from report.data.data_report import gathered, report_on_file, report_on_study_file

    with progress_bar() as tell:
        if name is None:
            return report_on_study_file(Path(files[0]), tell=tell)
        found = _found(files)
        reports = []
        for done, file in enumerate(found):
            tell(say("读取 {file}", file=_shown(file)), done / len(found))
            reports.append(report_on_file(file, name, sheet=sheet, coordinates=coordinates))
    return gathered(_shown(files[0]), reports)


def _files_read(files: list[str], name: str | None) -> list[Path]:
    """Return the files that a report is of, to be written over by none."""
    if name is None:
        return files_read(Path(files[0]))
    return [Path(file) for file in _found(files) if not is_database(file)]


def _shown(file: str) -> str:
    """Return a file by its name, a database by its address without the password."""
    return shown_url(file) if is_database(file) else Path(file).name


def _print_json(report: Any) -> None:  # noqa: ANN401 - a DataReport
    from report.data.tables import report_content
    from report.terminal import print_json

    rows = as_table(report.findings).astype(object)
    findings = rows.where(rows.notna(), None).to_dict("records")
    print_json({"rows": report.rows, "findings": findings, "report": report_content(report)})


def _layer_of(files: list[str], layer: str | None) -> str | None:
    """Return the layer that files are inspected as; None for a study. Errors: BadParameter."""
    if layer is None and len(files) == 1 and files[0].lower().endswith(STUDY):
        return None
    if layer is None:
        raise typer.BadParameter(LAYERS, param_hint="--as")
    return layer_named(layer, "--as")


def layer_named(word: str, option: str) -> str:
    """Return a layer by its name in either language. Errors: BadParameter."""
    for name, schema in SCHEMAS.items():
        if word.strip().casefold() == name or word.strip() == schema.chinese:
            return name
    raise typer.BadParameter(LAYERS, param_hint=option)


def _found(files: list[str]) -> list[str]:
    """Return every file meant: a folder's data files, a pattern's files, else the file itself.

    A folder without any is read itself: it may hold its one data set further down.
    """
    found: list[str] = []
    for file in files:
        if not file.strip():  # Path("") would be the folder where one happens to stand
            raise LayerError(say("文件名是空的。请写明数据文件或文件夹。"))
        path = Path(file)
        if path.is_dir() and path.suffix.lower() != ".gdb":
            inside = _data_files(sorted(path.iterdir())) or [file]
        elif not is_database(file) and not path.exists() and glob.has_magic(file):
            inside = _data_files(_matching(file))
        else:
            inside = [file]
        if not inside:
            raise LayerError(say("{file}：没有找到可读的数据文件。", file=file))
        found += inside
    return list(dict.fromkeys(found))


def _matching(pattern: str) -> list[Path]:
    return sorted(Path(each) for each in glob.glob(pattern, recursive=True))  # noqa: PTH207 - absolute patterns too


def _data_files(paths: list[Path]) -> list[str]:
    """Return which paths are data files; notes of Office about open files are none."""
    from geo.files.sources import SUFFIXES

    return [
        str(path)
        for path in paths
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(("~$", "."))
        and not path.is_symlink()
    ]


def form(
    files: Annotated[list[str], typer.Argument(help="研究文件，或数据文件（与 --as 同用）")],
    out: Annotated[Path, typer.Option("--out", help="Excel 文件；与 --per-street 同用时为文件夹")],
    layer: Annotated[str | None, typer.Option("--as", help=LAYERS)] = None,
    coordinates: Coordinates = None,
    sheet: Sheet = None,
    per_street: Annotated[bool, typer.Option("--per-street", help="每个街道一个文件")] = False,
    lang: Lang = "zh",  # noqa: ARG001
) -> None:
    """待补数据表：只列要补的单元格，发给街道填。Write what streets are to fill in, as Excel."""
    from report.data.form import write_form, write_forms_by_street
    from report.data.kept_answers import BY_FILL, refuse_filled
    from report.replacing import refuse_input
    from report.tables import all_or_none

    name = _layer_of(files, layer)
    with refusals():
        report = _report_on(files, name, coordinates=coordinates, sheet=sheet)
        if report.refused:
            raise LayerError(*report.refused)
        if not sum(len(each.missing) for each in report.layers):
            typer.echo(str(say("没有要补的单元格，没有写文件。")))
            return
        reads = _files_read(files, name)
        if per_street:
            with all_or_none(out) as draft:
                written = write_forms_by_street(report, draft)
                for file in written:
                    refuse_input(out / file, reads)
                refuse_filled((out / file for file in written), taken_in=BY_FILL)
        else:
            refuse_input(out, reads)
            refuse_filled([out], taken_in=BY_FILL)
            counts: list[int] = []
            write_file(
                out, lambda draft: counts.append(write_form(report, draft)), reads=reads, ours=True
            )
            written = {out.name: counts[0]}
    for file, cells in written.items():
        typer.echo(str(say("{file}：{cells} 项待补。", file=file, cells=cells)))
    left = sorted(file.name for file in out.glob("*.xlsx") if file.name not in written)
    for file in left if per_street else ():
        typer.echo(str(say("{file}：原来就在，现在没有要它补的，没有动它。", file=file)))


def fill(
    study: Annotated[Path, typer.Argument(help="研究文件 NAME.study.toml")],
    forms: Annotated[list[str], typer.Argument(help="交回的待补数据表，或它们的文件夹")],
    coordinates: Coordinates = None,
    lang: Lang = "zh",  # noqa: ARG001
) -> None:
    """收回待补数据表，记在研究旁边，原台账不动。Take in forms that came back; exits 1 on errors."""
    from analysis.filled_cells import filled_file, keep_filled, marked
    from report.data.data_report import report_on_study_file
    from report.data.filling import answers_in
    from report.terminal import print_findings

    errors = False
    with refusals():
        report = report_on_study_file(study, filled=())  # an answer may correct an earlier one
        if report.refused:
            raise LayerError(*report.refused)
        cells: list[Any] = []
        for form in _found(forms):
            try:
                answers = answers_in(Path(form), report, coordinates=coordinates or "")
            except LayerError as refusal:  # the other forms are taken in
                errors = True
                for message in refusal.messages:
                    typer.echo(str(message), err=True)
                continue
            cells += marked(answers.cells, Path(form))
            errors |= any(finding.severity == "error" for finding in answers.findings)
            print_findings([*answers.findings, *answers.told])
            told = say(
                "{file}：采用 {count} 个单元格，没有采用 {refused} 处，这份表还缺 {left} 个。",
                file=Path(form).name, count=len(answers.cells), refused=len(answers.findings),
                left=answers.left,
            )  # fmt: skip
            typer.echo(str(told))
        keep_filled(study, cells)
    kept = say("已记入 {file}，原台账没有改动。", file=filled_file(study).name)
    typer.echo(str(kept if cells else say("没有可采用的单元格，没有写文件。")))
    if errors:
        raise typer.Exit(1)


def template(
    layer: Annotated[str, typer.Argument(help=f"all 或 {LAYERS}")],
    out: Annotated[Path, typer.Option("--out", help="Excel 文件；layer 为 all 时是文件夹")],
    lang: Lang = "zh",  # noqa: ARG001
) -> None:
    """空白的数据表，一个图层一份，附填表说明。Write an empty table of a layer to fill in."""
    from report.data.template import write_template
    from report.tables import all_or_none

    if layer == "all" and out.suffix:
        wanted = say(
            "全部图层写成一个文件夹，每个图层一份：请给一个文件夹名，如 {name}。", name=out.stem
        )
        raise typer.BadParameter(str(wanted), param_hint="--out")
    if layer == "all":
        files = {name: out / f"{schema.chinese}.xlsx" for name, schema in SCHEMAS.items()}
    else:
        files = {layer_named(layer, "LAYER"): out}
    with refusals(), all_or_none(next(iter(files.values())).resolve().parent) as draft:
        there = [file.name for file in files.values() if file.exists()]
        if there:  # somebody may have filled it in
            raise LayerError(
                *(say("{file}：已有这个文件，没有覆盖。请换一个文件名或文件夹。", file=name)
                  for name in there)
            )  # fmt: skip
        for name, file in files.items():
            write_template(name, draft / file.name)
    for file in files.values():
        typer.echo(str(file))
