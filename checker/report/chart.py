"""Bars as plain geometry, which the templates draw as SVG. Widths are in thousandths of the longest bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from checker.claims.claim import Status
from checker.report.tally import STATUSES, Tally
from checker.rulebook.rule import Confidence

_FULL = 1000


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a bar: `start` and `width` in thousandths of the full width."""

    status: Status
    amount: Decimal
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled bar of `total`, cut by claim status; pieces of nothing are left out."""

    label: str
    link: str
    total: Decimal
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one currency and one confidence on one scale, longest first."""

    currency: str
    confidence: Confidence
    bars: tuple[Bar, ...]


def bar(label: str, link: str, tally: Tally, confidence: Confidence, longest: Decimal) -> Bar:
    """A bar on the scale on which `longest` fills the width. Every amount above zero is at least a hair wide."""
    segments: list[Segment] = []
    start = 0
    for status in STATUSES:
        amount = tally.by_status(confidence, status)
        if amount > 0 and longest > 0:
            width = max(3, int(amount / longest * _FULL))
            segments.append(Segment(status, amount, start, width))
            start += width
    return Bar(label, link, tally.total(confidence), tuple(segments))


def charts(named: Sequence[tuple[str, str, Sequence[Tally]]]) -> tuple[Chart, ...]:
    """Charts by currency and confidence over (label, link, tallies); an empty one is left out."""
    currencies = sorted({tally.currency for _, _, tallies in named for tally in tallies})
    made: list[Chart] = []
    for currency in currencies:
        for confidence in ("certain", "indicative"):
            rows = [
                (label, link, tally)
                for label, link, tallies in named
                for tally in tallies
                if tally.currency == currency and tally.total(confidence) > 0
            ]
            rows.sort(key=lambda row: (-row[2].total(confidence), row[0]))
            if rows:
                longest = rows[0][2].total(confidence)
                bars = tuple(bar(label, link, tally, confidence, longest) for label, link, tally in rows)
                made.append(Chart(currency, confidence, bars))
    return tuple(made)
