"""Who reads the output may close it: the command ends without a word."""

import subprocess
import sys
from pathlib import Path

import pytest

from cli_parts import CLOSED_PIPE

HERE = Path(__file__).parents[1]
# The reader is gone before anything is written, so that every write meets a closed pipe.
CODE = """
import os, sys
reader, writer = os.pipe()
os.close(reader)
os.dup2(writer, 1)
import cli
sys.argv[1:] = {arguments!r}
cli.main()
"""


@pytest.mark.parametrize("arguments", [
    ["--help"],
    ["conditions", "--households", "300"],
    ["inspect", "a.csv", "--as", "residential", "--all"],
    ["template", "residential", "--out", "表.xlsx"],
])  # fmt: skip
def test_a_closed_output_is_no_fault_to_be_told(arguments: list[str], tmp_path: Path) -> None:
    # More lines than are held back before they are written: it is told while the report is printed.
    rows = "".join(f"小区{n},约{n + 100}户\n" for n in range(400))
    (tmp_path / "a.csv").write_text(f"小区名称,户数\n{rows}", encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", CODE.format(arguments=arguments)], cwd=tmp_path,
        env={"PYTHONPATH": str(HERE), "PATH": "/usr/bin:/bin"}, capture_output=True, check=False,
        encoding="utf-8",
    )  # fmt: skip
    assert done.stderr == ""
    assert done.returncode in {0, 1, CLOSED_PIPE}
