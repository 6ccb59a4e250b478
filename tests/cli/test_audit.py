"""`checker audit` as it is used: what is written, what is said where, which code it ends with."""

from __future__ import annotations

import datetime

import pytest

from tests.cli.desk import Desk

AUDIT = "checker audit invoice_lines.csv --contract contract.yaml --as-of 2026-05-20"
FILES = {
    "claims.csv",
    "findings.csv",
    "findings.json",
    "rejected.csv",
    "report.html",
    "run.json",
    "timings.json",
}


def test_the_second_of_two_equal_charges_is_owed(desk: Desk) -> None:
    answer = desk.types(AUDIT)
    assert answer.code == 0
    assert {path.name for path in (desk.folder / "checker-report").iterdir()} >= FILES
    doubled = [row for row in desk.findings() if row["rule_id"] == "BE-001"]
    assert [(row["amount"], row["currency"], row["source_file"], row["source_row"]) for row in doubled] == [
        ("100.00", "USD", "invoice_lines.csv", "3")
    ]
    assert [row["claim_deadline"] for row in doubled] == ["2026-06-30"]
    assert answer.out.startswith("Owed, certain:")
    assert "checker-report/report.html" in answer.out


@pytest.mark.parametrize(("severity", "code"), [("low", 1), ("high", 1), ("critical", 0)])
def test_findings_fail_a_run_where_that_is_asked(desk: Desk, severity: str, code: int) -> None:
    assert desk.types(f"{AUDIT} --fail-on {severity}").code == code
    assert desk.findings()


def test_quiet_says_what_is_owed_and_no_more(desk: Desk) -> None:
    loud, quiet = desk.types(AUDIT), desk.types(f"{AUDIT} --quiet")
    assert quiet.out.startswith("Owed, certain:")
    assert len(quiet.out.splitlines()) < len(loud.out.splitlines())
    assert quiet.code == 0


def test_the_day_is_today_where_none_is_given(desk: Desk) -> None:
    earliest = datetime.date.today()
    assert desk.types("checker audit invoice_lines.csv --contract contract.yaml").code == 0
    assert earliest.isoformat() <= desk.run()["as_of"] <= datetime.date.today().isoformat()


def test_a_contract_among_the_data_is_no_surprise(desk: Desk) -> None:
    answer = desk.types("checker audit . --contract contract.yaml --as-of 2026-05-20")
    assert (answer.code, answer.err) == (0, "")


def test_what_else_lies_among_the_data_is_told(desk: Desk) -> None:
    (desk.folder / "old-contract.yaml").write_text("contract: {}", encoding="utf-8")
    answer = desk.types("checker audit . --contract contract.yaml --as-of 2026-05-20")
    assert "old-contract.yaml: warning: left out" in answer.err
    assert [warning["file"] for warning in desk.run()["warnings"]] == ["old-contract.yaml"]


def test_a_clause_that_the_contract_does_not_number_is_told_and_used(desk: Desk) -> None:
    desk.change("contract.yaml", ', clause: "7.2"', "")
    answer = desk.types(AUDIT)
    assert answer.code == 0
    assert "contract.yaml:10:17: warning: claim window 'invoice-dispute' names no clause" in answer.err
    assert "names no clause" in desk.run()["warnings"][0]["what"]
    assert "names no clause" not in answer.out


def test_without_a_clause_the_deadline_is_unknown_or_the_programmes_own(desk: Desk) -> None:
    desk.change("contract.yaml", "claim_windows:", "# claim_windows:")
    desk.change("contract.yaml", "program: csp", "program: ea")
    answer = desk.types(AUDIT)
    assert answer.code == 0
    assert {row["claim_status"] for row in desk.findings()} <= {"unknown", "open", "closing"}


def test_missing_facts_are_undecided_and_what_to_supply_is_said(desk: Desk) -> None:
    desk.types(AUDIT)
    causes = [cause for rule in desk.run()["rules"] for cause in rule["causes"]]
    assert causes
    assert all(cause["reason"] for cause in causes)
    assert any(cause["supply"] for cause in causes)


def test_a_row_that_cannot_be_read_is_set_aside_and_told(desk: Desk) -> None:
    desk.change("invoice_lines.csv", "C2,G000123,O2,S2,CFQ7TTC0LH18,0001,Office licence,cycleCharge,2",
                "C2,G000123,O2,S2,CFQ7TTC0LH18,0001,Office licence,cycleCharge,two")  # fmt: skip
    answer = desk.types(AUDIT)
    assert answer.code == 0
    assert "1 of 3 rows could not be read" in answer.err
    rejected = (desk.folder / "checker-report" / "rejected.csv").read_text(encoding="utf-8")
    assert "invoice_lines.csv,4,quantity,two" in rejected


def test_a_table_can_be_named_for_a_file(desk: Desk) -> None:
    command = "checker audit --as invoice_lines=invoice_lines.csv --contract contract.yaml --as-of 2026-05-20"
    assert desk.types(command).code == 0
    assert desk.run()["files"][0]["table"] == "invoice_lines"


def test_rules_of_ones_own_run_beside_the_shipped_and_on_trial_only_where_asked(desk: Desk) -> None:
    own = desk.folder / "rules" / "own"
    own.mkdir(parents=True)
    (own / "small-invoice.yaml").write_text(OWN, encoding="utf-8")

    def ids(command: str) -> set[str]:
        assert desk.types(command).code == 0
        return {rule["id"] for rule in desk.run()["rules"]}

    assert "OWN-001" in ids(f"{AUDIT} --rules rules")
    desk.change("rules/own/small-invoice.yaml", "status: active", "status: trial")
    assert "OWN-001" not in ids(f"{AUDIT} --rules rules")
    assert {"OWN-001", "BE-001"} <= ids(f"{AUDIT} --rules rules --trial")


def test_a_header_cannot_drive_the_terminal(desk: Desk) -> None:
    (desk.folder / "evil\x1b[31m.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    answer = desk.types("checker audit . --contract contract.yaml --as-of 2026-05-20")
    assert "evil[U+001B][31m.csv" in answer.err
    assert "\x1b" not in answer.out + answer.err


def test_little_memory_is_a_bound_and_no_defect(desk: Desk) -> None:
    assert desk.types(f"{AUDIT} --memory 64MB").code in (0, 3)


OWN = """\
id: OWN-001
name: small-invoice
title: A line stays small
requirement: A line MUST NOT exceed 50.
posture: correction
status: active
severity: low
revision: 1
owner: me
each: invoice_lines
key: [invoice_number, subscription_id]
confidence: indicative
must: subtotal <= 50
message: "{subtotal} is charged."
tests:
  - it: passes a small line
    given: {invoice_lines: [{invoice_number: G1, subscription_id: S1, subtotal: 10.00, currency: USD}]}
    expect: pass
"""
