"""The bundled estate and its generator: the same to the byte, silent where clean, and true where planted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from examples.estate import main
from examples.estate_generator import Generated, generate
from tests.estate.recomputation import RULES, Finding, Line, Read, audit, half_up, read, rows

FOLDER = Path(__file__).parents[2] / "examples" / "estate"
TRUTH = FOLDER.with_name("estate-truth.csv")
# Seed and customers: the committed estate, and small ones that draw other dates, countries and plans.
ESTATES = [(7, 150), (1, 40), (2, 40), (3, 60), (4, 40)]
# The day of the price list's last rise.
RISE = date(2026, 3, 1)


@cache
def made(seed: int, size: int, clean: bool) -> Generated:
    return generate(seed, size, clean=clean)


@cache
def understood(seed: int, size: int, clean: bool) -> Read:
    return read(made(seed, size, clean).files)


def truth_of(generated: Generated) -> set[Finding]:
    return {
        Finding(
            row["rule_name"],
            row["source_file"],
            int(row["source_row"]),
            Decimal(row["amount"]) if row["amount"] else None,
        )
        for row in rows(generated.truth)
    }


def test_what_is_committed_is_what_seed_7_gives() -> None:
    committed = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    generated = made(7, 150, clean=False)
    assert sorted(committed) == sorted(generated.files)
    differing = [name for name, content in generated.files.items() if committed[name] != content]
    assert differing == [], "run: python -m examples.estate --seed 7 --out examples/estate"
    assert TRUTH.read_bytes() == generated.truth


def test_a_seed_gives_the_same_bytes_again_and_another_seed_others() -> None:
    assert generate(1, 40) == made(1, 40, clean=False)
    assert made(1, 40, clean=False).files != made(2, 40, clean=False).files


@pytest.mark.parametrize(("seed", "size"), ESTATES)
def test_a_clean_estate_holds_nothing_to_find(seed: int, size: int) -> None:
    assert audit(understood(seed, size, clean=True)) == set()
    assert truth_of(made(seed, size, clean=True)) == set()


@pytest.mark.parametrize(("seed", "size"), ESTATES)
def test_the_truth_is_all_that_there_is_to_find(seed: int, size: int) -> None:
    found, truth = audit(understood(seed, size, clean=False)), truth_of(made(seed, size, clean=False))
    assert found - truth == set(), "found, and not in the truth file"
    assert truth - found == set(), "in the truth file, and not found"


@pytest.mark.parametrize(("seed", "size"), ESTATES)
def test_every_rule_has_at_least_four_errors_to_find(seed: int, size: int) -> None:
    planted = Counter(finding.rule for finding in truth_of(made(seed, size, clean=False)))
    assert set(planted) == set(RULES)
    assert min(planted.values()) >= 4, planted


def test_an_error_stands_on_the_line_that_it_names() -> None:
    data = understood(7, 150, clean=False)
    lines = {(line.file, line.row): line for line in data.lines}
    for error in rows(made(7, 150, clean=False).truth):
        line = lines[(error["source_file"], int(error["source_row"]))]
        assert line.text("InvoiceNumber") == error["invoice_number"]
        assert line.text("CustomerId") == error["customer_id"]
        assert line.subscription == error["subscription_id"]


def test_no_line_carries_two_errors() -> None:
    places = Counter((finding.file, finding.row) for finding in truth_of(made(7, 150, clean=False)))
    assert set(places.values()) == {1}


@pytest.mark.parametrize("clean", [True, False])
def test_an_invoice_is_its_lines_its_own_tax_and_its_adjustments(clean: bool) -> None:
    data = understood(7, 150, clean)
    rates = {row["country"]: Decimal(row["rate"]) for row in data.contract["tax"] if row["on"] == "invoice"}
    for number, invoice in data.invoices.items():
        lines = [line for line in data.lines if line.text("InvoiceNumber") == number]
        taxed: dict[str, Decimal] = defaultdict(Decimal)
        for line in lines:
            customer = data.customers.get(line.text("CustomerId"))
            if line.text("CustomerCountry") in rates and not (customer and customer["tax_exempt"] == "true"):
                taxed[line.text("CustomerCountry")] += line.number("Subtotal")
        own_tax = total(half_up(amount * rates[country]) for country, amount in taxed.items())
        assert Decimal(invoice["subtotal"]) == total(line.number("Subtotal") for line in lines)
        assert Decimal(invoice["tax_total"]) == total(line.number("TaxTotal") for line in lines) + own_tax
        parts = ("subtotal", "tax_total", "adjustments")
        assert Decimal(invoice["total"]) == total(Decimal(invoice[part]) for part in parts)


def total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))


def test_the_files_have_the_vendors_layouts_and_quirks() -> None:
    files = made(7, 150, clean=False).files
    headers = {
        name: content.decode("utf-8-sig").splitlines()[0].split(",") for name, content in files.items()
    }
    months = [headers[name] for name in sorted(files) if name.startswith("invoice-reconciliation")]
    assert [len(header) for header in months] == [47, 47, 48]
    assert set(months[2]) - set(months[0]) == {"PartnerName", "PublisherDiscount", "DiscountDetails"}
    assert set(months[0]) - set(months[2]) == {"AlternateId", "BillingFrequency"}
    assert len(headers["daily-rated-usage-2026-02.csv"]) == 55
    assert len(headers["price-list.csv"]) == 21
    for name in files:
        vendors = name.startswith(("invoice-", "daily-", "price-"))
        assert files[name].startswith(b"\xef\xbb\xbf") == vendors
        assert (files[name].count(b"\r\n") > 0) == vendors
    data = understood(7, 150, clean=False)
    assert {line.text("ChargeType") for line in data.lines} >= {"cycleCharge", "CycleCharge", "cyclecharge"}
    assert any("," in line.text("CustomerName") for line in data.lines)
    assert {"1", "000F", "006G"} <= {row["SkuId"] for row in data.prices}
    assert data.prices[0]["EffectiveStartDate"] == "2022-10-01T00:00:00.0000000Z"


def test_the_bundled_estate_is_of_the_size_that_it_says() -> None:
    data = understood(7, 150, clean=False)
    assert 4_500 < len(data.lines) < 5_500
    assert 2_500 < len(data.usage) < 3_500
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 5_000_000


@pytest.mark.parametrize(("seed", "size"), ESTATES)
def test_every_trap_is_laid_several_times(seed: int, size: int) -> None:
    data = understood(seed, size, clean=True)
    laid = traps(data)
    assert min(laid.values()) >= 3, laid


def traps(data: Read) -> dict[str, int]:
    """How often each thing occurs that looks like an error and is none, counted from the files alone."""
    countries = {row["country"] for row in data.contract["tax"] if row["on"] == "invoice"}
    changes: Counter[tuple[str, str]] = Counter()
    periods: Counter[tuple[str, ...]] = Counter()
    invoices: dict[tuple[str, ...], set[str]] = {}
    for line in data.lines:
        if line.kind in ("addquantity", "removequantity"):
            changes[(line.subscription, line.text("ChargeStartDate"))] += 1
        if line.kind in ("new", "renew", "cyclecharge") and not line.usage:
            key = (line.subscription, line.text("ChargeStartDate"))
            periods[key] += 1
            invoices.setdefault(key, set()).add(line.text("InvoiceNumber"))
    held = [row for terms in data.entitlements.values() for row in terms]
    cancelled = [row for row in held if row["cancelled_on"]]
    late = [row for row in data.usage if row["UsageDate"].split("/")[0] != _month(data, row["InvoiceNumber"])]
    rose = {
        row["ProductId"] + row["SkuId"].zfill(4)
        for row in data.prices
        if row["EffectiveStartDate"].startswith(RISE.isoformat())
    }
    uneven = ("2/27/2026", "3/28/2026", "3/29/2026", "3/30/2026")
    return {
        "seats added": sum(line.kind == "addquantity" for line in data.lines),
        "seats handed back": sum(line.kind == "removequantity" for line in data.lines),
        "changed twice on a day": sum(count == 4 for count in changes.values()),
        "credited and rebilled on one invoice": sum(
            count == 3 and len(invoices[key]) == 1 for key, count in periods.items()
        ),
        "credited and rebilled a month later": sum(
            count == 3 and len(invoices[key]) == 2 for key, count in periods.items()
        ),
        "tax on the invoice alone": sum(line.text("CustomerCountry") in countries for line in data.lines),
        "exempt": sum(row["tax_exempt"] == "true" for row in data.customers.values()),
        "a credit that names no customer": sum(
            line.kind == "customercredit" and not line.text("CustomerId") for line in data.lines
        ),
        "a price held through a rise": sum(_held_through_a_rise(line, rose) for line in data.lines),
        "a year's charge, then its proration": sum(
            "yearly billing" in line.text("TermAndBillingCycle") and line.kind == "addquantity"
            for line in data.lines
        ),
        "late usage": len(late),
        "cancelled too late": sum(
            _days_between(row["term_start"], row["cancelled_on"]) > 7 for row in cancelled
        ),
        "cancelled in time": sum(line.kind == "cancelimmediate" for line in data.lines),
        "renewed": sum(line.kind == "renew" for line in data.lines),
        "changed in the cycle from 31 January, or the one from 28 February": sum(
            line.kind == "addquantity" and line.text("ChargeEndDate") in uneven for line in data.lines
        ),
    }


def _month(data: Read, invoice_number: str) -> str:
    return str(int(data.invoices[invoice_number]["billing_period_start"][5:7]))


def _days_between(first: str, second: str) -> int:
    return (date.fromisoformat(second) - date.fromisoformat(first)).days


def _held_through_a_rise(line: Line, rose: set[str]) -> bool:
    """Charged after the list rose for its product, in a term that began before."""
    if not line.text("SubscriptionStartDate") or line.text("ProductId") + line.text("SkuId") not in rose:
        return False
    return line.day("SubscriptionStartDate") < RISE <= line.period[0]


def test_the_command_writes_the_folder_and_the_truth_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    assert main(["--seed", "1", "--size", "40", "--clean", "--out", str(folder)]) == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == made(1, 40, clean=True).files
    assert (tmp_path / "small-truth.csv").read_text().count("\n") == 1


@pytest.mark.parametrize("wrong", [["--size", "12"], ["--months", "1"]])
def test_the_command_refuses_what_makes_no_estate(
    wrong: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main([*wrong, "--out", str(tmp_path / "none")])
    assert refused.value.code == 2
    assert "at least 40 customers and two months" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
