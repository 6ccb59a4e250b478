"""Months, terms and charge cycles. Dates are whole days; ends are inclusive, as in the vendor's files."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

ONE_DAY = timedelta(days=1)
CENT = Decimal("0.01")


def cut(amount: Decimal, places: int) -> Decimal:
    """Towards zero, to so many places.

    >>> cut(Decimal("-66.666"), 2)
    Decimal('-66.66')
    """
    return amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN)


def half_up(amount: Decimal, places: int = 2) -> Decimal:
    """To the nearest, a half away from zero.

    >>> half_up(Decimal("0.975"))
    Decimal('0.98')
    """
    return amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def days_in_month(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the month's last day where it has no such day.

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days, both ends inside."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


def span_of(anchor: date, step: int, number: int) -> Span:
    """The span with that number, each `step` months long, all counted from the anchor's own day: from the 31st
    the next starts on 28 February and the one after on 31 March again."""
    return Span(add_months(anchor, step * number), add_months(anchor, step * (number + 1)) - ONE_DAY)


def spans_touching(anchor: date, step: int, window: Span) -> list[tuple[int, Span]]:
    """The numbered spans, from the anchor on, that share a day with the window."""
    number = max(0, ((window.start.year - anchor.year) * 12 + window.start.month - anchor.month) // step - 1)
    found: list[tuple[int, Span]] = []
    while (span := span_of(anchor, step, number)).start <= window.end:
        if span.end >= window.start:
            found.append((number, span))
        number += 1
    return found


def calendar_months(first: date, count: int) -> tuple[Span, ...]:
    return tuple(span_of(first, 1, number) for number in range(count))
