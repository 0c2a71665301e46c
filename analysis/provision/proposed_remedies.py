"""What may be done about every estate that is short: the way, and the room that would count."""

from datetime import date

import numpy as np
import pandas as pd

from analysis.columns import figures, words
from analysis.pooling.confirmed import ENOUGH
from analysis.pooling.proposals import SEPARATOR, CareLayers, NearWalks
from analysis.provision.check import Provision
from analysis.provision.remedies import REMEASURE_M2, nearest_candidates, usable_candidates
from analysis.rule_keys import POOL_WALK
from analysis.rulebook import Rulebook

REMEDY = (
    "remedy", "candidate_id", "candidate_minutes", "candidate_standing", "candidate_others",
    "candidate_enough", "proposal_id",
)  # fmt: skip


def proposed_remedies(
    check: Provision,
    layers: CareLayers,
    walks: NearWalks,
    rulebook: Rulebook,
    *,
    on: date,
    proposals: pd.DataFrame,
) -> pd.DataFrame:
    """Return the columns `REMEDY` of every estate.

    remedy
        Told where an estate is short, by this rule: that of the proposed pool which cures it; else
        `remeasure` where it lacks less than `REMEASURE_M2`; else what the nearest usable candidate
        suggests that covers its whole deficit, where its room would count for the estate; else
        `build` for a new estate and `undecided` for any other.
    candidate_standing
        `counts`; else why the room would not count if it were built: `too_far` beyond the pooling
        walk, `not_for_kind` where the packs let no estate of its kind pool, `no_rule` where none
        says how far; empty where there is no candidate.
    candidate_others, candidate_enough
        To how many other estates the same room is proposed, and whether it is large enough for all
        of them; empty where it is not proposed.
    """
    residential = layers.residential.reset_index(drop=True)
    judged = check.projects
    short = judged["verdict"].eq("short")
    offered = usable_candidates(
        pd.DataFrame({"id": []}) if layers.candidates is None else layers.candidates,
        rulebook,
        on=on,
    )
    near = walks.candidates
    near = near.assign(project=check.project.iloc[near["estate"]].to_numpy())
    found = nearest_candidates(judged["deficit"].where(short), near, offered)
    pool = _proposal_of(proposals, words(residential, "id")).reindex(judged.index)
    found = _of_pools(found, pool, near, offered)
    standing = _standing(found, judged, rulebook, on=on)
    otherwise = judged["kind"].eq("new").map({True: "build", False: "undecided"}).astype("str")
    remedy = found["remedy"].where(standing.eq("counts"), otherwise)
    remedy = remedy.mask(judged["deficit"].lt(REMEASURE_M2), "remeasure")
    remedy = pool["remedy"].where(pool["remedy"].notna(), remedy).where(short, "")
    named = short & standing.eq("counts") & ~remedy.isin(["reallocate", "remeasure"])
    return pd.DataFrame(
        {
            "remedy": remedy,
            **{name: found[name] for name in ("candidate_id", "candidate_minutes")},
            "candidate_standing": standing,
            **_promised(found["candidate_id"].where(named), judged["deficit"], offered),
            "proposal_id": pool["proposal_id"],
        }
    ).reindex(residential.index)


def _of_pools(
    found: pd.DataFrame, pool: pd.DataFrame, near: pd.DataFrame, offered: pd.DataFrame
) -> pd.DataFrame:
    """Return the candidates found; of estates that a proposed pool cures with one, the pool's."""
    theirs = pool["candidate_id"].where(pool["candidate_id"].fillna("").ne(""))
    candidate = near["candidate"].map(offered["candidate_id"])
    own = near[candidate.eq(near["project"].map(theirs))]
    minutes = own.groupby("project")["minutes"].min()
    pooled = theirs.notna()
    return found.assign(
        candidate_id=found["candidate_id"].mask(pooled, theirs),
        candidate_minutes=found["candidate_minutes"].mask(pooled, minutes.reindex(found.index)),
        remedy=found["remedy"].mask(pooled, pool["remedy"]),
    )


def _standing(
    found: pd.DataFrame, judged: pd.DataFrame, rulebook: Rulebook, *, on: date
) -> pd.Series:
    """Return whether the candidate of each project would count for it, else why not."""
    limit = rulebook.find(POOL_WALK, "all", on)
    far = found["candidate_minutes"].gt(np.inf if limit is None else limit.value)
    barred = ~judged["may_pool"].fillna(value=False).astype(bool)
    why = np.select([far, barred], ["too_far", "not_for_kind"], "counts")
    told = pd.Series("no_rule" if limit is None else why, index=found.index)
    return told.where(found["candidate_id"].notna(), "")


def _promised(
    candidate: pd.Series, deficit: pd.Series, offered: pd.DataFrame
) -> dict[str, pd.Series]:
    """Return to how many others the room of each project is proposed, and whether it does for all.

    candidate
        By project, where its room is proposed; missing elsewhere.
    """
    by_room = deficit.groupby(candidate)
    count = candidate.map(by_room.size())
    area = figures(offered, "area_m2").set_axis(offered["candidate_id"])
    room = candidate.map(area[~area.index.duplicated()])
    enough = room.ge(candidate.map(by_room.sum()) * ENOUGH)
    return {
        "candidate_others": (count - 1).astype("Int64"),
        "candidate_enough": enough.astype("boolean").mask(candidate.isna()),
    }


def _proposal_of(proposals: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    """Return the proposal of each estate that is named in one, by the estate's place."""
    told = ["proposal_id", "remedy", "candidate_id"]
    named = proposals[[*told, "estates"]].copy()
    named["estates"] = named["estates"].astype("str").str.split(SEPARATOR)
    each = named.explode("estates")
    place = pd.Series(ids.index, index=ids.to_numpy())
    return each.set_index(place.reindex(each["estates"]).to_numpy())[told]
