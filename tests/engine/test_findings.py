"""What a finding carries beside its amount."""

from __future__ import annotations

from datetime import date
from typing import Any

from checker.engine.data import Data
from checker.engine.derived import fill
from checker.engine.dialects.duckdb import DUCKDB
from checker.engine.run import run
from checker.rulebook.rulebook import load
from checker.tables import from_rows

LINE: dict[str, Any] = {
    "invoice_number": "g1",
    "subscription_id": "s1",
    "product_id": "p1",
    "sku_id": "0001",
    "order_date": date(2025, 12, 30),
    "charge_start_date": date(2026, 1, 1),
    "charge_end_date": date(2026, 1, 31),
    "subtotal": 50,
    "currency": "USD",
}


def test_the_dates_of_its_line_read_by_the_rule_or_not() -> None:
    book, _ = load()
    assert book is not None
    rule = book.rule("no-duplicate-line")
    assert rule is not None
    invoices: list[dict[str, Any]] = [{"invoice_number": "g1", "billing_period_end": date(2026, 1, 31)}]
    catalog = from_rows({"invoice_lines": [LINE, LINE], "invoices": invoices})
    data = Data(catalog, None, book.lists, book.policies, date(2026, 6, 1))
    fill(data, DUCKDB)
    (found,) = run([rule], data).findings()
    assert found.dates == {
        "order_date": date(2025, 12, 30),
        "charge_start_date": date(2026, 1, 1),
        "charge_end_date": date(2026, 1, 31),
        "billing_period_end": date(2026, 1, 31),
    }
