"""Rule files are put into one style, and mean afterwards what they meant before."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker import schemas, yamlfile
from checker.problems import draw
from checker.resources import folder
from checker.rulebook.definition import Definition, define
from checker.rulebook.formatting import formatted
from checker.rulebook.rulebook import rule_files

_FLOAT = "tag:yaml.org,2002:float"
SHIPPED = [path for path, _ in rule_files([folder("rules")])]

HEAD = """\
id: XX-001
name: some-rule
title: A title
requirement: A line MUST hold.
posture: correction
status: active
severity: high
confidence: certain
revision: 1
owner: me
"""
TAIL = """\
message: Wrong by {subtotal}.
tests:
  - it: passes
    given: {invoice_lines: [{subtotal: 1}]}
    expect: pass
"""

PAIRS = {
    "expressions": (
        """\
each: invoice_lines
key: [invoice_number]
let:
  double: ((subtotal))*2   # twice
  "kept": "double = 2.50"
  quoted: 'like(product_name,"*x*")'
  now_quoted: sum([subtotal,tax_total] )+sum( list :[1,2])
must: >
  not( (double>subtotal)  and
    subtotal!=null )
amount: 0
""",
        """\
each: invoice_lines
key: [invoice_number]
let:
  double: subtotal * 2   # twice
  "kept": "double = 2.50"
  quoted: 'like(product_name, "*x*")'
  now_quoted: 'sum([subtotal, tax_total]) + sum(list: [1, 2])'
must: not(double > subtotal and subtotal != null)
amount: 0
""",
    ),
    "keys": (
        """\
# Why this must hold.
must: found.quantity = quantity
# What is looked up.
with:
  found:   # the entitlement
    if_none: undecided
    if_several: undecided

    # The key.
    match: {sku_id: sku_id, subscription_id: subscription_id}
    from: entitlements
    during: {to: term_end, from: term_start, date: (charge_start_date)}

# Every line.
each: invoice_lines
key: [invoice_number]
""",
        """\

# Every line.
each: invoice_lines
key: [invoice_number]
# What is looked up.
with:
  found:   # the entitlement
    from: entitlements

    # The key.
    match: {sku_id: sku_id, subscription_id: subscription_id}
    during: {date: charge_start_date, from: term_start, to: term_end}
    if_none: undecided
    if_several: undecided
# Why this must hold.
must: found.quantity = quantity
""",
    ),
    "long": (
        """\
each: invoice_lines
where: charge_type in ("new","renew","a","b","c","d","e","f") and (subtotal>0 or quantity>0) and (sku_id!=customer_name)
key: [invoice_number]
let:
  even_longer: charge_type in ("new","renew","cycleCharge") and (subtotal>0 or quantity>0) # on one line
must: if subtotal = null then true else if quantity = null then subtotal between 0 and 99 else subtotal <= 99
""",
        """\
each: invoice_lines
where: >-
  charge_type in ("new", "renew", "a", "b", "c", "d", "e", "f")
  and (subtotal > 0 or quantity > 0)
  and sku_id != customer_name
key: [invoice_number]
let:
  even_longer: charge_type in ("new", "renew", "cycleCharge") and (subtotal > 0 or quantity > 0) # on one line
must: if subtotal = null then true else if quantity = null then subtotal between 0 and 99 else subtotal <= 99
""",
    ),
    "comments within an expression": (
        """\
each: invoice_lines
key: [invoice_number]
must: |
  subtotal>0 // nothing is free
  and quantity>0
""",
        """\
each: invoice_lines
key: [invoice_number]
must: |
  subtotal>0 // nothing is free
  and quantity>0
""",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_a_rule_before_and_after(name: str) -> None:
    before, after = PAIRS[name]
    definition = _defined(HEAD + before + TAIL)
    assert formatted(definition) == HEAD + after + TAIL
    _settled(definition)


def test_a_list_of_tests_keeps_its_dashes() -> None:
    text = HEAD + "each: invoice_lines\nkey: [invoice_number]\nmust: subtotal > 0\nmessage: Wrong.\ntests:\n"
    one = ["  - expect: pass", "    # shows a pass", "    it: passes", "    given: {}"]
    two = ["  # second", "  - it: fails", "    expect: finding", ""]
    before = "\n".join(["  # first", *one, *two])
    after = "\n".join(["  # first", "  - # shows a pass", *one[2:], "    expect: pass", *two])
    definition = _defined(text + before)
    assert formatted(definition) == text + after
    _settled(definition)


def test_line_ends_become_plain() -> None:
    text = HEAD + "each: invoice_lines\nkey: [invoice_number]\nmust: subtotal>0\n" + TAIL
    made = formatted(_defined(text.replace("\n", "\r\n").rstrip()))
    assert made == text.replace("subtotal>0", "subtotal > 0")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_rule_is_in_style(path: Path) -> None:
    definition = _defined(path.read_text(encoding="utf-8"))
    assert formatted(definition) == definition.file.text, "run `checker rules format`"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_any_order_and_layout_gives_the_same_rule(path: Path) -> None:
    value = _defined(path.read_text(encoding="utf-8")).file.value
    chance = random.Random(path.stem)
    straight = _defined(_dumped(value, width=80))
    shuffled = _defined(_dumped(_shuffled(value, chance), width=200, indent=3))
    assert shuffled.rule.hash == straight.rule.hash
    _settled(shuffled)
    made = _defined(formatted(shuffled)).file.value
    assert isinstance(made, dict)
    order = list(schemas.load("rule")["properties"])  # type: ignore[call-overload]
    assert list(made) == sorted(made, key=order.index)


class _Dumper(yaml.SafeDumper):
    """YAML that keeps every digit."""


_Dumper.add_representer(Decimal, lambda dumper, value: dumper.represent_scalar(_FLOAT, f"{value:f}"))


def _dumped(value: Any, **layout: int) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, **layout)


def _shuffled(value: Any, chance: random.Random) -> Any:
    """The same value with its keys in another order, but for those whose order is the author's: lets, lookups, rows."""
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: value[key] if key in ("let", "given") else _shuffled(value[key], chance) for key in keys}
    return [_shuffled(item, chance) for item in value] if isinstance(value, list) else value


def _settled(definition: Definition) -> None:
    """Formatted, it is the same rule; formatted again, the same text."""
    once = _defined(formatted(definition))
    assert once.rule.hash == definition.rule.hash
    assert (once.tests, once.key, once.message) == (definition.tests, definition.key, definition.message)
    assert formatted(once) == once.file.text


def _defined(text: str) -> Definition:
    file, problems = yamlfile.parse(text, "rule.yaml")
    assert file is not None, draw(problems)
    problems += schemas.validate(file, schemas.load("rule"))
    assert not problems, draw(problems)
    definition, problems = define(file, "own")
    assert definition is not None, draw(problems)
    return definition
