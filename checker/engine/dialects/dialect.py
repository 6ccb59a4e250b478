"""The table that an engine fills in. The compiler knows meaning; a dialect knows spelling.

A number's SQL has exactly the type DECIMAL(digits, scale) of its node; whole numbers of a division are `integer`s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from checker.expressions.rounding import Mode
from checker.expressions.types import Type

Spelling = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one engine spells the language.

    `types` gives the SQL type of a node's type; `integer` the whole-number type for that many digits; `narrow` is the
    most digits that the engine computes fast. `operations` spells each key of `expressions.operations.OPERATIONS`
    from its operands' SQL (numbers' arithmetic apart, which the compiler builds from `types` and casts).
    `roundings` are those that the engine does exactly on decimals, `down` at least.
    `aggregates` spells sum, count, min and max over a group's column, kept to part of the group by a FILTER clause.
    `bounded` are the operations whose result may lie outside the calendar, with the bounds between which it is kept.
    """

    name: str
    types: Callable[[Type], str]
    integer: Callable[[int], str]
    narrow: int
    quote: Callable[[str], str]
    text: Callable[[str], str]
    date: Callable[[str], str]
    divide: Spelling
    remainder: Spelling
    roundings: Mapping[Mode, Spelling]
    operations: Mapping[str, Spelling]
    aggregates: Mapping[str, Spelling]
    bounded: Mapping[str, tuple[str, str]]
