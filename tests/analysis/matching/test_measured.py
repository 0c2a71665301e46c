"""How well names are matched, measured on a set whose truth is known by how it was made."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from analysis.matching.match import DOUBTFUL, match
from analysis.matching.names import areas_named, parsed
from tests.analysis.matching.estate_names import (
    AREAS,
    DOUBT_RULES,
    ESTATES,
    SURE_RULES,
    TWICE,
    asked_for,
)


@pytest.fixture(scope="module")
def measured() -> pd.DataFrame:
    """Return each name asked for with its rule, status, what was found and what it means."""
    asked = pd.DataFrame(asked_for())
    names = np.array([*ESTATES, TWICE, TWICE], dtype=object)
    known = pd.DataFrame(
        {"id": [f"r{n}" for n in range(len(names))], "name": pd.array(names, dtype="str")}
    )
    wanted = asked.rename(columns={"text": "name"})[["name"]].astype("str")
    read = partial(parsed, areas=areas_named(AREAS.keys(), AREAS.values()))
    found = match(wanted, known, read=read)
    pairs = found.pairs.set_index("wanted")["known"]
    offered = found.candidates.groupby("wanted")["known"].agg(lambda at: [*names[at]])
    return asked.assign(
        status=found.table["status"],
        how=found.table["how"],
        score=found.table["score"],
        found=pd.Series(names[pairs], index=pairs.index).reindex(asked.index),
        offered=offered.reindex(asked.index),
    )


def test_the_set_is_large_and_uses_every_rule(measured: pd.DataFrame) -> None:
    assert len(measured) >= 300
    assert measured.groupby("rule").size()[[*SURE_RULES, *DOUBT_RULES]].ge(30).all()


def test_no_sure_match_is_wrong(measured: pd.DataFrame) -> None:
    sure = measured[measured["status"].eq("matched")]
    wrong = sure[sure["found"].ne(sure["means"])]
    assert wrong.empty, wrong[["text", "means", "found"]].to_string()


def test_other_ways_of_writing_one_name_are_sure(measured: pd.DataFrame) -> None:
    fair = measured[measured["rule"].isin([*SURE_RULES])]
    assert fair["status"].eq("matched").mean() >= 0.97


def test_what_is_not_sure_is_offered(measured: pd.DataFrame) -> None:
    open_ = measured[measured["status"].ne("matched") & measured["means"].notna()]
    offered = [
        means in others
        for means, others in zip(open_["means"], open_["offered"], strict=True)
    ]
    assert len(offered) >= 30
    assert np.mean(offered) >= 0.95


def test_names_that_are_not_on_the_list_are_never_sure(measured: pd.DataFrame) -> None:
    strangers = measured[measured["means"].isna()]
    assert len(strangers) >= 50
    assert strangers["status"].ne("matched").all()


def test_no_threshold_parts_slips_from_strangers(measured: pd.DataFrame) -> None:
    # Why resemblance is never sure: whatever score were enough, some would be wrong.
    open_ = measured[measured["how"].isin(["alike", ""])]
    right = open_["offered"].str[0].eq(open_["means"])
    told = {
        least: (int((above & right).sum()), int((above & ~right).sum()))
        for least in range(int(DOUBTFUL), 101, 5)
        if (above := open_["score"].ge(least)).any()
    }
    assert all(wrong for _, wrong in told.values())
    assert (told[75], told[85]) == ((28, 48), (10, 6))  # as `match` says
