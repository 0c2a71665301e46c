"""What to do with files of other programs, by the ending of their names: each in one sentence."""

from pathlib import Path

from geo.language import Message, say

_SHEETS = (".et", ".ett", ".ods", ".fods", ".xlsb", ".xlt", ".xltx", ".xltm", ".numbers")
_TEXTS = (".doc", ".docx", ".wps", ".wpt", ".odt", ".rtf", ".pdf", ".ofd", ".ppt", ".pptx")
_PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".heic")
_PACKED = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2")
_DRAWINGS = (".dwg", ".dxf", ".dgn")
_DATABASES = (".mdb", ".accdb")
_PARTS = (".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx")
_PROJECTS = (".mxd", ".aprx", ".qgz", ".qgs", ".lyr", ".lyrx")


def what_to_do(file: str) -> Message | None:
    """Return the sentence about a file of another program; None where nothing is known of it."""
    if file.startswith(("~$", ".~")):
        return say("{file}：是打开表格时留下的临时文件，不是数据。请选用同名的表格。", file=file)
    for endings, message in (
        (_SHEETS, say("{file}：不支持这种表格，请用 WPS 或 Excel 打开后另存为 .xlsx。", file=file)),
        (_TEXTS, say("{file}：不支持文档，请把其中的表格复制到 Excel 中，存为 .xlsx。",
                     file=file)),
        (_PICTURES, say("{file}：不支持图片，请用原来的表格或矢量文件。", file=file)),
        (_PACKED, say("{file}：不支持这种压缩包，请解压，或改压成 .zip。", file=file)),
        (_DRAWINGS, say("{file}：不支持 CAD 图，请转成带坐标系的 .shp 或 .gpkg。", file=file)),
        (_DATABASES, say("{file}：不支持 Access 数据库，请把表导出为 .xlsx 或 .csv。", file=file)),
        (_PARTS, say("{file}：不支持 shapefile 的单个部分，请选 .shp；单独的 .dbf 请另存为 .xlsx。",
                     file=file)),
        (_PROJECTS, say("{file}：不支持制图工程（其中没有数据），请选它用到的图层文件。",
                        file=file)),
    ):
        if Path(file).suffix.lower() in endings:
            return message
    return None
