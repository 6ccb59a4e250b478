"""Window files: those that ship, and bad ones with the problem that each must give."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import yamlfile
from checker.claims import terms, windows
from checker.problems import draw
from tests.claims.findings import rule

BAD = Path(__file__).parent / "bad"


def test_the_windows_that_ship() -> None:
    found, problems = windows.load()
    assert not problems, draw(problems)
    assert set(found) == {
        "csp-credit-request",
        "invoice-dispute",
        "sla-azure",
        "sla-online-services",
        "substantiation",
        "true-up-order",
    }
    assert [name for name, window in found.items() if window.from_contract] == [
        "invoice-dispute",
        "substantiation",
    ]
    assert [name for name, window in found.items() if window.when == "always"] == ["csp-credit-request"]


@pytest.mark.parametrize("name", sorted(path.stem for path in BAD.glob("*.yaml") if path.stem != "contract"))
def test_a_bad_window(name: str) -> None:
    """Every problem of the file, drawn as a person reads it."""
    file, problems = yamlfile.read(BAD / f"{name}.yaml", f"{name}.yaml")
    assert file is not None
    assert not problems
    window, problems = windows.read(file)
    assert window is None
    assert draw(problems) + "\n" == (BAD / f"{name}.txt").read_text("utf-8")


def test_two_windows_of_one_name(tmp_path: Path) -> None:
    text = (windows.resources.folder("rules") / "windows" / "sla-azure.yaml").read_text("utf-8")
    (tmp_path / "first.yaml").write_text(text, "utf-8")
    (tmp_path / "second.yaml").write_text(text, "utf-8")
    found, problems = windows.load(tmp_path)
    assert list(found) == ["sla-azure"]
    (problem,) = problems
    assert problem.where.file.endswith("second.yaml")
    assert "already in" in problem.what


def test_bad_clauses_of_a_contract() -> None:
    file, _ = yamlfile.read(BAD / "contract.yaml", "contract.yaml")
    assert file is not None
    assert isinstance(file.value, dict)
    found, _ = windows.load()
    contract, problems = terms.read(file.value, found, file.where)
    assert [clause.window for clause in contract.clauses] == ["substantiation"]
    assert draw(problems) + "\n" == (BAD / "contract.txt").read_text("utf-8")


def test_a_rule_that_names_no_known_window() -> None:
    found, _ = windows.load()
    (problem,) = windows.unknown_windows(
        [rule({}), rule({"window": "invoice-disputes"}), rule({"window": None})], found
    )
    assert problem.hint == "did you mean 'invoice-dispute'?"
