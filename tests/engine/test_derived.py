"""The vendor's words for term and billing cycle, and the plan that they stand for."""

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
    data = Data(
        from_rows(
            {
                "invoice_lines": [{**LINE, "term_and_billing_cycle": words, **changed}],
                "entitlements": [{"subscription_id": "s2", "billing_plan": "Annual"}],
            }
        ),
        None,
        {},
        {},
        date(2026, 6, 1),
    )
    fill(data, DUCKDB)
    rows = data.connection.execute("SELECT term_duration, billing_plan FROM invoice_lines").fetchall()
    assert rows == [plan]
