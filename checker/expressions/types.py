"""The types of the rule language: exact numbers with their digits, text, booleans, dates, two kinds of duration, lists.

A number's type says how many digits it can have (`digits`, in all) and how many of them stand behind the point
(`scale`). The checker infers both for every sub-expression, so that no engine is ever left to choose them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

MOST_DIGITS = 38
"""What every engine that ships can hold exactly."""

QUOTIENT_SCALE = 16
"""Decimal places of a quotient that no rounding takes up (half-even)."""


@dataclass(frozen=True, slots=True)
class Number:
    """An exact decimal of at most `digits` digits, `scale` of them behind the point.

    `quotient` marks a value that holds an unrounded division: fine in a comparison, refused as an amount.
    """

    digits: int
    scale: int
    quotient: bool = False

    @property
    def whole(self) -> int:
        """Digits before the point."""
        return self.digits - self.scale

    def __str__(self) -> str:
        return "number"


@dataclass(frozen=True, slots=True)
class Simple:
    """A type without parameters; `name` is what a person calls it."""

    name: str

    def __str__(self) -> str:
        return self.name


TEXT = Simple("text")
BOOLEAN = Simple("true or false")
DATE = Simple("date")
DAYS = Simple("days duration")
MONTHS = Simple("months duration")
NULL = Simple("null")


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list. `column` is true for a column of a group's lines, whose length only the data knows."""

    item: Type
    column: bool = False

    def __str__(self) -> str:
        return f"list of {self.item}"


Type: TypeAlias = Number | Simple | ListOf
