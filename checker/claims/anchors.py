"""The dates that a claim window may count from, and where each is found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Anchor:
    """`held_by` says whose date it is: the finding's (its line's columns and what its rule looked up) or the
    contract's, which counts where the finding has none of that name. `supply` says what to do where it is unknown."""

    name: str
    about: str
    held_by: Literal["finding", "contract"]
    supply: str


def _on_line(name: str, about: str, supply: str) -> Anchor:
    return Anchor(name, about, "finding", supply)


def _in_contract(name: str, about: str, key: str) -> Anchor:
    return Anchor(name, about, "contract", f"state {key} in the contract file")


ANCHORS: dict[str, Anchor] = {
    anchor.name: anchor
    for anchor in (
        _on_line("incident", "the date that the rule names under claim.incident",
                 "supply the date that the rule counts from; for a billing error, the invoice with its date"),
        _on_line("invoice_date", "the date on the invoice", "supply the invoice with its date (table invoices)"),
        _on_line("due_date", "the day on which the invoice is due", "supply the invoice with its due date"),
        _on_line("billing_period_end", "the last day of the billing period",
                 "supply the invoice with its billing period (table invoices)"),
        _on_line("order_date", "the day of the order", "supply lines that carry their order date"),
        _on_line("charge_start_date", "the first day charged for", "supply lines that carry their charge period"),
        _on_line("charge_end_date", "the last day charged for", "supply lines that carry their charge period"),
        _on_line("claimed_on", "the day on which the seller made its claim", "supply the true-up with its date"),
        _on_line("received_on", "the day on which the audit finding was received", "supply the day of receipt"),
        _on_line("started_on", "the day on which the outage began", "supply the incident with its start"),
        _in_contract("anniversary", "the enrolment's next anniversary", "dates.anniversary"),
        _in_contract("contract_start", "the contract's first day", "contract.start"),
        _in_contract("contract_end", "the contract's last day", "contract.end"),
    )
}  # fmt: skip
"""Every anchor by its name; a window or a contract's clause that names another is refused."""
