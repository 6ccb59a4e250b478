"""Errors planted in a clean estate, one list entry for each thing that a rule must find.

Every error takes a subscription of its own, so that none hides or helps another, and is made so that its own rule
alone can see it: a wrong price changes the effective price, subtotal, tax and total with it. Where an error would
also bill seats that nobody uses, the buyer's count of use for that product is taken out of the estate.
`amount` is what the seller owes, before tax unless the tax is the error; below zero it is in the buyer's favour.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from examples.estate_generator.billing import CYCLE_CHARGES, Line, share_of_cycle
from examples.estate_generator.customers import TAXES
from examples.estate_generator.cycles import ONE_DAY, Span, cut, days_in_month, half_up
from examples.estate_generator.estate import Estate
from examples.estate_generator.subscriptions import Subscription
from examples.estate_generator.usage import rated

_FEWEST = 5


@dataclass(frozen=True, slots=True)
class PlantedError:
    """What the rule must find: on which line, and the amount if the finding has one."""

    rule: str
    serial: int
    amount: Decimal | None
    note: str


@dataclass(slots=True)
class _Ground:
    """The estate while it is being planted: its lines a month, and the subscriptions that no error has taken yet."""

    estate: Estate
    rng: random.Random
    share: int
    lines: list[list[Line]]
    drawn: dict[str, list[Line]]
    free: list[Subscription]
    serial: int
    uncounted: set[str] = field(default_factory=set)
    active: dict[tuple[str, int], int] = field(default_factory=dict)
    errors: list[PlantedError] = field(default_factory=list)

    def take(self, story: str, fits: Callable[[Subscription], bool] = lambda _: True) -> Subscription:
        """A free subscription with that story, never to be taken again."""
        found = next(one for one in self.free if one.story == story and fits(one))
        self.free.remove(found)
        return found

    def plain(self, fits: Callable[[Subscription], bool] = lambda _: True) -> Subscription:
        """A free plain one with a whole cycle's charge on every invoice."""
        whole = len(self.lines)

        def ready(one: Subscription) -> bool:
            return one.plan.cycle_months == 1 and one.seats >= 5 and len(self.of(one)) == whole and fits(one)

        return self.take("plain", ready)

    def of(self, subscription: Subscription) -> list[Line]:
        """Its lines as they were drawn, in order of time."""
        return self.drawn.get(subscription.subscription_id, [])

    def found(self, rule: str, line: Line, amount: Decimal | None, note: str) -> None:
        self.errors.append(PlantedError(rule, line.serial, amount, note))

    def swap(self, old: Line, new: Line) -> Line:
        month = self.lines[old.invoice]
        month[month.index(old)] = new
        return new

    def add(self, line: Line, after: int = 0) -> Line:
        """A new line on its invoice, somewhere behind that place."""
        self.serial += 1
        added = replace(line, serial=self.serial)
        month = self.lines[line.invoice]
        month.insert(self.rng.randrange(after, len(month) + 1), added)
        return added

    def invoice_of(self, span: Span) -> int:
        return next(number for number, month in enumerate(self.estate.months) if span.start in month)


