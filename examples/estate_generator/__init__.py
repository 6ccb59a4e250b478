"""A generator of estates: a made-up reseller's invoices, usage and own records, from a seed, the same to the byte.

A *clean* estate holds no error, and is full of what only looks like one. These traps must stay silent:

- a change of seats as refund and recharge, up and down, in long cycles and in short months (31 January to
  27 February is divided by 31), and twice on one day, each time with its own pair;
- a charge credited back and billed again, on the same invoice or on the next one;
- countries whose tax stands on the invoice alone, and customers who are exempt: no tax on the line;
- a credit that names no customer;
- a list price that rose within a term, whose price is held, beside renewals that do take the new one;
- the same product at other prices for another market, segment, term or billing plan, and prices of the contract;
- a year's charge, and then the proration of seats added in that year;
- usage of a month's last days on the next invoice; invoiced usage up to 3 % above the daily sum, or below it by a
  discount; daily totals of ten decimals against an invoice of two;
- a purchase cancelled within its seven days and refunded; a cancellation asked for later, with charges to the end
  of the term; a term that simply ended;
- renewals on the anniversary, every month for monthly terms;
- cycles anchored on the 29th, 30th and 31st;
- exactly as many seats in use as are billed, and products whose use the buyer has not counted;
- an adjustment on the invoice that no line carries.

`errors` plants in it what each rule must find.
"""

from __future__ import annotations

from dataclasses import dataclass

from examples.estate_generator.errors import plant
from examples.estate_generator.estate import draw_estate
from examples.estate_generator.writing import files_of, truth_of

SMALLEST = 40


@dataclass(frozen=True, slots=True)
class Generated:
    """The files of an estate's folder by name, and the truth about them, which must not lie among them."""

    files: dict[str, bytes]
    truth: bytes


def generate(seed: int, size: int = 150, months: int = 3, clean: bool = False) -> Generated:
    """An estate of `size` customers (40 or more) over so many months (2 or more) from February 2026 on. A clean one
    is the same estate before the errors were planted, with a truth of no rows."""
    if size < SMALLEST or months < 2:
        raise ValueError(f"an estate takes at least {SMALLEST} customers and two months")
    estate = draw_estate(seed, size, months)
    if clean:
        return Generated(files_of(estate), truth_of(estate, ()))
    planted, errors = plant(estate, seed)
    return Generated(files_of(planted), truth_of(planted, errors))


__all__ = ["SMALLEST", "Generated", "generate"]
