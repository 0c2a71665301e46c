"""People of whom nobody knows how many they are: told beside every share, never nobody."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from pptx import Presentation

from analysis.evaluation import Evaluation, evaluate
from report.briefing.content import Briefing
from report.briefing.making import brief
from report.briefing.material import gather
from report.slides.writing import write_slides
from tests.analysis.toy_study import area, box, estate, facility, people, spot, toy_study
from tests.report.reread_slides import notes, plain, slide_with

S1, S2, S3 = box(-50, -500, 290, 900), box(450, -500, 950, 900), box(290, -500, 450, 900)


def evaluation(folder: Path, second: float, *, outline: shapely.Geometry = S2) -> Evaluation:
    """Return three streets with 90, `second` and 90 people of 60 and over, all near a station."""
    return evaluate(
        toy_study(
            folder,
            residential=[estate("r1", box(0, 5, 18, 23)), estate("r2", box(620, 5, 638, 23)),
                         estate("r3", box(320, 5, 338, 23))],
            population=[people("p1", S1, 300.0, 90.0), people("p2", S2, 300.0, second),
                        people("p3", S3, 300.0, 90.0)],
            facilities=[facility("f1", spot(0, 0)), facility("f2", spot(600, 0))],
            boundaries=[area("S1", "street", S1), area("S2", "street", outline),
                        area("S3", "street", S3)],
        ),
        draw="when asked",
    )  # fmt: skip


@pytest.fixture(scope="module")
def briefing(tmp_path_factory: pytest.TempPathFactory) -> Briefing:
    return brief(gather(evaluation(tmp_path_factory.mktemp("unknown"), np.nan)))


def test_a_place_of_unknown_number_is_told_wherever_the_share_is(briefing: Briefing) -> None:
    reach = briefing.figures[0]
    assert reach.value == 1.0  # of the 180 whom anybody knows
    assert "另有 1 处人数不明，不在分母内" in [str(each) for each in reach.of]
    assert any(
        str(each).startswith("人口资料3处中有1处没有60岁以上人口数") for each in briefing.caveats
    )
    said = [str(each) for each in briefing.headline]
    assert "人数和位置明确的60岁以上老年人都在步行时限内；另有1处人数不明。" in said
    assert "人数不明的地方不在分母内，合计不含它们" in str(briefing.tables["streets"].note)


def test_nothing_is_said_where_everybody_is_known(tmp_path: Path) -> None:
    known = brief(gather(evaluation(tmp_path, 30.0)))
    told = (*known.headline, *known.caveats, *known.figures[0].of, known.tables["streets"].note)
    assert not [str(each) for each in told if "人数不明" in str(each) or "人口数" in str(each)]


def test_nobody_and_nobody_knows_have_no_bar_for_different_reasons(
    briefing: Briefing, tmp_path: Path
) -> None:
    def told(shown: Briefing) -> str:
        path = tmp_path / "deck.pptx"
        write_slides(shown, path, pictures=plain)
        return notes(slide_with(Presentation(str(path)), "shares 1"))

    unknown = told(briefing)
    assert "60 岁以上人口数或设施不明而无可达率的，不画条：area S2" in unknown
    assert "没有 60 岁以上老年人而无可达率" not in unknown
    nobody = told(brief(gather(evaluation(tmp_path, 0.0))))
    assert "没有 60 岁以上老年人而无可达率的，不画条：area S2" in nobody
    assert "不明而无可达率" not in nobody


def test_people_who_add_up_to_none_are_not_all_reached(tmp_path: Path) -> None:
    study = toy_study(
        tmp_path, residential=[estate("r1", box(0, 5, 18, 23))],
        population=[people("p1", S1, 300.0, 0.0)], facilities=[facility("f1", spot(0, 0))],
        boundaries=[area("S1", "street", S1)],
    )  # fmt: skip
    said = [str(each) for each in brief(gather(evaluate(study, draw="when asked"))).headline]
    assert "不能测算步行15分钟可达率" in said[0]
    assert not [each for each in said if "都在步行时限内" in each]


@pytest.mark.parametrize("outline", [None, shapely.Polygon()])
def test_a_street_without_outline_has_no_page_and_is_named(
    outline: shapely.Geometry, tmp_path: Path
) -> None:
    made = brief(gather(evaluation(tmp_path, 30.0, outline=outline)))
    assert [key for key in made.maps if key.startswith("street")] == ["street S1", "street S3"]
    assert "1个街道在边界资料中没有图形，图集没有它们的分图：area S2。" in map(str, made.caveats)
