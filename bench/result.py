"""What was measured: times, ratios, memory, and whether targets are met."""

from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from bench.contest import Agreement, Contest, Target
from geo.language import Message, say

MANY = 100  # fewer calls have no 99th of a hundred


@dataclass(frozen=True)
class Measured:
    """One contender's times.

    seconds
        Of every run, or of every call where the job times its own; empty where none finished.
    why
        Why there are none.
    share
        The part of the work that was done and scaled up.
    """

    name: str
    label: Message | str
    seconds: tuple[float, ...] = ()
    prepare_s: float = float("nan")
    peak_mb: float = float("nan")
    share: float = 1.0
    agreement: Agreement | None = None
    why: Message | None = None

    @property
    def median_s(self) -> float:
        """Return the median; NaN where nothing was measured."""
        return median(self.seconds) if self.seconds else float("nan")

    @property
    def p99_s(self) -> float:
        """Return the time that 99 of 100 calls keep to; NaN where nothing was measured."""
        if not self.seconds:
            return float("nan")
        return float(np.quantile(self.seconds, 0.99, method="higher"))


@dataclass(frozen=True)
class Row:
    """One contest's outcome; the first measured is this project."""

    contest: Contest
    title: Message
    size: str
    measured: tuple[Measured, ...]
    check: Agreement | None = None

    def times(self, peer: Measured) -> float:
        """Return how many times as long a peer takes; NaN where either was not measured."""
        return peer.median_s / self.measured[0].median_s

    @property
    def target(self) -> Target | None:
        """Return what is wanted for this size of city."""
        return self.contest.targets.get(self.size)

    @property
    def met(self) -> bool | None:
        """Return whether the target is met; None where there is none or it cannot be told."""
        if self.target is None or not self.measured[0].seconds:
            return None
        kept = [known for known in self._kept(self.target) if known is not None]
        return all(kept) if kept else None

    @property
    def agreed(self) -> bool:
        """Return whether nothing that was compared disagrees."""
        looked_at = [self.check, *(each.agreement for each in self.measured)]
        return all(each is None or each.same is not False for each in looked_at)

    def _kept(self, target: Target) -> list[bool | None]:
        ours = self.measured[0]
        ratio = self._ratio(target.against)
        return [
            None if target.times is None or np.isnan(ratio) else ratio >= target.times,
            None if target.slower is None or np.isnan(ratio) else 1 / ratio <= target.slower,
            None if target.seconds is None else ours.median_s <= target.seconds,
            None if target.p99_s is None else ours.p99_s <= target.p99_s,
            None if target.peak_mb is None else ours.peak_mb <= target.peak_mb,
        ]

    def _ratio(self, against: str | None) -> float:
        """Return how many times as long a peer takes: the one named, or the fastest."""
        peers = [each for each in self.measured[1:] if each.seconds]
        if against is not None:
            peers = [each for each in peers if each.name == against]
        return min((self.times(peer) for peer in peers), default=float("nan"))

    def as_json(self) -> dict[str, Any]:
        """Return plain values; NaN as None."""
        return {
            "name": self.contest.name,
            "size": self.size,
            "title": str(self.title),
            "met": self.met,
            "target": _known(vars(self.target)) if self.target else None,
            "check": _told(self.check),
            "contenders": [self._one(each) for each in self.measured],
        }

    def _one(self, measured: Measured) -> dict[str, Any]:
        return {
            "name": measured.name,
            "label": str(measured.label),
            "median_s": _number(measured.median_s),
            "p99_s": _number(measured.p99_s) if len(measured.seconds) >= MANY else None,
            "times": _number(self.times(measured)),
            "prepare_s": _number(measured.prepare_s),
            "peak_mb": _number(measured.peak_mb),
            "runs": len(measured.seconds),
            "share": measured.share,
            "agreement": _told(measured.agreement),
            "why": None if measured.why is None else str(measured.why),
        }


def target_words(target: Target) -> Message:
    """Return a target in words."""
    if target.times is not None and target.seconds is not None:
        return say(
            "≤ {seconds:g} s，≥ {times:g} 倍", seconds=target.seconds, times=target.times
        )
    if target.slower is not None and target.seconds is not None:
        return say(
            "≤ {seconds:g} s，≤ {times:g} 倍时长", seconds=target.seconds, times=target.slower
        )
    if target.times is not None:
        return say("≥ {times:g} 倍", times=target.times)
    if target.p99_s is not None:
        return say("p99 ≤ {micro:g} µs", micro=target.p99_s * 1e6)
    if target.peak_mb is not None:
        return say("内存 ≤ {mb:g} MB", mb=target.peak_mb)
    return say("≤ {seconds:g} s", seconds=target.seconds)




def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(f"{value:.6g}")


def _told(agreement: Agreement | None) -> dict[str, Any] | None:
    return None if agreement is None else {"same": agreement.same, "how": str(agreement.how)}
