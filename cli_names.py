"""Commands about what rows mean and where they are: names to be confirmed, rows without a place.

Each command loads only what it needs, so that help and refusals come at once.
"""
# ruff: noqa: PLC0415, PLR0913, PLR0917, FBT002 - see above; a command takes options as arguments

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli_data import LAYERS, layer_named
from cli_parts import (
    AsJson,
    Lang,
    files_read,
    numbers_of,
    progress_bar,
    read_study,
    refusals,
    write_file,
)
from geo.errors import StudyError
from geo.language import say
from geo.schema import SCHEMAS

StudyFile = Annotated[Path, typer.Argument(help="研究文件 NAME.study.toml")]

ONE_OF: Final = "--undo | --confirm, --out"
ONE_ROW: Final = "STUDY LAYER ID --at LON,LAT | STUDY LAYER ID --undo"
SHOWN: Final = 50  # names or rows on the screen unless all are asked for


def match(
    study: StudyFile,
    out: Annotated[Path | None, typer.Option("--out", help="待确认名单 .xlsx 或 .csv")] = None,
    confirm: Annotated[Path | None, typer.Option(help="填好“确认”列的名单")] = None,
    undo: Annotated[str | None, typer.Option(help="撤销这个名称（所写名称）的确认")] = None,
    by: Annotated[str, typer.Option(help="确认人")] = "",
    each: Annotated[bool, typer.Option("--all", help="列出全部待确认的名称")] = False,
    as_json: AsJson = False,
    lang: Lang = "zh",  # noqa: ARG001
) -> None:
    """名称对应：确定、存疑、找不到各几个；导出名单，读回确认。Names that mean other rows."""
    if undo is not None and (confirm is not None or out is not None):
        raise typer.BadParameter(ONE_OF, param_hint="--undo")
    with refusals():
        if undo is not None:
            _take_back(study, undo)
            return
        errors = _match(study, out, confirm, by, each=each, as_json=as_json)
    if errors:
        raise typer.Exit(1)


def _match(
    path: Path, out: Path | None, confirm: Path | None, by: str, *, each: bool, as_json: bool
) -> bool:
    """Take decisions in, tell how names stand then, write those that wait; return: errors."""
    from analysis.matching.counting import counted
    from analysis.matching.queue import confirm_from_table, queue
    from geo.findings import errors_in
    from report.data.name_form import read_name_form, write_name_form
    from report.names import names_content, print_names, print_taken

    with progress_bar() as tell:
        filled = None if confirm is None else read_name_form(confirm)
        read = read_study(path, None, None, None, None, tell=tell)
    taken = None if filled is None else confirm_from_table(read, filled, by=by)
    counts, waiting = counted(read), queue(read)
    written: list[int] = []
    if out is not None:
        from report.data.kept_answers import BY_CONFIRM, refuse_filled

        refuse_filled([out], taken_in=BY_CONFIRM)
        write_file(
            out, lambda draft: written.append(write_name_form(waiting, draft)),
            reads=files_read(path, confirm), ours=True,
        )  # fmt: skip
    if as_json:
        from report.terminal import print_json

        print_json(names_content(counts, waiting, taken))
    else:
        if taken is not None:
            print_taken(taken)
        print_names(counts, waiting, most=None if each else SHOWN)
        if out is not None:
            told = say("{file}：{count} 个名称待确认。", file=out.name, count=written[0])
            typer.echo(str(told))
    return taken is not None and bool(errors_in(taken.findings))


def _take_back(study: Path, name: str) -> None:
    """Take every decision about a written name back. Errors: StudyError where there is none."""
    from analysis.description import read_description
    from analysis.matching.kept import read_confirmed, unconfirm

    read_description(study)  # a study that is none is refused in its own words
    kept = read_confirmed(study)
    gone = [one for one in kept if one.asked == name.strip()]
    if not gone:
        known = "、".join(dict.fromkeys(one.asked for one in kept)) or "—"
        raise StudyError(say("没有确认过“{name}”。确认过的：{known}。", name=name, known=known))
    unconfirm(study, gone)
    typer.echo(str(say("已撤销“{name}”的 {count} 条确认。", name=name, count=len(gone))))


