"""How amounts, counts and dates read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from checker.report.evidence import label
from checker.report.plain import cell
from checker.report.wording import Wording


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "reads"),
    [
        ("1234567.5", "USD", "en", "USD 1,234,567.50"),
        ("-0.005", "USD", "en", "USD −0.005"),
        ("1200", "JPY", "en", "JPY 1,200"),
        ("1200.50", "JPY", "en", "JPY 1,200.5"),
        ("99999999999999999.99", "EUR", "en", "EUR 99,999,999,999,999,999.99"),
        ("1234.5", "EUR", "de", "EUR 1.234,50"),
        ("3", None, "en", "3.00"),
    ],
)
def test_money(amount: str, currency: str | None, locale: str, reads: str) -> None:
    assert Wording(locale).money(Decimal(amount), currency).replace("\N{NO-BREAK SPACE}", " ") == reads


@pytest.mark.parametrize(
    ("value", "reads"),
    [
        (Decimal("15.000000"), "15"),
        (Decimal("300.00"), "300.00"),
        (Decimal("6.50000000"), "6.50"),
        (Decimal("0.8680"), "0.868"),
        (Decimal("1E+3"), "1,000"),
        (True, "yes"),
        (date(2026, 5, 11), "2026-05-11"),
        (None, "empty"),
        ("0001", "0001"),
    ],
)
def test_values_as_read(value: Decimal | bool | date | str | None, reads: str) -> None:
    assert Wording().value(value) == reads


@pytest.mark.parametrize(
    ("part", "whole", "reads"),
    [
        (0, 0, "none"),
        (0, 5, "0.0 %"),
        (1, 100_000, "under 0.1 %"),
        (99_999, 100_000, "over 99.9 %"),
        (5, 5, "100.0 %"),
    ],
)
def test_a_share_never_rounds_away_what_is_there(part: int, whole: int, reads: str) -> None:
    assert Wording().share(part, whole).replace("\N{NO-BREAK SPACE}", " ") == reads


@pytest.mark.parametrize(
    ("days", "reads"),
    [(1, "1 day left"), (0, "last day today"), (-2, "lapsed 2 days ago"), (None, "deadline not known")],
)
def test_days_left(days: int | None, reads: str) -> None:
    assert Wording().days_left(days).replace("\N{NO-BREAK SPACE}", " ") == reads


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_a_formula_becomes_text(text: str) -> None:
    assert cell(text) == "'" + text


@pytest.mark.parametrize(
    ("name", "reads"), [("sku_id", "SKU ID"), ("term.unit_price", "Unit price"), ("tax_total", "Tax total")]
)
def test_labels(name: str, reads: str) -> None:
    assert label(name) == reads
