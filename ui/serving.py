"""The process that serves the browser face: its port is free, and it ends when we do."""

import errno
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from geo.errors import PlanningError
from geo.language import say

HOST = "127.0.0.1"
LEAVE_S = 5.0  # an open page may keep the server from ending by itself


def require_free_port(port: int) -> None:
    """Refuse a port of this computer that cannot be listened to. Errors: PlanningError."""
    try:
        socket.create_server((HOST, port)).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = say("端口 {port} 已被占用，请用 --port 换一个。", port=port)
        else:
            reason = error.strerror or type(error).__name__
            message = say(
                "端口 {port} 不能使用（{reason}），请用 --port 换一个。", port=port, reason=reason
            )
        raise PlanningError(message) from None


def run_until_ended(
    command: Sequence[str], *, folder: Path, environment: Mapping[str, str]
) -> int:
    """Run a program and return its exit code; however we end, it ends too.

    Errors: SystemExit where we are told to end (SIGTERM).
    """
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        with subprocess.Popen(command, cwd=folder, env=environment) as child:  # noqa: S603 - our own
            try:
                return child.wait()
            finally:
                _end(child)
    finally:
        signal.signal(signal.SIGTERM, before)


def _leave(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - as Python calls it
    raise SystemExit(128 + number)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()  # nothing happens to one that has ended
    try:
        child.wait(LEAVE_S)
    except subprocess.TimeoutExpired:
        child.kill()
