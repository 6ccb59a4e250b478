"""The seat subscriptions of an estate, each with its story: grown, shrunk, cancelled, expired…

A story is what makes a subscription a trap or a place for a planted error. Most are `plain`. Stories that need a
date of their own move the subscription's start, so that every seed and size has its share of each.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from examples.estate_generator.catalogue import (
    MONTHLY_TERM,
    PRODUCTS,
    THREE_BY_MONTH,
    THREE_BY_YEAR,
    YEAR_AT_ONCE,
    YEAR_BY_MONTH,
    Plan,
    Product,
)
from examples.estate_generator.customers import Customer, new_id
from examples.estate_generator.cycles import ONE_DAY, Span, add_months, days_in_month, span_of, spans_touching

_PLAN_SHARES = {MONTHLY_TERM: 13, YEAR_BY_MONTH: 58, YEAR_AT_ONCE: 11, THREE_BY_MONTH: 13, THREE_BY_YEAR: 5}


@dataclass(frozen=True, slots=True)
class Change:
    """Another number of seats from that day on."""

    on: date
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Subscription:
    """Seats of one product. `anchor` is the first day of its first term, `lives_until` its last day if it is not
    renewed for ever; `changes` are in order of time; `cancelled_on` is the day a cancellation was asked for."""

    subscription_id: str
    order: str
    customer: Customer
    product: Product
    plan: Plan
    anchor: date
    seats: int
    story: str = "plain"
    changes: tuple[Change, ...] = ()
    cancelled_on: date | None = None
    lives_until: date | None = None

    def seats_on(self, day: date) -> int:
        """The seats held at the end of that day."""
        held = [change.after for change in self.changes if change.on <= day]
        return held[-1] if held else self.seats

    def terms(self, window: Span) -> list[tuple[int, Span]]:
        """The numbered terms that touch the window and begin while the subscription lives."""
        spans = spans_touching(self.anchor, self.plan.term_months, window)
        return [(n, term) for n, term in spans if self.lives_until is None or term.start <= self.lives_until]

    def term_of(self, day: date) -> Span:
        return self._span_of(day, self.plan.term_months)

    def cycle_of(self, day: date) -> Span:
        return self._span_of(day, self.plan.cycle_months)

    def _span_of(self, day: date, step: int) -> Span:
        return next(span for _, span in spans_touching(self.anchor, step, Span(day, day)))


def draw_subscriptions(
    rng: random.Random, customers: list[Customer], months: tuple[Span, ...]
) -> list[Subscription]:
    """Every customer's subscriptions, one for a product and SKU, in the customers' order."""
    subscriptions = []
    for customer in customers:
        wanted = rng.randrange(8, 16)
        for product in rng.sample(PRODUCTS, wanted):
            if len(product.segments) == 1 and customer.segment == "Education" and rng.random() < 0.5:
                continue
            plan = rng.choices(tuple(_PLAN_SHARES), weights=tuple(_PLAN_SHARES.values()))[0]
            seats = max(1, int(customer.seats * rng.uniform(0.2, 1.6)))
            anchor = _anchor(rng, plan, months)
            order = f"{rng.getrandbits(40):010x}"
            subscriptions.append(Subscription(new_id(rng), order, customer, product, plan, anchor, seats))
    return _with_stories(rng, subscriptions, months)


def _anchor(rng: random.Random, plan: Plan, months: tuple[Span, ...]) -> date:
    """A first day: in the past so far as the plan goes, or in the first months of the estate; one in six in the
    last days of a month, where short months make cycles uneven."""
    back = {1: 14, 12: 23, 36: 35}[plan.term_months]
    first = add_months(months[0].start, rng.randrange(-back, min(2, len(months))))
    last = days_in_month(first)
    late = last > 28 and rng.random() < 1 / 6
    return first.replace(day=rng.randrange(29, last + 1) if late else rng.randrange(1, 29))


def segment_of(subscription: Subscription) -> str:
    """The segment of the price it was sold at: a school buys at its own price where the product has one."""
    wanted = subscription.customer.segment
    return wanted if wanted in subscription.product.segments else "Commercial"


_Story = Callable[[random.Random, Subscription, tuple[Span, ...]], Subscription]


def _with_stories(
    rng: random.Random, drawn: list[Subscription], months: tuple[Span, ...]
) -> list[Subscription]:
    size = len({subscription.customer.customer_id for subscription in drawn})
    numbers = list(range(len(drawn)))
    rng.shuffle(numbers)
    told = list(drawn)
    for name, (tell, share, least) in _STORIES.items():
        for _ in range(max(least, round(size * share))):
            number = numbers.pop()
            told[number] = replace(tell(rng, drawn[number], months), story=name)
    return told


def _grown(rng: random.Random, subscription: Subscription, months: tuple[Span, ...]) -> Subscription:
    subscription = _running(subscription, YEAR_BY_MONTH if rng.random() < 0.8 else THREE_BY_MONTH, months)
    day = _day_for_change(rng, subscription, rng.choice(months))
    return _changed(subscription, day, subscription.seats + rng.randrange(1, 4 + subscription.seats // 2))


def _grown_twice(rng: random.Random, subscription: Subscription, months: tuple[Span, ...]) -> Subscription:
    subscription = _grown(rng, subscription, months)
    last = subscription.changes[-1]
    return _changed(subscription, last.on, last.after + rng.randrange(1, 6))


def _shrunk(rng: random.Random, subscription: Subscription, months: tuple[Span, ...]) -> Subscription:
    """Seats are handed back inside the seven days after a purchase or a renewal."""
    subscription = replace(subscription, seats=subscription.seats + 5)
    day = rng.choice(months).start.replace(day=rng.randrange(1, 23))
    years = rng.choice((0, 1))
    subscription = replace(subscription, plan=YEAR_BY_MONTH, anchor=add_months(day, -12 * years))
    return _changed(
        subscription, day + timedelta(days=rng.randrange(1, 6)), subscription.seats - rng.randrange(1, 5)
    )


def _shrunk_and_grown(
    rng: random.Random, subscription: Subscription, months: tuple[Span, ...]
) -> Subscription:
    """Handed back, and more taken again on the same day."""
    subscription = _shrunk(rng, subscription, months)
    return _changed(subscription, subscription.changes[-1].on, subscription.seats + rng.randrange(1, 5))


def _grown_in_short_month(
    rng: random.Random, subscription: Subscription, months: tuple[Span, ...]
) -> Subscription:
    """Anchored on the 29th to the 31st and changed in the cycle that begins in the month before the first, or in the
    one that begins on the first month's last day."""
    anchor = date(months[0].start.year - 1, rng.choice((8, 10, 12)), rng.randrange(29, 32))
    subscription = replace(subscription, plan=YEAR_BY_MONTH, anchor=anchor)
    cycle = subscription.cycle_of(months[rng.randrange(min(2, len(months)))].start)
    day = cycle.start + timedelta(days=rng.randrange(3, 26))
    return _changed(subscription, day, subscription.seats + rng.randrange(1, 9))


