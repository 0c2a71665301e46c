"""Links among files that nobody named one by one: none may lead out of the folder they were met in.

A link that the user names himself is his own; one that a pattern, a folder or a shapefile brings
along may have come with the data of somebody else, and lead to anything this computer holds.
"""

from collections.abc import Iterable
from pathlib import Path

from geo.door.names import printable
from geo.errors import LayerError
from geo.language import say


def refuse_links_out(files: Iterable[Path], folder: Path) -> None:
    """Refuse a file that a link, or a folder that is one, brings from outside of a folder.

    Errors: LayerError.
    """
    inside = folder.resolve()
    for file in files:
        if not file.resolve().is_relative_to(inside):
            raise LayerError(
                say(
                    "{file}：是链接，指向所在文件夹之外，不予读取。"
                    "请把原文件复制到文件夹里，或在 path 中写出原文件的路径。",
                    file=printable(file.name),
                )
            )