def plant(estate: Estate, seed: int) -> tuple[Estate, tuple[PlantedError, ...]]:
    """The estate with errors for each rule in _PLANTERS: five, or more in a large one."""
    rng = random.Random(f"errors {seed}")
    free = list(estate.subscriptions)
    rng.shuffle(free)
    share = max(_FEWEST, len(estate.customers) // 25)
    lines = [list(month) for month in estate.lines]
    drawn: dict[str, list[Line]] = {}
    for line in (line for month in lines for line in month):
        drawn.setdefault(line.subscription_id, []).append(line)
    ground = _Ground(estate, rng, share, lines, drawn, free, estate.next_serial())
    for planter in _PLANTERS.values():
        for number in range(share):
            planter(ground, number)
    kept = [row for row in estate.deployments if row.subscription.subscription_id not in ground.uncounted]
    month_of = {month.end: number for number, month in enumerate(estate.months)}
    used = [(row.subscription.subscription_id, month_of[row.as_of]) for row in kept]
    deployments = [
        replace(row, active=ground.active.get(key, row.active)) for row, key in zip(kept, used, strict=True)
    ]
    planted = replace(
        estate, lines=tuple(tuple(month) for month in ground.lines), deployments=tuple(deployments)
    )
    return planted, tuple(ground.errors)


def _last(ground: _Ground, number: int) -> bool:
    return number == ground.share - 1


def _duplicate(ground: _Ground, number: int) -> None:
    subscription = ground.plain()
    line = ground.rng.choice(ground.of(subscription))
    copy = ground.add(line, after=ground.lines[line.invoice].index(line) + 1)
    ground.uncounted.add(subscription.subscription_id)
    ground.found("no-duplicate-line", copy, copy.subtotal, "the same line twice on one invoice")


def _period_billed_twice(ground: _Ground, number: int) -> None:
    if number == 1:
        # Begins five days before the last cycle ended, within one term.
        subscription = ground.plain(lambda one: ground.of(one)[-1].charge_type == "cycleCharge")
        line = ground.of(subscription)[-1]
        early = replace(line, charged=Span(line.charged.start - timedelta(days=5), line.charged.end))
        ground.swap(line, early)
        amount = cut(line.subtotal * 5 / early.charged.days, 2)
        ground.found(
            "no-period-billed-twice", early, amount, "the first five days were on the invoice before"
        )
        return
    subscription = ground.plain()
    line = ground.rng.choice(ground.of(subscription)[:-1])
    copy = ground.add(replace(line, invoice=line.invoice + 1))
    ground.uncounted.add(subscription.subscription_id)
    ground.found("no-period-billed-twice", copy, copy.subtotal, "the whole period was on the invoice before")


def _wrong_price(ground: _Ground, number: int) -> None:
    line = ground.rng.choice(ground.of(ground.plain()))
    factor = (
        Decimal("0.95") if _last(ground, number) else Decimal(("1.05", "1.20", "1.1111", "1.5")[number % 4])
    )
    price = half_up(line.unit_price * factor)
    wrong = ground.swap(line, replace(line, unit_price=price).priced(price, price * line.quantity))
    ground.found(
        "price-in-force", wrong, wrong.subtotal - line.subtotal, f"{price} where {line.unit_price} is due"
    )


def _wrong_quantity(ground: _Ground, number: int) -> None:
    subscription = ground.plain()
    line = ground.rng.choice(ground.of(subscription))
    seats = line.quantity + ground.rng.randrange(1, 2 + subscription.seats // 2)
    more = replace(line, quantity=seats).priced(line.effective_price, line.effective_price * seats)
    ground.swap(line, more)
    ground.uncounted.add(subscription.subscription_id)
    note = f"{seats} seats where {line.quantity} were ordered"
    ground.found("quantity-within-entitlement", more, more.subtotal - line.subtotal, note)


def _wrong_arithmetic(ground: _Ground, number: int) -> None:
    line = ground.rng.choice(ground.of(ground.plain(lambda one: ground.of(one)[0].subtotal > 25)))
    by = max(Decimal(1), half_up(line.subtotal * ground.rng.randrange(5, 16) / 100))
    if _last(ground, number):
        by = -by
    wrong = ground.swap(line, line.priced(line.effective_price, line.subtotal + by))
    ground.found("line-arithmetic", wrong, by, "the subtotal is not the price times the quantity")


def _wrong_proration(ground: _Ground, number: int) -> None:
    subscription = ground.take("grown", _uneven)
    day = subscription.changes[0].on
    refund, charge = [line for line in ground.of(subscription) if line.charge_type == "addQuantity"]
    share, days = charge.effective_price, charge.charged.days
    if _last(ground, number):
        line, effective, note = charge, share / days * (days - 1), "a day too few is charged"
    elif number % 3 == 0:
        line, effective, note = charge, charge.unit_price, "the whole cycle is charged for a part of it"
    elif number % 3 == 1:
        line, effective, note = refund, share / days * (days - 1), "a day too few is refunded"
    else:
        line, effective, note = charge, share_of_cycle(subscription, day, divisor=30), "divided by 30 days"
    effective = cut(effective, 7)
    wrong = ground.swap(line, line.priced(effective, cut(effective * line.quantity, 2)))
    ground.found("proration-matches-days", wrong, wrong.subtotal - line.subtotal, note)


def _uneven(subscription: Subscription) -> bool:
    """Changed so that each of the wrong sums differs from the right one by a good deal more than a cent."""
    day = subscription.changes[0].on
    cycle = subscription.cycle_of(day)
    return (
        subscription.seats >= 5 and days_in_month(cycle.start) != 30 and 4 <= Span(day, cycle.end).days <= 25
    )


def _missing_refund(ground: _Ground, number: int) -> None:
    subscription = ground.take("grown", _uneven)
    refund, charge = [line for line in ground.of(subscription) if line.charge_type == "addQuantity"]
    ground.lines[refund.invoice].remove(refund)
    ground.uncounted.add(subscription.subscription_id)
    ground.found(
        "proration-pair-complete", charge, -refund.subtotal, "the seats held before are not refunded"
    )


def _wrong_tax(ground: _Ground, number: int) -> None:
    kind = "lower" if _last(ground, number) else ("higher", "exempt", "on the invoice")[number % 3]
    subscription = ground.plain(lambda one: _taxed_so(one, kind) and ground.of(one)[0].subtotal > 40)
    line = ground.rng.choice(ground.of(subscription))
    rate = TAXES[line.country].rate + {"higher": Decimal("0.02"), "lower": Decimal("-0.01")}.get(
        kind, Decimal(0)
    )
    wrong = ground.swap(line, replace(line, tax=half_up(line.subtotal * rate)))
    notes = {
        "higher": "a higher rate than the country's",
        "lower": "a lower rate than the country's",
        "exempt": "the customer is exempt",
        "on the invoice": "the country's tax stands on the invoice",
    }
    ground.found("tax-as-rated", wrong, wrong.tax - line.tax, notes[kind])


def _taxed_so(subscription: Subscription, kind: str) -> bool:
    customer = subscription.customer
    if kind == "exempt" or customer.exempt:
        return kind == "exempt" and customer.exempt
    return (TAXES[customer.country].on == "invoice") == (kind == "on the invoice")


def _after_cancellation(ground: _Ground, number: int) -> None:
    subscription = ground.take("cancelled in time")
    first = ground.of(subscription)[0]
    _one_more_cycle(
        ground, subscription, first, "no-charge-after-cancellation", "cancelled within its seven days"
    )


def _outside_term(ground: _Ground, number: int) -> None:
    if number == 1:
        subscription = ground.take("plain", lambda one: _bought(ground, one))
        line = ground.of(subscription)[0]
        early = replace(line, charged=Span(line.charged.start - timedelta(days=5), line.charged.end))
        ground.swap(line, early)
        amount = cut(line.subtotal * 5 / early.charged.days, 2)
        ground.found("no-charge-outside-term", early, amount, "five days before the term begins")
        return
    subscription = ground.take("expired", lambda one: bool(ground.of(one)))
    ground.uncounted.add(subscription.subscription_id)
    last = ground.of(subscription)[-1]
    _one_more_cycle(ground, subscription, last, "no-charge-outside-term", "the term has ended")


def _bought(ground: _Ground, subscription: Subscription) -> bool:
    """Bought in these months for a year or more, billed by the month, for enough money to tell."""
    lines, plan = ground.of(subscription), subscription.plan
    yearly = plan.term_months >= 12 and plan.cycle_months == 1
    return yearly and bool(lines) and lines[0].charge_type == "new" and lines[0].subtotal > 10


def _one_more_cycle(ground: _Ground, subscription: Subscription, last: Line, rule: str, note: str) -> None:
    charged = subscription.cycle_of(last.charged.end + ONE_DAY)
    line = replace(last, charge_type="cycleCharge", charged=charged, invoice=ground.invoice_of(charged))
    added = ground.add(line)
    ground.found(rule, added, added.subtotal, note)


def _wrong_usage(ground: _Ground, number: int) -> None:
    taken = {error.serial for error in ground.errors if error.rule == "usage-matches-invoice"}
    ours = {line.subscription_id for month in ground.lines for line in month if line.serial in taken}
    machines = [
        line
        for month in ground.lines
        for line in month
        if line.unit_type == "1 Hour" and line.meter.startswith("Virtual Machines")
    ]
    line = ground.rng.choice([line for line in machines if line.subscription_id not in ours])
    claim = number % 2 == 0
    wrong = ground.swap(line, rated(line, Decimal("1.08") if claim else Decimal("1.04")))
    amount = wrong.subtotal - line.subtotal if claim else None
    note = "8 % above the daily usage" if claim else "4 % above the daily usage: to be looked at"
    ground.found("usage-matches-invoice", wrong, amount, note)


def _unused_seats(ground: _Ground, number: int) -> None:
    subscription = ground.plain(lambda one: one.seats >= 8)
    idle = ground.rng.randrange(2, subscription.seats // 2)
    since = number % len(ground.lines)
    for line in ground.of(subscription)[since:]:
        if line.charge_type in CYCLE_CHARGES:
            ground.active[(subscription.subscription_id, line.invoice)] = subscription.seats - idle
            note = f"{idle} of {subscription.seats} seats are not in use"
            ground.found("paid-for-is-used", line, line.unit_price * idle, note)


_PLANTERS: dict[str, Callable[[_Ground, int], None]] = {
    "no-duplicate-line": _duplicate,
    "no-period-billed-twice": _period_billed_twice,
    "price-in-force": _wrong_price,
    "quantity-within-entitlement": _wrong_quantity,
    "line-arithmetic": _wrong_arithmetic,
    "proration-matches-days": _wrong_proration,
    "proration-pair-complete": _missing_refund,
    "tax-as-rated": _wrong_tax,
    "no-charge-after-cancellation": _after_cancellation,
    "no-charge-outside-term": _outside_term,
    "usage-matches-invoice": _wrong_usage,
    "paid-for-is-used": _unused_seats,
}
