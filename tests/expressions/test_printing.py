"""Printing any tree and parsing it again gives the same tree; brackets stand where the tree needs them, else not."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from checker.expressions import parse, tree
from checker.expressions.grammar import POWERS
from checker.expressions.printing import laid_out, printed
from checker.expressions.tree import Node, Span
from checker.expressions.values import Days, Months
from checker.problems import Where
from tests.engine.drawing import EXPRESSIONS

PRINTED = [
    # written, printed
    ("a+b*c", "a + b * c"),
    ("(a+b)*c", "(a + b) * c"),
    ("a-(b-c)", "a - (b - c)"),
    ("(a-b)-c", "a - b - c"),
    ("((a))", "a"),
    ("a*(b/c)", "a * (b / c)"),
    ("(a ** b) ** c", "a ** b ** c"),
    ("a ** (b ** c)", "a ** (b ** c)"),
    ("-(2) ** 2", "-2 ** 2"),
    ("-(2 ** 2)", "-(2 ** 2)"),
    ("- ( -a )", "--a"),
    ("a - -b", "a - -b"),
    ("a and b or c", "(a and b) or c"),
    ("(a or b) or c and d", "a or b or (c and d)"),
    ("(a and b) and c", "a and b and c"),
    ("a and (b or c)", "a and (b or c)"),
    ("(a = b) = c", "(a = b) = c"),
    ("(a = b) in (true)", "(a = b) in true"),
    ("a in (b)", "a in b"),
    ("a in ((b = c))", "a in ((b = c))"),
    ("a in ((b + c) * d)", "a in ((b + c) * d)"),
    ("a in ((b + c) * d, e)", "a in ((b + c) * d, e)"),
    ("a in (<1,>=  2,[3..4],]5..6[ )", "a in (< 1, >= 2, [3..4], (5..6))"),
    ("a in(1..2)", "a in (1..2)"),
    ("a in ((1..2))", "a in (1..2)"),
    ("a in [1..2[", "a in [1..2)"),
    ("a in [1,2]", "a in [1, 2]"),
    ("a between (b) and (c + d)", "a between b and c + d"),
    ("a between b and c and d", "a between b and c and d"),
    ("a between b and (c and d)", "a between b and (c and d)"),
    ("if(a)then(b)else(c)+d", "if a then b else c + d"),
    ("(if a then b else c) + d", "(if a then b else c) + d"),
    ("a + if b then c else d", "a + (if b then c else d)"),
    ("if a then b else (if c then d else e)", "if a then b else if c then d else e"),
    ("if a then (if b then c else d) else e", "if a then (if b then c else d) else e"),
    ("(end of month(d)).day", "end of month(d).day"),
    ("(d + e).year", "(d + e).year"),
    ('@"2024-02-29"', '@"2024-02-29"'),
    ('@"P14M"', '@"P1Y2M"'),
    ('duration("P14M")', 'duration("P14M")'),
    ("round  half\n up ( n:a ,scale :2)", "round half up(n: a, scale: 2)"),
    ("1.10 + .5", "1.10 + 0.5"),
    (r'"a\"b\\c\n\u0007\/"', r'"a\"b\\c\n\u0007/"'),
    ("a // no more\n + b /* than this */", "a + b"),
    ("[ ]", "[]"),
]


@pytest.mark.parametrize(("written", "expected"), PRINTED)
def test_one_style(written: str, expected: str) -> None:
    assert printed(_parsed(written)) == expected
    assert _tree(expected) == _tree(written)


LAID_OUT = [
    (30, "subtotal > 0 and quantity > 0 and (paid or exempt)",
     ["subtotal > 0", "and quantity > 0", "and (paid or exempt)"]),
    (30, "(subtotal > 0 or quantity > 0) and paid and exempt",
     ["(subtotal > 0 or quantity > 0)", "and paid", "and exempt"]),
    (20, "(subtotal > 0 or quantity > 0) and paid", ["(subtotal > 0", " or quantity > 0)", "and paid"]),
    (24, "if paid then subtotal else if exempt then 0 else tax",
     ["if paid then subtotal", "else if exempt then 0", "else tax"]),
    (20, "min(subtotal, listed, agreed, 100)", ["min(subtotal,", "    listed, agreed,", "    100)"]),
    (24, "charge_type in (\"new\", \"renew\", \"cycle\")",
     ["charge_type in (\"new\",", "                \"renew\",", "                \"cycle\")"]),
    (16, "subtotal * quantity <= total - tax_total", ["subtotal", "* quantity", "<= total", "   - tax_total"]),
]  # fmt: skip


@pytest.mark.parametrize(("width", "written", "lines"), LAID_OUT)
def test_a_long_expression_is_broken_where_it_binds_least(width: int, written: str, lines: list[str]) -> None:
    assert laid_out(_parsed(written), width) == lines
    assert _tree("\n".join(lines)) == _tree(written)


@given(EXPRESSIONS, st.integers(1, 60))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_written_keeps_its_tree(text: str, width: int) -> None:
    _same(_parsed(text), width)


_SPAN = Span(0, 0)
_NAMES = st.sampled_from(["a", "subtotal", "round", "end", "date", "été", "n_1"])
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_LITERALS = st.one_of(
    st.decimals(0, 10**20, places=3),
    st.integers(0, 99).map(Decimal),
    _TEXTS,
    st.booleans(),
    st.none(),
    st.dates(),
    st.integers(-40_000, 40_000).map(Days),
    st.integers(-40, 40).map(Months),
).map(lambda value: tree.Literal(value, _SPAN))
_DOTTED = st.lists(_NAMES | st.sampled_from(["in", "if", "day"]), min_size=0, max_size=2)
_ATOMS = st.one_of(
    _LITERALS,
    st.builds(lambda first, more: tree.Name((first, *more), _SPAN), _NAMES, _DOTTED),
)


def _larger(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    ranges = st.builds(tree.Range, parts, parts, st.booleans(), st.booleans(), st.just(_SPAN))
    signs = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    tests = st.one_of(parts, ranges, st.builds(tree.Test, signs, parts, st.just(_SPAN)))
    operators = st.sampled_from([name for name in POWERS if name not in ("between", "in", "unary -", ".")])
    named = st.lists(st.tuples(st.sampled_from(["n", "scale", "list"]), parts), min_size=1, max_size=2)
    return st.one_of(
        st.builds(
            lambda base, name: tree.Part(base, name, _SPAN),
            parts.filter(lambda base: not isinstance(base, tree.Name)),
            st.sampled_from(["year", "day", "if"]),
        ),
        st.builds(lambda operand: tree.Negate(operand, _SPAN), parts),
        st.builds(lambda symbol, a, b: tree.Binary(symbol, a, b, _SPAN, _SPAN), operators, parts, parts),
        st.builds(lambda value, low, high: tree.Between(value, low, high, _SPAN), parts, parts, parts),
        st.builds(
            lambda value, tested: tree.In(value, tuple(tested), _SPAN),
            parts,
            st.lists(tests, min_size=1, max_size=3),
        ),
        st.builds(lambda a, b, c: tree.If(a, b, c, _SPAN), parts, parts, parts),
        st.builds(
            lambda function, given: tree.Call(function, tuple(given), None, _SPAN),
            st.sampled_from(["sum", "end of month", "not", "date"]),
            st.lists(parts, max_size=3),
        ),
        st.builds(
            lambda given: tree.Call(
                "round half up", tuple(n for _, n in given), tuple(n for n, _ in given), _SPAN
            ),
            named,
        ),
        st.builds(lambda items: tree.Items(tuple(items), _SPAN), st.lists(parts, max_size=3)),
        ranges,
    )


TREES = st.recursive(_ATOMS, _larger, max_leaves=10)


@given(TREES, st.integers(1, 60))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_tree_is_printed_as_itself(node: Node, width: int) -> None:
    _same(node, width)


def _same(node: Node, width: int) -> None:
    text = printed(node)
    lines = "\n".join(laid_out(node, width))
    assume(max(len(text), len(lines)) < 4000)
    assert _tree(text) == _bare(node)
    assert _tree(lines) == _bare(node)
    assert printed(_parsed(text)) == text


def _parsed(text: str) -> Node:
    node, problems = parse(text, lambda offset, width: Where("expression", 1, offset + 1, text, width))
    assert node is not None, problems
    return node


def _tree(text: str) -> Any:
    return _bare(_parsed(text))


def _bare(part: Any) -> Any:
    """A tree without its places, and with every digit of its numbers."""
    if isinstance(part, Span):
        return _SPAN
    if isinstance(part, Decimal):
        return "number", f"{part:f}"
    if isinstance(part, tuple):
        return tuple(_bare(one) for one in part)
    if dataclasses.is_dataclass(part) and not isinstance(part, type | Days | Months):
        values = {field.name: _bare(getattr(part, field.name)) for field in dataclasses.fields(part)}
        return type(part)(**values)
    return part


def test_a_date_of_the_first_century_keeps_its_zeros() -> None:
    assert printed(tree.Literal(date(33, 4, 3), _SPAN)) == '@"0033-04-03"'
