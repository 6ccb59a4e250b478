"""An audit from end to end: documents and data in, judged, claimed, as the report reads it."""

from __future__ import annotations

import platform
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal, Protocol

import duckdb

import checker
from checker.audits.engine import shut
from checker.audits.rulebooks import Books, load_books
from checker.claims.assess import assess
from checker.claims.netting import nets
from checker.claims.terms import ContractTerms
from checker.claims.terms import read as read_terms
from checker.documents import contract as contracts
from checker.documents.contract import Contract
from checker.engine.data import Data
from checker.engine.derived import fill
from checker.engine.dialects.duckdb import DUCKDB
from checker.engine.run import Run, run
from checker.problems import Problem, Where, errors
from checker.report.audit import Audit, Versions, contract_facts
from checker.tables import Catalog, read

Blame = Literal["documents", "data"]
"""Whose errors stopped an audit: a rule's, the contract's or the like, or the data's."""


class Progress(Protocol):
    """Told how a phase of long work gets on: which (reading, judging), at what, how much of how much is done."""

    def __call__(self, phase: str, at: str, done: int, of: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be audited. `tables` says of a file which table it is; `rules` are folders beside the shipped rules.

    `base` is a folder: files in it are named relative to it in everything that is reported.
    """

    paths: Sequence[Path]
    contract: Path
    as_of: date
    tables: Mapping[Path, str] = field(default_factory=dict)
    rules: Sequence[Path] = ()
    trial: bool = False
    base: Path | None = None


@dataclass(frozen=True, slots=True)
class Audited:
    """The end of an audit. `audit` is None where errors among the problems stopped it, and `blame` says whose.

    The claims of the audit stream from the engine, so they must be read before it is closed.
    """

    audit: Audit | None
    problems: tuple[Problem, ...]
    blame: Blame | None = None


@dataclass(frozen=True, slots=True)
class _Documents:
    contract: Contract
    books: Books
    terms: ContractTerms


def conduct(order: Order, connection: duckdb.DuckDBPyConnection, progress: Progress | None = None) -> Audited:
    """Runs an audit. Documents and data are both read to the end before anything stops it, so that one run tells
    everything that is wrong. The engine is shut off from all files once they are read."""
    timings: dict[str, float] = {}
    with _timed("documents", timings):
        documents, problems = _documents(order)
    with _timed("reading", timings):
        catalog = _read(order, connection, progress)
        shut(connection)
    told = (*problems, *catalog.problems)
    if documents is None:
        return Audited(None, told, "documents")
    if errors(catalog.problems):
        return Audited(None, told, "data")
    with _timed("deriving", timings):
        book = documents.books.rulebook
        data = Data(catalog, documents.contract, book.lists, book.policies, order.as_of)
        fill(data, DUCKDB)
    with _timed("judging", timings):
        done = run(documents.books.running(order.trial), data, _part(progress, "judging"))
    with _timed("netting", timings):
        net = nets(done)
    terms, windows = documents.terms, documents.books.windows
    told = (*told, *_unfed(done, data))
    audit = Audit(
        as_of=order.as_of,
        contract=contract_facts(documents.contract),
        outcomes=done.outcomes,
        claims=lambda: assess(done.findings(), net, terms, windows, order.as_of),
        files=catalog.files,
        rejects=catalog.rejects,
        versions=Versions(checker.__version__, duckdb.__version__, platform.python_version()),
        warnings=told,
        timings=timings,
    )
    return Audited(audit, told)


def _unfed(done: Run, data: Data) -> Iterator[Problem]:
    """The tables that rules judge and no file fed: silence about them is no pass."""
    tables = Counter(table for table in done.tables if not data.supplied(table))
    for table, rules in tables.items():
        what = f"no line of {table} was supplied, so {rules} {'rules' if rules > 1 else 'rule'} had nothing to judge"
        yield Problem(Where("data"), what, f"add the export that holds {table}", "warning")


def _documents(order: Order) -> tuple[_Documents | None, list[Problem]]:
    contract, problems = contracts.load(order.contract, _named(order, order.contract))
    books, more = load_books(order.rules)
    problems += more
    if contract is None or books is None:
        return None, problems
    terms, more = read_terms(contract.values, books.windows, contract.source.where)
    problems += more
    return (None if errors(problems) else _Documents(contract, books, terms)), problems


def _read(order: Order, connection: duckdb.DuckDBPyConnection, progress: Progress | None) -> Catalog:
    catalog = read(order.paths, order.tables, connection, _part(progress, "reading"))
    given = order.contract.resolve()
    problems = [
        replace(problem, where=replace(problem.where, file=_named(order, Path(problem.where.file))))
        for problem in catalog.problems
        # The contract may lie beside the data: that it is no data needs no telling.
        if problem.severity == "error" or Path(problem.where.file).resolve() != given
    ]
    files = [replace(file, name=_named(order, Path(file.name))) for file in catalog.files]
    return replace(catalog, files=tuple(files), problems=tuple(problems))


def _named(order: Order, path: Path) -> str:
    if order.base is not None and path.is_relative_to(order.base):
        return path.relative_to(order.base).as_posix()
    return str(path)


def _part(progress: Progress | None, phase: str) -> Callable[[str, int, int], None] | None:
    if progress is None:
        return None
    return lambda at, done, of: progress(phase, at, done, of)


@contextmanager
def _timed(phase: str, timings: dict[str, float]) -> Iterator[None]:
    started = time.perf_counter()
    yield
    timings[phase] = time.perf_counter() - started
