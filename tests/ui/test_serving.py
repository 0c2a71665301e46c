"""The process behind the page: a port that is taken, and an end that ends both."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.terminal import carecircle_here
from ui.serving import require_free_port, run_until_ended

# The child tells its own id, then waits; it ends by itself only long after the test.
CHILD = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
PARENT = (
    "import os, sys; from pathlib import Path; from ui.serving import run_until_ended; "
    "sys.exit(run_until_ended([sys.executable, '-c', sys.argv[1]], folder=Path.cwd(), "
    "environment=os.environ))"
)


def test_a_port_that_is_taken_is_refused_before_anything_else() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = carecircle_here("app", "nowhere.study.toml", "--port", port, "--headless")
    assert done.returncode == 1
    assert done.stderr.strip() == f"端口 {port} 已被占用，请用 --port 换一个。"
    assert not done.stdout
    require_free_port(port)


def test_the_code_of_the_child_is_given_back() -> None:
    command = [sys.executable, "-c", "raise SystemExit(3)"]
    before = signal.getsignal(signal.SIGTERM)
    assert run_until_ended(command, folder=Path.cwd(), environment=os.environ) == 3
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.skipif(sys.platform == "win32", reason="ended there without being told")
def test_the_child_ends_with_its_parent() -> None:
    command = [sys.executable, "-c", PARENT, CHILD]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:  # noqa: S603 - ours
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.terminate()
        assert parent.wait(20) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
