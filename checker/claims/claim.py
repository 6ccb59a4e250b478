"""A claim: a finding with its deadline, its status on the run's date, and who owes whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from checker.engine.outcomes import Finding

Status = Literal["open", "closing", "lapsed", "unknown"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """One window that applies: `last_day` is the last day to claim (None: unknown, and `note` says what to look up).

    `opens` is the first day to claim where it is not at once; `counts_from` the date that set the window going.
    """

    window: str
    title: str
    last_day: date | None
    source: str
    route: str
    who_files: str
    evidence: tuple[str, ...] = ()
    note: str | None = None
    opens: date | None = None
    counts_from: date | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """`net` is the part of the finding's amount that no other finding on the same lines counts already.

    `deadline` is the one that counts (the earliest of `deadlines` that is known); `status` is relative to as-of.

    `owed` is the finding's net where it is above zero and the line is invoiced; `coming` where the line is an estimate;
    `favour` is what is in the buyer's favour, as a number below zero. At most one of the three is set.
    """

    finding: Finding
    net: Decimal | None
    deadline: Deadline | None
    deadlines: tuple[Deadline, ...]
    status: Status
    days_left: int | None
    owed_by: str
    owed_to: str
    owed: Decimal | None = None
    coming: Decimal | None = None
    favour: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of one currency. `certain` and `indicative` are never added together; each is by status and counts `owed`.

    `gross` is before overlap, `overlap` what several rules found on the same lines, `net` (gross - overlap) what is
    owed.
    """

    currency: str
    confidence: Literal["certain", "indicative"]
    gross: Decimal
    overlap: Decimal
    net: Decimal
    open: Decimal
    closing: Decimal
    lapsed: Decimal
    unknown: Decimal
    coming: Decimal
    favour: Decimal
    claims: int
