"""`checker rules`: what is printed for people, and for programs."""

from __future__ import annotations

import json

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
