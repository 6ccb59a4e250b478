"""findings.csv and findings.json, written claim by claim: nothing here holds more than one finding."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from checker.claims.claim import Claim, Deadline
from checker.report.plain import cell, csv_writer, json_text, json_value

COLUMNS: tuple[tuple[str, Callable[[Claim], object]], ...] = (
    ("fingerprint", lambda c: c.finding.fingerprint),
    ("rule_id", lambda c: c.finding.rule.id),
    ("rule_name", lambda c: c.finding.rule.name),
    ("severity", lambda c: c.finding.rule.severity),
    ("posture", lambda c: c.finding.rule.posture),
    ("customer_id", lambda c: c.finding.customer_id),
    ("invoice_number", lambda c: c.finding.invoice_number),
    ("subscription_id", lambda c: c.finding.subscription_id),
    ("product_id", lambda c: c.finding.product_id),
    ("sku_id", lambda c: c.finding.sku_id),
    ("source_file", lambda c: c.finding.source_file),
    ("source_row", lambda c: c.finding.source_row),
    ("amount", lambda c: c.finding.amount),
    ("currency", lambda c: c.finding.currency),
    ("incident_date", lambda c: c.finding.incident),
    ("claim_deadline", lambda c: c.deadline.last_day if c.deadline else None),
    ("claim_status", lambda c: c.status),
    ("message", lambda c: c.finding.message),
    ("owed_by", lambda c: c.owed_by),
    ("owed_to", lambda c: c.owed_to),
    ("window", lambda c: c.deadline.window if c.deadline else None),
    ("confidence", lambda c: c.finding.rule.confidence),
    # Beyond the columns that other programs rely on.
    ("net", lambda c: c.net),
    ("estimate", lambda c: c.finding.estimate),
    ("customer_name", lambda c: c.finding.customer_name),
    ("product_name", lambda c: c.finding.product_name),
    ("days_left", lambda c: c.days_left),
    ("rule_revision", lambda c: c.finding.rule.revision),
)
"""The columns of findings.csv in their order, and where each comes from."""


class FindingsCsv:
    """findings.csv, a finding a row. Text that looks like a formula is defused; numbers and dates are not text."""

    def __init__(self, file: IO[str]) -> None:
        self._rows = csv_writer(file)
        self._rows.writerow([name for name, _ in COLUMNS])

    def add(self, claim: Claim) -> None:
        self._rows.writerow([cell(value(claim)) for _, value in COLUMNS])

    def close(self) -> None:
        """Nothing follows the last row."""


class FindingsJson:
    """findings.json: an object whose `findings` holds one finding a line, with everything that shows it."""

    def __init__(self, file: IO[str], as_of: str) -> None:
        self._file = file
        self._first = True
        file.write(f'{{\n"as_of": {json_text(as_of)},\n"findings": [')

    def add(self, claim: Claim) -> None:
        self._file.write("\n" if self._first else ",\n")
        self._file.write(json_text(_document(claim), indent=None))
        self._first = False

    def close(self) -> None:
        self._file.write("\n]\n}\n")


def _document(claim: Claim) -> dict[str, object]:
    document = {name: json_value(value(claim)) for name, value in COLUMNS}
    finding = claim.finding
    lets = finding.rule.logic.get("let")
    computed = set(lets) if isinstance(lets, dict) else set()
    document |= {
        "number": finding.number,
        "table": finding.table,
        "charged": json_value(finding.charged),
        "owed": json_value(claim.owed),
        "coming": json_value(claim.coming),
        "favour": json_value(claim.favour),
        "rule_hash": finding.rule.hash,
        "key": {name: json_value(value) for name, value in finding.key.items()},
        "values": {n: json_value(v) for n, v in finding.values.items() if n not in computed},
        "let": {n: json_value(v) for n, v in finding.values.items() if n in computed},
        "deadlines": [_deadline(deadline) for deadline in claim.deadlines],
    }
    return document


def _deadline(deadline: Deadline) -> dict[str, object]:
    return {
        "window": deadline.window,
        "title": deadline.title,
        "opens": json_value(deadline.opens),
        "last_day": json_value(deadline.last_day),
        "counts_from": json_value(deadline.counts_from),
        "source": deadline.source,
        "route": deadline.route,
        "who_files": deadline.who_files,
        "evidence": list(deadline.evidence),
        "note": deadline.note,
    }
