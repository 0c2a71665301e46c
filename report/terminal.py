"""The same numbers in the terminal: short tables, findings, JSON for machines."""
# ruff: noqa: T201 - printing is what this is for

import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from geo.findings import Finding, errors_in
from geo.language import Message, say, translate
from geo.streets import WalkNetwork
from report.plain import plain_json
from report.provision_figures import deficit_note, printed_deficit, rate_basis


def print_json(content: dict[str, Any]) -> None:
    """Print an object as JSON; what is unknown is null."""
    print(json.dumps(plain_json(content), ensure_ascii=False, indent=2))


def print_papers(
    files: Sequence[Path], folder: Path, sentences: Iterable[Message], *,
    removed: Sequence[str] = (),
) -> None:  # fmt: skip
    """Print the conclusions that stand in all papers, then the papers, then a line a folder.

    files
        What was written into `folder`; a map a street and tables of map data are only counted.
    removed
        Papers of an earlier run that are there no more.
    """
    console = Console()
    lines = [str(sentence) for sentence in sentences]
    lines += _papers([file.relative_to(folder) for file in files], folder)
    if removed:
        lines.append(
            str(say("已删除上次生成、本次没有的 {count} 个文件：{files}",
                    count=len(removed), files="、".join(_papers(map(Path, removed), Path()))))
        )  # fmt: skip
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _papers(files: Iterable[Path], folder: Path) -> list[str]:
    """Return files within a folder, each by its path, those of inner folders only counted."""
    within = [*files]
    counts = Counter(path.parts[0] for path in within if len(path.parts) > 1)
    papers = sorted((path for path in within if len(path.parts) == 1), key=_order_of_papers)
    return [str(folder / paper) for paper in papers] + [
        str(say("{folder} {count} 个文件", folder=f"{folder / name}{os.sep}", count=count))
        for name, count in sorted(counts.items())
    ]


def _order_of_papers(paper: Path) -> tuple[bool, int, str]:
    """Return where a paper stands: the report, others for people, then what is for machines."""
    endings = (".docx", ".pptx", ".xlsx", ".html")
    turn = endings.index(paper.suffix) if paper.suffix in endings else len(endings)
    return paper.stem != "汇报", turn, paper.name


def print_findings(findings: Iterable[Finding]) -> None:
    """Print one line a finding."""
    for finding in findings:
        print(f"[{SEVERITIES[finding.severity]}] {finding.line()}")


def print_network(
    network: WalkNetwork, findings: list[Finding], out: Path, *, as_json: bool
) -> None:
    """Print how large a saved network is, and what was noticed while it was read."""
    figures = {
        "nodes": len(network.x),
        "streets": len(network),
        "km": round(float(network.length_mm.sum()) / 1e6, 3),
        "crs": network.crs.name,
    }
    if as_json:
        told = [str(finding.line()) for finding in findings]
        print_json({"file": str(out), **figures, "findings": told})
        return
    print_findings(findings)
    message = say(
        "{file}：{nodes} 个节点，{streets} 条道路，{km:.1f} 公里，坐标系 {crs}。",
        file=out.name,
        **figures,
    )
    print(str(message))


def print_summary(summary: dict[str, Any], findings: Iterable[Finding], out: Path) -> None:
    """Print the headline figures with their denominators, the notice, and where findings stand."""
    coverage, provision, band = summary["coverage"], summary["provision"], summary["band"]
    table = Table(title=Text(summary["title"]), show_header=False)
    people = f"{_count(coverage['covered_60plus'])} / {_count(coverage['elderly_60plus'])}"
    reach = _percent(coverage["share_60plus"])
    if coverage["lower_bound"] and coverage["share_60plus"] is not None:
        reach = f"≥{reach}"
    table.add_row(translate("60岁以上可达率"), reach, people)
    if coverage["unlocated_60plus"]:
        unlocated = say("位置不明，不计入分母")
        table.add_row(translate("60岁以上位置不明"), _count(coverage["unlocated_60plus"]),
                      str(unlocated))  # fmt: skip
    table.add_row(
        translate("0.8–1.0 米/秒"), f"{_percent(band['0.8'])}–{_percent(band['1.0'])}", ""
    )
    estates = f"{_count(coverage['covered_areas'])} / {_count(coverage['areas'])}"
    table.add_row(translate("小区覆盖率"), _percent(coverage["share_areas"]), estates)
    basis = str(rate_basis(provision))
    table.add_row(translate("配建达标率"), _percent(provision["rate"]), basis)
    table.add_row(translate("无法判定"), _count(provision["unknown"]), "")
    beside = deficit_note(provision) or ""
    table.add_row(translate("配建缺口（㎡）"), printed_deficit(provision) or "—", str(beside))
    console = Console()
    console.print(table)
    if summary["notice"]:
        console.print(summary["notice"], markup=False)
    found = list(findings)
    for finding in errors_in(found):
        if finding.row is None:  # no slip in a cell: something that turns the figures above
            console.print(str(finding.line()), markup=False, soft_wrap=True)
    message = say(
        "{errors} 个错误、{warnings} 个警告、{notes} 个提示，见 {file}。",
        errors=len(errors_in(found)),
        warnings=sum(finding.severity == "warning" for finding in found),
        notes=sum(finding.severity == "info" for finding in found),
        file=str(out / "findings.csv"),
    )
    console.print(str(message), markup=False, soft_wrap=True)


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def _count(value: float | None) -> str:
    return "—" if value is None else f"{value:,.0f}"


SEVERITIES: Final = {"error": say("错误"), "warning": say("警告"), "info": say("提示")}
