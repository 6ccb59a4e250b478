"""What a contract's schema cannot say: periods that end before they begin, terms that contradict each other, rates
written as percentages, and claim windows that a claim cannot be built on.

Each check looks at the file as written and passes over what is not of its type: that is the schema's to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from checker.documents.layout import Field, layout
from checker.expressions.types import Number
from checker.problems import Problem
from checker.tables.kinds import KINDS, canonical
from checker.yamlfile import YamlFile

_DOCUMENT = "contract"
_WINDOWED = ("ea", "mca")
"""Programmes without a public time limit for disputes: only the contract's own clause gives one."""

Path = tuple[str | int, ...]


def check(file: YamlFile) -> list[Problem]:
    """Everything found, in the order of the checks."""
    return [problem for found in _CHECKS for problem in found(file)] if isinstance(file.value, dict) else []


def _numbers(file: YamlFile) -> Iterator[Problem]:
    """A rate above one is a percentage written as such; a number has no more digits than its kind can hold."""
    for path, field, value in _values(file):
        if not isinstance(value, int | Decimal) or isinstance(value, bool):
            continue
        number = Decimal(value)
        if field.definition in ("rate", "growth") and number > 1:
            what = f"rate {value} looks like a percentage"
            yield Problem(file.where(*path), what, f"write {_plain(number / 100)}")
            continue
        if field.definition == "percent" and 0 < number < 1:
            what = f"{value} reads as {_plain(number)} %"
            yield Problem(
                file.where(*path),
                what,
                f"for {_plain(number * 100)} % write {_plain(number * 100)}",
                "warning",
            )
        kind = KINDS[field.kind].type
        if isinstance(kind, Number):
            yield from _digits(file, path, number, kind)


def _digits(file: YamlFile, path: Path, number: Decimal, kind: Number) -> Iterator[Problem]:
    exponent = number.normalize().as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    if places > kind.scale:
        most = f"at most {kind.scale} can be held" if kind.scale else "it must be whole"
        yield Problem(file.where(*path), f"{number} has {places} decimal places; {most}", "round it")
    if number.copy_abs() >= Decimal(10) ** kind.whole:
        yield Problem(
            file.where(*path), f"more than {kind.whole} digits before the point", "check the amount"
        )


def _periods(file: YamlFile) -> Iterator[Problem]:
    yield from _backwards(file, (_DOCUMENT,), _head(file), "start", "end")
    for table in layout(_DOCUMENT).tables.values():
        for index, row in _rows(file, table.path[-1]):
            yield from _backwards(file, (table.path[-1], index), row, "from", "to")
            yield from _backwards(file, (table.path[-1], index), row, "from_quantity", "to_quantity")


def _backwards(file: YamlFile, path: Path, row: dict[str, Any], first: str, last: str) -> Iterator[Problem]:
    low, high = row.get(first), row.get(last)
    if _comparable(low, high) and high < low:  # type: ignore[operator]
        what = f"{last!r} ({high}) lies before {first!r} ({low})"
        yield Problem(file.where(*path, last), what, "the last one counts, so both may be the same")


def _overlaps(file: YamlFile) -> Iterator[Problem]:
    """Two rows for the same thing that hold at once: no rule could say which counts."""
    head = _head(file)
    start, end = head.get("start", date.min), head.get("end", date.max)
    priced = ("product_id", "sku_id", "term", "billing_plan")
    yield from _twice(file, "prices", priced, "price", ("from", start), ("to", end))
    levels = ("product_id", "sku_id")
    yield from _twice(
        file,
        "price_levels",
        levels,
        "price level",
        ("from_quantity", 0),
        ("to_quantity", Decimal("Infinity")),
    )
    yield from _twice(
        file, "promotions", ("promotion_id", *levels), "promotion", ("from", start), ("to", end)
    )
    yield from _twice(file, "agreements", ("agreement_id",), "agreement", ("from", start), ("to", end))
    yield from _twice(file, "tax", ("country",), "country's rate")
    yield from _twice(file, "agreed_credits", ("id",), "credit")


