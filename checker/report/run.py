"""run.json and timings.json: what was run over what, so that a reader can repeat it and get the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal

from checker.claims.claim import Totals
from checker.engine.outcomes import RuleOutcome
from checker.problems import Problem
from checker.report.audit import Audit
from checker.report.plain import decimal_text, json_value
from checker.tables.files import InputFile

MARKER = "checker"
"""The key of run.json by which a folder is known as written by checker."""


def run_document(audit: Audit, totals: tuple[Totals, ...]) -> dict[str, object]:
    """run.json. Nothing in it depends on the clock, the machine or the order of reading."""
    contract, versions = audit.contract, audit.versions
    return {
        MARKER: versions.checker,
        "as_of": audit.as_of.isoformat(),
        "versions": {"checker": versions.checker, "duckdb": versions.duckdb, "python": versions.python},
        "contract": {item.name: json_value(getattr(contract, item.name)) for item in fields(contract)},
        "rules": [_rule(outcome) for outcome in audit.outcomes],
        "files": [_file(file) for file in audit.files],
        "totals": [_totals(each) for each in totals],
        "warnings": [_warning(problem) for problem in audit.warnings],
    }


def timings_document(audit: Audit) -> dict[str, object]:
    """timings.json: seconds by phase and by rule, to the millisecond."""
    return {
        "seconds": {name: round(seconds, 3) for name, seconds in audit.timings.items()},
        "rules": {outcome.rule.id: round(outcome.seconds, 3) for outcome in audit.outcomes},
    }


def _rule(outcome: RuleOutcome) -> dict[str, object]:
    rule, counts = outcome.rule, outcome.counts
    return {
        "id": rule.id,
        "name": rule.name,
        "title": rule.title,
        "family": rule.family,
        "posture": rule.posture,
        "severity": rule.severity,
        "status": rule.status,
        "confidence": rule.confidence,
        "revision": rule.revision,
        "hash": rule.hash,
        "file": rule.file,
        "counts": {
            "passed": counts.passed,
            "findings": counts.findings,
            "undecided": counts.undecided,
            "out_of_scope": counts.out_of_scope,
        },
        "causes": [
            {"reason": c.reason, "supply": c.supply, "lines": c.lines, "money": _money(c.money)}
            for c in outcome.causes
        ],
    }


def _file(file: InputFile) -> dict[str, object]:
    return {
        "name": file.name,
        "size": file.size,
        "sha256": file.sha256,
        "format": file.format,
        "table": file.table,
        "rows": file.rows,
        "typed": file.typed,
        "rejected": file.rejected,
        "money": {
            currency: {"typed": decimal_text(sums.typed), "rejected": decimal_text(sums.rejected)}
            for currency, sums in file.money.items()
        },
    }


def _totals(totals: Totals) -> dict[str, object]:
    return {item.name: json_value(getattr(totals, item.name)) for item in fields(totals)}


def _warning(problem: Problem) -> dict[str, object]:
    where = problem.where
    return {
        "file": where.file,
        "line": where.line,
        "column": where.column,
        "what": problem.what,
        "hint": problem.hint,
    }


def _money(money: Mapping[str, Decimal]) -> dict[str, str]:
    return {currency: decimal_text(amount) for currency, amount in money.items()}
