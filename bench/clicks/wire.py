"""What comes over the network: a relay before the server that counts bytes as they pass, packed."""

import socket
import threading
from contextlib import suppress
from typing import Self

PIECE = 65_536


class Wire:
    """Listens on a free port, hands everything on to another, and counts what comes back.

    received
        Bytes that came from the server, as sent: a browser tells only what they unpack to.
    """

    def __init__(self, port: int) -> None:
        self.received = 0
        self._port = port
        self._counting = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0))

    @property
    def address(self) -> str:
        """Return where a browser finds the server."""
        return f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def __enter__(self) -> Self:
        """Begin to listen."""
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Listen no more; what is open ends with its server."""
        self._door.close()

    def _listen(self) -> None:
        with suppress(OSError):  # closed
            while True:
                browser, _ = self._door.accept()
                threading.Thread(target=self._carry, args=(browser,), daemon=True).start()

    def _carry(self, browser: socket.socket) -> None:
        """Carry one connection in both directions until both have ended."""
        with browser, suppress(OSError), socket.create_connection(
            ("127.0.0.1", self._port)
        ) as server:  # fmt: skip
            for each in (browser, server):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=self._pass, args=(server, browser, True), daemon=True)
            back.start()
            self._pass(browser, server, counts=False)
            back.join()

    def _pass(self, start: socket.socket, end: socket.socket, counts: bool) -> None:  # noqa: FBT001
        with suppress(OSError):
            while piece := start.recv(PIECE):
                if counts:
                    with self._counting:
                        self.received += len(piece)
                end.sendall(piece)
            end.shutdown(socket.SHUT_WR)
