"""Findings become claims, one at a time: the deadline that counts, the status, who owes, and what of it is owed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from checker.claims.claim import Claim
from checker.claims.deadlines import CLOSING_DAYS, Deadlines, earliest, status
from checker.claims.parties import PARTIES
from checker.claims.terms import ContractTerms
from checker.claims.windows import Window
from checker.engine.outcomes import Finding


def assess(
    findings: Iterable[Finding],
    nets: Callable[[Finding], Decimal | None],
    contract: ContractTerms,
    windows: Mapping[str, Window],
    as_of: date,
    closing_days: int = CLOSING_DAYS,
) -> Iterator[Claim]:
    """A claim for each finding, in the findings' order; nothing is held back.

    `nets` gives the part of a finding's amount that no other finding counts (None: no money). A claim's incident is
    the date that its deadline counts from, whichever date the rule named.
    """
    deadlines = Deadlines(windows, contract)
    names = {"seller": contract.seller, "buyer": contract.buyer, "nobody": ""}
    for finding in findings:
        rule = finding.rule
        applying = deadlines.of(rule.claim, rule.posture, _dates(finding))
        counting = earliest(applying)
        state, left = status(counting.last_day if counting else None, as_of, closing_days)
        if counting is not None:
            finding = replace(finding, incident=counting.counts_from)
        net = nets(finding)
        parties = PARTIES[rule.posture]
        owed, coming, favour = _sides(net if parties.owed_by == "seller" else None, finding.estimate)
        yield Claim(
            finding=finding,
            net=net,
            deadline=counting,
            deadlines=applying,
            status=state,
            days_left=left,
            owed_by=names[parties.owed_by],
            owed_to=names[parties.owed_to],
            owed=owed,
            coming=coming,
            favour=favour,
        )


def _dates(finding: Finding) -> dict[str, object]:
    """What the finding holds by name, its incident under the name that its rule gives it as well. What the rule itself
    read counts before what else its line holds."""
    dates: dict[str, object] = {
        **finding.dates,
        **finding.key,
        **finding.values,
        "incident": finding.incident,
    }
    if finding.rule.claim is not None and finding.incident is not None:
        dates[finding.rule.claim.incident] = finding.incident
    return dates


def _sides(net: Decimal | None, estimate: bool) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """A net as owed, coming or in the buyer's favour; none of them where nothing is left of it."""
    if net is None or net == 0:
        return None, None, None
    if net < 0:
        return None, None, net
    return (None, net, None) if estimate else (net, None, None)
