"""An estate read back from its files and audited by plain Python, one function for each of the twelve rules.

It shares no code with the generator or the checker: what it finds in a clean estate is a flaw of the generator, and
what it finds in a planted one must be the truth file, row for row. Money is Decimal; days are dates; `row` is the
line of the file as a spreadsheet counts. All findings stand on invoice lines.
"""

from __future__ import annotations

import csv
import io
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

import yaml

Row = dict[str, str]
CENT = Decimal("0.01")
CYCLE = ("new", "renew", "cyclecharge")
PRORATED = ("addquantity", "removequantity")


@dataclass(frozen=True, slots=True)
class Line:
    file: str
    row: int
    cells: Row

    def text(self, column: str) -> str:
        return self.cells[column]

    def number(self, column: str) -> Decimal:
        return Decimal(self.cells[column])

    def day(self, column: str) -> date:
        month, day, year = self.cells[column].split("/")
        return date(int(year), int(month), int(day))

    @property
    def kind(self) -> str:
        return self.cells["ChargeType"].lower()

    @property
    def usage(self) -> bool:
        return self.cells["UnitType"] != ""

    @property
    def subscription(self) -> str:
        return self.cells["SubscriptionId"]

    @property
    def period(self) -> tuple[date, date]:
        return self.day("ChargeStartDate"), self.day("ChargeEndDate")

    @property
    def days(self) -> int:
        start, end = self.period
        return (end - start).days + 1


@dataclass(frozen=True, slots=True)
class Finding:
    rule: str
    file: str
    row: int
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Read:
    """The files of one folder; `lines` in the order of files and rows."""

    lines: list[Line]
    usage: list[Row]
    prices: list[Row]
    entitlements: dict[str, list[Row]]
    deployments: list[Row]
    customers: dict[str, Row]
    invoices: dict[str, Row]
    contract: dict[str, Any]


def read(files: dict[str, bytes]) -> Read:
    entitlements = defaultdict(list)
    for row in rows(files["entitlements.csv"]):
        entitlements[row["subscription_id"]].append(row)
    months = sorted(name for name in files if name.startswith("invoice-reconciliation"))
    days = sorted(name for name in files if name.startswith("daily-rated-usage"))
    return Read(
        lines=[Line(name, at, row) for name in months for at, row in enumerate(rows(files[name]), start=2)],
        usage=[row for name in days for row in rows(files[name])],
        prices=rows(files["price-list.csv"]),
        entitlements=entitlements,
        deployments=rows(files["deployments.csv"]),
        customers={row["customer_id"]: row for row in rows(files["customers.csv"])},
        invoices={row["invoice_number"]: row for row in rows(files["invoices.csv"])},
        contract=yaml.load(files["contract.yaml"], Loader=yaml.BaseLoader),
    )


def rows(content: bytes) -> list[Row]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def cut(amount: Decimal, places: int = 2) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN)


