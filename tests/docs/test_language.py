"""`docs/language.md`: its examples are true on both evaluators, and it names all that the language has."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from checker.engine.compiler import Compiler
from checker.engine.dialects.duckdb import DUCKDB
from checker.engine.pipeline import Pipeline
from checker.expressions import evaluate, typed
from checker.expressions.grammar import POWERS
from checker.expressions.operations import FUNCTIONS, Operation
from checker.problems import Where, draw
from docs import language

PAGE = (Path(__file__).parents[2] / "docs" / "language.md").read_text(encoding="utf-8")
PROSE = ("10 - 4 - 3 = 3", "-2 ** 2 = 4")


@pytest.mark.parametrize("text", [*language.examples(), *PROSE])
def test_an_example_is_true_on_both_evaluators(text: str) -> None:
    tree, problems = typed(text, {}, lambda offset, width: Where("example", 1, offset + 1, text, width))
    assert tree is not None, draw(problems)
    assert evaluate(tree, {}) is True
    pipeline = Pipeline(DUCKDB, "(SELECT 1)")
    whole = Compiler(pipeline, lambda name: pytest.fail(f"an example reads {name}")).compile(tree)
    pipeline.add("value", whole.text, pipeline.level)
    assert duckdb.sql(pipeline.query('"value"')).fetchall() == [(True,)]


@pytest.mark.parametrize("operation", language.shown(), ids=lambda operation: operation.key)
def test_every_operation_has_an_example(operation: Operation) -> None:
    assert operation.example


@pytest.mark.parametrize("name", sorted({*FUNCTIONS, *POWERS}))
def test_the_page_names_it(name: str) -> None:
    assert name.removeprefix("unary ") in PAGE
