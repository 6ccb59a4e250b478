"""Who owes a claim of each posture, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from checker.rulebook.rule import Posture

Role = Literal["seller", "buyer", "nobody"]


@dataclass(frozen=True, slots=True)
class Parties:
    """`owed_by` owes `owed_to` what a finding's amount says, where it is above zero."""

    owed_by: Role
    owed_to: Role


NO_PARTIES = Parties("nobody", "nobody")

PARTIES: dict[Posture, Parties] = {
    "correction": Parties("seller", "buyer"),
    "dispute": Parties("seller", "buyer"),
    "negotiated_give": Parties("seller", "buyer"),
    # The rule of a partner's own books says who owes whom; no seller does, so nothing of it enters these totals.
    "onward": NO_PARTIES,
    "relationship": NO_PARTIES,
    "guardrail": NO_PARTIES,
}
"""By posture. Only what the seller owes the buyer is owed, and enters a total."""
