"""Why the system would not read or write a file, in words a planner can act on."""

import errno
from typing import Final

from geo.language import Message, say

_SPACE: Final = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))  # Windows has no quota

def why(error: OSError) -> Message:
    """Return the reason of an error; the system's own words are English, or any other language."""
    if isinstance(error, PermissionError):
        return say("没有权限，或正被别的程序使用")
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return say("没有这个文件或文件夹")
    if isinstance(error, FileExistsError):
        return say("这是一个文件，不是文件夹")
    if isinstance(error, IsADirectoryError):
        return say("这是一个文件夹")
    if error.errno in _SPACE:
        return say("磁盘空间不足")
    return say("系统错误 {number}", number=error.errno or type(error).__name__)


def unusable(error: OSError) -> Message:
    """Return that a file could not be read or written, and why; not every error knows which."""
    if error.filename is None:
        return say("无法读写文件（{reason}）。", reason=why(error))
    return say("{file}：无法读写（{reason}）。", file=str(error.filename), reason=why(error))
