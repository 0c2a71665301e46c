"""Names asked for, matched to names that are known: surely, doubtfully, or not at all.

In this order, the first that finds anything decides:

1. **confirmed**: what the user said before.
2. **id**: the text is an id.
3. **exact**, **alias**: the text is a name, or one of the other names.
4. **folded**: the names mean the same once areas, endings, scripts and widths are left aside.
5. **short**: the text leaves an ending away (清河 for 清河小区), and could be short for another.
6. **phase**: one names the whole, the other a part. Sure only where all parts are one project.
7. **alike**: names that resemble each other. Never sure, however alike: 阳光花园 and 阳光家园
   differ in one sign as a slip does. On the 387 names of the tests, taking the best from 85 points
   on would be right for 10 and wrong for 6; from 75 on, right for 28 and wrong for 48.

What is found must be one estate, or one project: of several that are called alike, the one counts
in whose polygon the asker stands, else the one in the street that the asker tells, else none is
sure. Found by name but in another area than the
name says, or beyond `within_m`, is doubted. Every name asked for is matched, doubtful or unmatched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.matching.called import Read, asked_of, by_level, called_of, maybe_short
from analysis.matching.names import parsed, parsed_area
from analysis.matching.similar import most_alike
from analysis.matching.standing import Near, Standing

DOUBTFUL: Final = 60.0
"""From this score on a name that resembles another is doubtful; below it is unmatched."""

MARGIN: Final = 5.0
"""Within so many points two candidates are equally likely."""

SHOWN: Final = 3
"""Candidates kept for each name; where several are called alike, all of them, up to `BEARING`.

