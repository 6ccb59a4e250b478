"""The bundled estate, many times over: each copy with its own invoices, customers, subscriptions and orders."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from checker import resources

ESTATE = resources.folder("examples") / "estate"
CONTRACT = ESTATE / "contract.yaml"
RECONCILIATION = "invoice-reconciliation-*.csv"

_OWN = frozenset(
    [
        "customer_id",
        "subscription_id",
        "invoice_number",
        "amends",
        "CustomerId",
        "SubscriptionId",
        "InvoiceNumber",
        "OrderId",
    ]
)
"""Columns whose values are another copy's own."""


def lines_of_one() -> int:
    """Invoice lines of the estate itself."""
    files = [str(path) for path in ESTATE.glob(RECONCILIATION)]
    query = f"SELECT count(*) FROM read_csv({files}, all_varchar = true, union_by_name = true)"
    row = duckdb.connect().execute(query).fetchone()
    assert row is not None
    return int(row[0])


def write(folder: Path, copies: int) -> Path:
    """The estate's files with so many copies of each row. Gives the folder."""
    folder.mkdir()
    run = duckdb.connect().execute
    for path in sorted(ESTATE.glob("*.csv")):
        if path.name == "price-list.csv":
            shutil.copy(path, folder)
            continue
        source = f"read_csv('{path}', all_varchar = true, header = true)"
        columns = [row[0] for row in run(f"DESCRIBE SELECT * FROM {source}").fetchall()]
        chosen = ", ".join(
            f'"{name}" || copy AS "{name}"' if name in _OWN else f'"{name}"' for name in columns
        )
        copied = f"(SELECT CASE WHEN range = 0 THEN '' ELSE '-' || range END AS copy FROM range({copies}))"
        run(f"COPY (SELECT {chosen} FROM {source}, {copied}) TO '{folder / path.name}' (HEADER)")
    return folder
