"""The documentation says what the program does: its parts are current, its links and commands lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from checker.audits import load_books
from checker.cli.program import program
from checker.documents.contract import load
from checker.engine.ruletests import run_tests
from checker.problems import draw
from checker.rulebook.lint import practices
from docs import reference

REPOSITORY = Path(__file__).parents[2]
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_what_the_program_decides_is_current(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert reference.page(text) == text, "run `make docs`"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_into_the_repository_leads_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in link]
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_command_that_is_shown_is_one(path: Path) -> None:
    for line in re.findall(r"^ *(checker .*?)(?:  .*)?$", path.read_text(encoding="utf-8"), re.MULTILINE):
        words = [word for word in shlex.split(line, comments=True)[1:] if not word.startswith("[")]
        command: click.Command = program
        while isinstance(command, click.Group) and words and words[0] in command.commands:
            command = command.commands[words.pop(0)]
        assert command is not program or words == ["--version"], line
        known = {name for option in command.params for name in option.opts}
        assert [
            word for word in words if word.startswith("--") and word not in known | {"--version"}
        ] == [], line


def test_the_rule_of_the_readme_lints_and_passes(tmp_path: Path) -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    block = next(
        found for found in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if found.startswith("id:")
    )
    family = tmp_path / "own"
    family.mkdir()
    (family / "charge-within-limit.yaml").write_text(block, encoding="utf-8")
    books, problems = load_books([tmp_path])
    assert books is not None, draw(problems)
    rule = books.rulebook.rule("charge-within-limit")
    assert rule is not None
    assert list(practices(rule)) == []
    assert [result.failure for result in run_tests([rule], books.rulebook)] == [None, None]


def test_the_contract_of_the_readme_is_one(tmp_path: Path) -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    block = next(
        found for found in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "contract.yaml" in found
    )
    (tmp_path / "contract.yaml").write_text(block, encoding="utf-8")
    contract, problems = load(tmp_path / "contract.yaml", "contract.yaml")
    assert contract is not None
    assert problems == []