Those of the asker's street are kept up to `MOST`, where that is known: it has few.
"""

MOST: Final = 12
BEARING: Final = 40  # twice the streets of a large district, each of which has its 第1社区
BEARERS: Final = 200  # rows of one name that are looked at: a ledger may call all of them alike
# What remains of a score where phases differ, where one side names none, where areas differ.
OTHER_PHASE, NO_PHASE, OTHER_AREA = 0.59, 0.7, 0.8
HOW: Final = ("id", "exact", "alias", "folded", "short", "phase", "alike")
_SCORE = {"id": 100.0, "exact": 100.0, "alias": 100.0, "folded": 100.0, "phase": 90.0}
_SHORT_SCORE = 95.0
_CALLED_ALIKE = ("exact", "alias", "folded")
Lies = Mapping[str, Sequence[str | None]]


@dataclass(frozen=True, eq=False)
class Matches:
    """What became of each name asked for.

    table
        One row a name, in order: status (`matched`, `doubtful`, `unmatched`), how (see `HOW`, and
        `place`, `street`, `confirmed`), reason (why not sure: `several`, `short`, `phase`,
        `area`, `street`, `far`, `alike`, `tie`, `none`, `said_none`; else empty), score (of the
        best, NaN: no candidate).
    pairs
        wanted, known: positions of what is surely meant; several only where one project has them.
    candidates
        wanted, known, how, score (0-100), metres (NaN: unknown), inside (the asker stands in its
        polygon), other_area, rank (from 1): what a doubtful or unmatched name may mean.
    """

    table: pd.DataFrame
    pairs: pd.DataFrame
    candidates: pd.DataFrame

    def count(self, status: str) -> int:
        """Return how many names have a status."""
        return int(self.table["status"].eq(status).sum())


def match(  # noqa: PLR0913 - both sides, where each stands, and what was said of them
    wanted: pd.DataFrame,
    known: pd.DataFrame,
    *,
    read: Read = parsed,
    lies: Lies | None = None,
    stands: Lies | None = None,
    near: Near | None = None,
    said: pd.DataFrame | None = None,
    within_m: float = np.inf,
) -> Matches:
    """Return what the names in `wanted` mean among the rows of `known`.

    wanted
        `name` as written; `geometry` in metres where the askers stand, if they do; optional
        `guessed`: of whom it is only guessed in which area of `stands` they are.
    known
        `id`, `name`; optional `aliases`, `phase`, `project_id`, `geometry` in the same metres.
    read
        How a name is read: `parsed` for estates, `parsed_area` for areas, with those of the study.
    lies
        By level the folded name of the area each known row lies in.
    stands
        The same of the askers. Of names that only resemble, those in its area are left, if any.
    near
        In which street each side is, where what is meant may be in another one all the same.
    said
        wanted, known (positions, known -1: none), decision (`same`, `different`, `none`).
    within_m
        Metres beyond which a name that fits is doubted all the same.
    """
    asked, called = asked_of(wanted, read), called_of(known, read)
    found = _without_denied(_by_text(asked, called, known), said)
    standing = Standing.of(wanted, known)
    # Whoever asks may stand in what it means, whatever that is called.
    around = standing.hosts().assign(how="alike", score=0.0)
    around = around[around["wanted"].isin(asked["wanted"])]
    alike = _without_denied(pd.concat([_alike(asked, called, found), around]), said)
    every = pd.concat([found, alike], ignore_index=True)
    every = _described(every, asked, called, lies, stands)
    if stands is not None:
        every = _near_by(every)
    every = standing.told(every)
    every = every.assign(near=False, settled=False) if near is None else near.told(every)
    if "guessed" in wanted.columns:
        guessed = every["wanted"].map(wanted["guessed"].reset_index(drop=True))
        every = every.assign(guessed=guessed.astype(bool))
    project = _projects(known)
    first = _of_first_rank(every[every["how"].ne("alike")]) if len(every) else every
    judged = _judged(first, project, within_m=within_m)
    shown = SHOWN if stands is None else MOST
    return _settled(len(wanted), every, judged, said, shown=shown)


def match_names(
    wanted: Sequence[str | None], known: Sequence[str | None], *, read: Read = parsed_area
) -> Matches:
    """Return what some names mean among others: `match` for plain lists, areas unless said."""
    return match(
        pd.DataFrame({"name": pd.array([*wanted], dtype="str")}),
        pd.DataFrame({"name": pd.array([*known], dtype="str")}),
        read=read,
    )


def _by_text(asked: pd.DataFrame, called: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return every pair that text alone makes, each by its first way."""
    own, names = asked[asked["own"]], called[called["own"]]
    ids = words(known, "id").reset_index(drop=True).dropna()
    by_id = pd.DataFrame({"known": ids.index.to_numpy(), "text": ids.to_numpy(dtype=object)})
    sides = {
        "id": (own, by_id, "text"),
        "exact": (own, names[~names["alias"]], "text"),
        "alias": (own, names[names["alias"]], "text"),
        "folded": (asked, called, "key"),
        "phase": (asked, called, "stem"),
    }
    pairs = []
    for how, (left, right, on) in sides.items():
        columns = [on, "phases"] if how == "phase" else [on]
        few = right[right.groupby(on).cumcount().lt(BEARERS)]
        pair = left[["wanted", *columns]].merge(
            few[["known", *columns]], on=on, suffixes=("", "_known")
        )
        if how == "phase":
            pair = pair[_part_of(pair["phases"], pair["phases_known"])]
        pairs.append(pair[["wanted", "known"]].assign(how=how, score=_SCORE[how]))
    every = pd.concat(pairs, ignore_index=True)
    every = every.drop_duplicates(["wanted", "known"], ignore_index=True)
    short = every["wanted"].isin(maybe_short(asked, called)) & every["how"].eq("folded")
    return every.assign(
        how=every["how"].mask(short, "short"), score=every["score"].mask(short, _SHORT_SCORE)
    )


def _part_of(one: pd.Series, other: pd.Series) -> "np.typing.NDArray[np.bool_]":
    """Return where the phases of one are some of the other's, and not the same."""
    return np.array(
        [a != b and (set(a) < set(b) or set(b) < set(a)) for a, b in zip(one, other, strict=True)],
        dtype=bool,
    )


