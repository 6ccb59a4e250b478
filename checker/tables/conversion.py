"""From the text of a cell to a typed value, as SQL of DuckDB; strict, and what it refuses it can name.

Engines take ' 1.10 ', '1_000', '2024/1/5' and round 12.345 to two places without a word, so nothing is cast that
was not first matched. Every function takes and gives SQL expressions; a second engine needs this module again, in
its own dialect, and nothing else of this package but `quoting`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checker.expressions.types import Number
from checker.tables.dates import STYLES, DateStyle
from checker.tables.kinds import EXPONENT, NUMBER, TRUTH, Kind
from checker.tables.quoting import literal


@dataclass(frozen=True, slots=True)
class Written:
    """How a column's cells are written, as far as their reading depends on it. The cautious value is the default.

    `number` holds all numbers exactly; `exponents`: some may have one. `styles` are those that dates come in;
    `clocks`: some may have a clock time; `endless`: some may mean "always" or "no end".
    """

    number: Number | None = None
    exponents: bool = True
    styles: Sequence[DateStyle] = (STYLES["iso"],)
    clocks: bool = True
    endless: bool = True


NARROW = 18
"""Decimals of at most so many digits are machine integers inside DuckDB."""
WIDE = 38


def matches(cell: str, pattern: str) -> str:
    """Whether the whole cell is of the pattern (RE2)."""
    return f"regexp_full_match({cell}, {literal(pattern)})"


def without(cell: str, words: Sequence[str]) -> str:
    """The cell, empty where it holds one of the words that a layout writes for nothing."""
    for word in words:
        cell = f"nullif({cell}, {literal(word)})"
    return cell


def decimal(number: Number) -> str:
    """The column type that stores these numbers: 18 digits where they suffice, else 38."""
    return f"DECIMAL({NARROW if number.digits <= NARROW else WIDE}, {number.scale})"


def physical(kind: Kind, number: Number | None = None) -> str:
    """The engine's type for a column of the kind; `number` are the digits that its data needs."""
    match kind.form:
        case "number":
            return decimal(number or Number(kind.least_scale + 1, kind.least_scale))
        case "date":
            return "DATE"
        case "boolean":
            return "BOOLEAN"
        case _:
            return "VARCHAR"


# Numbers


def fraction_length(cell: str) -> str:
    """Characters after the point, 0 where there is none."""
    return f"CASE WHEN strpos({cell}, '.') > 0 THEN strlen({cell}) - strpos({cell}, '.') ELSE 0 END"


def whole_length(cell: str) -> str:
    """Characters before the point, a minus with them."""
    return f"CASE WHEN strpos({cell}, '.') > 0 THEN strpos({cell}, '.') - 1 ELSE strlen({cell}) END"


def easy(cell: str, kind: Kind) -> str:
    """True for a number without an exponent that is short enough whatever its digits are."""
    return (
        f"({matches(cell, NUMBER)} AND {whole_length(cell)} <= {kind.most_whole} "
        f"AND {fraction_length(cell)} <= {kind.most_scale})"
    )


def plain(cell: str, kind: Kind) -> str:
    """A number's text without an exponent; null where it has more places than its kind can hold."""
    mantissa = f"regexp_extract({cell}, '^-?([0-9.]+)', 1)"
    power = f"CAST(regexp_extract({cell}, '([+-]?[0-9]+)$', 1) AS INTEGER)"
    fits = f"strlen(rtrim(split_part({mantissa}, '.', 2), '0')) - {power} <= {kind.most_scale}"
    spelled = f"CAST(TRY_CAST({cell} AS DECIMAL({WIDE}, {kind.most_scale})) AS VARCHAR)"
    return (
        f"CASE WHEN {matches(cell, NUMBER)} THEN {cell} WHEN {matches(cell, EXPONENT)} THEN "
        f"CASE WHEN NOT regexp_matches({mantissa}, '[1-9]') THEN '0' WHEN {fits} THEN {spelled} END END"
    )


def places(plain_cell: str) -> str:
    """Decimal places that are needed: zeros at the end are not."""
    return f"strlen(rtrim(split_part({plain_cell}, '.', 2), '0'))"


def whole_digits(plain_cell: str) -> str:
    """Digits before the point, but for zeros in front."""
    return f"strlen(ltrim(ltrim(split_part({plain_cell}, '.', 1), '-'), '0'))"


def number_wrong(cell: str, kind: Kind) -> str:
    """True where the cell is no number, or one that its kind cannot hold exactly."""
    spelled = plain(cell, kind)
    return (
        f"({cell} IS NOT NULL AND CASE WHEN {easy(cell, kind)} THEN false ELSE {spelled} IS NULL "
        f"OR {places(spelled)} > {kind.most_scale} OR {whole_digits(spelled)} > {kind.most_whole} END)"
    )


