"""Kinds of columns: what a kind's values are to the rule language, and how a cell of it has to be written.

Nothing here knows an engine: how a cell is converted is `checker.tables.conversion`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from checker.expressions.types import BOOLEAN, DATE, MOST_DIGITS, TEXT, Number, Type

Form = Literal["number", "text", "boolean", "date"]
Canonical = Literal["as written", "lower case", "upper case", "padded", "month", "vendor's spelling"]

NUMBER = r"-?([0-9]+(\.[0-9]+)?|\.[0-9]+)"
"""A number as it has to be written: no blanks, no plus, no separators, no point at the end."""
EXPONENT = NUMBER + r"[eE][+-]?[0-9]{1,2}"
"""Spreadsheets and programs also write `5.6E-05` and `0E-20`; both are exact decimals."""

TRUTH: Mapping[str, bool] = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of column.

    `type` is its type in rules when no data is loaded. A number's `least_scale` are the decimal places its column
    always has, `most_scale` those it can grow to; the digits before the point have what is left of 38. `pattern`
    is what a text must look like, `wants` says it in words.
    """

    name: str
    form: Form
    type: Type
    wants: str
    canonical: Canonical = "as written"
    pattern: str | None = None
    least_scale: int = 0
    most_scale: int = 0

    @property
    def most_whole(self) -> int:
        return MOST_DIGITS - self.most_scale


def _number(name: str, digits: int, scale: int, least: int, most: int, wants: str = "a number") -> Kind:
    return Kind(name, "number", Number(digits, scale), wants, least_scale=least, most_scale=most)


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("id", "text", TEXT, "an id", "lower case"),
        Kind("text", "text", TEXT, "text"),
        Kind("sku", "text", TEXT, "a SKU id", "padded"),
        _number("money", 15, 2, 2, 19, "an amount of money"),
        _number("unit_price", 16, 8, 2, 24, "a price"),
        _number("quantity", 12, 6, 0, 18, "a quantity"),
        _number("rate", 12, 9, 0, 28, "a rate"),
        _number("integer", 9, 0, 0, 0, "a whole number"),
        Kind("date", "date", DATE, "a date"),
        Kind("boolean", "boolean", BOOLEAN, "true or false"),
        Kind(
            "month", "text", TEXT, "a month such as 2026-07", "month", r"[0-9]{4}-(0[1-9]|1[0-2])(-[0-9]{2})?"
        ),
        Kind("country", "text", TEXT, "a country code", "upper case"),
        Kind(
            "currency", "text", TEXT, "a currency code of three letters", "upper case", r"\s*[A-Za-z]{3}\s*"
        ),
        Kind("vocabulary", "text", TEXT, "a word", "vendor's spelling"),
    )
}


def canonical(kind: Kind, text: str, words: tuple[str, ...] = ()) -> str:
    """A text in its kind's one spelling, as the engine stores it.

    >>> canonical(KINDS["sku"], "1"), canonical(KINDS["sku"], "006G"), canonical(KINDS["id"], " A1B2")
    ('0001', '006g', 'a1b2')
    >>> canonical(KINDS["vocabulary"], "cyclecharge", ("cycleCharge",))
    'cycleCharge'
    """
    match kind.canonical:
        case "lower case":
            return text.strip(" ").lower()
        case "upper case":
            return text.strip(" ").upper()
        case "padded":
            return text.strip(" ").lower().rjust(4, "0")
        case "month":
            return text[:7] if re.fullmatch(kind.pattern or "", text) else text
        case "vendor's spelling":
            spelled = {word.lower(): word for word in words}
            return spelled.get(text.strip(" ").lower(), text.strip(" "))
        case _:
            return text
