"""What an archive may cost, judged by its list before a byte of it is unpacked.

A workbook is an archive too.
"""

import stat
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from geo.door.names import printable
from geo.errors import LayerError
from geo.language import Message, say

_MB = 1024 * 1024
# A file geodatabase has some hundred members, a shapefile a dozen.
_MOST_MEMBERS = 5_000
_UNPACKED_LIMIT = 1024 * _MB
# Ledgers and tables of blanks shrink to a hundredth; beyond this only what was made to burst.
_LARGEST_RATIO, _SMALL = 400, 16 * _MB
# The list of so many members is at most this long; it is read before they can be counted.
_LONGEST_LIST = 4 * _MB
_ENCRYPTED = 0x1 | 0x40
_KNOWN_METHODS = frozenset({
    zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA,
})
# What a damaged archive raises; a place that is none is an OSError.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError,
    ValueError, MemoryError, KeyError,
)


def opened(path: Path) -> zipfile.ZipFile:
    """Return an archive with its list read. Errors: LayerError where it is none, or too long."""
    require_short_list(path)
    # Windows writes Chinese member names in GBK without saying so; other names are Latin to us.
    for encoding in ("gbk", "gb18030", "cp437"):
        try:
            return zipfile.ZipFile(path, metadata_encoding=encoding)
        except UnicodeDecodeError:
            continue
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            break
    raise LayerError(
        say("{file}：内容与扩展名不符，不是 ZIP 压缩包，或已损坏。", file=path.name)
    )


def require_short_list(path: Path) -> None:
    """Refuse an archive whose list of members would by itself fill the memory.

    Errors: LayerError.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 66_000))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 16:
        return  # opening it says what is wrong
    count = int.from_bytes(tail[at + 10:at + 12], "little")
    length = int.from_bytes(tail[at + 12:at + 16], "little")
    if count > _MOST_MEMBERS or length > _LONGEST_LIST:
        raise LayerError(_too_many(path.name, count))


def require_budget(members: Sequence[zipfile.ZipInfo], file: str) -> None:
    """Refuse an archive by its list: number, unpacked size, ratio, password, links, paths out.

    Also one of several archives in a row, of which programs show one or another, and one pressed
    in a way that this program does not know.

    Errors: LayerError.
    """
    if len(members) > _MOST_MEMBERS:
        raise LayerError(_too_many(file, len(members)))
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise LayerError(say("{file}：压缩包有密码，请解密后再导入。", file=file))
    if sum(member.file_size for member in members) > _UNPACKED_LIMIT:
        raise LayerError(
            say(
                "{file}：解压后大小超过上限 {limit} MB，不予读取。",
                file=file, limit=_UNPACKED_LIMIT // _MB,
            )
        )
    _require_plain(members, file)
    names = [member.filename for member in members]
    if len(set(names)) < len(names):
        again = next(name for name in names if names.count(name) > 1)
        raise LayerError(
            say(
                "{file}：压缩包里有两个同名的文件（{member}），不知道要哪一个，请重新打包。",
                file=file, member=printable(again[-60:]),
            )
        )
    for member in members:
        if member.file_size > max(_SMALL, _LARGEST_RATIO * member.compress_size):
            raise LayerError(
                say(
                    "{file}：压缩包中的“{member}”解压后是压缩时的 {ratio} 倍，超过上限 {limit} 倍，"
                    "不予读取。",
                    file=file, member=_shown(member),
                    ratio=member.file_size // max(1, member.compress_size), limit=_LARGEST_RATIO,
                )
            )
        if _leads_out(member):
            raise LayerError(
                say(
                    "{file}：压缩包中的“{member}”是链接，或指向压缩包之外，不予读取。",
                    file=file, member=_shown(member),
                )
            )


def _require_plain(members: Sequence[zipfile.ZipInfo], file: str) -> None:
    if members and min(member.header_offset for member in members) > 0:
        raise LayerError(
            say(
                "{file}：压缩包前面还有别的内容（可能是两个压缩包叠在一起），不知道要哪一个，"
                "请重新打包。",
                file=file,
            )
        )
    if any(member.compress_type not in _KNOWN_METHODS for member in members):
        raise LayerError(
            say("{file}：压缩方法不常用，无法解压，请用普通的 ZIP 重新打包。", file=file)
        )


def _too_many(file: str, count: int) -> Message:
    return say(
        "{file}：压缩包里有 {count} 个文件，超过上限 {limit} 个，不予读取。",
        file=file, count=count, limit=_MOST_MEMBERS,
    )


def _shown(member: zipfile.ZipInfo) -> str:
    return printable(member.filename[-60:])


def _leads_out(member: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(member.filename.replace("\\", "/"))
    unix_mode = member.external_attr >> 16
    return stat.S_ISLNK(unix_mode) or name.is_absolute() or ".." in name.parts or (
        bool(name.parts) and name.parts[0].endswith(":")
    )