# Dates


def date_parsed(cell: str, style: DateStyle, clocks: bool = True) -> str:
    """The day of a cell that is known to be written in the style; its clock time is left away."""
    if style.parse is None:
        return f"TRY_CAST(left({cell}, 10) AS DATE)"
    day = f"split_part({cell}, ' ', 1)" if clocks else cell
    return f"CAST(try_strptime({day}, {literal(style.parse)}) AS DATE)"


def date_in(cell: str, style: DateStyle) -> str:
    """The day of a cell read in one style; null where it is written in another."""
    return f"CASE WHEN {matches(cell, style.pattern)} THEN {date_parsed(cell, style)} END"


def date(cell: str, styles: Sequence[DateStyle]) -> str:
    """The day of a cell in the first of the styles that reads it."""
    readings = [date_in(cell, style) for style in styles] or ["CAST(NULL AS DATE)"]
    return readings[0] if len(readings) == 1 else f"coalesce({', '.join(readings)})"


def has_end(day: str) -> str:
    """False for the years 1 and 9999, which stand for "always" and "no end"."""
    return f"{day} BETWEEN DATE '0001-12-31' AND DATE '9998-12-31'"


def _date_value(cell: str, written: Written, plus_days: int) -> str:
    # A column of one style, its wrong cells set aside, needs no second look at how each is written.
    only = written.styles[0] if len(written.styles) == 1 else None
    day = date_parsed(cell, only, written.clocks) if only else date(cell, written.styles)
    moved = f"({day}) + {plus_days}" if plus_days else day
    return f"CASE WHEN {has_end(f'({day})')} THEN {moved} END" if written.endless else moved


# Text, truth


def boolean(cell: str) -> str:
    """True or false in any of the words for them, in any case."""
    cases = " ".join(f"WHEN {literal(word)} THEN {str(value).lower()}" for word, value in TRUTH.items())
    return f"CASE lower({cell}) {cases} END"


def canonical_text(cell: str, kind: Kind, words: Sequence[str]) -> str:
    """The one spelling of a kind; a word that the vocabulary does not know is kept as it is."""
    # Trimming is dear and hardly ever needed.
    bare = f"CASE WHEN {_padded(cell)} THEN nullif(trim({cell}), '') ELSE {cell} END"
    match kind.canonical:
        case "lower case":
            return f"lower({bare})"
        case "upper case":
            return f"upper({bare})"
        case "padded":
            return f"CASE WHEN strlen({bare}) < 4 THEN lpad(lower({bare}), 4, '0') ELSE lower({bare}) END"
        case "month":
            return f"left({cell}, 7)"
        case "vendor's spelling":
            cases = " ".join(f"WHEN {literal(word.lower())} THEN {literal(word)}" for word in words)
            return f"CASE lower({bare}) {cases} ELSE {bare} END" if words else bare
        case _:
            return cell


def _padded(cell: str) -> str:
    return f"(starts_with({cell}, ' ') OR ends_with({cell}, ' '))"


def respelled(cell: str, kind: Kind, words: Sequence[str]) -> str:
    """True where the one spelling of a kind is not what the cell says."""
    padded = _padded(cell)
    match kind.canonical:
        case "lower case":
            return f"({cell} <> lower({cell}) OR {padded})"
        case "upper case":
            return f"({cell} <> upper({cell}) OR {padded})"
        case "padded":
            return f"({cell} <> lower({cell}) OR strlen({cell}) < 4 OR {padded})"
        case _:
            return f"{cell} IS DISTINCT FROM {canonical_text(cell, kind, words)}"


def wrong(cell: str, kind: Kind, styles: Sequence[DateStyle]) -> str:
    """True where the cell holds something that is no value of its kind; never null."""
    match kind.form:
        case "number":
            return number_wrong(cell, kind)
        case "date":
            return f"({cell} IS NOT NULL AND {date(cell, styles)} IS NULL)"
        case "boolean":
            return f"({cell} IS NOT NULL AND {boolean(cell)} IS NULL)"
        case _ if kind.pattern:
            return f"({cell} IS NOT NULL AND NOT {matches(cell, kind.pattern)})"
        case _:
            return "false"


def value(cell: str, kind: Kind, written: Written, words: Sequence[str] = (), plus_days: int = 0) -> str:
    """The typed value of a cell that is not wrong; dates are moved by `plus_days`."""
    match kind.form:
        case "number":
            return f"CAST({plain(cell, kind) if written.exponents else cell} AS {physical(kind, written.number)})"
        case "date":
            return _date_value(cell, written, plus_days)
        case "boolean":
            return boolean(cell)
        case _:
            return canonical_text(cell, kind, words)
