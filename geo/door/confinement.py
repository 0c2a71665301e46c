"""What a reading process may not do: ask a server, start another process, write elsewhere.

The hook sees what Python does; on Linux the kernel takes the network away from native code too,
where it lets an ordinary user ask for that. Native code elsewhere is held by the list of formats.
"""

import ctypes
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

_FORBIDDEN = frozenset({
    "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname",
    "socket.sendto", "socket.sendmsg", "subprocess.Popen", "os.system", "os.exec",
    "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "os.startfile", "pty.spawn",
})
# How many of an event's arguments are paths that it changes.
_CHANGES = {
    "os.remove": 1, "os.rename": 2, "os.rmdir": 1, "os.link": 2, "os.symlink": 2,
    "os.truncate": 1, "os.mkdir": 1, "os.chmod": 1, "os.chown": 1, "os.utime": 1,
    "shutil.rmtree": 1, "shutil.move": 2, "sqlite3.connect": 1,
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


def confine(folder: Path, *also: Path) -> bool:
    """Keep this process from the network, from other processes and from writing outside folders.

    It cannot be undone in the process. Returns whether the kernel took the network away too.
    """
    allowed = tuple(os.path.realpath(each) for each in (folder, *also))

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        if event in _FORBIDDEN:
            raise PermissionError(event)
        if event == "open" and _writes(arguments) and not _within(arguments[0], allowed):
            raise PermissionError(event)
        changed = arguments[:_CHANGES.get(event, 0)]
        if not all(_within(path, allowed) for path in changed):
            raise PermissionError(event)

    parted = leave_network()
    sys.addaudithook(refuse)
    return parted


def leave_network() -> bool:
    """Part this process from every network, where the kernel allows it; tell whether it did."""
    if sys.platform != "linux":
        return False
    kernel = ctypes.CDLL(None, use_errno=True)
    new_user = 0 if os.geteuid() == 0 else _NEW_USER
    return bool(kernel.unshare(new_user | _NEW_NETWORK) == 0)


def _writes(arguments: tuple[object, ...]) -> bool:
    mode, flags = (*arguments, None, None, None)[1:3]
    if isinstance(mode, str) and any(letter in mode for letter in "wax+"):
        return True
    return isinstance(flags, int) and bool(flags & _WRITING)


def _within(target: object, folders: tuple[str, ...]) -> bool:
    if isinstance(target, int):  # a descriptor that is open already
        return True
    if not isinstance(target, str | bytes | os.PathLike):
        return False
    named = os.fsdecode(target)
    if named.startswith("file:"):  # how a database is opened to be read only
        named = url2pathname(urlsplit(named).path)
    real = os.path.realpath(named)
    return any(real == folder or real.startswith(folder + os.sep) for folder in folders)
