"""The rule language: a closed subset of FEEL (OMG DMN, clause 10.3). Text becomes a typed tree with one meaning.

`parse` reads text, `check` types the tree against the names at hand, `evaluate` is the reference meaning. The
compiler to an engine's SQL lives in `checker.engine`. Nothing here knows an engine or a file.
"""

from __future__ import annotations

from collections.abc import Callable

from checker.expressions import grammar
from checker.expressions.checking import Binding, Names, check
from checker.expressions.interpreter import evaluate
from checker.expressions.operations import FUNCTIONS
from checker.expressions.tree import Node
from checker.expressions.typed import Typed, reads
from checker.problems import Problem, Where

__all__ = ["Binding", "Names", "Node", "Typed", "check", "evaluate", "parse", "reads", "typed"]


def parse(text: str, where: Callable[[int, int], Where]) -> tuple[Node | None, list[Problem]]:
    """The tree of an expression, or the problem with it. `where(offset, width)` places an offset in the user's file."""
    return grammar.parse(text, where, FUNCTIONS)


def typed(text: str, names: Names, where: Callable[[int, int], Where]) -> tuple[Typed | None, list[Problem]]:
    """Parse and check in one step."""
    tree, problems = parse(text, where)
    return (None, problems) if tree is None else check(tree, names, where)
