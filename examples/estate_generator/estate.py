"""An estate as values, before any of it is a file."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count

from examples.estate_generator.billing import Line, credit_without_customer, seat_lines
from examples.estate_generator.customers import NOTHING, TAXES, Customer, draw_customers
from examples.estate_generator.cycles import Span, calendar_months, half_up
from examples.estate_generator.holdings import Deployment, Entitlement, deployments_of, entitlements_of
from examples.estate_generator.subscriptions import Subscription, draw_subscriptions
from examples.estate_generator.usage import UsageDay, draw_metered, usage_days, usage_lines

FIRST_MONTH = date(2026, 2, 1)


@dataclass(frozen=True, slots=True)
class Estate:
    """Everything that the files say. `lines` holds one list a month, in the file's order; `adjustments` what each
    invoice carries beside its lines."""

    months: tuple[Span, ...]
    invoice_numbers: tuple[str, ...]
    customers: tuple[Customer, ...]
    subscriptions: tuple[Subscription, ...]
    lines: tuple[tuple[Line, ...], ...]
    usage: tuple[UsageDay, ...]
    entitlements: tuple[Entitlement, ...]
    deployments: tuple[Deployment, ...]
    adjustments: tuple[Decimal, ...]

    def next_serial(self) -> int:
        return 1 + max(line.serial for month in self.lines for line in month)

    def tax_on_invoice(self, invoice: int) -> Decimal:
        """The tax of the countries whose lines carry none, each worked out once on its customers' lines."""
        taxed: dict[str, Decimal] = {}
        for line in self.lines[invoice]:
            exempt = line.customer is not None and line.customer.exempt
            if TAXES[line.country].on == "invoice" and not exempt:
                taxed[line.country] = taxed.get(line.country, NOTHING) + line.subtotal
        return sum((half_up(amount * TAXES[country].rate) for country, amount in taxed.items()), NOTHING)


def draw_estate(seed: int, size: int, month_count: int) -> Estate:
    """A clean estate of `size` customers: no error in it, every trap."""
    rng = random.Random(f"estate {seed}")
    months = calendar_months(FIRST_MONTH, month_count)
    window = Span(months[0].start, months[-1].end)
    number = rng.randrange(2_000_000, 8_000_000)
    customers = draw_customers(rng, size)
    subscriptions = draw_subscriptions(rng, customers, months)
    usage = usage_days(rng, draw_metered(rng, customers), months)
    serials = count(1)
    lines = [line for subscription in subscriptions for line in seat_lines(subscription, months, serials)]
    lines += usage_lines(usage, months, serials)
    for invoice, month in enumerate(months):
        for country in ("US", "DE", "FR"):
            amount = Decimal(rng.randrange(1_500, 30_000)) / 100
            lines.append(credit_without_customer(invoice, month, country, amount, next(serials)))
    return Estate(
        months=months,
        invoice_numbers=tuple(f"G{number + 91_307 * invoice:09d}" for invoice in range(month_count)),
        customers=tuple(customers),
        subscriptions=tuple(subscriptions),
        lines=tuple(
            tuple(line for line in lines if line.invoice == invoice) for invoice in range(month_count)
        ),
        usage=tuple(usage),
        entitlements=tuple(row for one in subscriptions for row in entitlements_of(one, window)),
        deployments=tuple(row for one in subscriptions for row in deployments_of(one, months)),
        adjustments=tuple(
            Decimal("-250.00") if invoice % 3 == 1 else NOTHING for invoice in range(month_count)
        ),
    )
