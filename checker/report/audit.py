"""An audit as the report reads it: plain values, and streams where there may be hundreds of thousands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from checker.claims.claim import Claim, Totals
from checker.engine.outcomes import RuleOutcome
from checker.problems import Problem


class InputFile(Protocol):
    """A file that was read. `size` is in bytes; `rows` are those under the header, of which `typed` became lines of
    `table` and `rejected` were set aside; `money` is what the typed lines charge, by currency."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...
    @property
    def format(self) -> str: ...
    @property
    def table(self) -> str: ...
    @property
    def rows(self) -> int: ...
    @property
    def typed(self) -> int: ...
    @property
    def rejected(self) -> int: ...
    @property
    def money(self) -> Mapping[str, Decimal]: ...


class Reject(Protocol):
    """A cell for which a row was set aside. `row` is the line number in the file as a spreadsheet shows it."""

    @property
    def file(self) -> str: ...
    @property
    def row(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def value(self) -> str | None: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """What a report says of the contract; `file` is the document as the user named it, `books` is buyer or partner."""

    number: str
    program: str
    buyer: str
    seller: str
    books: str
    currency: str
    start: date | None
    end: date | None
    file: str


@dataclass(frozen=True, slots=True)
class Versions:
    """What the run was made with, as each names its own version."""

    checker: str
    duckdb: str
    python: str


@dataclass(frozen=True, slots=True)
class Audit:
    """One run. `claims` and `rejects` give a fresh stream at each call, always in the same order: claims by rule and
    line, rejects by file and row. `totals` holds a currency and confidence at most once. `timings` are seconds by
    phase, and the only part that differs between two runs over the same inputs."""

    as_of: date
    contract: ContractFacts
    outcomes: tuple[RuleOutcome, ...]
    claims: Callable[[], Iterator[Claim]]
    totals: tuple[Totals, ...]
    files: tuple[InputFile, ...]
    rejects: Callable[[], Iterator[Reject]]
    versions: Versions
    warnings: tuple[Problem, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
