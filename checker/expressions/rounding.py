"""Exact division and rounding over whole numbers: the one place where digits are given up.

A value a/b is taken as a ratio of integers, so a rounding over a quotient rounds once, whatever its length.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Literal, get_args

Mode = Literal["down", "up", "half up", "half down", "half even", "floor", "ceiling"]
MODES: tuple[Mode, ...] = get_args(Mode)

EXACT = Context(prec=400)
"""Wide enough that sums and products of checked expressions never round."""


def rounded(numerator: Decimal, denominator: Decimal, places: int, mode: Mode) -> Decimal:
    """numerator / denominator to that many decimal places. The denominator is not zero.

    `half up` and `up` go away from zero, `down` towards it; `floor` and `ceiling` go to the lower and higher number.

    >>> rounded(Decimal("-66.66666"), Decimal(1), 2, "down"), rounded(Decimal("0.975"), Decimal(1), 2, "half up")
    (Decimal('-66.66'), Decimal('0.98'))
    """
    top, below = numerator.as_integer_ratio(), denominator.as_integer_ratio()
    n, d = top[0] * below[1], top[1] * below[0]
    if d < 0:
        n, d = -n, -d
    if places >= 0:
        n *= 10**places
    else:
        d *= 10**-places
    quotient, rest = divmod(abs(n), d)
    sign = -1 if n < 0 else 1
    if _goes_away(quotient, rest, d, sign, mode):
        quotient += 1
    return EXACT.scaleb(Decimal(sign * quotient), -places)


def _goes_away(quotient: int, rest: int, divisor: int, sign: int, mode: Mode) -> bool:
    match mode:
        case "down":
            return False
        case "up":
            return rest != 0
        case "half up":
            return 2 * rest >= divisor
        case "half down":
            return 2 * rest > divisor
        case "half even":
            return 2 * rest > divisor or (2 * rest == divisor and quotient % 2 == 1)
        case "floor":
            return rest != 0 and sign < 0
        case "ceiling":
            return rest != 0 and sign > 0
