"""The page on performance: what the benchmark wrote stands between marks, and only that."""

from collections.abc import Sequence
from pathlib import Path

from bench.growth import Growth, draw_growth, growth_table
from bench.result import Row
from bench.run import Machine
from bench.table import cells, target_line
from geo.language import say, translate

PICTURE = "growth.svg"


def write_results(rows: Sequence[Row], page: Path, *, size: str) -> None:
    """Put the rows into the page, each in place of what stood there for this size of city."""
    write_between(page, f"{size} machine", _machine())
    for row in rows:
        write_between(page, f"{size} {row.contest.name}", _section(row))


def write_growth(growth: Growth, page: Path) -> None:
    """Put the table of growth into the page and the picture beside it."""
    draw_growth(growth, page.parent / PICTURE)
    caption = translate("用时与内存随规模的增长")
    picture = f"![{caption}]({PICTURE})"
    table = markdown(growth_table(growth))
    write_between(page, "growth", f"{_machine()}\n\n{picture}\n\n{table}")


def write_clicks(table: Sequence[Sequence[str]], page: Path) -> None:
    """Put the waits at the browser into the page."""
    write_between(page, "clicks", f"{_machine()}\n\n{markdown(table)}")


def write_between(page: Path, name: str, text: str) -> None:
    """Replace what stands between the two marks of `name`; marks that are missing are added."""
    begin, end = f"<!-- {name}: begin, written by carecircle bench -->", f"<!-- {name}: end -->"
    old = page.read_text(encoding="utf-8") if page.is_file() else ""
    block = f"{begin}\n\n{text}\n\n{end}"
    if begin in old and end in old:
        before, rest = old.split(begin, 1)
        new = before + block + rest.split(end, 1)[1]
    else:
        new = f"{old.rstrip()}\n\n{block}\n".lstrip()
    page.write_text(new, encoding="utf-8")


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as a Markdown table, the first as its heading."""
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * len(rows[0]))
    return "\n".join(lines)


def _machine() -> str:
    machine = Machine.here()
    named = ("numpy", "scipy", "numba", "shapely", "osmium", "networkx", "osmnx", "pandana")
    libraries = [f"{name} {machine.libraries[name]}" for name in named if name in machine.libraries]
    return str(
        say(
            "{cpus} 核，{system}，Python {python}；{libraries}。",
            cpus=machine.cpus,
            system=machine.system,
            python=machine.python,
            libraries=", ".join(libraries),
        )
    )


def _section(row: Row) -> str:
    title = f"**{row.title}**"
    wanted = target_line(row)
    if wanted is not None:
        title += f" · {wanted}"
    if row.check is not None:
        title += f"  \n{row.check.how}"
    return f"{title}\n\n{markdown(cells(row))}"
