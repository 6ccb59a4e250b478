"""What running the rules gives: for each rule four counts, the causes of what could not be judged, and the findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from checker.rulebook.rule import Rule

Value = Decimal | str | bool | date | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Lines of the rule's table by outcome; the four add up to the table's rows."""

    passed: int = 0
    findings: int = 0
    undecided: int = 0
    out_of_scope: int = 0


@dataclass(frozen=True, slots=True)
class Cause:
    """Why lines could not be judged: the reason in words, how many lines, and the money on them by currency.

    `supply` says what would settle them ("an entitlements file"), where that is known."""

    reason: str
    lines: int
    money: Mapping[str, Decimal] = field(default_factory=dict)
    supply: str | None = None


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """One rule's result. `counts` are lines, whatever the rule judges (a line or a group of lines)."""

    rule: Rule
    counts: Counts
    causes: tuple[Cause, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One error found, with everything that shows it.

    `number` counts findings in the order of rules and lines; `amount` is what is owed to the buyer (below zero: in
    the buyer's favour; None: no money); `charged` is what the line, or the group's lines together, charged in all;
    `values` holds every column, lookup and `let` that the rule read, by name; `key` its business key; `dates` the dates
    of its line, for a claim window may count from any.
    """

    number: int
    rule: Rule
    fingerprint: str
    key: Mapping[str, Value]
    values: Mapping[str, Value]
    message: str
    amount: Decimal | None
    currency: str | None
    charged: Decimal | None
    incident: date | None
    estimate: bool
    source_file: str
    source_row: int
    table: str
    dates: Mapping[str, date] = field(default_factory=dict)
    customer_id: str | None = None
    customer_name: str | None = None
    invoice_number: str | None = None
    subscription_id: str | None = None
    product_id: str | None = None
    product_name: str | None = None
    sku_id: str | None = None