def _grown_at_once(rng: random.Random, subscription: Subscription, months: tuple[Span, ...]) -> Subscription:
    """Billed for a whole year, then grown: the year's charge and its proration overlap."""
    anchor = months[0].start.replace(day=rng.randrange(1, 27))
    anchor = anchor if rng.random() < 0.5 else add_months(anchor, -12)
    subscription = replace(subscription, plan=YEAR_AT_ONCE, anchor=anchor)
    day = _day_for_change(rng, subscription, months[-1])
    return _changed(subscription, day, subscription.seats + rng.randrange(1, 9))


def _told_as_it_is(rng: random.Random, subscription: Subscription, months: tuple[Span, ...]) -> Subscription:
    return _running(subscription, YEAR_BY_MONTH, months)


def _cancelled_in_time(
    rng: random.Random, subscription: Subscription, months: tuple[Span, ...]
) -> Subscription:
    """Bought in any month but the last, and cancelled within its seven days."""
    anchor = rng.choice(months[:-1] or months).start.replace(day=rng.randrange(1, 25))
    cancelled = anchor + timedelta(days=rng.randrange(1, 6))
    return replace(
        subscription, plan=YEAR_BY_MONTH, anchor=anchor, cancelled_on=cancelled, lives_until=cancelled
    )


def _cancelled_too_late(
    rng: random.Random, subscription: Subscription, months: tuple[Span, ...]
) -> Subscription:
    """Cancelled after its seven days: it runs, and is charged, until the end of its term."""
    anchor = add_months(months[0].start, -rng.randrange(2, 6)).replace(day=rng.randrange(1, 29))
    cancelled = months[0].start + timedelta(days=rng.randrange(0, 45))
    until = span_of(anchor, 12, 0).end
    return replace(subscription, plan=YEAR_BY_MONTH, anchor=anchor, cancelled_on=cancelled, lives_until=until)


def _expired(rng: random.Random, subscription: Subscription, months: tuple[Span, ...]) -> Subscription:
    """Its term ends in the second month or later, and is not renewed."""
    ends = rng.choice(months[1:] or months).start.replace(day=rng.randrange(2, 27))
    anchor = add_months(ends, -12)
    return replace(subscription, plan=YEAR_BY_MONTH, anchor=anchor, lives_until=ends - ONE_DAY)


# For each story: how it goes, how many for each customer, and the least number of them.
_STORIES: dict[str, tuple[_Story, float, int]] = {
    "grown": (_grown, 0.75, 30),
    "grown twice on a day": (_grown_twice, 0.06, 4),
    "shrunk": (_shrunk, 0.12, 6),
    "shrunk and grown on a day": (_shrunk_and_grown, 0.04, 4),
    "grown in a short month": (_grown_in_short_month, 0.06, 6),
    "billed for a year, then grown": (_grown_at_once, 0.06, 5),
    "credited and rebilled": (_told_as_it_is, 0.05, 5),
    "credited and rebilled a month later": (_told_as_it_is, 0.05, 5),
    "cancelled in time": (_cancelled_in_time, 0.14, 14),
    "cancelled too late": (_cancelled_too_late, 0.05, 5),
    "expired": (_expired, 0.14, 14),
}


def _running(subscription: Subscription, plan: Plan, months: tuple[Span, ...]) -> Subscription:
    """The same, begun at least a month before the estate does."""
    anchor = subscription.anchor
    if anchor >= add_months(months[0].start, -1):
        anchor = add_months(anchor, -(plan.term_months // 2 + 1))
    return replace(subscription, plan=plan, anchor=anchor)


def _day_for_change(rng: random.Random, subscription: Subscription, month: Span) -> date:
    """A day of the month on which no cycle begins."""
    days = [month.start + timedelta(days=number) for number in range(month.days)]
    return rng.choice([day for day in days if subscription.cycle_of(day).start != day])


def _changed(subscription: Subscription, on: date, seats: int) -> Subscription:
    before = subscription.changes[-1].after if subscription.changes else subscription.seats
    return replace(subscription, changes=(*subscription.changes, Change(on, before, seats)))
