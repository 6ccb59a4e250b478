"""What is filled in after reading: the plan that the vendor's words stand for, the dates of a line's invoice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from checker.engine.data import Data
from checker.engine.derived import fill
from checker.engine.dialects.duckdb import DUCKDB
from checker.tables import from_rows

YEAR_EITHER_WAY = "One-Year commitment for monthly/yearly billing"
THREE_YEARS_EITHER_WAY = "Three-3 Years commitment for monthly/3 Years/yearly billing"
LINE: dict[str, Any] = {
    "subscription_id": "s1",
    "charge_type": "cycleCharge",
    "charge_start_date": date(2026, 1, 31),
    "charge_end_date": date(2026, 2, 27),
    "subtotal": 50,
    "currency": "USD",
}


@pytest.mark.parametrize(
    ("words", "changed", "plan"),
    [
        ("One-Month commitment for monthly billing", {}, ("P1M", "Monthly")),
        ("One-Year commitment for yearly billing", {}, ("P1Y", "Annual")),
        ("Annual term, Monthly billing", {}, ("P1Y", "Monthly")),
        ("Three-3 Years commitment for yearly billing", {}, ("P3Y", "Annual")),
        (YEAR_EITHER_WAY, {"billing_frequency": "Monthly"}, ("P1Y", "Monthly")),
        (YEAR_EITHER_WAY, {"billing_frequency": "Annual"}, ("P1Y", "Annual")),
        (YEAR_EITHER_WAY, {}, ("P1Y", "Monthly")),
        # A cycle that begins on a 31st begins on the last day of a shorter month.
        (
            YEAR_EITHER_WAY,
            {"charge_start_date": date(2026, 2, 28), "charge_end_date": date(2026, 3, 30)},
            ("P1Y", "Monthly"),
        ),
        (YEAR_EITHER_WAY, {"charge_end_date": date(2027, 1, 30)}, ("P1Y", "Annual")),
        (THREE_YEARS_EITHER_WAY, {"charge_end_date": date(2029, 1, 30)}, ("P3Y", "Triennial")),
        # The days left in a year may be a whole month, and its plan is none the less the yearly one.
        (YEAR_EITHER_WAY, {"charge_type": "addQuantity"}, ("P1Y", None)),
        (YEAR_EITHER_WAY, {"charge_type": "addQuantity", "subscription_id": "s2"}, ("P1Y", "Annual")),
        (YEAR_EITHER_WAY, {"charge_end_date": date(2026, 2, 20)}, ("P1Y", None)),
    ],
)
def test_term_and_plan(words: str, changed: dict[str, Any], plan: tuple[str, str | None]) -> None:
    found = _filled(
        "term_duration, billing_plan",
        {
            "invoice_lines": [{**LINE, "term_and_billing_cycle": words, **changed}],
            "entitlements": [{"subscription_id": "s2", "billing_plan": "Annual"}],
        },
    )
    assert found == plan


def test_dates_of_the_invoice() -> None:
    invoice = {"invoice_number": "g1", "due_date": date(2026, 4, 8), "billing_period_end": date(2026, 1, 31)}
    found = _filled(
        "invoice_date, due_date, billing_period_end",
        {"invoice_lines": [{**LINE, "invoice_number": "g1"}], "invoices": [invoice]},
    )
    assert found == (None, date(2026, 4, 8), date(2026, 1, 31))


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ({}, "license"),
        ({"unit_type": "1 Hour"}, "azure_usage"),
        ({"meter_description": "Compute hours"}, "azure_usage"),
        ({"product_name": "Reserved VM Instance", "unit_type": "1 Hour"}, "azure_reservation"),
    ],
)
def test_kind_of_product(line: dict[str, Any], kind: str) -> None:
    assert _filled("product_kind", {"invoice_lines": [{**LINE, **line}]}) == (kind,)


def _filled(columns: str, tables: dict[str, list[dict[str, Any]]]) -> tuple[Any, ...] | None:
    """Some columns of the first invoice line once all is filled in."""
    data = Data(from_rows(tables), None, {}, {}, date(2026, 6, 1))
    fill(data, DUCKDB)
    return data.connection.execute(f"SELECT {columns} FROM invoice_lines").fetchone()
