"""Bars as plain geometry, which the templates draw as SVG. Widths are in thousandths of the longest bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from checker.claims.claim import Status, Totals
from checker.rulebook.rule import Confidence

STATUSES: tuple[Status, ...] = ("open", "closing", "lapsed", "unknown")
"""In the order in which they are read."""

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


def bar(label: str, link: str, totals: Totals, longest: Decimal) -> Bar:
    """A bar on the scale on which `longest` fills the width. Every amount above zero is at least a hair wide."""
    segments: list[Segment] = []
    start = 0
    for status in STATUSES:
        amount: Decimal = getattr(totals, status)
        if amount > 0 and longest > 0:
            width = max(3, int(amount / longest * _FULL))
            segments.append(Segment(status, amount, start, width))
            start += width
    return Bar(label, link, totals.net, tuple(segments))


def charts(rows: Sequence[tuple[str, str, Totals]]) -> tuple[Chart, ...]:
    """A chart for each currency and confidence of the (label, link, totals), in their order, longest bar first."""
    kinds = dict.fromkeys((totals.currency, totals.confidence) for _, _, totals in rows if totals.net > 0)
    made: list[Chart] = []
    for kind in kinds:
        chosen = [row for row in rows if (row[2].currency, row[2].confidence) == kind and row[2].net > 0]
        chosen.sort(key=lambda row: (-row[2].net, row[0]))
        longest = chosen[0][2].net
        made.append(Chart(*kind, tuple(bar(*row, longest) for row in chosen)))
    return tuple(made)
