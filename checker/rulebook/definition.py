"""A rule file as values: its words as a Rule, its expressions as trees that remember where they stand in the file."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, cast

from checker.expressions import Node, parse
from checker.expressions.building import type_of
from checker.expressions.checking import Binding
from checker.expressions.printing import printed
from checker.expressions.types import BOOLEAN, DATE, TEXT, ListOf, Number, Type
from checker.problems import Problem, Where
from checker.rulebook.rule import ClaimTerms, Reference, Rule
from checker.yamlfile import YamlFile

Path = tuple[str | int, ...]
LookupOutcome = Literal["undecided", "pass", "finding", "out_of_scope", "null"]

LOGIC = ("each", "where", "parts", "stands_on", "with", "let", "must", "amount", "params")
"""The keys whose change is a new revision."""

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*\Z")


@dataclass(frozen=True, slots=True)
class Written:
    """An expression as it stands in the file."""

    text: str
    path: Path
    node: Node


@dataclass(frozen=True, slots=True)
class During:
    """The row in force on a date: `start` and `end` are its columns, `day` a date of the line."""

    day: Written
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest row on or before a date of the line; `column` is its own date."""

    day: Written
    column: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """Rows of another table that belong to a line. See schemas/rule.schema.json for each part."""

    name: str
    source: str
    match: tuple[tuple[str, Written], ...]
    during: During | None
    overlaps: tuple[str, str] | None
    latest: Latest | None
    when: Written | None
    take: Mapping[str, Written]
    if_none: LookupOutcome
    if_several: LookupOutcome
    path: Path

    def written(self) -> Iterator[Written]:
        """The expressions over the line; those of `take` and `when` see the rows' columns too."""
        yield from (expression for _, expression in self.match)
        if self.during is not None:
            yield self.during.day
        if self.latest is not None:
            yield self.latest.day
        if self.when is not None:
            yield self.when


@dataclass(frozen=True, slots=True)
class Surplus:
    """The lines of `part` beyond the first `beyond` carry the findings of a group."""

    part: str
    beyond: Written


@dataclass(frozen=True, slots=True)
class RuleTest:
    """A test of the rule: rows, and the outcome that they must have."""

    it: str
    given: Mapping[str, Sequence[Mapping[str, Any]]]
    contract: Mapping[str, Any]
    as_of: date | None
    expect: Any
    todo: str | None
    path: Path


@dataclass(frozen=True, slots=True)
class Definition:
    """A rule file that fits the schema and whose expressions parse. Names and types are checked in `scope`."""

    rule: Rule
    file: YamlFile = field(compare=False, repr=False)
    table: str
    by: tuple[str, ...]
    line_lets: Mapping[str, Written]
    where: Written | None
    parts: Mapping[str, Written]
    surplus: Surplus | None
    lookups: Mapping[str, Lookup]
    lets: Mapping[str, Written]
    must: Written
    amount: Written | None
    message: tuple[str, ...]
    """Alternating text and name, text first."""
    key: tuple[str, ...]
    params: Mapping[str, Binding]
    tests: tuple[RuleTest, ...]

    def place(self, path: Path) -> Placing:
        """How to point into the file at an expression."""
        return Placing(self.file, path)


@dataclass(frozen=True, slots=True)
class Placing:
    """(offset, width) in the value at `path` to its place in the file."""

    file: YamlFile
    path: Path

    def __call__(self, offset: int, width: int) -> Where:
        return self.file.where(*self.path, offset=offset, width=width)


def define(file: YamlFile, family: str) -> tuple[Definition | None, list[Problem]]:
    """The definition in a file that the schema has accepted, or the problems of its expressions."""
    reader = _Reader(file)
    definition = reader.definition(cast(dict[str, Any], file.value), family)
    return (None if reader.problems else definition), reader.problems


