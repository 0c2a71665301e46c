"""The rows of the benchmark, one module each; peers are imported where they are used."""

from typing import Final

# In the order of the table; each module holds one CONTEST.
MODULES: Final = {
    name: f"bench.contests.{name}"
    for name in (
        "evaluate", "nearest", "table", "what_if", "isochrones", "snap", "reload", "pbf",
        "max_cover", "set_cover", "least_walk", "gains", "memory", "first_answer",
    )
}  # fmt: skip
