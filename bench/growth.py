"""How time and memory grow with the city, the facilities and the places."""

import importlib
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from bench.contest import Contest
from bench.contests import MODULES
from bench.race import Tell, run_contest
from bench.settled import SIZES, Size
from bench.workspace import make_workspace
from geo.language import Message, say, translate

ALONG: Final = {
    "nodes": (20_000, 60_000, 200_000, 600_000, 2_000_000),
    "facilities": (50, 150, 500, 1_500, 5_000),
    "places": (10_000, 30_000, 100_000, 300_000, 1_000_000),
}
MIDDLE: Final = SIZES["M"]  # what stays while something else grows
ROW: Final = "memory"  # the contest whose contenders are measured
Measure = Callable[[Size], dict[str, tuple[float, float]]]


@dataclass(frozen=True)
class Point:
    """One measurement.

    along
        What grows: nodes, facilities or places; `amount` is how many there are.
    work
        Which contender: `ours` for minutes and coverage, `evaluated` for a whole evaluation.
    """

    along: str
    amount: int
    work: str
    seconds: float
    peak_mb: float


@dataclass(frozen=True)
class Growth:
    """All measurements of growth."""

    points: tuple[Point, ...]

    def series(self, along: str, work: str) -> list[Point]:
        """Return the points of one line, in order."""
        return [each for each in self.points if (each.along, each.work) == (along, work)]

    def exponents(self, along: str, work: str) -> tuple[float, float]:
        """Return the exponents of time and of memory."""
        line = self.series(along, work)
        amount = [each.amount for each in line]
        return (
            exponent(amount, [each.seconds for each in line]),
            exponent(amount, [each.peak_mb for each in line]),
        )

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"points": [asdict(point) for point in self.points]}


def exponent(amount: ArrayLike, cost: ArrayLike) -> float:
    """Return k of cost ~ amount**k, by least squares over the logarithms; NaN below two points."""
    x, y = np.log(np.asarray(amount, dtype=float)), np.log(np.asarray(cost, dtype=float))
    known = np.isfinite(x) & np.isfinite(y)
    x, y = x[known], y[known]
    if len(np.unique(x)) < 2:  # noqa: PLR2004 - a line needs two points
        return float("nan")
    x, y = x - x.mean(), y - y.mean()
    return float((x * y).sum() / (x * x).sum())


def work_words(work: str) -> Message:
    """Return the name of a piece of work."""
    known = {"ours": say("分钟数与覆盖率"), "evaluated": say("全程评价")}
    return known[work]


def along_words(along: str) -> Message:
    """Return the name of what grows."""
    known = {"nodes": say("节点"), "facilities": say("设施"), "places": say("地点")}
    return known[along]


def measure_growth(*, tell: Tell, measure: Measure | None = None) -> Growth:
    """Return time and memory along each kind of growth, the other amounts as in a city of size M.

    measure
        Gives seconds and peak megabytes of each work for a size of city.
    """
    measured = measure or measured_in_a_city
    known: dict[Size, dict[str, tuple[float, float]]] = {}
    points = []
    for along, amounts in ALONG.items():
        for amount in amounts:
            tell(say("{what}：{amount}", what=along_words(along), amount=amount))
            size = replace(MIDDLE, **{along: amount})
            if size not in known:
                known[size] = measured(size)
            points += [
                Point(along, amount, work, *figures) for work, figures in known[size].items()
            ]
    return Growth(tuple(points))


def measured_in_a_city(size: Size) -> dict[str, tuple[float, float]]:
    """Return the seconds of the fastest run and the peak megabytes, in a city made for it.

    Other work on the machine makes a run slower, never faster.
    """
    contest: Contest = importlib.import_module(MODULES[ROW]).CONTEST
    with tempfile.TemporaryDirectory(prefix="carecircle-bench-") as name:
        task = make_workspace(Path(name), size)
        row = run_contest(MODULES[ROW], contest, task, size="", tell=lambda _what: None)
    return {each.name: (min(each.seconds), each.peak_mb) for each in row.measured if each.seconds}


def growth_table(growth: Growth) -> list[list[str]]:
    """Return headings and rows: what grows, how much, then seconds and megabytes of each work."""
    works = sorted({each.work for each in growth.points}, reverse=True)
    headings = [translate("随何增长"), translate("数量")]
    for work in works:
        name = str(work_words(work))
        headings += [f"{name} s", f"{name} MB"]
    rows = [headings]
    for along in ALONG:
        lines = [growth.series(along, work) for work in works]
        for points in zip(*lines, strict=True):
            cells = [cell for each in points for cell in _cells(each)]
            rows.append([str(along_words(along)), f"{points[0].amount:,}", *cells])
        powers = [power for work in works for power in _powers(growth, along, work)]
        rows.append([str(along_words(along)), translate("指数"), *powers])
    return rows


def print_growth(growth: Growth) -> None:
    """Print the table to standard output."""
    from rich.console import Console
    from rich.table import Table

    headings, *rows = growth_table(growth)
    table = Table()
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*row)
    console = Console()
    (console if console.is_terminal else Console(width=100)).print(table)


def _cells(point: Point) -> list[str]:
    return [f"{point.seconds:.3f}", f"{point.peak_mb:,.0f}"]


def _powers(growth: Growth, along: str, work: str) -> list[str]:
    return [f"{power:.2f}" for power in growth.exponents(along, work)]


def draw_growth(growth: Growth, path: Path) -> None:
    """Draw time and memory over each kind of growth, both axes logarithmic.

    Errors: ModuleNotFoundError where matplotlib is not installed.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    # Text stays text, so that the reader's own fonts show Chinese; the file is the same every time.
    fonts = ["Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "SimHei", "DejaVu Sans"]
    style: dict[Any, Any] = {
        "svg.fonttype": "none", "svg.hashsalt": "growth", "font.sans-serif": fonts,
    }  # fmt: skip
    with mpl.rc_context(style):
        figure = Figure(figsize=(10, 6), layout="constrained")
        panels = figure.subplots(2, len(ALONG), sharey="row")
        for column, along in enumerate(ALONG):
            for work, colour, mark in (("ours", "#1f6f8b", "o"), ("evaluated", "#b5562b", "s")):
                line = growth.series(along, work)
                amount = [each.amount for each in line]
                costs = ([each.seconds for each in line], [each.peak_mb for each in line])
                for panel, cost, power in zip(
                    panels[:, column], costs, growth.exponents(along, work), strict=True
                ):
                    label = f"{work_words(work)}  ∝ n^{power:.2f}"
                    panel.loglog(amount, cost, color=colour, marker=mark, label=label)
            panels[1, column].set_xlabel(str(along_words(along)))
        panels[0, 0].set_ylabel(translate("用时（秒）"))
        panels[1, 0].set_ylabel(translate("内存峰值（MB）"))
        for panel in panels.flat:
            panel.grid(visible=True, which="major", color="#dddddd")
            panel.legend(fontsize="small", frameon=False)
        figure.savefig(path, metadata={"Date": None})