def _alike(asked: pd.DataFrame, called: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return pairs that resemble each other, of names that nothing better is known of."""
    sure = found.loc[found["how"].isin(["id", "exact", "alias", "folded"]), "wanted"]
    rest = asked[~asked["wanted"].isin(sure)]
    called = called[called.groupby("stem").cumcount().lt(BEARERS)]
    ours, theirs = rest["stem"].unique(), called["stem"].unique()
    near = most_alike([*ours], [*theirs])
    near = near.assign(stem=ours[near["asked"]], stem_known=theirs[near["known"]])
    pairs = (
        near[["stem", "stem_known", "score"]]
        .merge(rest[["wanted", "stem", "phases"]], on="stem")
        .merge(
            called[["known", "stem", "phases"]].rename(columns={"stem": "stem_known"}),
            on="stem_known",
            suffixes=("", "_known"),
        )
    )
    pairs["score"] *= _phase_factor(pairs["phases"], pairs["phases_known"])
    pairs = pairs.sort_values("score", ascending=False, kind="stable")
    pairs = pairs.drop_duplicates(["wanted", "known"])[["wanted", "known", "score"]]
    return pairs.assign(how="alike")


def _phase_factor(one: pd.Series, other: pd.Series) -> "np.typing.NDArray[np.float64]":
    """Return what remains of a score where no phase is shared."""
    return np.array(
        [
            1.0 if {*a} & {*b} or not (a or b) else OTHER_PHASE if a and b else NO_PHASE
            for a, b in zip(one, other, strict=True)
        ],
        dtype=np.float64,
    )


def _without_denied(pairs: pd.DataFrame, said: pd.DataFrame | None) -> pd.DataFrame:
    """Return pairs without those of which the user said that they differ."""
    if said is None or said.empty:
        return pairs
    denied = said.loc[said["decision"].eq("different"), ["wanted", "known"]]
    two = ["wanted", "known"]
    return pairs[~pd.MultiIndex.from_frame(pairs[two]).isin(pd.MultiIndex.from_frame(denied))]


def _described(
    pairs: pd.DataFrame,
    asked: pd.DataFrame,
    called: pd.DataFrame,
    lies: Lies | None,
    stands: Lies | None,
) -> pd.DataFrame:
    """Return pairs with `other_area`: the name or asker is of one area, the row in another."""
    pairs = pairs.drop_duplicates(["wanted", "known"], ignore_index=True)
    ours = asked[asked["own"]].set_index("wanted", drop=False)
    theirs = called[called["own"] & ~called["alias"]].set_index("known", drop=False)
    said, there = by_level(ours, stands, who="wanted"), by_level(theirs, lies)
    other = np.zeros(len(pairs), dtype=bool)
    for level in said.keys() & there.keys():
        one = pairs["wanted"].map(said[level])
        two = pairs["known"].map(there[level])
        other |= (one.notna() & two.notna() & one.ne(two)).to_numpy(dtype=bool)
    score = pairs["score"].where(~other, pairs["score"] * OTHER_AREA)
    return pairs.assign(other_area=other, score=score)


def _near_by(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return pairs without those that only resemble in other areas, where others are in its own."""
    own = (~pairs["other_area"]).groupby(pairs["wanted"]).transform("any")
    return pairs[~(own & pairs["other_area"] & pairs["how"].eq("alike"))]


def _projects(known: pd.DataFrame) -> pd.DataFrame:
    """Return for each known row a number of its project, and whether one is stated."""
    stated = words(known, "project_id").reset_index(drop=True)
    code = pd.Series(pd.factorize(stated)[0], index=stated.index)
    own = pd.Series(-1 - np.arange(len(stated)), index=stated.index)
    return pd.DataFrame({"project": code.where(code.ge(0), own), "stated": stated.notna()})


def _of_first_rank(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return of each name the pairs of the first way that finds any."""
    rank = pairs["how"].map(dict(zip(HOW, range(len(HOW)), strict=True)))
    return pairs[rank.eq(rank.groupby(pairs["wanted"]).transform("min"))]


def _judged(pairs: pd.DataFrame, project: pd.DataFrame, *, within_m: float) -> pd.DataFrame:
    """Return pairs of one way with `sure`, `way` and `reason`, alike for all of a name."""
    pairs = pairs.assign(
        project=project["project"].reindex(pairs["known"]).to_numpy(),
        stated=project["stated"].reindex(pairs["known"]).to_numpy(dtype=bool),
        way=pairs["how"],
    )
    wanted = pairs["wanted"]
    elsewhere = pairs["other_area"].groupby(wanted).transform("all")
    narrowed = pairs["other_area"].groupby(wanted).transform("any") & ~elsewhere
    if "guessed" in pairs.columns:
        pairs["guessed"] &= narrowed
    pairs = pairs[~pairs["other_area"] | elsewhere]
    several = _several(pairs)
    around = pairs["inside"] & pairs["how"].isin(_CALLED_ALIKE)
    hosts = pairs.loc[around].groupby("wanted")["project"].nunique()
    one_host = pairs["wanted"].map(hosts).eq(1) & several
    pairs = pairs[~one_host | around]
    pairs = pairs.assign(way=pairs["way"].mask(one_host.reindex(pairs.index), "place"))
    pairs = _in_its_street(pairs)
    return pairs.assign(reason=_reasons(pairs, within_m=within_m))


def _in_its_street(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return pairs in which, of several called alike, the one in the asker's street is meant."""
    there = pairs["settled"] & pairs["how"].isin(_CALLED_ALIKE)
    meant = pairs.loc[there].groupby("wanted")["project"].nunique()
    settled = pairs["wanted"].map(meant).eq(1) & _several(pairs)
    pairs = pairs[~settled | there]
    return pairs.assign(way=pairs["way"].mask(settled.reindex(pairs.index), "street"))


def _several(pairs: pd.DataFrame) -> "pd.Series[bool]":
    return pairs.groupby("wanted")["project"].transform("nunique").gt(1)


def _reasons(pairs: pd.DataFrame, *, within_m: float) -> "np.typing.NDArray[np.object_]":
    """Return why what was found is not sure; empty where it is."""
    wanted = pairs["wanted"]
    nearest = pairs["metres"].groupby(wanted).transform("min")
    by_id, phase = pairs["how"].eq("id"), pairs["how"].eq("phase")
    whole = pairs["stated"].groupby(wanted).transform("all")
    guessed = pairs["guessed"] if "guessed" in pairs.columns else pairs["other_area"] & False
    conditions = {
        "phase": phase & (_several(pairs) | ~whole),
        "several": _several(pairs),
        "short": pairs["how"].eq("short"),
        "area": pairs["other_area"] & ~by_id,
        "street": guessed,
        "far": nearest.gt(within_m) & ~by_id,
    }
    return np.select([*conditions.values()], [*conditions], "").astype(object)


def _settled(
    count: int, every: pd.DataFrame, judged: pd.DataFrame, said: pd.DataFrame | None, *, shown: int
) -> Matches:
    """Return every name with what became of it.

    shown
        How many of those that only resemble a name are kept.
    """
    table = pd.DataFrame(
        {"status": "unmatched", "how": "", "reason": "none", "score": np.nan},
        index=pd.RangeIndex(count),
    )
    ranked = _ranked(every)
    best = ranked[ranked["rank"].eq(1)].set_index("wanted")
    table["score"] = best["score"].reindex(table.index)
    alike = table["score"].ge(DOUBTFUL)
    tied = ranked["rank"].eq(2) & ranked["score"].ge(ranked["wanted"].map(best["score"]) - MARGIN)
    tie = alike & table.index.isin(ranked.loc[tied, "wanted"])
    table.loc[alike, ["status", "how", "reason"]] = ["doubtful", "alike", "alike"]
    table.loc[tie, "reason"] = "tie"
    first = judged.drop_duplicates("wanted").set_index("wanted")
    table.loc[first.index, "how"] = first["way"]
    table.loc[first.index, "reason"] = first["reason"]
    table.loc[first.index, "status"] = np.where(first["reason"].eq(""), "matched", "doubtful")
    pairs = judged.loc[judged["reason"].eq(""), ["wanted", "known"]]
    if said is not None and not said.empty:
        pairs = _as_said(table, pairs, said)
    open_ = table.index[table["status"].ne("matched") & table["reason"].ne("said_none")]
    pairs = pairs.sort_values(["wanted", "known"], ignore_index=True)
    offered = ranked[ranked["wanted"].isin(open_) & _shown(ranked, shown)]
    return Matches(table, pairs, offered.reset_index(drop=True))


def _as_said(table: pd.DataFrame, pairs: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """Write what the user said into the table; return the pairs with the user's."""
    same = said.loc[said["decision"].eq("same"), ["wanted", "known"]].drop_duplicates()
    is_same = table.index.isin(same["wanted"])
    is_none = table.index.isin(said.loc[said["decision"].eq("none"), "wanted"]) & ~is_same
    for name, value in {"status": "matched", "how": "confirmed", "reason": ""}.items():
        table.loc[is_same, name] = value
    table.loc[is_same, "score"] = 100.0
    for name, value in {"status": "unmatched", "how": "confirmed", "reason": "said_none"}.items():
        table.loc[is_none, name] = value
    rest = pairs[~pairs["wanted"].isin(table.index[is_same | is_none])]
    return pd.concat([rest, same], ignore_index=True)


def _ranked(every: pd.DataFrame) -> pd.DataFrame:
    """Return candidates in order: by score, what the asker stands in, its street, the nearest."""
    ranked = every.sort_values(
        ["wanted", "score", "inside", "near", "metres", "known"],
        ascending=[True, False, False, False, True, True],
        ignore_index=True,
    )
    return ranked.assign(rank=ranked.groupby("wanted").cumcount() + 1)


def _shown(ranked: pd.DataFrame, most: int) -> "pd.Series[bool]":
    """Return which candidates are kept: all of one name, up to a limit, and the first others."""
    alike = ranked["how"].eq("alike")
    number = ranked.groupby(["wanted", alike]).cumcount() + 1
    return number.le(alike.map({True: most, False: BEARING}))
