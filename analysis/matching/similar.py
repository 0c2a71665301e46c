"""How alike two names are, 0-100: by the signs they share in order.

`score` is twice the shared signs over all signs. A name that stands whole in a longer one
(万达华府 in 赤峰万达华府) scores at least 88, or 75 where it has two signs only. Signs that are
typed for one another because they sound alike (嘉, 佳, 家) are shared by half.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist, cpdist

LEAST: Final = 25.0
"""Below this two names have nothing to do with each other: one sign in four is shared."""

# Of the signs that names of estates are made of, those of one sound.
_SOUNDS = (
    "园圆苑院元源原缘远", "嘉佳家加", "福富府付傅", "绣秀", "华花", "景锦金", "丽利莉力", "江疆",
    "湖胡", "龙隆珑", "鑫馨新欣心", "河和合荷", "盛晟圣胜升", "宏鸿洪弘红虹", "玉御裕钰", "翠萃",
    "名明铭鸣", "庭亭廷", "安鞍", "泰太", "阳洋杨", "城成诚程", "丰风枫峰", "宝保堡", "瑞睿锐",
    "逸怡颐谊宜益",
    "兴星", "康慷", "青清", "祥翔", "文闻", "惠汇慧", "桥侨", "万湾", "林临", "水税", "书舒",
    "学雪",
)
_BY_SOUND = str.maketrans({sign: alike[0] for alike in _SOUNDS for sign in alike})

WITHIN, SHORT_WITHIN, SHORT = 88.0, 75.0, 2
BEST: Final = 24  # names kept for each that is asked, before phases and distances are looked at
_BLOCK: Final = 256  # names at a time: 256 x 5,000 scores are ten megabytes

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Lengths = npt.NDArray[np.int32]


def most_alike(asked: Sequence[str], known: Sequence[str]) -> pd.DataFrame:
    """Return the best known names for each asked: asked, known (positions), score.

    At most `BEST` for each, none below `LEAST`; equals are taken in the order given.
    """
    found = [
        _best(np.arange(start, min(start + _BLOCK, len(asked))), asked, known)
        for start in range(0, len(asked) if known else 0, _BLOCK)
    ]
    empty = np.empty(0, dtype=np.int64)
    parts = [*zip(*found, strict=True)] or [(empty,), (empty,), (empty,)]
    kinds = {"asked": "int64", "known": "int64", "score": "float64"}
    columns = dict(zip(kinds, map(np.concatenate, parts), strict=True))
    return pd.DataFrame(columns).astype(kinds)


def scores(asked: Sequence[str], known: Sequence[str]) -> Floats:
    """Return how alike every asked name and every known name are, shape (asked, known)."""
    ours, theirs = _lengths(asked)[:, None], _lengths(known)[None, :]
    plain, heard = (
        _score(cdist(*sides, scorer=Indel.distance, dtype=np.int32, workers=1), ours, theirs)
        for sides in ((asked, known), (_heard(asked), _heard(known)))
    )
    mean: Floats = (plain + heard) / np.float32(2)
    return mean


def pair_scores(one: Sequence[str], other: Sequence[str]) -> Floats:
    """Return how alike the two names of each pair are, shape (pairs,)."""
    if not len(one):
        return np.empty(0, dtype=np.float32)
    ours, theirs = _lengths(one), _lengths(other)
    plain, heard = (
        _score(cpdist(*sides, scorer=Indel.distance, dtype=np.int32, workers=1), ours, theirs)
        for sides in ((one, other), (_heard(one), _heard(other)))
    )
    mean: Floats = (plain + heard) / np.float32(2)
    return mean


def _lengths(names: Sequence[str]) -> Lengths:
    return np.array([len(name) for name in names], dtype=np.int32)


def _heard(names: Sequence[str]) -> list[str]:
    """Return names in which signs of one sound are one sign."""
    return [name.translate(_BY_SOUND) for name in names]


def _score(apart: Lengths, ours: Lengths, theirs: Lengths) -> Floats:
    """Return scores from how many signs must be left out or put in."""
    both = (ours + theirs).astype(np.float32)
    shared = (both - apart.astype(np.float32)) / np.float32(2)
    score = np.float32(200) * shared / np.maximum(both, np.float32(1))
    shorter = np.minimum(ours, theirs)
    whole = (shared == shorter) & (shorter >= SHORT)
    least = np.where(shorter > SHORT, WITHIN, SHORT_WITHIN).astype(np.float32)
    raised: Floats = np.where(whole, np.maximum(score, least), score)
    return raised


def _best(rows: Ints, asked: Sequence[str], known: Sequence[str]) -> tuple[Ints, Ints, Floats]:
    score = scores([asked[row] for row in rows], known)
    if score.shape[1] > BEST:
        # The position settles equals, so that nothing depends on how a partition falls out.
        ranked = score.astype(np.float64) - np.arange(score.shape[1]) * 1e-9
        best = np.argpartition(-ranked, BEST, axis=1)[:, :BEST]
    else:
        best = np.broadcast_to(np.arange(score.shape[1]), score.shape)
    kept = np.take_along_axis(score, best, axis=1)
    row, column = np.nonzero(kept >= LEAST)
    return rows[row], best[row, column].astype(np.int64), kept[row, column]
