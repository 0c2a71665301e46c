"""How many names of each column are sure, doubtful or unmatched."""

from typing import Final

import pandas as pd

from analysis.columns import words
from analysis.matching.answering import LINKS, Answer, answer_of, noticed
from analysis.matching.asking import KEY
from analysis.matching.kept import read_confirmed
from analysis.matching.links import ON_AREA, PEOPLE, Layers
from analysis.study import Study

COLUMNS: Final = ("layer", "column", "sure", "doubtful", "unmatched", "said_none")


def counted(study: Study) -> pd.DataFrame:
    """Return one row a column whose names mean rows of another layer; see `COLUMNS`.

    A facility's names are counted row by row, areas and entrances once a spelling and street,
    people row by row where they stand on an area. `said_none` are
    those of which the user said that they mean nothing on the list. Names of areas that are drawn
    nowhere near their rows are sure of nothing, but nobody is asked about them: they are left out.

    Errors: StudyError where the file of confirmed matches cannot be read.
    """
    kept = read_confirmed(study.path)
    within_m = study.description.provision.serves_within_m
    answers = [answer_of(study.layers, link, kept=kept, within_m=within_m) for link in LINKS]
    rows = [_count(study.layers, answer) for answer in answers if answer is not None]
    return pd.DataFrame(rows, columns=[*COLUMNS])


def _count(layers: Layers, answer: Answer) -> dict[str, object]:
    table, link = answer.matches.table, answer.link
    told = noticed(layers, answer)
    status = table["status"].to_numpy(dtype=object)
    none = table["reason"].eq("said_none").to_numpy(dtype=bool)
    # Rows that lie in the area they name, or were put onto it, are not asked about: they are sure.
    settled = 0 if link.by_row else len(answer.rows[KEY].drop_duplicates()) - len(answer.asked)
    if link == PEOPLE:
        settled = int(words(layers[link.layer], ON_AREA).notna().sum())
    return {
        "layer": link.layer,
        "column": link.column,
        "sure": settled + int((status == "matched").sum()),
        "doubtful": int(((status == "doubtful") & told).sum()),
        "unmatched": int(((status == "unmatched") & told & ~none).sum()),
        "said_none": int(none.sum()),
    }
