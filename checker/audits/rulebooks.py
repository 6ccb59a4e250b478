"""The rulebook of a run and the claim windows that its rules name, from the shipped folder and the user's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from checker import resources, yamlfile
from checker.claims import windows as claim_windows
from checker.claims.windows import Window
from checker.problems import Problem, Where, errors
from checker.rulebook import rulebook
from checker.rulebook.checked import CheckedRule
from checker.rulebook.lint import lint_file, practices
from checker.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Books:
    """A rulebook that means something, and every claim window by name."""

    rulebook: Rulebook
    windows: Mapping[str, Window]

    def running(self, trial: bool) -> tuple[CheckedRule, ...]:
        """The rules that judge: the active ones, with `trial` also those on trial."""
        statuses = ("active", "trial") if trial else ("active",)
        return tuple(rule for rule in self.rulebook.rules if rule.definition.rule.status in statuses)


def load_books(folders: Sequence[Path] = ()) -> tuple[Books | None, list[Problem]]:
    """The shipped rules, lists, policies and windows and those of the given folders, or every problem of every file."""
    book, problems = rulebook.load(folders)
    windows, more = _windows(folders)
    problems += more
    if book is not None:
        named = claim_windows.unknown_windows((rule.definition.rule for rule in book.rules), windows)
        problems += named
    return (None if book is None or errors(problems) else Books(book, windows)), problems


def _windows(folders: Sequence[Path]) -> tuple[dict[str, Window], list[Problem]]:
    windows, problems = claim_windows.load()
    for folder in folders:
        if not (folder / "windows").is_dir():
            continue
        own, more = claim_windows.load(folder / "windows")
        problems += more
        for name, window in own.items():
            if name in windows:
                where = Where(window.file)
                problems.append(Problem(where, f"window {name!r} is already in {windows[name].file}"))
            windows.setdefault(name, window)
    return windows, problems


def lint_paths(paths: Sequence[Path], folders: Sequence[Path]) -> tuple[int, list[Problem]]:
    """How many rules some files and folders hold, and everything that is wrong with those and with the rulebook that
    they join; without paths the whole rulebook."""
    shipped = resources.folder("rules").resolve()
    outside = [path for path in paths if not path.resolve().is_relative_to(shipped)]
    books, problems = load_books([*folders, *(path for path in outside if path.is_dir())])
    if books is None:
        return 0, problems
    named = {resources.shown(file) for path in paths for file in (path, *path.rglob("*.y*ml"))}
    rules = [rule for rule in books.rulebook.rules if not paths or rule.definition.file.name in named]
    for path in outside:
        if path.is_dir():
            continue
        if path.resolve().parent.name == "windows":
            problems += _window(path, books.windows)
            continue
        rule, found = lint_file(path, books.rulebook)
        problems += found
        if rule is not None:
            rules.append(rule)
            problems += claim_windows.unknown_windows([rule.definition.rule], books.windows)
    return len(rules), [*problems, *(problem for rule in rules for problem in practices(rule))]


def _window(path: Path, windows: Mapping[str, Window]) -> list[Problem]:
    file, problems = yamlfile.read(path)
    if file is None or problems:
        return problems
    window, problems = claim_windows.read(file)
    if window is not None and window.name in windows:
        what = f"window {window.name!r} is already in {windows[window.name].file}"
        problems.append(Problem(file.where("name"), what))
    return problems