def _twice(
    file: YamlFile,
    table: str,
    key: Sequence[str],
    what: str,
    first: tuple[str, Any] = ("", 0),
    last: tuple[str, Any] = ("", 0),
) -> Iterator[Problem]:
    seen: dict[tuple[object, ...], list[tuple[Any, Any, int]]] = {}
    for index, row in _rows(file, table):
        low, high = row.get(*first), row.get(*last)
        if any(not isinstance(row.get(column, ""), str) for column in key) or not _comparable(low, high):
            continue
        name = tuple(_same(row.get(column)) for column in key)
        for other_low, other_high, other in seen.setdefault(name, []):
            if _comparable(low, other_high) and low <= other_high and other_low <= high:
                line = file.where(table, other).line
                shown = " ".join(str(row[column]) for column in key if column in row)
                said = f"the same {what} twice{' for the same time' if first[0] == 'from' else ''}: {shown}"
                hint = f"the other stands on line {line}; " + (
                    "let one end before the other begins" if first[0] else "keep one"
                )
                yield Problem(file.where(table, index, key[0]), said, hint)
                break
        seen[name].append((low, high, index))


def _claim_windows(file: YamlFile) -> Iterator[Problem]:
    named = set()
    for index, row in _rows(file, "claim_windows"):
        named.add(row.get("window"))
        if "clause" not in row:
            what = f"claim window {row.get('window')!r} names no clause"
            hint = "it is used as it stands; add the clause before a claim is made on it"
            yield Problem(file.where("claim_windows", index), what, hint, "warning")
    program = _head(file).get("program")
    if program in _WINDOWED and not named:
        what = f"no claim window: until when a claim under program {program} may be made will be unknown"
        hint = "look up the contract's clause on disputes and enter it under claim_windows"
        yield Problem(file.where(_DOCUMENT, "program"), what, hint, "warning")


def _recovery(file: YamlFile) -> Iterator[Problem]:
    recover = _mapping(_mapping(file.value).get("recover_unused"))
    if recover.get("allowed") is True and "clause" not in recover:
        what = "recovery of what was not used is allowed, and no clause is named"
        yield Problem(
            file.where("recover_unused", "allowed"),
            what,
            "without a clause nothing is claimed: add it",
            "warning",
        )


_CHECKS: tuple[Callable[[YamlFile], Iterator[Problem]], ...] = (
    _numbers, _periods, _overlaps, _claim_windows, _recovery,
)  # fmt: skip


def _values(file: YamlFile) -> Iterator[tuple[Path, Field, Any]]:
    """Every value of the file that the schema knows, with its place and field."""
    for field in layout(_DOCUMENT).fields.values():
        value: Any = file.value
        for step in field.path:
            value = _mapping(value).get(step)
        if field.many:
            for index, item in enumerate(value if isinstance(value, list) else ()):
                yield (*field.path, index), field, item
        elif value is not None:
            yield field.path, field, value
    for table in layout(_DOCUMENT).tables.values():
        for index, row in _rows(file, table.path[-1]):
            for column, field in table.columns.items():
                if column in row:
                    yield (table.path[-1], index, column), field, row[column]


def _rows(file: YamlFile, table: str) -> Iterator[tuple[int, dict[str, Any]]]:
    rows = _mapping(file.value).get(table)
    if isinstance(rows, list):
        yield from ((index, row) for index, row in enumerate(rows) if isinstance(row, dict))


def _head(file: YamlFile) -> dict[str, Any]:
    return _mapping(_mapping(file.value).get(_DOCUMENT))


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _comparable(low: object, high: object) -> bool:
    numbers = all(isinstance(value, int | Decimal) and not isinstance(value, bool) for value in (low, high))
    return numbers or (isinstance(low, date) and isinstance(high, date))


def _same(value: str | None) -> str | None:
    """Ids compare in any case, SKUs with or without the zeros in front."""
    return None if value is None else canonical(KINDS["sku"], value)


def _plain(number: Decimal) -> str:
    """
    >>> _plain(Decimal("10") / 100)
    '0.10'
    """
    written = f"{number.normalize():f}"
    whole, _, places = written.partition(".")
    return f"{whole}.{places:0<2}" if places else whole
