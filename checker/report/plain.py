"""Values as the machine-readable files carry them: exact decimals as text, ISO dates, cells no spreadsheet will run."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import IO, Protocol

_FORMULA_FIRST = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Writer(Protocol):
    def writerow(self, row: Iterable[object], /) -> object: ...


def decimal_text(number: Decimal) -> str:
    """All digits, no exponent, no negative zero.

    >>> decimal_text(Decimal("1E+3")), decimal_text(Decimal("-0.00"))
    ('1000', '0.00')
    """
    return format(abs(number) if number == 0 else number, "f")


def cell(value: object) -> str:
    """A CSV cell. Numbers and dates stand as they are; text that a spreadsheet would take for a formula gets an
    apostrophe in front, which shows it as text.

    >>> cell(Decimal("-3.50")), cell("=cmd()"), cell("-3.50"), cell(None)
    ('-3.50', "'=cmd()", "'-3.50", '')
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return decimal_text(value)
        case int():
            return str(value)
        case date():
            return value.isoformat()
        case _:
            text = str(value)
            return f"'{text}" if text.startswith(_FORMULA_FIRST) else text


def json_value(value: object) -> object:
    """What JSON can carry without loss: decimals and dates become text, so no reader makes a binary float of money."""
    match value:
        case Decimal():
            return decimal_text(value)
        case date():
            return value.isoformat()
        case _:
            return value


def json_text(document: object, indent: int | None = 1) -> str:
    """JSON with sorted keys, so that equal documents have equal bytes. A value it does not know is an error."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=indent, allow_nan=False)


def csv_writer(file: IO[str]) -> _Writer:
    """Comma separated, quoted where needed, one line feed a row."""
    return csv.writer(file, lineterminator="\n")
