"""A small audit, written by hand: every status, both confidences, an estimate, a favour, an overlap, two currencies
kept apart, and names that try to be more than names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from checker.claims.claim import Claim, Deadline, Status
from checker.engine.outcomes import Cause, Counts, Finding, RuleOutcome, Value
from checker.problems import Problem, Where
from checker.report.audit import Audit, ContractFacts, Versions
from checker.rulebook.rule import ClaimTerms, Reference, Rule
from checker.tables.files import InputFile, Sums
from checker.tables.rejects import Reject

AS_OF = date(2026, 6, 12)
D = Decimal
HOSTILE = '<script>alert("x")</script>'
FORMULA = '=cmd()|" <b>twice</b>'
TURNED = "Evil\u202egnp.exe"


PRORATION = Rule(
    id="BE-009",
    name="proration-matches-days",
    title="A mid-term change is charged for the days left in its cycle",
    requirement="The charge for an added licence MUST equal the daily rate, cut to seven places, times licences and "
    "days left, cut to the cent.",
    family="billing",
    posture="correction",
    severity="high",
    status="active",
    confidence="certain",
    revision=2,
    owner="billing-audit",
    references=(
        Reference("Understand your bill and reconciliation data", "https://example.com/bill"),
        Reference("Clause 7.2", "javascript:alert(1)"),
    ),
    benign_when=("The subscription moved between billing plans on the same day.",),
    claim=ClaimTerms("csp-credit-request", "invoice_date"),
    supersedes=(),
    tags=("proration",),
    file="rules/billing/proration-matches-days.yaml",
    hash="5f2c9a6be0d14c73",
    logic={
        "each": "invoice_lines",
        "where": 'charge_type = "addQuantity" and quantity > 0',
        "with": {"term": {"from": "entitlements", "match": {"subscription_id": "subscription_id"}}},
        "let": {
            "days_left": "days between(charge_start_date, charge_end_date) + 1",
            "expected": "round down(term.unit_price / cycle_days * quantity * days_left, 2)",
        },
        "must": "abs(subtotal - expected) <= tolerance",
        "amount": "subtotal - expected",
        "params": {"tolerance": {"type": "number", "default": "0.01"}},
    },
)
DUPLICATE = replace(
    PRORATION,
    id="BE-001",
    name="no-duplicate-line",
    title="A charge appears once on an invoice",
    requirement="A charge MUST appear once on an invoice, refunds netted first.",
    severity="critical",
    references=(),
    benign_when=(),
    hash="0aa1",
    logic={"each": "group of invoice_lines", "must": "count(lines) <= 1 + refunds"},
    revision=1,
)
UNUSED = replace(
    DUPLICATE,
    id="BE-031",
    name="paid-for-is-used",
    title="What is billed is assigned and active",
    requirement="Seats that are billed SHOULD be active.",
    severity="medium",
    confidence="indicative",
    hash="0bb2",
)

CSP = Deadline(
    window="csp-credit-request",
    title="CSP credit request",
    last_day=date(2026, 6, 30),
    source="Partner Center, request a credit",
    route="request form",
    who_files="the direct-bill partner",
    evidence=("request form", "end customer's written request"),
)
CLAUSE = replace(
    CSP,
    window="invoice-dispute",
    title="Invoice dispute",
    last_day=date(2026, 11, 30),
    source="contract, clause 7.2",
)
NO_CLAUSE = replace(CLAUSE, last_day=None, note="The contract has no clause: look it up.")


def finding(number: int, rule: Rule = PRORATION, amount: str | None = "50.01", **facts: Any) -> Finding:
    values: Mapping[str, Value] = {
        "subtotal": D("250.00"),
        "quantity": D("15.000000"),
        "charge_start_date": date(2026, 5, 11),
        "term.unit_price": D("20.00000000"),
        "days_left": D("20"),
        "expected": D("199.99"),
        "tolerance": D("0.01"),
    }
    plain = Finding(
        number=number,
        rule=rule,
        fingerprint=f"{rule.id.lower()}-{number:04x}",
        key={"invoice_number": "G000123", "charge_start_date": date(2026, 5, 11)},
        values=values,
        message="Billed USD 250.00 for 15 licences over 20 of 30 days; the daily rate gives USD 199.99.",
        amount=None if amount is None else D(amount),
        currency=None if amount is None else "USD",
        charged=D("250.00"),
        incident=date(2026, 5, 31),
        estimate=False,
        source_file="data/june.csv",
        source_row=1200 + number,
        table="invoice_lines",
        customer_id="c-1",
        customer_name="Adatum GmbH",
        invoice_number="G000123",
        subscription_id="s-77",
        product_id="cfq7ttc0lh18",
        product_name="Microsoft 365 E3",
        sku_id="0001",
    )
    return replace(plain, **facts)


def claim(found: Finding, deadline: Deadline | None = CSP, **facts: Any) -> Claim:
    days = (deadline.last_day - AS_OF).days if deadline and deadline.last_day else None
    status: Status = (
        "unknown" if days is None else "lapsed" if days < 0 else "closing" if days <= 14 else "open"
    )
    plain = Claim(
        finding=found,
        net=found.amount,
        deadline=deadline,
        deadlines=(deadline, CLAUSE) if deadline else (),
        status=status,
        days_left=days,
        owed_by="Fabrikam Licensing",
        owed_to="Contoso Ltd",
        owed=found.amount if found.amount and found.amount > 0 and not found.estimate else None,
        coming=found.amount if found.amount and found.estimate else None,
        favour=found.amount if found.amount and found.amount < 0 else None,
    )
    return replace(plain, **facts)


LAPSED = replace(CSP, last_day=date(2026, 5, 31))
CLOSING = replace(CSP, last_day=AS_OF + timedelta(days=8))

CLAIMS: tuple[Claim, ...] = (
    claim(finding(1, DUPLICATE, "1234.50", message="Billed twice on invoice G000123."), CLOSING),
    claim(finding(2, DUPLICATE, "40.00", customer_id="c-2", customer_name=HOSTILE, message=FORMULA), LAPSED),
    claim(finding(3, DUPLICATE, "7.25", customer_id="c-3", customer_name=TURNED), NO_CLAUSE),
    claim(finding(4)),
    claim(finding(5, amount="100.00"), net=D("49.99"), owed=D("49.99")),
    claim(finding(6, amount="20.00", estimate=True, invoice_number=None)),
    claim(finding(7, amount="-12.00")),
    claim(finding(8, amount=None, customer_id=None, customer_name=None), None),
    claim(
        finding(9, amount="80.00", currency="EUR", customer_id="=2+5", customer_name='=HYPERLINK("http://x")')
    ),
    claim(finding(10, UNUSED, "300.00", message="12 of 40 seats were active."), CLAUSE),
)


def read(name: str, size: int, table: str, rows: int, rejected: int = 0, **money: Sums) -> InputFile:
    return InputFile(
        name=name,
        path=Path(name),
        size=size,
        sha256=sha256(name.encode()).hexdigest(),
        format="nce-reconciliation" if money else "own columns",
        table=table,
        confidence=1.0,
        rows=rows,
        typed=rows - rejected,
        rejected=rejected,
        columns={},
        money=money,
    )


NOT_READ = Problem(Where("data/notes.csv"), "the layout is not known", "name its table with --as", "warning")


def audit(claims: tuple[Claim, ...] = CLAIMS) -> Audit:
    return Audit(
        as_of=AS_OF,
        contract=ContractFacts(
            number="E-2024-0117",
            program="csp",
            buyer="Contoso Ltd",
            seller="Fabrikam Licensing",
            books="buyer",
            currency="USD",
            start=date(2024, 7, 1),
            end=date(2027, 6, 30),
            file="contract.yaml",
        ),
        outcomes=(
            RuleOutcome(DUPLICATE, Counts(passed=5210, findings=3), seconds=0.0123),
            RuleOutcome(
                PRORATION,
                Counts(passed=118, findings=6, undecided=14, out_of_scope=5075),
                (
                    Cause(
                        "no entitlement is known for the subscription",
                        14,
                        {"USD": D("910.40")},
                        "an entitlements file that covers 2026-05",
                    ),
                ),
                0.02,
            ),
            RuleOutcome(UNUSED, Counts(findings=1, out_of_scope=5212)),
        ),
        claims=lambda: iter(claims),
        files=(
            read("data/june.csv", 1_834_212, "invoice_lines", 5215, 2, USD=Sums(D("418211.07"), D("31.20"))),
            read("data/entitlements.csv", 4_211, "entitlements", 96),
        ),
        rejects=lambda: iter(
            (
                Reject("data/june.csv", 88, "UnitPrice", "=1+1", "is not a number", "a,=1+1"),
                Reject("data/june.csv", 91, "ChargeStartDate", "", "is empty, and a row needs it", "b,,"),
                Reject("data/june.csv", 91, None, None, "has more cells than the header", "b,,"),
            )
        ),
        versions=Versions(checker="0.1.0", duckdb="2.0.0", python="3.11"),
        warnings=(NOT_READ,),
        timings={"reading": 0.51239, "rules": 1.2},
    )