class _Reader:
    def __init__(self, file: YamlFile) -> None:
        self._file = file
        self._printed: dict[Path, str] = {}
        self.problems: list[Problem] = []

    def definition(self, value: dict[str, Any], family: str) -> Definition | None:
        each = value["each"]
        group = each if isinstance(each, dict) else {"group": each, "by": []}
        surplus = value.get("stands_on")
        beyond = self._written(surplus["beyond"], ("stands_on", "beyond")) if surplus else None
        for part in ("parts", "stands_on"):
            if part in value and not isinstance(each, dict):
                self._say((part,), f"'{part}' belongs to a group", "write each: {group: …, by: […]}")
        where = self._written(value["where"], ("where",)) if "where" in value else None
        must = self._written(value["must"], ("must",))
        amount = self._written(value["amount"], ("amount",)) if "amount" in value else None
        lookups = {name: self._lookup(name, entry) for name, entry in value.get("with", {}).items()}
        key: tuple[str, ...] = tuple(value.get("key") or group["by"])
        if not key:
            self._say(("name",), "a rule over lines needs a key", "key: [invoice_number, subscription_id, …]")
        parts = self._all(value, ("parts",))
        lets, line_lets = self._all(value, ("let",)), self._all(value, ("each", "let"))
        message = self._message(value["message"])
        if must is None:
            return None
        return Definition(
            rule=_rule(value, family, self._file.name, self._hash(value)),
            file=self._file,
            table=group["group"],
            by=tuple(group["by"]),
            line_lets=line_lets,
            where=where,
            parts=parts,
            surplus=Surplus(surplus["part"], beyond) if surplus and beyond else None,
            lookups={name: lookup for name, lookup in lookups.items() if lookup is not None},
            lets=lets,
            must=must,
            amount=amount,
            message=message,
            key=key,
            params={name: self._param(name, entry) for name, entry in value.get("params", {}).items()},
            tests=tuple(_tests(value["tests"])),
        )

    def _written(self, value: Any, path: Path) -> Written | None:
        text = value if isinstance(value, str) else _spelled(value)
        node, problems = parse(text, Placing(self._file, path))
        self.problems += problems
        if node is None:
            return None
        self._printed[path] = printed(node)
        return Written(text, path, node)

    def _all(self, value: Any, path: tuple[str, ...]) -> dict[str, Written]:
        for step in path:
            value = value.get(step, {}) if isinstance(value, dict) else {}
        found = {name: self._written(entry, (*path, name)) for name, entry in value.items()}
        return {name: written for name, written in found.items() if written is not None}

    def _lookup(self, name: str, entry: dict[str, Any]) -> Lookup | None:
        path: Path = ("with", name)
        given = entry.get("match", {})
        match = [(column, self._written(text, (*path, "match", column))) for column, text in given.items()]
        during, latest = entry.get("during"), entry.get("latest")
        day = self._written(during["date"], (*path, "during", "date")) if during else None
        until = self._written(latest["date"], (*path, "latest", "date")) if latest else None
        when = self._written(entry["when"], (*path, "when")) if "when" in entry else None
        if "take" not in entry and "if_several" not in entry:
            self._say(
                path,
                f"the lookup '{name}' does not say what several matches mean",
                "add if_several: undecided",
            )
        if latest and during:
            self._say((*path, "latest"), "a lookup is either 'during' or 'latest'")
        overlaps = entry.get("overlaps")
        return Lookup(
            name=name,
            source=entry["from"],
            match=tuple((column, written) for column, written in match if written is not None),
            during=During(day, during["from"], during["to"]) if during and day else None,
            overlaps=(overlaps["from"], overlaps["to"]) if overlaps else None,
            latest=Latest(until, latest["from"]) if latest and until else None,
            when=when,
            take=self._takes(entry, path),
            if_none=entry["if_none"] or "null",
            if_several=entry.get("if_several", "undecided") or "null",
            path=path,
        )

    def _takes(self, entry: dict[str, Any], path: Path) -> dict[str, Written]:
        found = {
            name: self._written(text, (*path, "take", name)) for name, text in entry.get("take", {}).items()
        }
        return {name: written for name, written in found.items() if written is not None}

    def _param(self, name: str, entry: dict[str, Any]) -> Binding:
        kind, value = entry["type"], entry["default"]
        if isinstance(value, int) and not isinstance(value, bool):
            value = Decimal(value)
        if kind == "texts" and isinstance(value, list) and all(isinstance(item, str) for item in value):
            return Binding(ListOf(TEXT), False, tuple(value))
        fits = {
            "number": isinstance(value, Decimal),
            "text": isinstance(value, str),
            "date": isinstance(value, date),
            "boolean": isinstance(value, bool),
        }
        if not fits.get(kind, False):
            self._say(("params", name, "default"), f"the default of '{name}' is no {kind}")
            kinds: dict[str, Type] = {"number": Number(18, 6), "date": DATE, "boolean": BOOLEAN}
            return Binding(kinds.get(kind, TEXT))
        return Binding(type_of(value), False, value)

    def _message(self, text: str) -> tuple[str, ...]:
        parts: list[str] = []
        at = 0
        for match in re.finditer(r"\{([^{}]*)\}", text):
            if not _NAME.match(match[1]):
                place = self._file.where("message", offset=match.start(), width=match.end() - match.start())
                self.problems.append(
                    Problem(place, "braces hold a name and nothing else", "name the value with `let`")
                )
            parts += [text[at : match.start()], match[1]]
            at = match.end()
        rest = text[at:]
        if "{" in rest or "}" in rest:
            place = self._file.where("message", offset=at + re.search(r"[{}]", rest).start(), width=1)  # type: ignore[union-attr]
            self.problems.append(
                Problem(place, "a brace without its other half", "a name stands in braces: {subtotal}")
            )
        return (*parts, rest)

    def _hash(self, value: dict[str, Any]) -> str:
        """Of what a rule does, not of how its file is laid out: expressions count as they are printed."""

        def plain(part: Any, path: Path) -> Any:
            if path in self._printed:
                return self._printed[path]
            return (
                {name: plain(one, (*path, name)) for name, one in part.items()}
                if isinstance(part, dict)
                else part
            )

        logic = {key: plain(value[key], (key,)) for key in LOGIC if key in value}
        return hashlib.sha256(json.dumps(logic, sort_keys=True, default=str).encode()).hexdigest()[:16]

    def _say(self, path: Path, what: str, hint: str | None = None) -> None:
        self.problems.append(Problem(self._file.where(*path, key=True), what, hint))


