"""contract.yaml: what it gives to rules, and what its author is told of a bad one (the files under `bad/`)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from checker.documents import Contract, contract
from checker.expressions.types import DATE, TEXT, ListOf, Number
from checker.problems import draw, errors
from checker.resources import folder

HERE = Path(__file__).parent
SMALL = "contract: {number: N, program: csp, buyer: B, seller: S, currency: usd, start: 2026-01-01, end: 2026-12-31}\n"


def loaded(tmp_path: Path, text: str) -> Contract:
    path = tmp_path / "contract.yaml"
    path.write_text(text, encoding="utf-8")
    found, problems = contract.load(path)
    assert found is not None, draw(problems)
    return found


@pytest.fixture
def full() -> Contract:
    found, problems = contract.load(HERE / "contract.yaml", "contract.yaml")
    assert not problems, draw(problems)
    assert found is not None
    return found


@pytest.mark.parametrize("path", sorted((HERE / "bad").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_bad_contract_is_told_whole(path: Path, golden: Callable[[Path, str], None]) -> None:
    found, problems = contract.load(path, path.name)
    assert problems
    assert (found is None) == bool(errors(problems))
    golden(path.with_suffix(".txt"), draw(problems))


def test_its_own_facts(full: Contract) -> None:
    assert (full.number, full.program, full.books, full.currency) == ("E-2024-0117", "csp", "buyer", "USD")
    assert (full.start, full.end, full.pack) == (date(2024, 7, 1), date(2027, 6, 30), "standard")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("contract.currency", "USD"),
        ("contract.start", date(2024, 7, 1)),
        ("contract.annual_spend", Decimal("2000000.00")),
        ("contract.tolerances.usage_variance_claim", Decimal("0.05")),
        ("contract.usage_thresholds.trailing_days", Decimal(7)),
        ("contract.recover_unused.allowed", True),
        ("contract.recover_unused.clause", "9.1"),
        ("contract.dates.anniversary", date(2026, 7, 1)),
        ("contract.partner.mpn_id", "1234567"),
        ("contract.entities", ["Contoso Ltd", "Contoso GmbH"]),
    ],
)
def test_a_dotted_name_finds_its_value(full: Contract, name: str, value: object) -> None:
    assert full.lookup(name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("contract.books", "buyer"),
        ("contract.currency", "USD"),
        ("contract.payments", "year_end"),
        ("contract.pack", "standard"),
        ("contract.tolerances.amount", Decimal("0.01")),
        ("contract.tolerances.usage_variance", Decimal("0.03")),
        ("contract.tolerances.usage_variance_claim", Decimal("0.05")),
        ("contract.usage_thresholds.spike_factor", Decimal(3)),
        ("contract.recover_unused.allowed", False),
        ("contract.recover_unused.clause", None),
        ("contract.annual_spend", None),
        ("contract.dates.notice_by", None),
        ("contract.entities", None),
    ],
)
def test_what_a_small_contract_leaves_out(tmp_path: Path, name: str, value: object) -> None:
    assert loaded(tmp_path, SMALL).lookup(name) == value


def test_part_of_a_section_leaves_the_rest_at_its_default(tmp_path: Path) -> None:
    found = loaded(tmp_path, SMALL + "tolerances: {amount: 0.05}\n")
    assert found.lookup("contract.tolerances.amount") == Decimal("0.05")
    assert found.lookup("contract.tolerances.usage_variance") == Decimal("0.03")


def test_tables_hold_canonical_values_and_take_what_they_leave_out_from_the_contract(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        SMALL
        + 'prices: [{product_id: CFQ7TTC0LH18, sku_id: "1", term: P1Y, billing_plan: Monthly, unit_price: 20}]\n'
        + "agreed_credits: [{id: G-1, amount: 5000, due: 2026-03-31}]\ntax: [{country: no, rate: 0.25}]\n",
    )
    tables = found.lists()
    assert tables["contract.prices"] == [
        {
            "product_id": "cfq7ttc0lh18",
            "sku_id": "0001",
            "term": "P1Y",
            "billing_plan": "Monthly",
            "unit_price": Decimal(20),
            "from": date(2026, 1, 1),
            "to": date(2026, 12, 31),
        }
    ]
    assert tables["contract.agreed_credits"][0]["currency"] == "USD"
    assert tables["contract.tax"] == [{"country": "NO", "rate": Decimal("0.25"), "on": "line"}]
    assert tables["contract.claim_windows"] == []


def test_names_and_columns_are_known_without_a_contract() -> None:
    names = contract.names()
    assert names["contract.tolerances.amount"] == Number(15, 2)
    assert names["contract.recover_unused.clause"] == TEXT
    assert names["contract.dates.notice_by"] == DATE
    assert names["contract.entities"] == ListOf(TEXT)
    assert "contract.prices" not in names
    tables = "prices tax claim_windows price_levels promotions agreed_credits agreements commitments"
    assert contract.tables() == tuple(f"contract.{name}" for name in tables.split())
    assert contract.list_columns("contract.prices") == {
        "product_id": "id",
        "sku_id": "sku",
        "term": "text",
        "billing_plan": "text",
        "unit_price": "unit_price",
        "from": "date",
        "to": "date",
    }


def test_every_value_has_the_type_of_its_name(full: Contract) -> None:
    python = {"number": Decimal, "text": str, "date": date, "true or false": bool, "list of text": list}
    for name, kind in contract.names().items():
        assert type(full.lookup(name)) is python[str(kind)], name


def test_every_key_of_the_schema_is_described_and_closed() -> None:
    def look(node: Any, path: str) -> None:
        if node.get("type") == "object":
            assert node["additionalProperties"] is False, path
            for name, inner in node["properties"].items():
                assert inner.get("description"), f"{path}.{name}"
                look(inner, f"{path}.{name}")
        elif node.get("type") == "array":
            look(node["items"], path)

    look(json.loads((folder("schemas") / "contract.schema.json").read_text(encoding="utf-8")), "contract")


def test_a_contract_knows_the_place_of_its_values(full: Contract) -> None:
    assert full.source.where("claim_windows", 0, "clause").line == 7
