"""Documents made apart when things go wrong: what is no line of ours, too long, given up."""

import sys
import time
from pathlib import Path

import pytest

from geo.language import say
from report import apart as module
from report.apart import Apart

SLOW = "import time; print('{\"part\": 0.5, \"what\": \"x\"}', flush=True); time.sleep(60)"
FILES = "print('{\"files\": [\"a.docx\"]}')"


def running(folder: Path, code: str, *, longest_s: float = 60.0) -> Apart:
    return Apart({"language": "zh"}, folder, (sys.executable, "-S", "-c", code), longest_s)


@pytest.mark.parametrize(
    "line", ["print('Warning: 5 rows')", "print('5')", "print('[1]')", "print('[' * 9999)",
             r"import sys; sys.stdout.buffer.write(b'\xff\xfe\n'); sys.stdout.flush()",
             "print('{\"part\": \"half\"}')", "print('{\"files\": 3}')"],
)  # fmt: skip
def test_a_line_that_is_none_of_ours_is_passed_over(tmp_path: Path, line: str) -> None:
    apart = running(tmp_path, f"{line}\n{FILES}")
    apart.follow()
    assert (apart.ended, apart.refused, apart.files) == (True, (), ("a.docx",))


def test_what_takes_too_long_is_stopped_and_said(tmp_path: Path) -> None:
    apart = running(tmp_path, SLOW, longest_s=0.5)
    began = time.monotonic()
    apart.follow()
    assert time.monotonic() - began < 20
    assert apart.ended
    assert "已停止" in apart.refused[0]


def test_what_does_not_listen_is_ended_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_GRACE_S", 0.2)
    deaf = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLOW}"
    apart = running(tmp_path, deaf, longest_s=0.5)
    began = time.monotonic()
    apart.follow()
    assert time.monotonic() - began < 20
    assert apart.ended


def test_what_is_given_up_before_it_began_never_begins(tmp_path: Path) -> None:
    apart = running(tmp_path, f"open({str(tmp_path / 'there')!r}, 'w'); {FILES}")
    apart.stop(say("已取消。"))
    apart.follow()
    assert (apart.ended, apart.refused) == (True, ("已取消。",))
    assert not (tmp_path / "there").exists()


def test_a_program_that_cannot_begin_says_so(tmp_path: Path) -> None:
    apart = Apart({"language": "zh"}, tmp_path, (str(tmp_path / "none"),))
    apart.follow()
    assert apart.ended
    assert "没有这个文件" in apart.refused[0]
