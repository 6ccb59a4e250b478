"""A query as steps: each adds columns, joins, or filters, and sees what the steps before it made.

A column that an expression needs more than once is made once, in an earlier step; so the SQL stays linear in the length
of a rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from checker.engine.dialects.dialect import Dialect


@dataclass(slots=True)
class _Columns:
    made: list[tuple[str, str]] = field(default_factory=list)


Step = Callable[[str], str]
"""From the name of the step before it to a whole SELECT."""


@dataclass(slots=True)
class Pipeline:
    """Steps are numbered from 1; `level` 0 is the source. A column of level n can be read by every step after n."""

    dialect: Dialect
    source: str
    mark: str = "#"
    """Before the numbers of hoisted columns; one of its own where the source has columns that were hoisted already."""
    _steps: list[_Columns | Step] = field(default_factory=list)
    _hoisted: dict[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def level(self) -> int:
        """What the next step sees."""
        return len(self._steps)

    def add(self, name: str, sql: str, level: int) -> int:
        """Make a column from what level `level` knows; gives the level at which it can be read."""
        for number in range(level, len(self._steps)):
            step = self._steps[number]
            if isinstance(step, _Columns):
                step.made.append((name, sql))
                return number + 1
        self._steps.append(_Columns([(name, sql)]))
        return len(self._steps)

    def hoist(self, sql: str, level: int) -> tuple[str, int]:
        """A column of its own for a piece of SQL; the same piece gives the same column."""
        if sql not in self._hoisted:
            name = f"{self.mark}{len(self._hoisted) + 1}"
            self._hoisted[sql] = self.dialect.quote(name), self.add(name, sql, level)
        return self._hoisted[sql]

    def step(self, select: Step) -> int:
        """Add a join or a filter. Gives the level after it."""
        self._steps.append(select)
        return len(self._steps)

    def query(self, select: str, tail: str = "") -> str:
        """The whole statement: SELECT `select` over the last step, with a WHERE, GROUP BY or ORDER BY behind."""
        quote = self.dialect.quote
        before, parts = self.source, []
        for number, step in enumerate(self._steps, 1):
            name = f"step{number}"
            if isinstance(step, _Columns):
                made = ", ".join(f"{sql} AS {quote(column)}" for column, sql in step.made)
                parts.append(f"{name} AS (SELECT *, {made} FROM {before})")
            else:
                parts.append(f"{name} AS ({step(before)})")
            before = name
        start = f"WITH {', '.join(parts)} " if parts else ""
        return f"{start}SELECT {select} FROM {before} {tail}".rstrip()
