"""The values that are no Python built-ins: the two durations of FEEL, and a null that knows why it is null."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

LONGEST_MONTHS = 120_000
LONGEST_DAYS = 3_660_000
"""A duration longer than the calendar (years 1 to 9999) is refused."""


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """A days duration: whole days. Clock times are no part of the language."""

    count: int

    def __str__(self) -> str:
        return f"{'-' if self.count < 0 else ''}P{abs(self.count)}D"


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A months duration, in whole months: P1Y2M is 14.

    >>> str(Months(14)), str(Months(-3)), str(Months(24))
    ('P1Y2M', '-P3M', 'P2Y')
    """

    count: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.count), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if self.count < 0 else ''}P{text}"


@dataclass(frozen=True, slots=True)
class Missing:
    """A null and its cause in words: the field that was empty, or the division by zero."""

    reason: str


Value: TypeAlias = "Decimal | str | bool | date | Days | Months | tuple[Value, ...] | Missing"

_MONTHS = re.compile(r"(-?)P(?=\d)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?\Z", re.ASCII)
_DAYS = re.compile(r"(-?)P(\d{1,7})D\Z", re.ASCII)
_CLOCK = re.compile(r"-?P[\dDTHMS.]*T[\dHMS.]+\Z", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)


def temporal(text: str) -> date | Days | Months | None:
    """The date or duration that an ISO 8601 text spells, or None.

    >>> temporal("2024-02-29"), temporal("P1Y2M"), temporal("2023-02-29")
    (datetime.date(2024, 2, 29), Months(count=14), None)
    """
    if _DATE.match(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    if match := _DAYS.match(text):
        days = int(match[2])
        return Days(-days if match[1] else days) if days <= LONGEST_DAYS else None
    if match := _MONTHS.match(text):
        months = 12 * int(match[2] or 0) + int(match[3] or 0)
        return Months(-months if match[1] else months) if months <= LONGEST_MONTHS else None
    return None


def holds_clock_time(text: str) -> bool:
    """Whether a text is a duration or moment with hours, which the language leaves out."""
    return bool(_CLOCK.match(text)) or bool(re.match(r"\d{4}-\d{2}-\d{2}T", text))
