"""Metered products: a rated row a day, and one invoice line a month for each subscription and product."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from examples.estate_generator.billing import Line
from examples.estate_generator.catalogue import MACHINE, METERS, Meter
from examples.estate_generator.customers import Customer, new_id
from examples.estate_generator.cycles import Span, cut

# Services that the partner manages earn it 15 %, which the rated price already has taken off.
EARNED = Decimal("0.15")
_EARNED_TEXT = "15.0% Partner earned credit for services managed"


@dataclass(frozen=True, slots=True)
class Metered:
    """One product under one Azure subscription; `daily` is about what it uses in a day."""

    subscription_id: str
    order: str
    customer: Customer
    meter: Meter
    started: date
    daily: Decimal

    @property
    def effective_price(self) -> Decimal:
        return self.meter.rate * (1 - EARNED)


@dataclass(frozen=True, slots=True)
class UsageDay:
    """What was used on a day, and the number of the month on whose invoice it is charged."""

    invoice: int
    metered: Metered
    day: date
    quantity: Decimal

    @property
    def cost(self) -> Decimal:
        """Ten decimals, as the daily file shows it."""
        return self.metered.effective_price * self.quantity


def draw_metered(rng: random.Random, customers: list[Customer]) -> list[Metered]:
    """One customer in nine runs machines and, beside them, one other metered product."""
    metered = []
    for customer in rng.sample(customers, max(9, len(customers) // 9)):
        subscription_id, order = new_id(rng), f"{rng.getrandbits(40):010x}"
        started = customer.agreed_on + timedelta(days=rng.randrange(30, 900))
        for meter in (MACHINE, rng.choice(METERS)):
            daily = (
                Decimal(24 * rng.randrange(2, 9))
                if meter.whole
                else Decimal(rng.randrange(2_000, 90_000)) / 100
            )
            metered.append(Metered(subscription_id, order, customer, meter, started, daily))
    return metered


def usage_days(rng: random.Random, metered: list[Metered], months: tuple[Span, ...]) -> list[UsageDay]:
    """Every day of every month. For one product in eight the last two days of a month arrive late, on the next
    month's invoice."""
    rows = []
    for number, one in enumerate(metered):
        late = number % 8 == 3
        for invoice, month in enumerate(months):
            for offset in range(month.days):
                day = month.start + timedelta(days=offset)
                quantity = one.daily * Decimal(rng.randrange(70, 131)) / 100
                quantity = cut(quantity, 0 if one.meter.whole else 4)
                delayed = late and day > month.end - timedelta(days=2) and invoice + 1 < len(months)
                rows.append(UsageDay(invoice + delayed, one, day, quantity))
    return sorted(rows, key=lambda row: row.invoice)


def usage_lines(rows: list[UsageDay], months: tuple[Span, ...], serials: Iterator[int]) -> list[Line]:
    """The invoice's line for each subscription and product: the sum of its days, cut to the cent. Of the meters
    that do not count whole units, one line in five is 2 % above its days, and one in seven 6 % below by a discount;
    neither is an error."""
    days: dict[tuple[int, Metered], list[UsageDay]] = {}
    for row in rows:
        days.setdefault((row.invoice, row.metered), []).append(row)
    lines = []
    for number, ((invoice, one), used) in enumerate(days.items()):
        line = _line(one, invoice, months[invoice], used, next(serials))
        if not one.meter.whole and number % 5 == 1:
            line = rated(line, Decimal("1.02"))
        elif not one.meter.whole and number % 7 == 2:
            discounted = line.effective_price * Decimal("0.94")
            line = line.priced(discounted, cut(discounted * line.quantity, 2))
            line = replace(line, adjustment=f'["{_EARNED_TEXT}","6.0% Tier 1 Discount"]')
        lines.append(line)
    return lines


def rated(line: Line, factor: Decimal) -> Line:
    """The same use at so many times its price, down to the subtotal and the tax."""
    dearer = replace(line, unit_price=line.unit_price * factor)
    effective = line.effective_price * factor
    return dearer.priced(effective, cut(effective * line.quantity, 2))


def _line(one: Metered, invoice: int, month: Span, used: list[UsageDay], serial: int) -> Line:
    line = Line(
        serial=serial,
        invoice=invoice,
        customer=one.customer,
        country=one.customer.country,
        charge_type="new",
        order_id=one.order,
        order_date=one.started,
        product_id=one.meter.product_id,
        sku_id=one.meter.sku_id,
        product=one.meter.product,
        sku=one.meter.name,
        unit_price=one.meter.rate,
        effective_price=one.effective_price,
        quantity=sum((row.quantity for row in used), Decimal(0)),
        subtotal=Decimal(0),
        tax=Decimal(0),
        charged=month,
        subscription_id=one.subscription_id,
        wording=one.meter.unit,
        unit_type=one.meter.unit,
        meter=f"{one.meter.category} - {one.meter.name}",
        category="Azure",
        adjustment=f'["{_EARNED_TEXT}"]',
    )
    return line.priced(one.effective_price, cut(one.effective_price * line.quantity, 2))
