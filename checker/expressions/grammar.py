"""Tokens to a tree, by precedence climbing over one visible table of operator powers (FEEL grammar, DMN 10.3.1.2)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from checker.expressions.tokens import EXCEL, LEFT_OUT, Token, Unreadable, tokens
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
    Span,
    Test,
)
from checker.expressions.values import holds_clock_time, temporal
from checker.problems import Problem, Where, did_you_mean

POWERS = {
    "or": 10,
    "and": 20,
    "=": 30,
    "!=": 30,
    "<": 30,
    "<=": 30,
    ">": 30,
    ">=": 30,
    "between": 30,
    "in": 30,
    "+": 40,
    "-": 40,
    "*": 50,
    "/": 50,
    "**": 60,
    "unary -": 70,
    ".": 80,
}
"""How tightly each operator binds; all are left-associative."""

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")

LONGEST_TEXT = 4_000
DEEPEST = 60
MOST_OPERATORS = 250
LONGEST_LIST = 500

_EXCEL_FUNCTIONS = {
    "IF": "write if … then … else …",
    "AND": "write a and b",
    "OR": "write a or b",
    "NOT": "write not(…)",
    "ROUND": "name the rounding: round half up(x, 2)",
    "ROUNDDOWN": "write round down(x, 2)",
    "ROUNDUP": "write round up(x, 2)",
    "TRUNC": "write round down(x, 2)",
    "SUM": "write sum(…)",
    "ISBLANK": "write x = null",
    "LEN": "write string length(x)",
    "TODAY": "an audit repeats: the run's date is run.as_of",
    "EOMONTH": "write end of month(d)",
}
_LEFT_OUT_FUNCTIONS = {
    "now": "an audit repeats: the run's date is run.as_of",
    "today": "an audit repeats: the run's date is run.as_of",
    "matches": 'regular expressions are left out (a rule is untrusted): use like(text, "a*b")',
    "replace": "regular expressions are left out (a rule is untrusted)",
    "split": "regular expressions are left out (a rule is untrusted)",
    "time": "clock times are left out: dates only",
    "date and time": "clock times are left out: use date(…)",
}

Placing = Callable[[int, int], Where]
"""(offset, width) in an expression to its place in the user's file."""


def parse(text: str, where: Placing, functions: frozenset[str]) -> tuple[Node | None, list[Problem]]:
    """The tree of an expression, or the problem that keeps it from being one. `functions` are the built-ins' names."""
    if len(text) > LONGEST_TEXT:
        return None, [
            Problem(where(0, 1), f"an expression of over {LONGEST_TEXT:,} characters", "split it with `let`")
        ]
    try:
        return _Parser(text, functions).whole(), []
    except Unreadable as stop:
        return None, [Problem(where(stop.span.start, stop.span.width), stop.what, stop.hint)]


