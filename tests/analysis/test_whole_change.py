"""People gained and lost by street, in whole people: worked out on paper."""

import pandas as pd

from analysis.what_if.elders import whole_change


def rows(*covered: tuple[int, float]) -> pd.DataFrame:
    """Return the study and two streets of 1,000 elders each: covered as printed, and the share."""
    people = [2000, 1000, 1000][: len(covered)]
    return pd.DataFrame(
        {
            "elderly_60plus": people,
            "covered_60plus": [whole for whole, _ in covered],
            "share_60plus": [share for _, share in covered],
        }
    )


def test_a_street_where_nothing_changes_loses_nobody() -> None:
    # 200.6 + 300.5 = 501.1, printed 501 = 201 + 300; then 250.9 more: 752 = 200 + 552 (551.4).
    before = rows((501, 0.25055), (201, 0.2006), (300, 0.3005))
    after = rows((752, 0.3760), (200, 0.2006), (552, 0.5514))
    assert whole_change(before, after).tolist() == [251, 0, 251]


def test_changes_both_ways_add_up_to_the_whole() -> None:
    # -10.4 and +20.7: 10.3, printed 10 in all.
    before = rows((500, 0.25), (200, 0.2), (300, 0.3))
    after = rows((510, 0.25515), (190, 0.1896), (320, 0.3207))
    assert whole_change(before, after).tolist() == [10, -11, 21]


def test_no_change_is_none_anywhere() -> None:
    same = rows((501, 0.25055), (201, 0.2006), (300, 0.3005))
    assert whole_change(same, same).tolist() == [0, 0, 0]


def test_unknown_people_change_by_nobody_knows_how_many() -> None:
    before = rows((501, 0.25055), (201, 0.2006), (300, 0.3005)).astype({"covered_60plus": "Int64"})
    after = before.copy()
    after.loc[0, "covered_60plus"] = pd.NA
    after.loc[1, "share_60plus"] = 0.3
    assert whole_change(before, after).isna().tolist()[0]
