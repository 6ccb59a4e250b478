"""Findings as the tables of this folder write them: what is left out is of no matter to claims."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from checker.engine.outcomes import Finding
from checker.rulebook.rule import ClaimTerms, Rule


def rule(entry: Mapping[str, Any]) -> Rule:
    window = entry.get("window", "invoice-dispute")
    name = entry.get("rule", "price-in-force")
    return Rule(
        id="BE-001",
        name=name,
        title=f"Title of {name}",
        requirement="",
        family="billing",
        posture=entry.get("posture", "correction"),
        severity="high",
        status="active",
        confidence=entry.get("confidence", "certain"),
        revision=1,
        owner="billing-audit",
        references=(),
        benign_when=(),
        claim=ClaimTerms(window, "invoice_date") if window else None,
        supersedes=(),
        tags=(),
        file="rules/billing/price-in-force.yaml",
        hash="",
        logic={},
    )


def finding(number: int, entry: Mapping[str, Any]) -> Finding:
    amount = entry.get("amount")
    return Finding(
        number=number,
        rule=rule(entry),
        fingerprint=str(number),
        key={},
        values=entry.get("values", {}),
        message="",
        amount=None if amount is None else Decimal(amount),
        currency=None if amount is None else entry.get("currency", "USD"),
        charged=None,
        incident=entry.get("incident"),
        estimate=entry.get("estimate", False),
        source_file="lines.csv",
        source_row=number + 2,
        table="invoice_lines",
        dates=entry.get("dates", {}),
        customer_id=entry.get("customer"),
    )