class _Parser:
    def __init__(self, text: str, functions: frozenset[str]) -> None:
        self._functions = functions
        self._tokens = list(tokens(text, functions))
        self._at = 0
        self._depth = 0
        self._operators = 0

    def whole(self) -> Node:
        if len(self._tokens) == 1:
            raise Unreadable(self._next.span, "an empty expression")
        node = self._expression(0)
        if self._next.kind != "end":
            raise self._unexpected()
        return node

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _advance(self) -> Token:
        token = self._tokens[self._at]
        self._at += token.kind != "end"
        return token

    def _is(self, *values: str) -> bool:
        return self._next.kind in ("sign", "word") and self._next.value in values

    def _take(self, value: str, after: str) -> Token:
        if not self._is(value):
            token = self._next
            found = f"'{token.value}'" if token.value else "the end"
            raise Unreadable(token.span, f"expected '{value}' {after}, found {found}", self._hint())
        return self._advance()

    def _expression(self, power: int) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unreadable(self._next.span, f"nested more than {DEEPEST} deep", "split it with `let`")
        left = self._prefix()
        while True:
            symbol = self._next.value if self._next.kind in ("sign", "word") else ""
            if POWERS.get(symbol, -1) <= power:
                break
            left = self._infix(left, symbol)
        self._depth -= 1
        return left

    def _infix(self, left: Node, symbol: str) -> Node:
        at = self._advance().span
        self._operators += 1
        if self._operators > MOST_OPERATORS:
            raise Unreadable(
                at, f"more than {MOST_OPERATORS} operators in one expression", "split it with `let`"
            )
        if symbol == ".":
            part = self._advance()
            if part.kind not in ("name", "word", "function"):
                raise Unreadable(part.span, "expected a name after '.'")
            if isinstance(left, Name):
                return Name((*left.parts, part.value), left.span.to(part.span))
            return Part(left, part.value, left.span.to(part.span))
        if symbol == "between":
            low = self._expression(POWERS["and"])
            self._take("and", "after the lower end of 'between'")
            high = self._expression(POWERS["between"])
            return Between(left, low, high, left.span.to(high.span))
        if symbol == "in":
            tests = self._tests()
            return In(left, tests, Span(left.span.start, self._tokens[self._at - 1].span.end))
        right = self._expression(POWERS[symbol])
        if symbol in COMPARISONS and self._is(*COMPARISONS):
            raise Unreadable(self._next.span, "comparisons do not chain", "write a < b and b < c")
        return Binary(symbol, left, right, left.span.to(right.span), at)

    def _prefix(self) -> Node:
        token = self._next
        match token.kind, token.value:
            case "number", _:
                self._advance()
                return Literal(Decimal(token.value), token.span)
            case "text", _:
                self._advance()
                return Literal(token.value, token.span)
            case "word", "true" | "false":
                self._advance()
                return Literal(token.value == "true", token.span)
            case "word", "null":
                self._advance()
                return Literal(None, token.span)
            case "word", "if":
                return self._if()
            case "name", _:
                return self._name()
            case "function", _:
                return self._call()
            case "sign", "-":
                self._advance()
                operand = self._expression(POWERS["unary -"])
                return Negate(operand, token.span.to(operand.span))
            case "sign", "@":
                return self._at_literal()
            case "sign", "(" | "[":
                return self._bracket()
        raise self._unexpected()

    def _name(self) -> Node:
        token = self._advance()
        if self._is("("):
            if token.value == "not":
                raise Unreadable(token.span, "not is a function", "write not(…)")
            hint = _EXCEL_FUNCTIONS.get(token.value) or _LEFT_OUT_FUNCTIONS.get(token.value)
            hint = hint or did_you_mean(token.value, sorted(self._functions))
            raise Unreadable(token.span, f"there is no built-in called '{token.value}'", hint)
        if token.value == "not":
            raise Unreadable(token.span, "not takes its condition in brackets", "write not(…)")
        return Name((token.value,), token.span)

    def _if(self) -> Node:
        start = self._advance().span
        if self._is("(") and self._comma_inside():
            raise Unreadable(start, "if is not a function", "write if … then … else …")
        condition = self._expression(0)
        self._take("then", "after the condition of 'if'")
        then = self._expression(0)
        self._take("else", "after 'then …': a rule says what holds otherwise")
        otherwise = self._expression(0)
        return If(condition, then, otherwise, start.to(otherwise.span))

    def _comma_inside(self) -> bool:
        """Whether the bracket that opens here holds a comma of its own: Excel's IF(a, b, c)."""
        depth = 0
        for token in self._tokens[self._at :]:
            if token.kind == "sign" and token.value in "([":
                depth += 1
            elif token.kind == "sign" and token.value in ")]":
                depth -= 1
                if depth == 0:
                    return False
            elif depth == 1 and token.kind == "sign" and token.value == ",":
                return True
        return False

    def _call(self) -> Node:
        function = self._advance()
        self._take("(", f"after '{function.value}'")
        arguments: list[Node] = []
        names: list[str] = []
        while not self._is(")"):
            if arguments:
                self._take(",", "between arguments")
            if self._tokens[self._at + 1].value == ":" and self._next.kind in ("name", "word", "function"):
                names.append(self._advance().value)
                self._advance()
            arguments.append(self._expression(0))
            self._bounded(arguments)
        if names and len(names) != len(arguments):
            raise Unreadable(function.span, "either every argument has a name or none has")
        end = self._take(")", "to close the call")
        return Call(
            function.value, tuple(arguments), tuple(names) if names else None, function.span.to(end.span)
        )

    def _at_literal(self) -> Node:
        start = self._advance().span
        token = self._advance()
        if token.kind != "text":
            raise Unreadable(token.span, "expected a text after @", 'write @"2025-01-31" or @"P1M"')
        span = start.to(token.span)
        value = temporal(token.value)
        if value is None:
            hint = 'a date is @"2025-01-31"; a duration is @"P30D", @"P1M" or @"P1Y6M"'
            if holds_clock_time(token.value):
                hint = "clock times are left out: dates and whole days only"
            raise Unreadable(span, f'"{token.value}" is neither a date nor a duration', hint)
        return Literal(value, span)

    def _bracket(self) -> Node:
        """A bracketed expression, a list, or a range: only what follows its first part tells."""
        opening = self._advance()
        if opening.value == "[" and self._is("]"):
            return Items((), opening.span.to(self._advance().span))
        first = self._expression(0)
        if self._is(".."):
            return self._range(opening, first)
        if opening.value == "(":
            self._take(")", "to close the bracket")
            return first
        items = [first]
        while self._is(","):
            self._advance()
            items.append(self._expression(0))
            self._bounded(items)
        end = self._take("]", "to close the list")
        return Items(tuple(items), opening.span.to(end.span))

    def _range(self, opening: Token, low: Node) -> Node:
        self._advance()
        high = self._expression(0)
        if not self._is(")", "]", "["):
            raise self._unexpected()
        closing = self._advance()
        closed = opening.value == "[", closing.value == "]"
        return Range(low, high, *closed, opening.span.to(closing.span))

    def _tests(self) -> tuple[Node, ...]:
        """What may stand after `in`: one test, or several in brackets."""
        if self._is("(") and not self._range_ahead():
            opening = self._advance()
            tests = [self._test()]
            while self._is(","):
                self._advance()
                tests.append(self._test())
                self._bounded(tests)
            self._take(")", f"to close the tests after 'in' (opened at {opening.span.start + 1})")
            return tuple(tests)
        return (self._test(),)

    def _range_ahead(self) -> bool:
        depth = 0
        for token in self._tokens[self._at :]:
            if token.kind == "sign":
                depth += (token.value in "([") - (token.value in ")]")
                if depth == 1 and token.value == "..":
                    return True
                if depth == 0:
                    return False
        return False

    def _test(self) -> Node:
        if self._is(*COMPARISONS):
            symbol = self._advance()
            operand = self._expression(POWERS["in"])
            return Test(symbol.value, operand, symbol.span.to(operand.span))
        if self._is("]"):
            opening = self._advance()
            low = self._expression(0)
            if not self._is(".."):
                raise self._unexpected()
            return self._range(opening, low)
        return self._expression(POWERS["in"])

    def _bounded(self, items: list[Node]) -> None:
        if len(items) > LONGEST_LIST:
            raise Unreadable(
                self._next.span, f"a list of more than {LONGEST_LIST} items", "use a word list in rules/lists"
            )

    def _hint(self) -> str | None:
        token = self._next
        if token.kind == "word":
            return LEFT_OUT.get(token.value)
        return EXCEL.get(token.value)

    def _unexpected(self) -> Unreadable:
        token = self._next
        if token.kind == "end":
            return Unreadable(token.span, "the expression ends too soon")
        before = self._tokens[self._at - 1] if self._at else None
        hint = self._hint()
        if (
            hint is None
            and before is not None
            and before.kind == "name"
            and token.kind in ("name", "function")
        ):
            hint = "a name has no spaces: write invoice_date; two conditions are joined by 'and' or 'or'"
        if token.kind == "word" and token.value in LEFT_OUT:
            return Unreadable(token.span, f"'{token.value}' is not part of the language", hint)
        if token.value == "[":
            hint = "filters are left out: name part of a group under `parts`, or use a lookup"
        return Unreadable(token.span, f"'{token.value}' was not expected here", hint)
