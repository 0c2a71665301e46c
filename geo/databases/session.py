"""A session with a database that may only read, and only for so long; what fails is said plainly.

A study comes from elsewhere and may name any host, so no password of this computer's user is
offered to it: see `geo.databases.password`.

The server is asked to keep the limits. Because what is read may be a view written by anyone, a
watch on our side ends the session where the server does not.
"""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import make_conninfo

from geo.databases.address import DatabaseAddress
from geo.databases.password import place_of, with_password, without_variables
from geo.errors import LayerError
from geo.language import Message, say
from geo.ledgers.numbers import shown

Connection = psycopg.Connection[tuple[Any, ...]]

# How long a cancelled query may take to end before the line is cut.
_GRACE_S = 2.0


@dataclass(frozen=True)
class Limits:
    """What reading a table may cost.

    rows, megabytes
        What is beyond is refused.
    connect_s, lock_s, statement_s, whole_s
        Seconds to wait for the server, for a locked table, for one step, for everything.
    """

    rows: int = 2_000_000
    megabytes: int = 1024
    connect_s: int = 10
    lock_s: float = 10
    statement_s: float = 120
    whole_s: float = 600


@contextmanager
def reading_session(address: DatabaseAddress, limits: Limits) -> Iterator[Connection]:
    """Open a read-only transaction, ended in any case when the block is left.

    Errors: LayerError, in words of ours, for whatever the server or the line says.
    """
    connection = _connected(address, limits)
    watch = _Watch(connection, limits.whole_s)
    try:
        with watch:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            _limit(connection, limits)
            yield connection
    except psycopg.Error as error:
        raise LayerError(_why_broken_off(error, address, late=watch.fired)) from None
    except UnicodeDecodeError:
        raise LayerError(
            say("{url}：数据库里的文字不是 UTF-8，无法读取，请先转换编码。", url=address.shown)
        ) from None
    finally:
        connection.close()


def _connected(address: DatabaseAddress, limits: Limits) -> Connection:
    try:
        with without_variables():
            return psycopg.connect(
                make_conninfo(
                    connect_timeout=limits.connect_s, client_encoding="UTF8",
                    application_name="carecircle", **with_password(address.connection),
                ),
                prepare_threshold=None,  # poolers between us and the server may not know them
            )
    except psycopg.Error as error:
        raise LayerError(_why_not_connected(error, address)) from None


def _limit(connection: Connection, limits: Limits) -> None:
    """Set the limits of this transaction; SET LOCAL would do, but takes no parameters."""
    for name, value in (
        ("statement_timeout", f"{limits.statement_s * 1000:.0f}"),
        ("lock_timeout", f"{limits.lock_s * 1000:.0f}"),
        ("datestyle", "ISO, YMD"),
    ):
        connection.execute("select pg_catalog.set_config(%s, %s, true)", (name, value))


class _Watch:
    """Ends a session that outlives its time; a view can switch the server's own limits off."""

    def __init__(self, connection: Connection, seconds: float) -> None:
        self._connection, self._seconds = connection, seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._wait, daemon=True)
        self.fired = False

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _wait(self) -> None:
        if self._ended.wait(self._seconds):
            return
        self.fired = True
        with suppress(psycopg.Error):
            self._connection.cancel_safe(timeout=_GRACE_S)
        if self._ended.wait(_GRACE_S):
            return
        # A function may catch the cancellation and go on; a line that is cut ends our waiting.
        with suppress(OSError, psycopg.Error), socket.fromfd(
            self._connection.pgconn.socket, socket.AF_INET, socket.SOCK_STREAM
        ) as line:
            line.shutdown(socket.SHUT_RDWR)


def _why_not_connected(error: psycopg.Error, address: DatabaseAddress) -> Message:
    """Return why no session came about; before one begins, libpq gives its reason as text only."""
    text, url = str(error), address.shown
    asked = error.pgconn is not None and error.pgconn.needs_password
    if asked or "no password supplied" in text:
        return say(
            "{url}：数据库要求密码。请写在地址里，或放在环境变量 CARECIRCLE_DB_PASSWORD 中，"
            "并用 CARECIRCLE_DB_HOST 写明它属于哪台主机（{host}）。",
            url=url, host=place_of(address.connection),
        )
    for pattern, message in (
        (r"password authentication failed|密码|认证失败", say(
            "{url}：用户名或密码不对。", url=url)),
        (r"no pg_hba\.conf entry|pg_hba", say(
            "{url}：数据库不允许从这台电脑以该用户连接，请联系数据库管理员。", url=url)),
        (r"database .* does not exist|数据库.*不存在", say(
            "{url}：没有这个数据库，请核对名称。", url=url)),
        (r"role .* does not exist|角色.*不存在", say(
            "{url}：没有这个用户，请核对用户名。", url=url)),
    ):
        if re.search(pattern, text):
            return message
    return say(
        "{url}：连不上数据库（{reason}）。请核对主机和端口，并确认数据库已启动、网络可达。",
        url=url, reason=_line_reason(text, error, address),
    )


def _line_reason(text: str, error: psycopg.Error, address: DatabaseAddress) -> Message:
    """Return why the line to a server did not come about; libpq's own words are English."""
    for pattern, message in (
        (r"refused", say("连接被拒绝")),
        (r"timeout|timed out", say("等待超时")),
        (r"translate host name|not known|resolve", say("找不到这台主机")),
        (r"unreachable|No route", say("网络不可达")),
        (r"SSL|certificate", say("加密连接（SSL）不成功")),
        (r"No such file", say("这台电脑上没有数据库在等候")),
    ):
        if re.search(pattern, text):
            return message
    return _quoted(error, address)


def _quoted(error: psycopg.Error, address: DatabaseAddress) -> Message:
    return say("服务器的原话：{words}", words=_reason(error, address))


def _why_broken_off(error: psycopg.Error, address: DatabaseAddress, *, late: bool) -> Message:
    url = address.shown
    if late or isinstance(error, errors.QueryCanceled):
        return say(
            "{url}：读取超过时限，已中止。请改用更小的表，或请管理员检查视图是否过慢。", url=url
        )
    if isinstance(error, errors.InsufficientPrivilege):
        return say(
            "{url}：没有读取权限（{reason}）。请管理员授予 SELECT。",
            url=url, reason=_quoted(error, address),
        )
    if isinstance(error, errors.LockNotAvailable):
        return say("{url}：表正被他人锁定，请稍后再试。", url=url)
    return say("{url}：读取中断（{reason}）。", url=url, reason=_quoted(error, address))


def _reason(error: psycopg.Error, address: DatabaseAddress) -> str:
    """Return the server's own words: one line, short, without the password."""
    text = error.diag.message_primary or str(error)
    secret = with_password(address.connection).get("password")
    return shown((text.replace(secret, "…") if secret else text).strip())
