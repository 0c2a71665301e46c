"""The relay that counts bytes: everything passes unchanged, and what comes back is counted."""

import socket
import threading

from bench.clicks.wire import Wire


def test_what_comes_back_is_counted_and_passes_unchanged() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            asking, _ = server.accept()
            with asking:
                asked = asking.recv(100)
                asking.sendall(asked.upper() * 50_000)

        threading.Thread(target=answer, daemon=True).start()
        with Wire(server.getsockname()[1]) as wire:
            host, port = wire.address.removeprefix("http://").split(":")
            with socket.create_connection((host, int(port)), timeout=20) as browser:
                browser.sendall(b"abc")
                told = b""
                while piece := browser.recv(65_536):
                    told += piece
    assert told == b"ABC" * 50_000
    assert wire.received == 150_000
