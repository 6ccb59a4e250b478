"""Some of the shipped rules as a person would write them in SQL for this one contract, over the same tables.

Each gives the lines with a finding. They know what the rules leave to the contract and to the data: tolerances, tax
rates, no nulls where this data has none. They say nothing of what cannot be decided.
"""

from __future__ import annotations

from collections.abc import Mapping

_DUPLICATES = """
SELECT rowid FROM (
  SELECT rowid, subtotal,
    row_number() OVER (PARTITION BY invoice_number, subscription_id, product_id, sku_id, order_id, meter_description,
      charge_start_date, charge_end_date, currency, abs(subtotal), subtotal > 0 ORDER BY rowid) AS nth,
    count(*) FILTER (WHERE subtotal < 0) OVER (PARTITION BY invoice_number, subscription_id, product_id, sku_id,
      order_id, meter_description, charge_start_date, charge_end_date, currency, abs(subtotal)) AS taken_back
  FROM invoice_lines WHERE invoice_number IS NOT NULL
) WHERE subtotal > 0 AND nth > 1 + taken_back
"""

_QUANTITY = """
SELECT rowid FROM (
  SELECT l.rowid, l.billable_quantity, e.quantity,
    row_number() OVER (PARTITION BY l.subscription_id, l.sku_id, l.charge_start_date, l.charge_end_date,
      abs(l.billable_quantity), l.currency, l.billable_quantity > 0 ORDER BY l.rowid) AS nth,
    count(*) FILTER (WHERE l.billable_quantity < 0) OVER (PARTITION BY l.subscription_id, l.sku_id,
      l.charge_start_date, l.charge_end_date, abs(l.billable_quantity), l.currency) AS refunds
  FROM invoice_lines l JOIN entitlements e ON e.subscription_id = l.subscription_id
    AND l.charge_start_date BETWEEN coalesce(e.valid_from, e.term_start) AND coalesce(e.valid_to, e.term_end)
  WHERE l.product_kind IN ('license', 'software') AND l.charge_type <> 'customerCredit'
) WHERE billable_quantity > 0 AND nth > refunds AND billable_quantity > quantity
"""

_TAX = """
SELECT rowid FROM (
  SELECT l.rowid, l.tax_total,
    CASE WHEN c.tax_exempt OR t.on_invoice THEN 0 ELSE round(l.subtotal * t.rate, 2) END AS due
  FROM invoice_lines l LEFT JOIN customers c ON c.customer_id = l.customer_id
  JOIN (VALUES ('US', 0.0825, false), ('DE', 0.19, false), ('GB', 0.20, false), ('FR', 0.20, true),
    ('JP', 0.10, true)) t(country, rate, on_invoice) ON t.country = coalesce(c.country, l.customer_country)
  WHERE l.invoice_number IS NOT NULL
) WHERE abs(tax_total - due) > 0.01
"""

_PRORATION = """
WITH lines AS (
  SELECT rowid, subtotal, unit_price, billable_quantity AS quantity,
    day(last_day(CAST(charge_end_date + INTERVAL 1 DAY - INTERVAL 1 MONTH AS DATE))) AS cycle,
    charge_end_date - CASE WHEN charge_start_date + INTERVAL 1 MONTH = charge_end_date + INTERVAL 1 DAY
      AND order_date > charge_start_date AND order_date <= charge_end_date THEN order_date
      ELSE charge_start_date END + 1 AS days
  FROM invoice_lines
  WHERE charge_type IN ('addQuantity', 'removeQuantity', 'cancelImmediate') AND billing_plan = 'Monthly'
), priced AS (
  SELECT *, CAST(CAST(unit_price * 10000000 AS BIGINT) // cycle AS DECIMAL(18, 0)) * 0.0000001 AS daily,
    CAST((CAST(unit_price * 100000000 AS BIGINT) * days * 2 + cycle) // (2 * cycle) AS DECIMAL(18, 0)) * 0.00000001
      AS share,
    unit_price * quantity * days AS whole
  FROM lines
)
SELECT rowid FROM priced WHERE least(
  abs(subtotal - trunc(daily * quantity * days, 2)),
  abs(subtotal - trunc(share, 2) * quantity),
  abs(subtotal - round(share, 2) * quantity),
  abs(subtotal - sign(whole) * CAST((CAST(abs(whole) * 10000 AS BIGINT) // cycle + 50) // 100 AS DECIMAL(18, 0)) * 0.01)
) > 0.01
"""

QUERIES: Mapping[str, str] = {
    "no-duplicate-line": _DUPLICATES,
    "quantity-within-entitlement": _QUANTITY,
    "tax-as-rated": _TAX,
    "proration-matches-days": _PRORATION,
}
