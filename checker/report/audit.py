"""An audit as the report reads it: plain values, and streams where there may be hundreds of thousands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from checker.claims.claim import Claim
from checker.documents.contract import Contract
from checker.engine.outcomes import RuleOutcome
from checker.problems import Problem
from checker.tables.files import InputFile
from checker.tables.rejects import Reject


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """What a report says of the contract; `file` is the document as the user named it, `books` is buyer or partner."""

    number: str
    program: str
    buyer: str
    seller: str
    books: str
    currency: str
    start: date
    end: date
    file: str


def contract_facts(contract: Contract) -> ContractFacts:
    """The facts of a contract that was read."""
    return ContractFacts(
        number=contract.number,
        program=contract.program,
        buyer=contract.buyer,
        seller=contract.seller,
        books=contract.books,
        currency=contract.currency,
        start=contract.start,
        end=contract.end,
        file=contract.file,
    )


@dataclass(frozen=True, slots=True)
class Versions:
    """What the run was made with, as each names its own version."""

    checker: str
    duckdb: str
    python: str


@dataclass(frozen=True, slots=True)
class Audit:
    """One run. `claims` and `rejects` give a fresh stream at each call, always in the same order: claims by rule and
    line, rejects by file and row. `timings` are seconds by phase, and the only part that differs between two runs over
    the same inputs."""

    as_of: date
    contract: ContractFacts
    outcomes: tuple[RuleOutcome, ...]
    claims: Callable[[], Iterator[Claim]]
    files: tuple[InputFile, ...]
    rejects: Callable[[], Iterator[Reject]]
    versions: Versions
    warnings: tuple[Problem, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
