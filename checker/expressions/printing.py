"""A parse tree as text, in the language's one style: parsing what is printed gives the same tree again.

Brackets stand only where `grammar.POWERS` needs them, with three kindnesses to the reader: an `and` within an `or`, a
comparison within a comparison and an `if` anywhere but behind `else` or alone always have theirs. Comments are no part
of a tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import assert_never

from checker.expressions.grammar import COMPARISONS, POWERS
from checker.expressions.tree import (
    Between,
    Binary,
    Call,
    If,
    In,
    Items,
    Literal,
    Name,
    Negate,
    Node,
    Part,
    Range,
    Test,
)

_COMPARING = POWERS["in"]
_CLOSED = 1 + max(POWERS.values())
"""The power of what needs no brackets anywhere: a name, a literal, a call, a list."""

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def printed(node: Node) -> str:
    """The expression on one line.

    >>> from checker.expressions import parse
    >>> tree, _ = parse("((a+b))*-c  in([1 .. 2),>9) and(d or e)", None)
    >>> printed(tree)
    '(a + b) * -c in ([1..2), > 9) and (d or e)'
    """
    match node:
        case Literal():
            return _literal(node)
        case Name():
            return ".".join(node.parts)
        case Part():
            return f"{_within(node.base, POWERS['.'])}.{node.name}"
        case Negate():
            return f"-{_within(node.operand, POWERS['unary -'])}"
        case Binary():
            left, right = _within(node.left, _left(node)), _within(node.right, _right(node))
            return f"{left} {node.symbol} {right}"
        case Between():
            low, high = _operand(node.low), _operand(node.high)
            return f"{_operand(node.value)} between {low} and {high}"
        case In():
            return f"{_operand(node.value)} in {_tests(node.tests)}"
        case If():
            condition, then = _within(node.condition, 1), _within(node.then, 1)
            return f"if {condition} then {then} else {printed(node.otherwise)}"
        case Call():
            return f"{node.function}({', '.join(_arguments(node))})"
        case Items():
            return f"[{', '.join(printed(item) for item in node.items)}]"
        case Range():
            opening, closing = "[" if node.low_closed else "(", "]" if node.high_closed else ")"
            return f"{opening}{printed(node.low)}..{printed(node.high)}{closing}"
        case Test():
            return f"{node.symbol} {_operand(node.operand)}"
    assert_never(node)


def laid_out(node: Node, width: int) -> list[str]:
    """The expression on as many lines as it takes to stay within `width` characters, as far as it can be broken.

    It is broken before the operators that bind least, and between the arguments of a call.

    >>> from checker.expressions import parse
    >>> tree, _ = parse("if paid = null or subtotal < 0 then 0 else min(subtotal, listed, agreed)", None)
    >>> print("\\n".join(laid_out(tree, 34)))
    if paid = null or subtotal < 0
    then 0
    else min(subtotal, listed, agreed)
    """
    whole = printed(node)
    if len(whole) <= width:
        return [whole]
    match node:
        case If():
            return _branches(node, width)
        case Binary():
            return _chain(node, width)
        case Between():
            ends = f"{_operand(node.low)} and {_operand(node.high)}"
            return [*_lines(node.value, _COMPARING + 1, width), f"between {ends}"]
        case In() if len(node.tests) > 1:
            return _filled(f"{_operand(node.value)} in (", [_test(test) for test in node.tests], ")", width)
        case Call() if node.arguments:
            return _filled(f"{node.function}(", list(_arguments(node)), ")", width)
        case Items() if node.items:
            return _filled("[", [printed(item) for item in node.items], "]", width)
    return [whole]


def _power(node: Node) -> int:
    match node:
        case Binary():
            return POWERS[node.symbol]
        case Between():
            return POWERS["between"]
        case In():
            return POWERS["in"]
        case Negate():
            return POWERS["unary -"]
        case Part():
            return POWERS["."]
        case If():
            return 0
    return _CLOSED


def _within(node: Node, least: int) -> str:
    """A part of an operation, in brackets if it binds less than that."""
    return f"({printed(node)})" if _power(node) < least else printed(node)


def _operand(node: Node) -> str:
    """A part of a comparison; comparisons do not chain."""
    return _within(node, _COMPARING + 1)


def _left(node: Binary) -> int:
    """How tightly the left side must bind to need no brackets; operators of one power are taken from the left."""
    return _kindly(node, node.left, POWERS[node.symbol] + (node.symbol in COMPARISONS))


def _right(node: Binary) -> int:
    return _kindly(node, node.right, POWERS[node.symbol] + 1)


def _kindly(node: Binary, side: Node, least: int) -> int:
    mixed = node.symbol == "or" and isinstance(side, Binary) and side.symbol == "and"
    return _CLOSED if mixed else least


def _arguments(node: Call) -> Iterator[str]:
    names = node.names or ("",) * len(node.arguments)
    for name, argument in zip(names, node.arguments, strict=True):
        yield f"{name}: {printed(argument)}" if name else printed(argument)


def _test(node: Node) -> str:
    return printed(node) if isinstance(node, Test) else _operand(node)


def _tests(tests: Sequence[Node]) -> str:
    texts = [_test(test) for test in tests]
    # A bracket behind `in` opens the list of tests, unless it opens a range.
    alone = len(texts) == 1 and (isinstance(tests[0], Range) or not texts[0].startswith("("))
    return texts[0] if alone else f"({', '.join(texts)})"


def _literal(node: Literal) -> str:
    match node.value:
        case None:
            return "null"
        case bool():
            return str(node.value).lower()
        case Decimal():
            return f"{node.value:f}"
        case str():
            return f'"{"".join(_character(one) for one in node.value)}"'
        case date():
            return f'@"{node.value.isoformat()}"'
        case _:
            return f'@"{node.value}"'


def _character(one: str) -> str:
    """A character of a text; one that cannot be seen is written by its number."""
    if one in _ESCAPES:
        return _ESCAPES[one]
    if one.isprintable():
        return one
    return f"\\u{ord(one):04x}" if ord(one) <= 0xFFFF else f"\\U{ord(one):06x}"


# Several lines.


def _lines(node: Node, least: int, width: int) -> list[str]:
    """Like `_within`, on several lines."""
    if _power(node) < least:
        return _hung("(", laid_out(node, width - 2), ")")
    return laid_out(node, width)


def _hung(before: str, lines: Sequence[str], after: str = "") -> list[str]:
    """Lines behind a beginning, all as far to the right as it is long."""
    first, *rest = lines
    hung = [before + first, *(" " * len(before) + line for line in rest)]
    return [*hung[:-1], hung[-1] + after]


def _branches(node: If, width: int) -> list[str]:
    """`if … then …` and each `else if … then …` on a line of its own."""
    head = f"if {_within(node.condition, 1)} then {_within(node.then, 1)}"
    lines = [head]
    if len(head) > width:
        condition = _lines(node.condition, 1, width - len("if "))
        lines = [*_hung("if ", condition), *_hung("then ", _lines(node.then, 1, width - len("then ")))]
    otherwise = node.otherwise
    if isinstance(otherwise, If):
        first, *rest = _branches(otherwise, width - len("else "))
        return [*lines, f"else {first}", *rest]
    return [*lines, *_hung("else ", laid_out(otherwise, width - len("else ")))]


def _chain(node: Binary, width: int) -> list[str]:
    """Operations of one power, each operator at the beginning of its line."""
    chain: list[Binary] = []
    left: Node = node
    while isinstance(left, Binary) and (not chain or _left(chain[-1]) == POWERS[left.symbol]):
        chain.append(left)
        left = left.left
    lines = _lines(left, _left(chain[-1]), width)
    for part in reversed(chain):
        right = _lines(part.right, _right(part), width - len(part.symbol) - 1)
        lines += _hung(f"{part.symbol} ", right)
    return lines


def _filled(before: str, parts: Sequence[str], after: str, width: int) -> list[str]:
    """Parts with commas between them, as many on a line as fit."""
    lines = [""]
    for at, part in enumerate(parts):
        text = part + ("," if at + 1 < len(parts) else after)
        if lines[-1] and len(before) + len(lines[-1]) + 1 + len(text) > width:
            lines.append("")
        lines[-1] += f" {text}" if lines[-1] else text
    return _hung(before, lines)
