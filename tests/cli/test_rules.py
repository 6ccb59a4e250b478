"""`checker rules`: what is printed for people, and for programs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from checker import resources
from checker.rulebook.rulebook import rule_files
from tests.cli.desk import Desk

SHIPPED = [path.stem for path, _ in rule_files([resources.folder("rules")])]


def test_the_list_names_every_rule(desk: Desk) -> None:
    answer = desk.types("checker rules list --format json")
    rules = json.loads(answer.out)
    assert answer.code == 0
    assert {"id": "BE-001", "name": "no-duplicate-line", "severity": "high"}.items() <= rules[0].items()
    table = desk.types("checker rules list")
    assert all(rule["id"] in table.out for rule in rules)


def test_a_rule_is_shown_by_name_and_by_id(desk: Desk) -> None:
    by_name, by_id = (desk.types(f"checker rules show {name}") for name in ("no-duplicate-line", "BE-001"))
    assert by_name == by_id
    assert "MUST" in by_name.out
    assert "must: times <= 1 + taken_back" in by_name.out
    shown = json.loads(desk.types("checker rules show BE-001 --format json").out)
    assert shown["logic"]["must"] == "times <= 1 + taken_back"


def test_the_shipped_rules_lint(desk: Desk) -> None:
    linted = desk.types("checker rules lint --format json")
    assert (linted.code, json.loads(linted.out)) == (0, [])


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_rule_passes_its_tests(desk: Desk, name: str) -> None:
    tested = desk.types(f"checker rules test {name} --format json")
    assert (tested.code, tested.err) == (0, "")
    assert {result["verdict"] for result in json.loads(tested.out)} <= {"passed", "known"}


def test_a_rule_is_put_into_style_once(desk: Desk) -> None:
    shipped = resources.folder("rules") / "billing" / "no-duplicate-line.yaml"
    text = shipped.read_text(encoding="utf-8")
    rule = desk.folder / "own" / "mine.yaml"
    rule.parent.mkdir()
    rule.write_text(text.replace("times <= 1 + taken_back", "(times<=(1+taken_back))"), encoding="utf-8")
    checked = desk.types("checker rules format own --check")
    assert (checked.code, checked.out) == (2, "own/mine.yaml: is not in style\n1 file, 1 to rewrite\n")
    assert "(times<=(1+taken_back))" in rule.read_text(encoding="utf-8")
    assert desk.types("checker rules format own").code == 0
    assert rule.read_text(encoding="utf-8") == text
    assert desk.types("checker rules format own --check").out == "1 file, none to rewrite\n"


def test_a_rule_with_errors_is_left_alone(desk: Desk) -> None:
    rule = desk.folder / "own.yaml"
    rule.write_text("must: (subtotal\n", encoding="utf-8")
    answer = desk.types("checker rules format own.yaml")
    assert (answer.code, answer.out) == (2, "1 file, none rewritten\n")
    assert "own.yaml:1:1: error:" in answer.err
    assert rule.read_text(encoding="utf-8") == "must: (subtotal\n"


def test_the_shipped_rules_are_in_style(desk: Desk) -> None:
    assert desk.types("checker rules format --check").code == 0


EXPLAINED = Path(__file__).parent / "explained"


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("a_finding", "charged-once . --line invoice_lines.csv:3"),
        ("another_line_of_the_group", "OWN-001 . --line invoice_lines.csv:2"),
        ("a_lookup", "price-as-held . --contract agreed.yaml --line customer_id=C2"),
        ("undecided", "price-as-held . --line customer_id=C2"),
        ("out_of_scope", "usage-matches-invoice . --line invoice_lines.csv:2"),
    ],
)
def test_a_line_is_explained(desk: Desk, golden: Callable[[Path, str], None], name: str, asked: str) -> None:
    shutil.copy(EXPLAINED / "contract.yaml", desk.folder / "agreed.yaml")
    answer = desk.types(f"checker rules explain {asked} --rules {EXPLAINED / 'rules'} --as-of 2026-05-20")
    said = "\n".join(line.rstrip() for line in answer.out.splitlines())
    golden(EXPLAINED / f"{name}.txt", said)
    assert answer.code == 0


def test_an_explanation_for_programs(desk: Desk) -> None:
    answer = desk.types(
        "checker rules explain no-duplicate-line . --line invoice_lines.csv:3 --contract contract.yaml --format json"
    )
    made = json.loads(answer.out)
    assert (made["outcome"], made["amount"], made["agrees"]) == ("finding", "100.00", True)
    assert made["steps"][-3]["role"] == "must"
    assert made["steps"][-3]["value"] is False
    assert {part["text"]: part["value"] for part in made["steps"][-3]["parts"]}["times"] == "2"


def test_a_line_that_there_is_not(desk: Desk) -> None:
    answer = desk.types("checker rules explain no-duplicate-line . --line invoice_lines.csv:99")
    assert answer.code == 2
    assert "--line invoice_lines.csv:99: error: invoice_lines.csv has no row 99" in answer.err
