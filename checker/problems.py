"""A problem found in somebody's file, as a value: where it is, what is wrong, what to do about it.

Problems are collected, never raised one at a time; a load always finishes and reports everything. They are
drawn in one place, `draw`, with the file, line, column, the line itself, a caret and the hint.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]

_WIDEST_LINE = 160


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file. `line` and `column` count from 1; `width` is how many characters the caret underlines;
    `source` is the text of that line. A file as a whole has no line."""

    file: str
    line: int | None = None
    column: int | None = None
    source: str | None = None
    width: int = 1

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an input, and how to mend it. A `warning` does not stop a run."""

    where: Where
    what: str
    hint: str | None = None
    severity: Severity = "error"


def draw(problems: Iterable[Problem]) -> str:
    """The problems as a person reads them, in the order of files and lines.

    >>> print(draw([Problem(Where("rule.yaml", 3, 1, "sevrity: high", 7), "unknown key", "did you mean 'severity'?")]))
    rule.yaml:3:1: error: unknown key
      3 | sevrity: high
        | ^^^^^^^
      hint: did you mean 'severity'?
    """
    ordered = sorted(problems, key=lambda p: (p.where.file, p.where.line or 0, p.where.column or 0))
    return "\n\n".join(_drawn(problem) for problem in ordered)


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Those that stop a run."""
    return [problem for problem in problems if problem.severity == "error"]


def did_you_mean(word: str, known: Sequence[str]) -> str | None:
    """A hint that names the nearest known words, or None where none is near.

    >>> did_you_mean("quantty", ["quantity", "subtotal"])
    "did you mean 'quantity'?"
    """
    near = difflib.get_close_matches(word, known, n=3, cutoff=0.7)
    return f"did you mean {' or '.join(repr(name) for name in near)}?" if near else None


def _drawn(problem: Problem) -> str:
    lines = [f"{problem.where}: {problem.severity}: {problem.what}"]
    where = problem.where
    if where.source is not None and where.line is not None:
        column = where.column or 1
        # A very long line is cut around the place, so that the caret stays on the screen.
        start = max(0, column - 1 - _WIDEST_LINE // 2) if len(where.source) > _WIDEST_LINE else 0
        shown = where.source[start : start + _WIDEST_LINE].rstrip("\r\n").replace("\t", " ")
        gutter = " " * len(str(where.line))
        caret = " " * (column - 1 - start) + "^" * max(1, min(where.width, len(shown) - (column - 1 - start)))
        lines += [f"  {where.line} | {shown}", f"  {gutter} | {caret}"]
    if problem.hint:
        lines.append(f"  hint: {problem.hint}")
    return "\n".join(lines)
