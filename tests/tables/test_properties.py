"""Whatever is written is read back: random tables in random dress, and cell for cell the two converters agree."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.tables import from_rows, read
from checker.tables.kinds import KINDS
from checker.tables.rows import Wrong, converted

CONNECTION = duckdb.connect()
CONNECTION.execute("SET threads = 1")

TEXT = st.text(st.sampled_from("aZ é,;\"'\n\t|0"), min_size=1, max_size=6).filter(
    lambda text: text.strip() == text
)
ROW = st.tuples(
    st.text(st.sampled_from("abc0"), min_size=1, max_size=5),
    st.none() | TEXT,
    st.none() | st.decimals(Decimal("-1e9"), Decimal("1e9"), places=6),
    st.none() | st.dates(date(1990, 1, 1), date(2090, 12, 31)),
    st.none() | st.booleans(),
)
HEADER = ("customer_id", "customer_name", "markup_percent", "agreement_accepted_on", "tax_exempt")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(ROW, max_size=8),
    order=st.permutations(range(len(HEADER))),
    separator=st.sampled_from(",;\t"),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    blanks=st.lists(st.integers(0, 8), max_size=3),
    style=st.sampled_from(["%Y-%m-%d", "%Y-%m-%dT00:00:00.0000000Z"]),
)
def test_what_is_written_is_read(
    rows: list[tuple[Any, ...]],
    order: list[int],
    separator: str,
    end: str,
    encoding: str,
    blanks: list[int],
    style: str,
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=end)
    writer.writerow([HEADER[place] for place in order])
    line, expected = 1, []
    for number, row in enumerate(rows):
        for _ in range(blanks.count(number)):
            text.write(end)
            line += 1
        line += 1
        cells = [style_of(cell, style) for cell in row]
        writer.writerow([cells[place] for place in order])
        expected.append((line, *row))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.csv"
        path.write_bytes(text.getvalue().encode(encoding))
        catalog = read([path], connection=CONNECTION)
    assert list(catalog.rejects()) == []
    names = ", ".join(HEADER)
    found = CONNECTION.execute(f"SELECT _row, {names} FROM customers ORDER BY _row").fetchall()
    assert found == expected


def style_of(cell: Any, style: str) -> str:
    match cell:
        case None:
            return ""
        case date():
            return cell.strftime(style)
        case Decimal():
            return format(cell, "f")
        case _:
            return str(cell)


CELL = st.one_of(
    st.text(st.sampled_from("0123456789.-eE+ _"), min_size=1, max_size=12),
    st.from_regex(r"\A-?[0-9]{1,24}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?\Z"),
    st.from_regex(r"\A(19|20|00|99)[0-9]{2}-[01][0-9]-[0-3][0-9](T[0-9:.]{5,12}Z)?\Z"),
    st.sampled_from(
        ["true", "NO", "1", "usd", " Eur ", "USDX", "2026-07", "2026-13", "a1B", "7", "006G", " x ", "Ærø"]
    ),
)
CHECKED = {
    "invoice_lines": ("subtotal", "currency", "unit_price", "quantity", "pc_to_bc_exchange_rate", "order_date",
                      "customer_id", "sku_id", "customer_country", "charge_type", "estimate"),
    "planned_spend": ("month", "amount"),
}  # fmt: skip


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([(table, column) for table, columns in CHECKED.items() for column in columns]), CELL)
def test_a_cell_is_the_same_in_a_file_and_in_a_rule_s_test(place: tuple[str, str], cell: str) -> None:
    table, column = place
    filler = (
        {"subtotal": "1", "currency": "USD"}
        if table == "invoice_lines"
        else {"month": "2026-07", "amount": "1"}
    )
    row = filler | {column: cell}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([row.keys(), row.values()])
        catalog = read([path], {path: table}, CONNECTION)
        query = f'SELECT "{column}" FROM "{table}"'
        from_file = CONNECTION.execute(query).fetchall()
        digits = catalog.tables[table].columns[column].type
        refused = [(reject.column, reject.reason) for reject in catalog.rejects()]
    written = from_rows({table: [row]}, CONNECTION)
    assert [(reject.column, reject.reason) for reject in written.rejects()] == refused
    assert CONNECTION.execute(query).fetchall() == from_file
    assert written.tables[table].columns[column].type == digits


def test_every_kind_refuses_or_converts_what_is_no_value() -> None:
    for kind in KINDS.values():
        value = converted("?!", kind)
        assert isinstance(value, Wrong) == (kind.form != "text" or kind.pattern is not None)
