"""A small city in code, of as many estates as asked for, with names of one's own."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from analysis.evaluation import evaluate
from analysis.siting.asked import Asked
from report.briefing.content import Briefing
from report.briefing.making import brief
from report.briefing.material import gather
from tests.analysis.toy_study import area, box, estate, facility, people, spot, toy_study


def city_briefing(
    folder: Path, *, estates: int, names: Sequence[str] = (), sites: int = 0
) -> Briefing:
    """Return the briefing of estates in a row along the toy city's street.

    names
        Those of estates, facilities, streets, sites and of the study, over and over.
    sites
        So many are proposed.
    """

    def name(number: int, otherwise: str) -> str:
        return names[number % len(names)] if names else otherwise

    def square(number: int) -> object:
        column, row = number % 40, number // 40
        return box(column * 22, 5 + row * 22, column * 22 + 18, 23 + row * 22)

    study = toy_study(
        folder,
        residential=[
            estate(f"r{n}", square(n), name=name(n, f"小区{n}"), floor_area_m2=5000.0)
            for n in range(estates)
        ],
        population=[people("p", box(0, -400, 900, 700), 3000.0, 900.0)],
        facilities=[facility(f"f{n}", spot(900, 0 + n), name=name(n, f"设施{n}"))
                    for n in range(max(len(names), 1))],
        candidates=[{"id": f"c{n}", "name": name(n, f"备选{n}"), "area_m2": 300.0,
                     "geometry": spot(n * 10, 0)} for n in range(max(len(names), 1))],
        boundaries=[area("b1", "street", box(-50, -500, 450, 900), name=name(1, "甲街道")),
                    area("b2", "street", box(450, -500, 950, 900), name=name(2, "乙街道"))],
        streets=(((0, 0), (300, 0)), ((300, 0), (900, 0)), ((300, 0), (300, 400)),
                 ((900, 0), (2400, 0))),
        walking={"limit_min": 5},
    )  # fmt: skip
    told = {"title": name(0, "小城"), "notice": name(3, "")}
    described = study.description.model_copy(update=told)
    evaluation = evaluate(replace(study, description=described), draw="when asked")
    return brief(gather(evaluation, asked=Asked(count=sites) if sites else None))
