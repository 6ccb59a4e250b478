"""Tree to typed tree: every name known, every operator fitting its operands, every number with its digits.

All problems of an expression are collected; a node that has one is left out (None) and causes no second complaint.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from checker.expressions import tree
from checker.expressions.building import Builder, common, ratio, type_of
from checker.expressions.operations import BUILTINS, PARTS, ROUNDINGS
from checker.expressions.typed import Apply, Choose, Const, Items, Read, Typed
from checker.expressions.types import BOOLEAN, DATE, NULL, QUOTIENT_SCALE, ListOf, Number, Type
from checker.expressions.values import Value, temporal
from checker.problems import Problem, Where, did_you_mean


@dataclass(frozen=True, slots=True)
class Binding:
    """What a name stands for: its type, whether the data may leave it empty, or one value for all data."""

    type: Type
    nullable: bool = True
    constant: Value | None = None


Names = Mapping[str, "Type | Binding"]


def check(
    node: tree.Node, names: Names, where: Callable[[int, int], Where]
) -> tuple[Typed | None, list[Problem]]:
    """The typed tree of a parse tree, or all the problems that keep it from having one."""
    build = Builder(where)
    typed = _Checker(names, build).typed(node)
    if typed is not None and not build.problems:
        build.used(typed)
    return (typed if not build.problems else None), build.problems


class _Checker:
    def __init__(self, names: Names, build: Builder) -> None:
        self._names = names
        self._build = build

    def typed(self, node: tree.Node) -> Typed | None:
        match node:
            case tree.Literal():
                return Const(node.value, type_of(node.value), node.span)
            case tree.Name():
                return self._name(node)
            case tree.Part():
                base = self.typed(node.base)
                return None if base is None else self._part(base, node.name, node.span)
            case tree.Negate():
                return self._negate(node)
            case tree.Binary():
                return self._binary(node)
            case tree.Between():
                return self._within(
                    node.value, tree.Range(node.low, node.high, True, True, node.span), node.span
                )
            case tree.In():
                return self._in(node)
            case tree.If():
                return self._if(node)
            case tree.Call():
                return self._call(node)
            case tree.Items():
                return self._items(node)
            case tree.Range():
                return self._build.say(node.span, "a range stands only after 'in'", "write x in [1..10]")
            case tree.Test():
                return self._build.say(node.span, "a test without its left side", "write x in (< 10, > 20)")

    def _name(self, node: tree.Name) -> Typed | None:
        for length in range(len(node.parts), 0, -1):
            name = ".".join(node.parts[:length])
            if name in self._names:
                read: Typed | None = self._read(name, node.span)
                for part in node.parts[length:]:
                    if read is None:
                        return None
                    read = self._part(read, part, node.span)
                return read
        whole = ".".join(node.parts)
        owner = f"{node.parts[0]}."
        siblings = [name for name in self._names if name.startswith(owner)]
        hint = did_you_mean(whole, list(self._names))
        if hint is None and len(node.parts) > 1 and siblings:
            hint = f"{node.parts[0]} has {_some([name.removeprefix(owner) for name in siblings])}"
        elif hint is None and siblings:
            hint = f"name one of its columns: {_some(siblings)}"
        return self._build.say(node.span, f"unknown name '{whole}'", hint)

    def _read(self, name: str, span: tree.Span) -> Typed:
        bound = self._names[name]
        if not isinstance(bound, Binding):
            bound = Binding(bound)
        if bound.constant is not None:
            if isinstance(bound.constant, tuple):
                items = tuple(Const(item, type_of(item), span) for item in bound.constant)
                return Items(items, bound.type, False, span)
            return Const(bound.constant, bound.type, span)
        return Read(name, bound.type, bound.nullable, span)

    def _part(self, base: Typed, name: str, span: tree.Span) -> Typed | None:
        operation = PARTS.get(name)
        if operation is None:
            known = did_you_mean(name, list(PARTS)) or f"a date has {', '.join(PARTS)}"
            return self._build.say(
                span, f"a {base.type} has no '{name}'", known if base.type == DATE else None
            )
        if base.type != DATE:
            return self._build.say(span, f"only a date has '.{name}', and this is a {base.type}")
        return self._build.apply(operation, (base,), span)

    def _negate(self, node: tree.Negate) -> Typed | None:
        operand = self.typed(node.operand)
        if operand is None:
            return None
        if isinstance(operand, Const) and isinstance(operand.value, Decimal):
            return Const(-operand.value, operand.type, node.span)
        return self._build.overload("unary -", (operand,), node.span)

    def _binary(self, node: tree.Binary) -> Typed | None:
        left, right = self.typed(node.left), self.typed(node.right)
        if left is None or right is None:
            return None
        if node.symbol in ("=", "!=", "<", "<=", ">", ">="):
            return self._build.compare(node.symbol, left, right, node.span)
        if node.symbol == "**":
            return self._build.power(left, right, node.span)
        return self._build.overload(node.symbol, (left, right), node.span)

    def _in(self, node: tree.In) -> Typed | None:
        found: list[Typed | None] = []
        for test in node.tests:
            match test:
                case tree.Range():
                    found.append(self._within(node.value, test, node.span))
                case tree.Test():
                    value, operand = self.typed(node.value), self.typed(test.operand)
                    if value is not None and operand is not None:
                        found.append(self._build.compare(test.symbol, value, operand, node.span))
                    else:
                        found.append(None)
                case _:
                    found.append(self._member(node.value, test, node.span))
        whole = found[0]
        for one in found[1:]:
            whole = (
                None if whole is None or one is None else self._build.overload("or", (whole, one), node.span)
            )
        return whole

    def _within(self, subject: tree.Node, test: tree.Range, span: tree.Span) -> Typed | None:
        value, low, high = self.typed(subject), self.typed(test.low), self.typed(test.high)
        if value is None or low is None or high is None:
            return None
        above = self._build.compare(">=" if test.low_closed else ">", value, low, span)
        below = self._build.compare("<=" if test.high_closed else "<", value, high, span)
        if above is None or below is None:
            return None
        return self._build.overload("and", (above, below), span)

    def _member(self, subject: tree.Node, test: tree.Node, span: tree.Span) -> Typed | None:
        value, options = self.typed(subject), self.typed(test)
        if value is None or options is None:
            return None
        if not isinstance(options.type, ListOf) or options.type == value.type:
            return self._build.compare("=", value, options, span)
        return self._build.contains(options, value, span)

    def _if(self, node: tree.If) -> Typed | None:
        condition, then, otherwise = (
            self.typed(node.condition),
            self.typed(node.then),
            self.typed(node.otherwise),
        )
        if condition is None or then is None or otherwise is None:
            return None
        if condition.type != BOOLEAN:
            return self._build.say(condition.span, f"'if' needs a condition, and this is a {condition.type}")
        kind = common(then.type, otherwise.type)
        if kind is None:
            return self._build.say(
                node.span, f"'then' gives a {then.type}, 'else' a {otherwise.type}", "both must be alike"
            )
        if (
            not self._build.used(then)
            or not self._build.used(otherwise)
            or not self._build.holds(kind, node.span)
        ):
            return None
        nullable = any(part.nullable for part in (condition, then, otherwise))
        return Choose(condition, then, otherwise, kind, nullable, node.span)

    def _items(self, node: tree.Items) -> Typed | None:
        items = [self.typed(item) for item in node.items]
        known = [item for item in items if item is not None]
        if len(known) < len(items):
            return None
        kind: Type = NULL
        for item in known:
            alike = common(kind, item.type)
            if alike is None:
                return self._build.say(item.span, f"a list of {kind} cannot hold a {item.type}")
            kind = alike
        if any(not self._build.used(item) for item in known) or not self._build.holds(kind, node.span):
            return None
        return Items(tuple(known), ListOf(kind), False, node.span)

    def _call(self, node: tree.Call) -> Typed | None:
        if node.function in ("date", "duration"):
            return self._constructor(node)
        arguments = [self.typed(argument) for argument in node.arguments]
        known = [argument for argument in arguments if argument is not None]
        if len(known) < len(arguments):
            return None
        if node.function in ROUNDINGS:
            return self._round(node, known)
        if node.function == "list contains":
            return self._list_contains(node, known)
        if node.function in ("sum", "count", "min", "max", "mean"):
            return self._aggregate(node, known)
        builtin = next(one for one in BUILTINS if one.name == node.function)
        ordered = self._ordered(node, builtin.parameters, known)
        return None if ordered is None else self._build.fitted(builtin, ordered, node.span)

    def _ordered(
        self, node: tree.Call, parameters: Sequence[str], given: list[Typed]
    ) -> tuple[Typed, ...] | None:
        """The arguments in the order of the parameters."""
        usage = f"{node.function}({', '.join(parameters)})"
        if node.names is not None:
            unknown = [name for name in node.names if name not in parameters]
            if unknown:
                self._build.say(
                    node.span, f"'{node.function}' has no parameter '{unknown[0]}'", f"it is {usage}"
                )
                return None
            by_name = dict(zip(node.names, given, strict=True))
            if len(by_name) < len(parameters) or len(by_name) < len(given):
                self._build.say(
                    node.span, f"'{node.function}' needs each of its parameters once", f"it is {usage}"
                )
                return None
            return tuple(by_name[name] for name in parameters)
        if len(given) != len(parameters):
            self._build.say(
                node.span, f"'{node.function}' takes {len(parameters)}, found {len(given)}", f"it is {usage}"
            )
            return None
        return tuple(given)

    def _constructor(self, node: tree.Call) -> Typed | None:
        hint = (
            'write date("2025-01-31")'
            if node.function == "date"
            else 'write duration("P30D") or duration("P1M")'
        )
        texts = [argument.value for argument in node.arguments if isinstance(argument, tree.Literal)]
        if len(node.arguments) != 1 or not texts or not isinstance(texts[0], str):
            return self._build.say(node.span, f"'{node.function}' takes one text, written out", hint)
        value = temporal(texts[0])
        if value is None or isinstance(value, date) != (node.function == "date"):
            return self._build.say(node.span, f'"{texts[0]}" is no {node.function}', hint)
        return Const(value, type_of(value), node.span)

    def _round(self, node: tree.Call, given: list[Typed]) -> Typed | None:
        needs_places = node.function not in ("floor", "ceiling")
        parameters = ("n", "scale") if needs_places or len(given) > 1 else ("n",)
        ordered = self._ordered(node, parameters, given)
        if ordered is None:
            return None
        value, places = ordered[0], Decimal(0)
        if len(ordered) > 1:
            written = ordered[1].value if isinstance(ordered[1], Const) else None
            if not isinstance(written, Decimal) or written != int(written) or not 0 <= written <= 30:
                return self._build.say(
                    ordered[1].span, "the places of a rounding are a whole number from 0 to 30, written out"
                )
            places = written
        if not isinstance(value.type, Number):
            return self._build.say(value.span, f"'{node.function}' rounds a number, found a {value.type}")
        over, by = ratio(value)
        if by is None and not self._build.used(value):
            return None
        return self._build.rounded(ROUNDINGS[node.function], over, by, int(places), node.span)

    def _list_contains(self, node: tree.Call, given: list[Typed]) -> Typed | None:
        ordered = self._ordered(node, ("list", "element"), given)
        if ordered is None:
            return None
        if not isinstance(ordered[0].type, ListOf):
            return self._build.say(
                ordered[0].span, f"'list contains' needs a list, found a {ordered[0].type}"
            )
        return self._build.contains(ordered[0], ordered[1], node.span)

    def _aggregate(self, node: tree.Call, given: list[Typed]) -> Typed | None:
        """sum, count, min, max, mean over a list or over several arguments."""
        if node.names is not None:
            ordered = self._ordered(node, ("list",), given)
            if ordered is None:
                return None
            given = list(ordered)
        if not given:
            return self._build.say(node.span, f"'{node.function}' needs a list or values")
        over = given[0]
        if len(given) > 1 or not isinstance(over.type, ListOf):
            if node.function == "count":
                return self._build.say(node.span, "'count' takes one list")
            listed = self._build.collected(given, node.span)
            if listed is None:
                return None
            over = listed
        if isinstance(over, Items):
            return self._build.over_items(node.function, over, node.span)
        if node.function == "mean":
            return self._mean(over, node.span)
        return self._build.call(node.function, (over,), node.span)

    def _mean(self, over: Typed, span: tree.Span) -> Typed | None:
        """Sum over count; it is no larger than the largest item, so it needs no more digits before the point."""
        total, number = self._build.call("sum", (over,), span), self._build.call("count", (over,), span)
        if total is None or number is None:
            return None
        mean = self._build.overload("/", (total, number), span)
        item = over.type.item if isinstance(over.type, ListOf) else over.type
        if not isinstance(mean, Apply) or not isinstance(item, Number):
            return mean
        return replace(mean, type=Number(item.whole + QUOTIENT_SCALE + 1, QUOTIENT_SCALE, True))


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(sorted(names)[:8])
    return shown + (", …" if len(names) > 8 else "")