def place(
    study: StudyFile,
    layer: Annotated[str | None, typer.Argument(help=LAYERS)] = None,
    id_: Annotated[str | None, typer.Argument(metavar="ID", help="编号或名称")] = None,
    at: Annotated[str | None, typer.Option("--at", help="经度,纬度 (WGS84)")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="撤销手工给的位置")] = False,
    each: Annotated[bool, typer.Option("--list", help="逐行列出全部")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="待填的地址表 .xlsx 或 .csv")] = None,
    by: Annotated[str, typer.Option(help="填写人")] = "",
    as_json: AsJson = False,
    lang: Lang = "zh",  # noqa: ARG001
) -> None:
    """没有位置的行：列出、导出地址表、手工给位置。Rows without a place, and giving them one."""
    name = None if layer is None else layer_named(layer, "LAYER")
    if (at is not None or undo) and (name is None or id_ is None or (at is not None and undo)):
        raise typer.BadParameter(ONE_ROW, param_hint="--at")
    if id_ is not None and at is None and not undo:
        raise typer.BadParameter(ONE_ROW, param_hint="ID")
    position = None if at is None else numbers_of(at, "--at", exactly=2)
    with refusals():
        if name is not None and id_ is not None:
            _place_one(study, name, id_, position, by)
        else:
            _list_unplaced(study, name, out, each=each, as_json=as_json)


def _place_one(
    study: Path, layer: str, id_: str, position: list[float] | None, by: str
) -> None:
    """Keep the place of one row beside the study, or take it away. Errors: StudyError."""
    from analysis.placing.by_hand import (
        hand_file,
        metres_moved,
        place_by_hand,
        rows_and_ground,
    )

    if position is None:
        _unplace_one(study, layer, id_)
        return
    rows, ground = rows_and_ground(study, layer)
    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    placed = place_by_hand(
        study, layer, id_, position[0], position[1], by=by, on=today, rows=rows, ground=ground
    )
    told = say(
        "“{name}”（{id}）放在 {lon}, {lat}，记入 {file}。",
        name=placed.name, id=placed.id, lon=placed.lon, lat=placed.lat, file=hand_file(study).name,
    )  # fmt: skip
    typer.echo(str(told))
    moved = metres_moved(rows, placed)
    if moved is not None:
        metres = f"{moved:,.0f}"
        told = say("台账里原有坐标，改放后相距 {metres} 米；--undo 可撤销。", metres=metres)
        typer.echo(str(told))


def _unplace_one(study: Path, layer: str, word: str) -> None:
    """Take the place of a row away, by its id or by a name placed once. Errors: StudyError."""
    from analysis.description import read_description
    from analysis.placing.by_hand import read_hand_places, unplace

    read_description(study)
    own = [place for place in read_hand_places(study) if place.layer == layer]
    called = [place.id for place in own if place.name == word]
    by_id = any(place.id == word for place in own)
    id_ = called[0] if len(called) == 1 and not by_id else word
    chinese = SCHEMAS[layer].chinese
    if not unplace(study, layer, id_):
        raise StudyError(say("{layer}“{id}”没有手工给的位置。", layer=chinese, id=id_))
    typer.echo(str(say("已撤销{layer}“{id}”的位置。", layer=chinese, id=id_)))


def _on_map(rows: Any) -> Any:  # noqa: ANN401 - a table
    """Return the rows of which longitude and latitude are asked; others wait for their name."""
    return rows[rows["effect"].ne("by_name")]


def _list_unplaced(
    study: Path, layer: str | None, out: Path | None, *, each: bool, as_json: bool
) -> None:
    from analysis.placing.unplaced import places_told, unplaced
    from report.data.place_form import write_place_form
    from report.names import print_unplaced, unplaced_content
    from report.terminal import print_findings

    with progress_bar() as tell:
        read = read_study(study, None, None, None, None, tell=tell)
        rows: Any = unplaced(read)
    told = places_told(read)
    if layer is not None:
        rows = rows[rows["layer"].eq(layer)]
    written: list[int] = []
    if out is not None:
        from report.data.kept_answers import BY_PLACES, refuse_filled

        refuse_filled([out], taken_in=BY_PLACES)
        write_file(
            out, lambda draft: written.append(write_place_form(_on_map(rows), draft)),
            reads=files_read(study), ours=True,
        )  # fmt: skip
    if as_json:
        from report.terminal import print_json

        print_json(unplaced_content(rows, told))
        return
    print_findings(told)
    print_unplaced(rows, most=None if each else SHOWN)
    if out is not None:
        typer.echo(str(say("{file}：{count} 行待填经纬度。", file=out.name, count=written[0])))
