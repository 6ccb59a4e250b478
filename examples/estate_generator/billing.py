"""What the seller charges for seats: cycle charges, refund-and-recharge pairs, refunds, credits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from examples.estate_generator.catalogue import cycle_price
from examples.estate_generator.customers import TAXES, Customer
from examples.estate_generator.cycles import ONE_DAY, Span, cut, days_in_month, half_up
from examples.estate_generator.subscriptions import Change, Subscription, segment_of

CYCLE_CHARGES = ("new", "renew", "cycleCharge")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an invoice. `serial` tells lines apart, whatever their content; `invoice` is the number of the
    month. Refunds have a negative quantity, subtotal, tax and total; `effective_price` is what the subtotal comes
    from, unrounded."""

    serial: int
    invoice: int
    customer: Customer | None
    country: str
    charge_type: str
    order_id: str
    order_date: date | None
    product_id: str
    sku_id: str
    product: str
    sku: str
    unit_price: Decimal
    effective_price: Decimal
    quantity: Decimal
    subtotal: Decimal
    tax: Decimal
    charged: Span
    subscription_id: str = ""
    term: Span | None = None
    wording: str = ""
    frequency: str = ""
    unit_type: str = ""
    meter: str = ""
    category: str = ""
    adjustment: str = ""
    credit_reason: str = ""

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.tax

    def priced(self, effective_price: Decimal, subtotal: Decimal) -> Line:
        """The same line at another price, taxed as it should be."""
        tax = self.customer.line_tax(subtotal) if self.customer else self.tax
        return replace(self, effective_price=effective_price, subtotal=subtotal, tax=tax)

    def reversed(self, serial: int, invoice: int) -> Line:
        """The line that takes this one back."""
        back = replace(self, serial=serial, invoice=invoice, quantity=-self.quantity)
        return back.priced(self.effective_price, -self.subtotal)


def price_of(subscription: Subscription, day: date) -> Decimal:
    """What a seat costs for one cycle of the term that holds that day."""
    bought = subscription.term_of(day).start
    market = subscription.customer.country
    return cycle_price(subscription.product, subscription.plan, segment_of(subscription), market, bought)


def share_of_cycle(subscription: Subscription, day: date, divisor: int | None = None) -> Decimal:
    """The price of a seat for the days from that one to the cycle's end: a daily rate cut to seven places, times
    the days. A monthly cycle is divided by the days of the month in which it begins, a yearly one by its own."""
    cycle = subscription.cycle_of(day)
    monthly = subscription.plan.cycle_months == 1
    days = divisor or (days_in_month(cycle.start) if monthly else cycle.days)
    return cut(price_of(subscription, day) / days, 7) * Span(day, cycle.end).days


def seat_lines(subscription: Subscription, months: tuple[Span, ...], serials: Iterator[int]) -> list[Line]:
    """The lines of one subscription on the invoices of those months, in order of time."""
    lines = [
        line for invoice, month in enumerate(months) for line in _month(subscription, invoice, month, serials)
    ]
    match subscription.story:
        case "credited and rebilled":
            first = lines[0]
            lines[1:1] = [first.reversed(next(serials), first.invoice), replace(first, serial=next(serials))]
        case "credited and rebilled a month later" if len(lines) > 1:
            first, later = lines[0], lines[1].invoice
            rebilled = replace(first, serial=next(serials), invoice=later)
            lines[1:1] = [first.reversed(next(serials), later), rebilled]
    return lines


def _month(subscription: Subscription, invoice: int, month: Span, serials: Iterator[int]) -> list[Line]:
    lines = []
    for number, term in subscription.terms(month):
        start = max(term.start, month.start)
        cycle = subscription.cycle_of(start)
        if cycle.start < start:
            start = cycle.end + ONE_DAY
        if start <= min(term.end, month.end) and _alive(subscription, start):
            kind = "cycleCharge" if start != term.start else "renew" if number else "new"
            lines.append(_cycle_line(subscription, invoice, start, kind, next(serials)))
    for number, change in enumerate(subscription.changes):
        if change.on in month:
            lines += _pair(subscription, invoice, change, number, serials)
    day = subscription.cancelled_on
    if subscription.story == "cancelled in time" and day is not None and day in month:
        lines.append(
            _part_line(subscription, invoice, day, -subscription.seats, "cancelImmediate", "x", next(serials))
        )
    return lines


def _alive(subscription: Subscription, day: date) -> bool:
    return subscription.lives_until is None or day <= subscription.lives_until


def _cycle_line(subscription: Subscription, invoice: int, start: date, kind: str, serial: int) -> Line:
    cycle = subscription.cycle_of(start)
    price = price_of(subscription, start)
    return _line(subscription, invoice, cycle, subscription.seats_on(start), kind, price, serial)


def _pair(
    subscription: Subscription, invoice: int, change: Change, number: int, serials: Iterator[int]
) -> Iterator[Line]:
    kind = "addQuantity" if change.after > change.before else "removeQuantity"
    for seats in (-change.before, change.after):
        yield _part_line(subscription, invoice, change.on, seats, kind, f"c{number}", next(serials))


def _part_line(
    subscription: Subscription, invoice: int, day: date, seats: int, kind: str, order: str, serial: int
) -> Line:
    left = Span(day, subscription.cycle_of(day).end)
    line = _line(subscription, invoice, left, seats, kind, share_of_cycle(subscription, day), serial)
    return replace(line, order_id=f"{subscription.order}{order}", order_date=day)


def _line(
    subscription: Subscription,
    invoice: int,
    charged: Span,
    seats: int,
    kind: str,
    effective: Decimal,
    serial: int,
) -> Line:
    customer, product, plan = subscription.customer, subscription.product, subscription.plan
    term = subscription.term_of(charged.start)
    line = Line(
        serial=serial,
        invoice=invoice,
        customer=customer,
        country=customer.country,
        charge_type=kind,
        order_id=f"{subscription.order}{term.start:%y%m}",
        order_date=term.start,
        product_id=product.product_id,
        sku_id=product.sku_id,
        product=product.title,
        sku=product.sku_title,
        unit_price=price_of(subscription, charged.start),
        effective_price=effective,
        quantity=Decimal(seats),
        subtotal=Decimal(0),
        tax=Decimal(0),
        charged=charged,
        subscription_id=subscription.subscription_id,
        term=term,
        wording=plan.wording,
        frequency=plan.billing,
        category="Online services",
    )
    return line.priced(effective, cut(effective * seats, 2))


def credit_without_customer(invoice: int, month: Span, country: str, amount: Decimal, serial: int) -> Line:
    """A credit that the seller gives against no customer by name; taxed as its country is."""
    tax = TAXES[country]
    return Line(
        serial=serial,
        invoice=invoice,
        customer=None,
        country=country,
        charge_type="customerCredit",
        order_id=f"cr{serial:08d}",
        order_date=month.end,
        product_id="DZH318Z0BPS6",
        sku_id="0001",
        product="Azure plan",
        sku="Azure plan",
        unit_price=amount,
        effective_price=amount,
        quantity=Decimal(-1),
        subtotal=-amount,
        tax=half_up(-amount * tax.rate) if tax.on == "line" else Decimal("0.00"),
        charged=month,
        category="Azure",
        credit_reason="Azure Consumption Credit",
    )
