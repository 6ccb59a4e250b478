"""One line of the data under one rule, from the files and documents that are named to its explanation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from checker.audits.audit import Blame
from checker.audits.engine import shut
from checker.audits.rulebooks import load_books
from checker.documents import contract as contracts
from checker.documents.contract import Contract
from checker.engine.data import Data
from checker.engine.derived import fill
from checker.engine.dialects.duckdb import DUCKDB
from checker.engine.explaining import Explanation, explain
from checker.engine.lines import line_of
from checker.problems import Problem, Where, did_you_mean, errors
from checker.rulebook.checked import CheckedRule
from checker.tables import read


@dataclass(frozen=True, slots=True)
class Question:
    """Which rule, which line of which data. Without a contract its values are their defaults."""

    rule: str
    line: str
    paths: Sequence[Path]
    as_of: date
    contract: Path | None = None
    tables: Mapping[Path, str] = field(default_factory=dict)
    rules: Sequence[Path] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """The explanation, or the errors that kept it from being made, and whose they are."""

    explanation: Explanation | None
    problems: tuple[Problem, ...]
    blame: Blame | None = None


def explained(question: Question, connection: duckdb.DuckDBPyConnection) -> Explained:
    """Reads documents and data as an audit does, and explains the line."""
    contract: Contract | None = None
    problems: list[Problem] = []
    if question.contract is not None:
        contract, problems = contracts.load(question.contract)
    books, more = load_books(question.rules)
    problems += more
    rule: CheckedRule | None = None
    if books is not None:
        rule = books.rulebook.rule(question.rule)
        if rule is None:
            names = [one.definition.rule.name for one in books.rulebook.rules]
            hint = did_you_mean(question.rule, names) or "checker rules list names them all"
            problems.append(Problem(Where("RULE"), f"there is no rule '{question.rule}'", hint))
    if books is None or rule is None or errors(problems):
        return Explained(None, tuple(problems), "documents")
    catalog = read(question.paths, question.tables, connection)
    shut(connection)
    given = question.contract.resolve() if question.contract else None
    problems += [one for one in catalog.problems if Path(one.where.file).resolve() != given]
    if errors(problems):
        return Explained(None, tuple(problems), "data")
    book = books.rulebook
    data = Data(catalog, contract, book.lists, book.policies, question.as_of)
    fill(data, DUCKDB)
    line, more = line_of(question.line, rule, data)
    problems += more
    if line is None:
        return Explained(None, tuple(problems), "documents")
    return Explained(explain(rule, data, line), tuple(problems))
