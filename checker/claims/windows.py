"""Claim windows as YAML: what each applies to, the date it counts from, its deadline as an expression, its route.

One window a file under `rules/windows/`, of the closed schema `window`. A window either has a deadline, or takes
its deadline from the contract's own clause (`from_contract`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from checker import expressions, resources, schemas, yamlfile
from checker.claims.anchors import ANCHORS
from checker.expressions.types import DATE
from checker.problems import Problem, Where, did_you_mean
from checker.rulebook.rule import Reference, Rule
from checker.yamlfile import YamlFile

When = Literal["always", "named", "in_contract"]
Route = Literal["request_form", "azure_issue", "sla_claim", "automatic", "contract"]


@dataclass(frozen=True, slots=True)
class Clock:
    """An expression that gives a date: as it was written, and checked over one name, the window's anchor."""

    text: str
    typed: expressions.Typed


@dataclass(frozen=True, slots=True)
class Window:
    """A claim window. `programs` and `postures` that are empty mean all of them.

    `when`: `always` bounds every claim of those programmes and postures; `named` only those whose rule names it;
    `in_contract` those whose rule names it, and all of them where the contract has a clause for it.
    `stand_ins` are tried in their order where the anchor is unknown. `deadline` is None for a window whose clock is
    the contract's clause.
    """

    name: str
    title: str
    about: str
    programs: tuple[str, ...]
    postures: tuple[str, ...]
    when: When
    anchor: str
    stand_ins: tuple[str, ...]
    deadline: Clock | None
    opens: Clock | None
    who_files: str
    route: Route
    evidence: tuple[str, ...]
    source: Reference
    last_verified: date
    file: str

    @property
    def from_contract(self) -> bool:
        """Whether its deadline is the contract's own clause."""
        return self.deadline is None

    def covers(self, program: str | None, posture: str) -> bool:
        """Whether it is meant for claims of this posture under a contract of this programme."""
        return (not self.programs or program in self.programs) and (
            not self.postures or posture in self.postures
        )


def load(folder: Path | None = None) -> tuple[dict[str, Window], list[Problem]]:
    """The windows of a folder (default: those that ship) by name, and every problem of every file.

    A window with a problem is left out; the others are still returned.
    """
    root = folder or resources.folder("rules") / "windows"
    windows: dict[str, Window] = {}
    problems: list[Problem] = []
    for path in sorted(root.glob("*.yaml")):
        file, found = yamlfile.read(path, resources.shown(path))
        window: Window | None = None
        if file is not None and not found:
            window, found = read(file)
        problems += found
        if file is None or window is None:
            continue
        if window.name in windows:
            first = windows[window.name].file
            problems.append(Problem(file.where("name"), f"window {window.name!r} is already in {first}"))
        else:
            windows[window.name] = window
    return windows, problems


def read(file: YamlFile) -> tuple[Window | None, list[Problem]]:
    """One file's window, or what is wrong with it, all at once."""
    problems = schemas.validate(file, schemas.load("window"))
    if problems:
        return None, problems
    value: Any = file.value
    anchor = value["anchor"]
    for path, name in [(("anchor", "name"), anchor["name"])] + [
        (("anchor", "otherwise", i), name) for i, name in enumerate(anchor.get("otherwise", ()))
    ]:
        if name not in ANCHORS:
            hint = did_you_mean(name, list(ANCHORS)) or f"known are {', '.join(ANCHORS)}"
            problems.append(Problem(file.where(*path), f"no date is called {name!r}", hint))
    if problems:
        return None, problems
    if value.get("from_contract", False) == ("deadline" in value):
        what = (
            "a deadline beside from_contract: true"
            if "deadline" in value
            else "neither deadline nor from_contract"
        )
        hint = "give a deadline, or from_contract: true where the contract's own clause is the deadline"
        problems.append(
            Problem(file.where("deadline" if "deadline" in value else "name", key=True), what, hint)
        )
    deadline = _clock(file, "deadline", anchor["name"], problems)
    opens = _clock(file, "opens", anchor["name"], problems)
    if problems:
        return None, problems
    applies = value["applies_to"]
    return Window(
        name=value["name"],
        title=value["title"],
        about=value["about"],
        programs=tuple(applies.get("programs", ())),
        postures=tuple(applies.get("postures", ())),
        when=applies["when"],
        anchor=anchor["name"],
        stand_ins=tuple(anchor.get("otherwise", ())),
        deadline=deadline,
        opens=opens,
        who_files=value["who_files"],
        route=value["route"],
        evidence=tuple(value["evidence"]),
        source=Reference(value["source"]["text"], value["source"].get("url")),
        last_verified=value["last_verified"],
        file=file.name,
    ), []


def unknown_windows(rules: Iterable[Rule], windows: Mapping[str, Window]) -> list[Problem]:
    """Rules whose claim names a window that no file describes."""
    return [
        Problem(
            Where(rule.file),
            f"rule {rule.name}: no claim window is called {rule.claim.window!r}",
            did_you_mean(rule.claim.window, list(windows)) or f"known are {', '.join(windows)}",
        )
        for rule in rules
        if rule.claim is not None and rule.claim.window not in windows
    ]


def clock(text: str, anchor: str, where: Where) -> tuple[Clock | None, list[Problem]]:
    """A date expression over one date's name, checked; problems are placed by `where` alone."""
    return _checked(text, anchor, lambda offset, width: where)


def _clock(file: YamlFile, key: str, anchor: str, problems: list[Problem]) -> Clock | None:
    value: Any = file.value
    if key not in value:
        return None
    found, wrong = _checked(
        value[key], anchor, lambda offset, width: file.where(key, offset=offset, width=width)
    )
    problems += wrong
    return found


def _checked(
    text: str, anchor: str, where: Callable[[int, int], Where]
) -> tuple[Clock | None, list[Problem]]:
    typed, problems = expressions.typed(text, {anchor: DATE}, where)
    if typed is None or problems:
        return None, problems
    if typed.type != DATE:
        hint = f'count from the anchor: end of month({anchor} + duration("P1M"))'
        return None, [Problem(where(0, len(text)), f"this gives a {typed.type}, not a date", hint)]
    return Clock(text, typed), []
