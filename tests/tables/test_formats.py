"""Layouts: the vendor's own, told by their header in any order; and a new one, which is a YAML file and no code."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from checker import schemas, yamlfile
from checker.expressions.types import Number
from checker.problems import draw, errors
from checker.resources import folder
from checker.tables import Catalog, Sums, read, table_schemas
from checker.tables.formats import formats, read_formats

SAMPLES = Path(__file__).parent / "samples"


def rows(catalog: Catalog, query: str) -> list[tuple[str | None, ...]]:
    found = catalog.connection.execute(query).fetchall()
    return [tuple(None if cell is None else str(cell) for cell in row) for row in found]


@pytest.mark.parametrize("columns", [47, 48])
def test_the_reconciliation_file_reads_the_same_in_both_generations(columns: int) -> None:
    catalog = read([SAMPLES / f"nce-reconciliation-{columns}.csv"])
    assert not errors(catalog.problems)
    (file,) = catalog.files
    assert (file.format, file.confidence, len(file.columns)) == ("nce-reconciliation", 1.0, columns)
    assert file.money == {"USD": Sums(Decimal("698.39"), Decimal(0))}
    query = (
        "SELECT customer_id, sku_id, charge_type, subtotal, tax_total, billable_quantity, "
        "charge_start_date, charge_end_date, programme, _row FROM invoice_lines ORDER BY _row"
    )
    it = "65726577-c208-40fd-9735-8c85ac000000"
    assert rows(catalog, query) == [
        (it, "0002", "cycleCharge", "720.00", "73.00", "50.0000", "2020-09-01", "2020-09-30", "nce", "2"),
        (None, "006g", "customerCredit", "-36.00", "0.00", "1.0000", "2020-09-01", "2020-09-30", "nce", "3"),
        (it, "0002", "addQuantity", "14.39", "1.44", "3.1618", "2020-09-12", "2020-09-30", "nce", "4"),
    ]  # fmt: skip
    table = catalog.tables["invoice_lines"]
    assert table.columns["subtotal"].type == Number(5, 2)
    assert table.columns["effective_unit_price"].type == Number(8, 6)
    assert (table.columns["customer_id"].nullable, table.columns["customer_id"].rows_empty) == (True, 1)
    assert table.columns["customer_name"].kind == "text"
    assert table.columns["segment"].rows_empty == 3
    assert rows(catalog, "SELECT any_value(partner_name) FROM invoice_lines") == [
        (None if columns == 47 else "Fabrikam",)
    ]


def test_the_price_list_gives_prices_per_term_without_an_end_in_9999() -> None:
    catalog = read([SAMPLES / "nce-price-list.csv"])
    assert not errors(catalog.problems)
    assert (catalog.files[0].format, catalog.files[0].confidence) == ("nce-price-list", 1.0)
    query = (
        "SELECT sku_id, term_duration, unit_price, erp_price, effective_start_date, effective_end_date, "
        "previous_values, _row FROM price_list ORDER BY _row"
    )
    assert rows(catalog, query) == [
        ("0001", "P1Y", "60.480", "75.60", "2025-04-01", None, None, "2"),
        (
            "000f",
            "P1M",
            "6.048",
            "7.56",
            "2025-04-01",
            "2025-06-30",
            "{'ERP Price': '1440', 'UnitPrice': '1008'}",
            "3",
        ),
    ]


def test_the_daily_rated_usage_keeps_every_decimal_of_rows_that_end_early() -> None:
    catalog = read([SAMPLES / "daily-rated-usage.csv"])
    assert not errors(catalog.problems)
    assert catalog.files[0].format == "daily-rated-usage"
    query = "SELECT usage_date, quantity, unit_price, billing_pre_tax_total, credit_type FROM usage_lines ORDER BY _row"
    assert rows(catalog, query) == [
        ("2018-11-13", "23.200004", "0.0209496384791679", "0.4860316965", "Partner Earned Credit Applied"),
        ("2018-11-14", "0.000056", "0.0209496384791679", "0.0000011732", None),
    ]
    assert catalog.tables["usage_lines"].columns["effective_unit_price"].type == Number(23, 22)


def test_files_of_one_table_are_stacked_and_widen_its_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("subscription_id,quantity,note\ns1,5,x\n")
    (tmp_path / "b.csv").write_text(
        "quantity,subscription_id,remark\n123456789012345678.25,s2,y\n1e-3,s3,z\n"
    )
    catalog = read([tmp_path])
    assert not errors(catalog.problems)
    query = (
        "SELECT subscription_id, quantity, note, remark, _file, _row FROM entitlements ORDER BY _file, _row"
    )
    assert rows(catalog, query) == [
        ("s1", "5.000", "x", None, "0", "2"),
        ("s2", "123456789012345678.250", None, "y", "1", "2"),
        ("s3", "0.001", None, "z", "1", "3"),
    ]
    assert catalog.tables["entitlements"].columns["quantity"].type == Number(21, 3)


def test_a_new_layout_is_a_yaml_file_and_no_code(tmp_path: Path) -> None:
    layout = tmp_path / "distributor.yaml"
    layout.write_text(
        "format: distributor\ntitle: The distributor's monthly statement\ntable: invoice_lines\n"
        "header: {required: [Doc No, Net, Cur, From, Until], optional: [Seats]}\n"
        "aliases: {Doc No: invoice_number, Net: subtotal, Cur: currency, From: charge_start_date,\n"
        "          Until: charge_end_date, Seats: billable_quantity}\n"
        "dates: {styles: [d.m.yyyy]}\n"
        "empty: ['NULL']\n"
        "add_days: {charge_end_date: -1}\n"
        "constants: {programme: legacy}\n"
    )
    data = tmp_path / "statement.csv"
    data.write_text("Doc No;Net;Cur;From;Until;Seats\nA-1;10.00;EUR;1.2.2025;1.3.2025;NULL\n")
    catalog = read([data], format_files=[layout])
    assert not errors(catalog.problems)
    query = (
        "SELECT invoice_number, subtotal, currency, charge_start_date, charge_end_date, billable_quantity, programme "
        "FROM invoice_lines"
    )
    assert rows(catalog, query) == [("a-1", "10.00", "EUR", "2025-02-01", "2025-02-28", None, "legacy")]


def test_a_broken_layout_says_where_it_is_broken(tmp_path: Path) -> None:
    layout = tmp_path / "broken.yaml"
    layout.write_text("format: x\ntitle: X\ntable: invoice_lines\nheader: {}\naliases: {Net: subtotl}\n")
    _, problems = read_formats([layout])
    assert draw(problems) == (
        f"{layout}:5:16: error: invoice_lines has no column 'subtotl'\n"
        "  5 | aliases: {Net: subtotl}\n"
        "    |                ^^^^^^^\n"
        "  hint: did you mean 'subtotal'?"
    )


def test_every_shipped_table_and_format_is_sound() -> None:
    assert len(table_schemas()) == 19
    assert {format.name for format in formats()} >= {
        "own",
        "nce-reconciliation",
        "nce-price-list",
        "daily-rated-usage",
    }
    for path in folder("schemas").glob("tables/*.yaml"):
        file, problems = yamlfile.read(path)
        assert file is not None
        assert not problems
        assert not schemas.validate(file, schemas.load("table"))
        assert table_schemas()[path.stem].needed
