"""One task beside others: its outcome, its failure, and that nobody waits before asking."""

from threading import Event

import pytest

from geo.side_by_side import beside


def test_the_work_goes_on_while_others_work() -> None:
    others_done = Event()
    outcome = beside(lambda: others_done.wait(timeout=60))
    others_done.set()  # never reached if the work were done first
    assert outcome() is True
    assert outcome() is True


def test_what_goes_wrong_is_raised_where_the_outcome_is_asked_for() -> None:
    outcome = beside(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        outcome()
