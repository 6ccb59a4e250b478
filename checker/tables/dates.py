"""Styles of dates, and how a whole column decides between two readings of 1/2/2025."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_CLOCK_ISO = r"([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
_CLOCK = r"( [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( ?[AaPp][Mm])?)?"
_SLASHED = r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}" + _CLOCK
_DASHED = r"[0-9]{1,2}-[0-9]{1,2}-[0-9]{2}" + _CLOCK
_DOTTED = r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}" + _CLOCK

_TO_ONE = 20
"""A column is of one style when so many cells prove it for each that speaks against: the rest are slips."""


@dataclass(frozen=True, slots=True)
class DateStyle:
    """One way to write a date. `parse` is the strptime format of its day part; None: ISO, year first."""

    name: str
    pattern: str
    parse: str | None


STYLES: Mapping[str, DateStyle] = {
    style.name: style
    for style in (
        DateStyle("iso", r"[0-9]{4}-[0-9]{2}-[0-9]{2}" + _CLOCK_ISO, None),
        DateStyle("m/d/yyyy", _SLASHED, "%m/%d/%Y"),
        DateStyle("d/m/yyyy", _SLASHED, "%d/%m/%Y"),
        DateStyle("m-d-yy", _DASHED, "%m-%d-%y"),
        DateStyle("d-m-yy", _DASHED, "%d-%m-%y"),
        DateStyle("d.m.yyyy", _DOTTED, "%d.%m.%Y"),
    )
}


def rivals(styles: Sequence[DateStyle]) -> list[tuple[DateStyle, DateStyle]]:
    """Pairs of the styles that read the same cells in two ways."""
    return [
        (first, second)
        for place, first in enumerate(styles)
        for second in styles[place + 1 :]
        if first.pattern == second.pattern
    ]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a column's cells say of two rival styles: cells that only one of them can read, and cells that both
    read, as different days (`example` is one of those)."""

    only_first: int
    only_second: int
    differ: int
    example: str | None = None

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(
            self.only_first + other.only_first,
            self.only_second + other.only_second,
            self.differ + other.differ,
            self.example or other.example,
        )

    def prefers(self) -> int | None:
        """0 for the first style, 1 for the second, None where the cells settle nothing or contradict each other."""
        if self.only_first > _TO_ONE * self.only_second:
            return 0
        if self.only_second > _TO_ONE * self.only_first:
            return 1
        return None


def decide(column: Evidence, file: Evidence, unsure: int | None) -> int | None:
    """The style of a column: by its own cells, else by the file's other dates, else as the format says (`unsure`).

    None means that nobody can know: the readings differ and nothing settles it, or the column holds both.

    >>> proven, open_ = Evidence(3, 0, 9), Evidence(0, 0, 2, "1/2/2025")
    >>> decide(proven, proven, None), decide(open_, proven, None), decide(open_, open_, None)
    (0, 0, None)
    """
    preferred = column.prefers()
    if preferred is not None:
        return preferred
    if column.only_first or column.only_second:
        return None
    if not column.differ:
        return 0
    preferred = file.prefers()
    return unsure if preferred is None else preferred
