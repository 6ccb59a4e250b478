"""Claim groups: what one customer can claim under one window by one day. A group is what a person files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from typing import IO

from checker.claims.claim import Claim, Deadline, Status
from checker.report.plain import cell, csv_writer

_Key = tuple[str | None, str | None, date | None, str, str, str]
_EXACT = Context(prec=76, traps=[Inexact, InvalidOperation, Overflow])
_NOTHING = Decimal("0.00")


@dataclass(slots=True)
class ClaimGroup:
    """Claims with money owed that share customer, window, last day, currency, debtor and creditor.

    `certain` and `indicative` are never added together. `deadline` is None where no window is known to apply.
    """

    customer_id: str | None
    customer_name: str | None
    deadline: Deadline | None
    status: Status
    days_left: int | None
    owed_by: str
    owed_to: str
    currency: str
    certain: Decimal = _NOTHING
    indicative: Decimal = _NOTHING
    findings: int = 0
    rules: set[str] = field(default_factory=set)
    evidence: dict[str, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    first_incident: date | None = None
    last_incident: date | None = None

    @property
    def last_day(self) -> date | None:
        return self.deadline.last_day if self.deadline else None

    @property
    def window(self) -> str | None:
        return self.deadline.window if self.deadline else None

    @property
    def reference(self) -> str:
        """A short name of the group that stays the same from run to run."""
        parts = (self.customer_id, self.window, self.last_day, self.currency, self.owed_by, self.owed_to)
        text = "\x1f".join("" if part is None else str(part) for part in parts)
        return f"CL-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


class ClaimGroups:
    """Gathers claims into groups. Holds one group for each customer, window and day; never the findings."""

    def __init__(self) -> None:
        self._groups: dict[_Key, ClaimGroup] = {}

    def add(self, claim: Claim) -> None:
        finding, deadline = claim.finding, claim.deadline
        if claim.owed is None or finding.currency is None:
            return
        window, last_day = (deadline.window, deadline.last_day) if deadline else (None, None)
        key = (finding.customer_id, window, last_day, finding.currency, claim.owed_by, claim.owed_to)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = ClaimGroup(
                customer_id=finding.customer_id,
                customer_name=finding.customer_name,
                deadline=deadline,
                status=claim.status,
                days_left=claim.days_left,
                owed_by=claim.owed_by,
                owed_to=claim.owed_to,
                currency=finding.currency,
            )
        side = finding.rule.confidence
        setattr(group, side, _EXACT.add(getattr(group, side), claim.owed))
        group.findings += 1
        group.rules.add(finding.rule.name)
        for each in claim.deadlines or ((deadline,) if deadline else ()):
            group.evidence |= dict.fromkeys(each.evidence)
            group.notes |= dict.fromkeys((each.note,) if each.note else ())
        if finding.incident is not None:
            group.first_incident = min(group.first_incident or finding.incident, finding.incident)
            group.last_incident = max(group.last_incident or finding.incident, finding.incident)

    def __iter__(self) -> Iterator[ClaimGroup]:
        """By last day, unknown ones after those still ahead and lapsed ones last; then the largest first."""
        return iter(sorted(self._groups.values(), key=_order))


_STATUS_ORDER: dict[Status, int] = {"closing": 0, "open": 1, "unknown": 2, "lapsed": 3}


def _order(group: ClaimGroup) -> tuple[int, date, str, Decimal, Decimal, str]:
    day = group.last_day or date.max
    return (
        _STATUS_ORDER[group.status],
        day,
        group.currency,
        -group.certain,
        -group.indicative,
        group.reference,
    )


_COLUMNS = (
    "claim",
    "customer_id",
    "customer_name",
    "window",
    "window_title",
    "claim_status",
    "claim_deadline",
    "days_left",
    "currency",
    "certain",
    "indicative",
    "fingerprints",
    "rules",
    "first_incident",
    "last_incident",
    "owed_by",
    "owed_to",
    "route",
    "who_files",
    "evidence_needed",
    "note",
    "source",
)


def write_claims(groups: ClaimGroups, file: IO[str]) -> None:
    """claims.csv: a group a row. `fingerprints` counts its findings in findings.csv; `certain` and `indicative` are
    never added together; several rules, documents or notes in one cell are separated by semicolons."""
    rows = csv_writer(file)
    rows.writerow(_COLUMNS)
    for group in groups:
        deadline = group.deadline
        values = (
            group.reference,
            group.customer_id,
            group.customer_name,
            group.window,
            deadline.title if deadline else None,
            group.status,
            group.last_day,
            group.days_left,
            group.currency,
            group.certain,
            group.indicative,
            group.findings,
            "; ".join(sorted(group.rules)),
            group.first_incident,
            group.last_incident,
            group.owed_by,
            group.owed_to,
            deadline.route if deadline else None,
            deadline.who_files if deadline else None,
            "; ".join(group.evidence),
            "; ".join(group.notes),
            deadline.source if deadline else None,
        )
        rows.writerow([cell(value) for value in values])
