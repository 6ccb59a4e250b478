"""Claims and their totals, as the table beside this file gives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from checker import yamlfile
from checker.claims import terms, windows
from checker.claims.assess import assess
from checker.claims.claim import Claim
from checker.claims.terms import ContractTerms
from checker.claims.totals import Tally
from checker.engine.outcomes import Finding
from checker.problems import Where
from tests.claims.findings import finding

FILE, PROBLEMS = yamlfile.read(Path(__file__).parent / "claims.yaml")
assert FILE is not None
assert not PROBLEMS
CASES: Any = FILE.value
WINDOWS, _ = windows.load()


def _assessed(case: dict[str, Any]) -> Iterator[Claim]:
    contract, problems = terms.read(case, WINDOWS, lambda *path, key=False: Where("contract.yaml"))
    assert not problems
    nets = {i: Decimal(entry["net"]) for i, entry in enumerate(case["findings"]) if "net" in entry}
    findings = (finding(i, entry) for i, entry in enumerate(case["findings"]))
    return assess(findings, lambda finding: nets.get(finding.number), contract, WINDOWS, case["as_of"])


def _shown(claim: Claim, asked: dict[str, Any]) -> dict[str, Any]:
    """The claim as a table row. Of the three kinds of money every row says all; of the rest what it asks for."""
    shown = {
        "status": claim.status,
        "days_left": claim.days_left,
        "owed": claim.owed,
        "coming": claim.coming,
        "favour": claim.favour,
        "incident": claim.finding.incident,
        "owed_by": claim.owed_by,
        "owed_to": claim.owed_to,
        "note": claim.deadline.note if claim.deadline else None,
    }
    always = ("status", "days_left", "owed", "coming", "favour")
    return {
        name: str(value) if isinstance(value, Decimal) else value
        for name, value in shown.items()
        if name in asked or (name in always and value is not None)
    }


@pytest.mark.parametrize("case", CASES, ids=[case["it"] for case in CASES])
def test_claims(case: dict[str, Any]) -> None:
    tally = Tally()
    claims = list(tally.through(_assessed(case)))
    if "claims" in case:
        asked = case["claims"]
        assert len(claims) == len(asked)
        assert [_shown(claim, row) for claim, row in zip(claims, asked, strict=True)] == asked
    if "totals" in case:
        assert [_text(asdict(totals)) for totals in tally.totals()] == case["totals"]
    if "lapses" in case:
        assert [_text(asdict(lapse)) for lapse in tally.lapses()] == case["lapses"]
    if "rules" in case:
        assert [[part.name, str(part.totals.net)] for part in tally.by_rule()] == case["rules"]
    if "customers" in case:
        assert [[part.name, str(part.totals.net)] for part in tally.by_customer()] == case["customers"]


def _text(row: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in row.items()}


def test_claims_stream() -> None:
    """The first claim is there before the second finding is asked for."""

    def findings() -> Iterator[Finding]:
        yield finding(0, {"amount": "1.00", "incident": date(2026, 3, 8)})
        pytest.fail("the second finding was asked for before the first claim was taken")

    claims = assess(findings(), lambda number: Decimal(1), ContractTerms("csp"), WINDOWS, date(2026, 3, 20))
    assert next(claims).owed == Decimal(1)