def _spelled(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case Decimal():
            return f"{value:f}"
        case _:
            return str(value)


def _tests(entries: list[dict[str, Any]]) -> Iterator[RuleTest]:
    """A test takes over the rows and contract of the one before it, table by table."""
    given: dict[str, Any] = {}
    contract: dict[str, Any] = {}
    for number, entry in enumerate(entries):
        given = {**given, **entry.get("given", {})}
        contract = {**contract, **entry.get("contract", {})}
        path: Path = ("tests", number)
        yield RuleTest(
            entry["it"], given, contract, entry.get("as_of"), entry["expect"], entry.get("todo"), path
        )


def _rule(value: dict[str, Any], family: str, name: str, digest: str) -> Rule:
    logic = {key: value[key] for key in LOGIC if key in value}
    claim = value.get("claim")
    return Rule(
        id=value["id"],
        name=value["name"],
        title=value["title"],
        requirement=value["requirement"],
        family=family,
        posture=value["posture"],
        severity=value["severity"],
        status=value["status"],
        confidence=value["confidence"],
        revision=value["revision"],
        owner=value["owner"],
        references=tuple(Reference(entry["text"], entry.get("url")) for entry in value.get("references", ())),
        benign_when=tuple(value.get("benign_when", ())),
        claim=ClaimTerms(claim["window"], claim["incident"]) if claim else None,
        supersedes=tuple(value.get("supersedes", ())),
        tags=tuple(value.get("tags", ())),
        file=name,
        hash=digest,
        logic=logic,
    )
