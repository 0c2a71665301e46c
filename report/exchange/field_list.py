"""What goes with the layers: the list of fields, what shapefiles could not hold, and a note."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pyproj import CRS

from analysis.coverage.table import OUTSIDE
from geo.language import Message, say
from geo.position.system_names import called
from geo.unseen import dotted
from report.briefing.content import Briefing
from report.briefing.streets import STREETS
from report.data.sheets import clean, workbook
from report.exchange.layers import MapLayer
from report.exchange.shapefiles import CGCS2000, REPLACED, Altered, folder_of

GEOPACKAGE: Final = "养老服务圈.gpkg"
FIELDS: Final = "字段对照.xlsx"
NOTE: Final = "字段说明.txt"
_FIELDS: Final = (
    say("图层"), say("文件"), say("shp 字段"), say("字段名"), say("含义"), say("类型"), say("说明"),
)  # fmt: skip
_ALTERED: Final = (
    say("图层"), say("编号"), say("字段"), say("原文"), say("shp 中"), say("替换的字"),
)  # fmt: skip


def write_field_list(
    layers: Sequence[MapLayer], altered: Sequence[Altered], briefing: Briefing, path: Path
) -> None:
    """Write which short name stands for what, and every text that a shapefile holds otherwise."""
    with workbook(path, on=briefing.on, title=str(briefing.title)) as book:
        sheet = book.sheet(str(say("字段对照")))
        book.table(sheet, [str(head) for head in _FIELDS], [
            (layer.title, f"{layer.stem}.shp", field.short, field.key, field.title,
             field.kind_word, field.meaning)
            for layer in layers for field in layer.fields
        ])  # fmt: skip
        if altered:
            sheet = book.sheet(str(say("改动清单")))
            book.table(sheet, [str(head) for head in _ALTERED], [
                (each.layer, each.row, each.column, each.text, each.kept, each.lost)
                for each in altered
            ])  # fmt: skip


def write_note(
    layers: Sequence[MapLayer], altered: Sequence[Altered], briefing: Briefing, *, zone: CRS,
    path: Path,
) -> None:  # fmt: skip
    """Write what the files are, for whoever gets them without us."""
    lines = [dotted(str(line)) for line in _note(layers, altered, briefing, zone)]
    path.write_text("\r\n".join([*lines, ""]), encoding="utf-8-sig", newline="")


def _note(
    layers: Sequence[MapLayer], altered: Sequence[Altered], briefing: Briefing, zone: CRS
) -> Iterator[Message | str]:
    yield briefing.title
    yield briefing.on.isoformat()
    if briefing.notice:
        yield briefing.notice
    yield ""
    yield say("一、文件")
    yield say("{file}：全部图层，坐标系 {crs}，含 QGIS 样式、字段别名和说明表。",
              file=GEOPACKAGE, crs=called(briefing.evaluation.study.crs))  # fmt: skip
    for crs in dict.fromkeys((CGCS2000, zone)):
        yield say("shp/{folder}：{crs}，字段为短英文名，文字编码 GBK。",
                  folder=folder_of(crs), crs=called(crs))  # fmt: skip
    yield say("geojson：WGS84 经纬度（RFC 7946），文字编码 UTF-8。")
    yield ""
    yield say("二、图层")
    for layer in layers:
        yield say("{title}（{stem}.shp）：{rows} 个，字段 {fields} 个。",
                  title=layer.title, stem=layer.stem, rows=len(layer.frame),
                  fields=len(layer.fields))  # fmt: skip
    yield ""
    yield say("三、须知")
    yield say("数值为空表示不明，不等于 0；有的软件把 shp 中的空值显示为 0，请以文字字段为准。")
    yield say("短字段名的含义见“{file}”。", file=FIELDS)
    yield from told_of(layers, altered, briefing)
    yield ""
    yield from (str(each) for each in (*briefing.caveats, *briefing.sources))


def told_of(
    layers: Sequence[MapLayer], altered: Sequence[Altered], briefing: Briefing
) -> Iterator[Message]:
    """Yield what the layers lack, and what shapefiles could not hold."""
    if OUTSIDE in briefing.tables[STREETS].rows["area_id"].tolist():
        yield say("街道图层不含“界外”的人数和设施，各街道之和少于合计。")
    for layer in layers:
        nowhere = int(layer.frame.geometry.isna().sum())
        if nowhere:
            yield say("{title}有 {count} 个没有坐标，只有属性，没有图形。",
                      title=layer.title, count=nowhere)  # fmt: skip
    lost = dict.fromkeys("".join(each.lost for each in altered))
    if lost:
        yield say(
            "GBK 没有的字 {count} 种（{letters}），shp 中写作“{sign}”，其余格式为原字；"
            "逐条见“{file}”。",
            file=FIELDS, count=len(lost), letters=clean("".join([*lost][:50])), sign=REPLACED,
        )  # fmt: skip
    cut = sum(len(each.kept) < len(each.text) for each in altered)
    if cut:
        yield say("有 {count} 格文字超过 254 字节，shp 中截短；逐条见“{file}”。",
                  count=cut, file=FIELDS)  # fmt: skip
