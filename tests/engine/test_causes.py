"""Why a line could not be judged, in words: the value that is missing, not what it was needed for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from checker.engine.data import Data
from checker.engine.derived import fill
from checker.engine.dialects.duckdb import DUCKDB
from checker.engine.run import run
from checker.rulebook.rulebook import load
from checker.tables import from_rows

LINE: dict[str, Any] = {
    "invoice_number": "G1",
    "customer_id": "c1",
    "customer_country": "US",
    "subscription_id": "s1",
    "product_id": "p1",
    "sku_id": "0001",
    "product_kind": "license",
    "charge_type": "cycleCharge",
    "term_duration": "P1Y",
    "billing_plan": "Monthly",
    "segment": "Commercial",
    "order_date": date(2026, 1, 10),
    "charge_start_date": date(2026, 3, 10),
    "charge_end_date": date(2026, 4, 9),
    "unit_price": 10,
    "quantity": 5,
    "billable_quantity": 5,
    "subtotal": 50,
    "tax_total": 5,
    "currency": "USD",
}
HELD = {"subscription_id": "s1", "quantity": 5, "cancelled_on": date(2026, 1, 12)}
LISTED = {"product_id": "p2", "sku_id": "0001", "currency": "USD", "unit_price": 120}


@pytest.mark.parametrize(
    ("rule", "changed", "tables", "cause"),
    [
        ("quantity-within-entitlement", {}, {}, "entitlements was not supplied"),
        (
            "quantity-within-entitlement",
            {"subscription_id": "s2"},
            {"entitlements": [HELD]},
            "entitlements has no row for it (subscription_id)",
        ),
        ("quantity-within-entitlement", {"subscription_id": None}, {}, "subscription_id is empty"),
        (
            "quantity-within-entitlement",
            {},
            {"entitlements": [{**HELD, "quantity": None}]},
            "entitlements.quantity is empty",
        ),
        (
            "no-charge-after-cancellation",
            {"programme": "nce"},
            {"entitlements": [HELD]},
            "entitlements.term_start is empty",
        ),
        ("price-in-force", {}, {}, "price_list was not supplied"),
        ("price-in-force", {"segment": None}, {"price_list": [LISTED]}, "segment is empty"),
        (
            "price-in-force",
            {},
            {"price_list": [LISTED]},
            "price_list has no row for it "
            "(product_id, sku_id, term_duration, billing_plan, segment, market, currency)",
        ),
        ("price-in-force", {"order_date": None}, {"price_list": [LISTED]}, "order_date is empty"),
        (
            "tax-as-rated",
            {"customer_id": None},
            {"customers": [{"customer_id": "c1"}]},
            "customer_id is empty",
        ),
        ("tax-as-rated", {}, {"customers": [{"customer_id": "c1"}]}, "customers.tax_exempt is empty"),
        ("line-arithmetic", {"effective_unit_price": 10}, {}, "total is empty"),
    ],
)
def test_the_cause_names_what_is_missing(
    rule: str, changed: dict[str, Any], tables: dict[str, list[dict[str, Any]]], cause: str
) -> None:
    book, _ = load()
    assert book is not None
    checked = book.rule(rule)
    assert checked is not None
    catalog = from_rows({"invoice_lines": [{**LINE, **changed}], **tables})
    data = Data(catalog, None, book.lists, book.policies, date(2026, 6, 1))
    fill(data, DUCKDB)
    assert [found.reason for found in run([checked], data).outcomes[0].causes] == [cause]