def half_up(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def duplicates(data: Read) -> Iterator[tuple[Line, Decimal | None]]:
    columns = ("InvoiceNumber", "CustomerId", "SubscriptionId", "ProductId", "SkuId", "OrderId")
    groups: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in data.lines:
        groups[(*(line.text(column) for column in columns), line.kind, *map(str, line.period))].append(line)
    for group in groups.values():
        counted = Counter(line.number("Subtotal") for line in group)
        for subtotal, times in counted.items():
            if subtotal > 0 and times > 1 + counted[-subtotal]:
                same = [line for line in group if line.number("Subtotal") == subtotal]
                for line in same[1 + counted[-subtotal] :]:
                    yield line, subtotal


def billed_twice(data: Read) -> Iterator[tuple[Line, Decimal | None]]:
    by_seat: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in data.lines:
        if line.kind in CYCLE and not line.usage:
            by_seat[(line.subscription, line.text("SkuId"))].append(line)
    for group in by_seat.values():
        taken_back = Counter(
            (line.period, -line.number("Subtotal")) for line in group if line.number("Subtotal") < 0
        )
        charges = [line for line in group if line.number("Subtotal") > 0]
        for later in charges:
            earlier = [
                line
                for line in charges
                if line.file < later.file and not taken_back[(line.period, line.number("Subtotal"))]
            ]
            shared = max((_shared_days(line, later) for line in earlier), default=0)
            if shared:
                yield later, cut(later.number("Subtotal") * shared / later.days)


def _shared_days(one: Line, other: Line) -> int:
    start, end = max(one.period[0], other.period[0]), min(one.period[1], other.period[1])
    return max(0, (end - start).days + 1)


def wrong_prices(data: Read) -> Iterator[tuple[Line, Decimal | None]]:
    negotiated = {
        (row["product_id"], row["sku_id"], row["term"], row["billing_plan"]): Decimal(row["unit_price"])
        for row in data.contract["prices"]
    }
    listed: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in data.prices:
        sold = (row["ProductId"], row["SkuId"].zfill(4), row["TermDuration"], row["BillingPlan"])
        listed[(*sold, row["Segment"], row["Market"])].append(row)
    for line in data.lines:
        held = _held(data, line)
        if held is None:
            continue
        key = (line.text("ProductId"), line.text("SkuId"), held["term_duration"], held["billing_plan"])
        price = negotiated.get(key)
        if price is None:
            found = [
                row
                for row in listed[(*key, held["segment"], line.text("CustomerCountry"))]
                if row["EffectiveStartDate"][:10] <= held["term_start"] <= row["EffectiveEndDate"][:10]
            ]
            assert len(found) == 1, (line, found)
            price = half_up(Decimal(found[0]["UnitPrice"]) / _cycles(held))
        if line.number("UnitPrice") != price:
            yield line, (line.number("UnitPrice") - price) * line.number("BillableQuantity")


def _cycles(held: Row) -> int:
    months = {"P1M": 1, "P1Y": 12, "P3Y": 36}[held["term_duration"]]
    return months if held["billing_plan"] == "Monthly" else months // 12


def _held(data: Read, line: Line) -> Row | None:
    """What was ordered for the day on which the line's period begins, or the only order there is."""
    held = data.entitlements.get(line.subscription, [])
    day = line.period[0].isoformat()
    found = [row for row in held if not row["valid_from"] or row["valid_from"] <= day <= row["valid_to"]]
    assert len(found) == 1 or line.usage or not line.subscription, (line, held)
    return found[0] if found else None


def too_many_seats(data: Read) -> Iterator[tuple[Line, Decimal | None]]:
    for line in data.lines:
        held = _held(data, line)
        surplus = line.number("BillableQuantity") - Decimal(held["quantity"]) if held else Decimal(0)
        if surplus > 0:
            yield line, cut(line.number("Subtotal") * surplus / line.number("BillableQuantity"))


def wrong_sums(data: Read) -> Iterator[tuple[Line, Decimal | None]]:
    for line in data.lines:
        price, quantity = line.number("EffectiveUnitPrice"), line.number("BillableQuantity")
        sums = {
            cut(price * quantity),
            cut(price) * quantity,
            half_up(price) * quantity,
            half_up(price * quantity),
        }
        if line.number("Subtotal") not in sums:
            yield line, line.number("Subtotal") - cut(price * quantity)
        assert line.number("Subtotal") + line.number("TaxTotal") == line.number("Total")


def wrong_prorations(data: Read) -> Iterator[tuple[Line, Decimal | None]]:
    for line in data.lines:
        if line.kind in (*PRORATED, "cancelimmediate") and "yearly billing" not in line.text(
            "TermAndBillingCycle"
        ):
            due = _prorated(line.number("UnitPrice"), line.number("BillableQuantity"), line)
            if line.number("Subtotal") != due:
                yield line, line.number("Subtotal") - due


def _prorated(price: Decimal, quantity: Decimal, line: Line) -> Decimal:
    """For the days that the line covers; the cycle began a month before the day after its end."""
    after = line.period[1] + timedelta(days=1)
    year, month = (after.year, after.month - 1) if after.month > 1 else (after.year - 1, 12)
    return cut(cut(price / monthrange(year, month)[1], 7) * quantity * line.days)


def missing_refunds(data: Read) -> Iterator[tuple[Line, Decimal | None]]:
    changes: dict[tuple[str, str, date], list[Line]] = defaultdict(list)
    for line in data.lines:
        if line.kind in PRORATED:
            changes[(line.text("InvoiceNumber"), line.subscription, line.period[0])].append(line)
    for (_, subscription, day), group in changes.items():
        refunds = [line for line in group if line.number("BillableQuantity") < 0]
        assert len(group) > len(refunds)
        if not refunds:
            before = (day - timedelta(days=1)).isoformat()
            old = next(row for row in data.entitlements[subscription] if row["valid_to"] == before)
            yield group[0], _prorated(group[0].number("UnitPrice"), Decimal(old["quantity"]), group[0])


def wrong_taxes(data: Read) -> Iterator[tuple[Line, Decimal | None]]:
    rates = {row["country"]: row for row in data.contract["tax"]}
    for line in data.lines:
        customer = data.customers.get(line.text("CustomerId"))
        country = rates[customer["country"] if customer else line.text("CustomerCountry")]
        free = country["on"] == "invoice" or (customer is not None and customer["tax_exempt"] == "true")
        due = Decimal(0) if free else half_up(line.number("Subtotal") * Decimal(country["rate"]))
        if line.number("TaxTotal") != due:
            yield line, line.number("TaxTotal") - due


def after_cancellation(data: Read) -> Iterator[tuple[Line, Decimal | None]]:
    for line in data.lines:
        for held in data.entitlements.get(line.subscription, [])[:1]:
            if held["cancelled_on"]:
                cancelled, began = (
                    date.fromisoformat(held["cancelled_on"]),
                    date.fromisoformat(held["term_start"]),
                )
                in_time = (cancelled - began).days < 7
                if in_time and line.period[0] > cancelled:
                    yield line, line.number("Subtotal")


def outside_term(data: Read) -> Iterator[tuple[Line, Decimal | None]]:
    for line in data.lines:
        held = _held(data, line)
        if held:
            start, end = date.fromisoformat(held["term_start"]), date.fromisoformat(held["term_end"])
            inside = (min(end, line.period[1]) - max(start, line.period[0])).days + 1
            if inside < line.days:
                outside = line.days - max(0, inside)
                yield line, cut(line.number("Subtotal") * outside / line.days)


def usage_above(data: Read) -> Iterator[tuple[Line, Decimal | None]]:
    days: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for row in data.usage:
        days[(row["InvoiceNumber"], row["SubscriptionId"], row["ProductId"])] += Decimal(
            row["BillingPreTaxTotal"]
        )
    for line in data.lines:
        if line.usage:
            used = days.pop((line.text("InvoiceNumber"), line.subscription, line.text("ProductId")))
            above = line.number("Subtotal") - used
            if above > used * Decimal("0.03"):
                yield line, half_up(above) if above > used * Decimal("0.05") else None
    assert not days, "usage that no invoice charges"


def unused(data: Read) -> Iterator[tuple[Line, Decimal | None]]:
    counted: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for row in data.deployments:
        counted[(row["customer_id"], row["product_id"], row["sku_id"])][row["as_of"]] = int(row["active"])
    groups: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in data.lines:
        bought = (line.text("CustomerId"), line.text("ProductId"), line.text("SkuId"))
        groups[(line.text("InvoiceNumber"), *bought)].append(line)
    for (_, *key), group in groups.items():
        end = max(line.period[1] for line in group).isoformat()
        known = {as_of: active for as_of, active in counted[tuple(key)].items() if as_of <= end}
        billed = sum((line.number("BillableQuantity") for line in group), Decimal(0))
        if known and known[max(known)] < billed:
            idle = billed - known[max(known)]
            yield group[0], cut(sum((line.number("Subtotal") for line in group), Decimal(0)) * idle / billed)


RULES: dict[str, Callable[[Read], Iterator[tuple[Line, Decimal | None]]]] = {
    "no-duplicate-line": duplicates,
    "no-period-billed-twice": billed_twice,
    "price-in-force": wrong_prices,
    "quantity-within-entitlement": too_many_seats,
    "line-arithmetic": wrong_sums,
    "proration-matches-days": wrong_prorations,
    "proration-pair-complete": missing_refunds,
    "tax-as-rated": wrong_taxes,
    "no-charge-after-cancellation": after_cancellation,
    "no-charge-outside-term": outside_term,
    "usage-matches-invoice": usage_above,
    "paid-for-is-used": unused,
}


def audit(data: Read) -> set[Finding]:
    return {
        Finding(rule, line.file, line.row, amount)
        for rule, found in RULES.items()
        for line, amount in found(data)
    }
