"""A typed tree to SQL of one dialect, with the same meaning as the interpreter to the last digit.

Numbers: every operation gets the digits that the checker inferred; where these pass what an engine computes fast, the
operands are widened first. Division is done on whole numbers, never by an engine's own `/`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from checker.engine.dialects.dialect import Dialect
from checker.engine.pipeline import Pipeline
from checker.expressions.rounding import Mode
from checker.expressions.typed import Apply, Choose, Compare, Const, Items, Read, Round, Typed
from checker.expressions.types import BOOLEAN, MOST_DIGITS, NULL, QUOTIENT_SCALE, ListOf, Number, Type
from checker.expressions.values import Days, Months, Value


class TooManyDigits(Exception):
    """The data's own digits make an intermediate longer than the engine holds exactly."""


@dataclass(frozen=True, slots=True)
class Sql:
    """SQL text of a node, its type, and the pipeline level that knows all it reads. `atomic`: cheap to repeat."""

    text: str
    type: Type
    level: int
    atomic: bool = False


Columns = Callable[[str], Sql]
"""A name of the rule to the column that holds it."""


class Compiler:
    """Compiles trees into columns of one pipeline."""

    def __init__(
        self, pipeline: Pipeline, columns: Columns, cause_of: Callable[[str], str | None] = lambda _: None
    ) -> None:
        self._pipeline = pipeline
        self._dialect: Dialect = pipeline.dialect
        self._columns = columns
        self._cause_of = cause_of

    def compile(self, node: Typed) -> Sql:
        """The SQL of a tree; what it needs twice is made a column of the pipeline."""
        match node:
            case Const():
                return Sql(literal(node.value, node.type, self._dialect), node.type, 0, True)
            case Read():
                column = self._columns(node.name)
                return self._cast(column, node.type) if column.type != node.type else column
            case Choose():
                return self._choose(node)
            case Compare():
                return self._compare(node)
            case Round():
                over = None if node.over is None else self.compile(node.over)
                return self._rounded(self.compile(node.value), over, node.places, node.mode, node.type)
            case Apply():
                return self._apply(node)
            case Items():
                raise AssertionError("a list stands only inside an operation")

    def cause(self, node: Typed) -> str | None:
        """SQL of the reason why the tree is null, or None where it cannot be. Reads only what `compile` made."""
        if not node.nullable:
            return None
        text = self._dialect.text
        match node:
            case Const():
                return text("null is written there")
            case Read():
                return self._cause_of(node.name) or self._when_null(node, text(f"{node.name} is empty"))
            case Choose():
                condition = self._repeatable(self.compile(node.condition)).text
                then, otherwise = (self.cause(part) or "NULL" for part in (node.then, node.otherwise))
                unknown = self.cause(node.condition)
                missing = f"WHEN {condition} IS NULL THEN {unknown} " if unknown else ""
                return f"CASE {missing}WHEN {condition} THEN {then} ELSE {otherwise} END"
            case Compare() | Round():
                parts = _operands(node)
                own = (
                    text("a division by zero")
                    if len(parts) > (2 if isinstance(node, Compare) else 1)
                    else None
                )
                return self._first_cause(parts, self._when_null(node, own) if own else None)
            case Apply():
                if node.key in ("and", "or", "member"):
                    causes = self._first_cause(_flat(node.operands))
                    return self._when_null(node, causes) if causes else None
                if node.key in ("min", "max", "sum") and isinstance(node.operands[0], Read):
                    return self._columns(f"cause of {node.key}({node.operands[0].name})").text
                if node.key in ("min", "max"):
                    return self._first_cause(_flat(node.operands))
                outside = node.key in self._dialect.bounded
                own = text(
                    "a date or duration lies outside the calendar" if outside else "a division by zero"
                )
                partial = outside or node.key in ("number / number", "modulo")
                return self._first_cause(node.operands, self._when_null(node, own) if partial else None)
            case Items():
                return self._first_cause(node.items)

    def _first_cause(self, parts: tuple[Typed, ...], own: str | None = None) -> str | None:
        causes = [cause for cause in (self.cause(part) for part in parts) if cause] + ([own] if own else [])
        return f"coalesce({', '.join(causes)})" if len(causes) > 1 else (causes[0] if causes else None)

    def _when_null(self, node: Typed, reason: str) -> str:
        value = self._repeatable(self.compile(node))
        return f"CASE WHEN {value.text} IS NULL THEN {reason} END"

    # conditions

    def _choose(self, node: Choose) -> Sql:
        condition = self._repeatable(self.compile(node.condition))
        then, otherwise = (self._cast(self.compile(part), node.type) for part in (node.then, node.otherwise))
        level = max(condition.level, then.level, otherwise.level)
        # A null condition is null, where SQL's ELSE would take it.
        text = (
            f"CASE WHEN {condition.text} THEN {then.text} WHEN NOT {condition.text} THEN {otherwise.text} END"
        )
        return Sql(text, node.type, level)

    def _compare(self, node: Compare) -> Sql:
        left, right = self.compile(node.left), self.compile(node.right)
        symbol = "<>" if node.symbol == "!=" else node.symbol
        if node.left_over is None and node.right_over is None:
            return Sql(f"({left.text} {symbol} {right.text})", BOOLEAN, max(left.level, right.level))
        one = Sql(literal(Decimal(1), Number(1, 0), self._dialect), Number(1, 0), 0, True)
        below = self._repeatable(one if node.left_over is None else self.compile(node.left_over))
        beside = self._repeatable(one if node.right_over is None else self.compile(node.right_over))
        left = self._repeatable(left if node.right_over is None else self._product(left, beside))
        right = self._repeatable(right if node.left_over is None else self._product(right, below))
        level = max(left.level, right.level, below.level, beside.level)
        same = f"({below.text} > 0) = ({beside.text} > 0)"
        # Multiplying by a divisor below zero turns the comparison round; by zero there is none.
        text = (
            f"CASE WHEN {below.text} = 0 OR {beside.text} = 0 THEN NULL "
            f"WHEN {same} THEN {left.text} {symbol} {right.text} "
            f"WHEN NOT ({same}) THEN {right.text} {symbol} {left.text} END"
        )
        return Sql(text, BOOLEAN, level)

    # operations

    def _apply(self, node: Apply) -> Sql:
        key = node.key
        if isinstance(node.operands[0], Read) and isinstance(node.operands[0].type, ListOf):
            return self._cast(self._columns(f"{key}({node.operands[0].name})"), node.type)
        if key == "member":
            return self._member(node)
        if key in ("min", "max"):
            return self._extreme(node)
        operands = [self.compile(operand) for operand in node.operands]
        match key, operands:
            case (("number + number" | "number - number"), [left, right]):
                return self._sum(left, right, key[7], cast(Number, node.type))
            case "number * number", [left, right]:
                return self._product(left, right)
            case "number / number", [left, right]:
                return self._rounded(left, right, QUOTIENT_SCALE, "half even", node.type)
            case "modulo", [left, right]:
                return self._modulo(left, right, cast(Number, node.type))
        level = max(operand.level for operand in operands)
        text = self._dialect.operations[key](*(operand.text for operand in operands))
        if key in self._dialect.bounded:
            low, high = self._dialect.bounded[key]
            value, level = self._pipeline.hoist(text, level)
            return Sql(f"CASE WHEN {value} BETWEEN {low} AND {high} THEN {value} END", node.type, level)
        if isinstance(node.type, Number) and key not in ("abs", "- number"):
            text = f"CAST({text} AS {self._dialect.types(node.type)})"
        return Sql(text, node.type, level)

    def _member(self, node: Apply) -> Sql:
        value = self._repeatable(self.compile(node.operands[0]))
        options = [self.compile(item) for item in cast(Items, node.operands[1]).items]
        level = max(value.level, *(option.level for option in options))
        text = " OR ".join(f"{value.text} = {option.text}" for option in options)
        return Sql(f"({text})", BOOLEAN, level)

    def _extreme(self, node: Apply) -> Sql:
        items = [self._repeatable(self._cast(self.compile(item), node.type)) for item in _flat(node.operands)]
        level = max(item.level for item in items)
        found = self._dialect.operations[node.key](*(item.text for item in items))
        nulls = " OR ".join(f"{item.text} IS NULL" for item in items)
        return Sql(f"CASE WHEN {nulls} THEN NULL ELSE {found} END", node.type, level)

    # numbers

    def _sum(self, left: Sql, right: Sql, sign: str, kind: Number) -> Sql:
        level = max(left.level, right.level)
        if kind.digits > self._dialect.narrow:
            left, right = self._cast(left, kind), self._cast(right, kind)
            text = f"CAST({left.text} {sign} {right.text} AS {self._dialect.types(kind)})"
        else:
            text = f"({left.text} {sign} {right.text})"
        return Sql(text, kind, level)

    def _product(self, left: Sql, right: Sql) -> Sql:
        one, other = cast(Number, left.type), cast(Number, right.type)
        kind = Number(one.digits + other.digits, one.scale + other.scale, one.quotient or other.quotient)
        self._within(kind.digits)
        text = f"({left.text} * {right.text})"
        if kind.digits > self._dialect.narrow:
            wide = self._dialect.types(Number(MOST_DIGITS, one.scale))
            text = f"CAST(CAST({left.text} AS {wide}) * {right.text} AS {self._dialect.types(kind)})"
        return Sql(text, kind, max(left.level, right.level))

    def _rounded(self, top: Sql, below: Sql | None, places: int, mode: Mode, result: Type) -> Sql:
        """top/below to `places`, as a division of whole numbers with its remainder."""
        kind = cast(Number, top.type)
        if below is None:
            return (
                self._cast(top, result)
                if places >= kind.scale
                else self._shortened(top, places, mode, result)
            )
        under = cast(Number, below.type)
        shift = max(0, kind.scale - places - under.scale)
        most = max(kind.whole + places + under.scale + shift, under.whole + under.scale + shift, 1)
        numerator = self._whole(top, places + under.scale + shift, most)
        divisor = self._whole(below, under.scale + shift, most)
        divisor = Sql(f"NULLIF({divisor.text}, 0)", divisor.type, divisor.level)
        if mode == "down":
            text = self._dialect.divide(numerator.text, divisor.text)
            level = max(numerator.level, divisor.level)
        else:
            numerator, divisor = self._repeatable(numerator), self._repeatable(divisor)
            level = max(numerator.level, divisor.level)
            text = self._quotient(numerator.text, divisor.text, mode)
        return Sql(self._scaled(text, places, cast(Number, result)), result, level)

    def _shortened(self, value: Sql, places: int, mode: Mode, result: Type) -> Sql:
        """A decimal with places taken off: the engine's own exact rounding where it has one, else by what is cut."""
        target = self._dialect.types(result)
        if mode in self._dialect.roundings:
            text = self._dialect.roundings[mode](value.text, places)
            return Sql(f"CAST({text} AS {target})", result, value.level)
        value = self._repeatable(value)
        cut = f"CAST({self._dialect.roundings['down'](value.text, places)} AS {target})"
        unit = literal(Decimal(1).scaleb(-places), Number(places + 1, places), self._dialect)
        half = literal(Decimal("0.5").scaleb(-places), Number(places + 1, places + 1), self._dialect)
        sign = f"CASE WHEN {value.text} < 0 THEN -{unit} ELSE {unit} END"
        goes = {
            "up": (f"{value.text} <> {cut}", sign),
            "half down": (f"abs({value.text} - {cut}) > {half}", sign),
            "floor": (f"{value.text} < {cut}", f"-{unit}"),
            "ceiling": (f"{value.text} > {cut}", unit),
        }
        condition, step = goes[mode]
        # The result's type has a digit to spare for the step.
        text = f"CAST({cut} + CASE WHEN {condition} THEN {step} ELSE 0 END AS {target})"
        return Sql(text, result, value.level)

    def _quotient(self, top: str, below: str, mode: Mode) -> str:
        quotient, rest = self._dialect.divide(top, below), self._dialect.remainder(top, below)
        away = f"CASE WHEN ({top} < 0) = ({below} < 0) THEN 1 ELSE -1 END"
        # rest >= below - rest is 2 * rest >= below without the overflow.
        half = f"abs({rest}) {{}} abs({below}) - abs({rest})"
        match mode:
            case "up":
                goes = f"{rest} <> 0"
            case "half up":
                goes = half.format(">=")
            case "half down":
                goes = half.format(">")
            case "half even":
                odd = self._dialect.remainder(quotient, "2")
                goes = f"{half.format('>')} OR ({half.format('=')} AND {odd} <> 0)"
            case "floor":
                goes = f"{rest} <> 0 AND ({top} < 0) <> ({below} < 0)"
            case _:
                goes = f"{rest} <> 0 AND ({top} < 0) = ({below} < 0)"
        return f"({quotient} + CASE WHEN {goes} THEN {away} ELSE 0 END)"

    def _modulo(self, top: Sql, below: Sql, kind: Number) -> Sql:
        whole = max(cast(Number, top.type).whole, cast(Number, below.type).whole) + kind.scale
        numerator = self._repeatable(self._whole(top, kind.scale, whole))
        below = self._whole(below, kind.scale, whole)
        divisor = self._repeatable(Sql(f"NULLIF({below.text}, 0)", below.type, below.level))
        rest = self._dialect.remainder(numerator.text, divisor.text)
        turned = f"{rest} <> 0 AND ({rest} < 0) <> ({divisor.text} < 0)"
        text = f"({rest} + CASE WHEN {turned} THEN {divisor.text} ELSE 0 END)"
        return Sql(self._scaled(text, kind.scale, kind), kind, max(numerator.level, divisor.level))

    def _whole(self, value: Sql, shift: int, most: int) -> Sql:
        """value * 10^shift as a whole number; shift covers the value's scale. `most`: digits of the division."""
        kind = cast(Number, value.type)
        self._within(max(most, 2 * kind.scale))
        integer = self._dialect.integer(most)
        if not kind.scale:
            text = f"CAST({value.text} AS {integer})"
            return Sql(self._shifted(text, shift, integer), Number(most, 0), value.level, value.atomic)
        factor = literal(Decimal(10) ** kind.scale, Number(kind.scale + 1, 0), self._dialect)
        unscaled = kind.digits + kind.scale
        if unscaled <= MOST_DIGITS:
            wide = self._dialect.types(Number(MOST_DIGITS, kind.scale))
            held = f"CAST({value.text} AS {wide})" if unscaled > self._dialect.narrow else value.text
            text = self._shifted(f"CAST({held} * {factor} AS {integer})", shift - kind.scale, integer)
            return Sql(text, Number(most, 0), value.level)
        # Whole and fraction apart: together they would pass what the engine multiplies.
        value = self._repeatable(value)
        before = self._dialect.roundings["down"](value.text, 0)
        after = f"CAST(({value.text} - {before}) * {factor} AS {integer})"
        whole = self._shifted(f"CAST({before} AS {integer})", shift, integer)
        return Sql(
            f"({whole} + {self._shifted(after, shift - kind.scale, integer)})", Number(most, 0), value.level
        )

    def _shifted(self, whole: str, by: int, integer: str) -> str:
        return f"({whole} * CAST({10**by} AS {integer}))" if by else whole

    def _scaled(self, whole: str, places: int, kind: Number) -> str:
        """A whole number of units in the last place, as a decimal."""
        target = self._dialect.types(kind)
        if places == 0:
            return f"CAST({whole} AS {target})"
        self._within(kind.digits)
        unit = literal(Decimal(1).scaleb(-places), Number(places, places), self._dialect)
        held = (
            MOST_DIGITS
            if kind.digits > self._dialect.narrow or places > self._dialect.narrow
            else self._dialect.narrow
        )
        return f"CAST(CAST({whole} AS {self._dialect.types(Number(held, 0))}) * {unit} AS {target})"

    def _within(self, digits: int) -> None:
        if digits > MOST_DIGITS:
            raise TooManyDigits(f"this data needs {digits} digits; {MOST_DIGITS} can be held exactly")

    def _cast(self, value: Sql, kind: Type) -> Sql:
        held = value.type
        if held == NULL and kind != NULL:
            return Sql(literal(None, kind, self._dialect), kind, 0, True)
        if not isinstance(kind, Number):
            return value
        if isinstance(held, Number) and (held.digits, held.scale) == (kind.digits, kind.scale):
            return Sql(value.text, kind, value.level, value.atomic)
        return Sql(f"CAST({value.text} AS {self._dialect.types(kind)})", kind, value.level, value.atomic)

    def _repeatable(self, value: Sql) -> Sql:
        if value.atomic:
            return value
        text, level = self._pipeline.hoist(value.text, value.level)
        return Sql(text, value.type, level, True)


def _operands(node: Compare | Round) -> tuple[Typed, ...]:
    if isinstance(node, Round):
        return (node.value,) if node.over is None else (node.value, node.over)
    sides = (node.left, node.left_over, node.right, node.right_over)
    return tuple(side for side in sides if side is not None)


def _flat(operands: tuple[Typed, ...]) -> tuple[Typed, ...]:
    return tuple(part for one in operands for part in (one.items if isinstance(one, Items) else (one,)))


def literal(value: Value | None, kind: Type, dialect: Dialect) -> str:
    """A value written into SQL; numbers with the digits of their type."""
    match value:
        case None:
            return f"CAST(NULL AS {dialect.types(kind)})"
        case bool():
            return "TRUE" if value else "FALSE"
        case Decimal():
            return f"CAST({value:f} AS {dialect.types(kind)})"
        case str():
            return dialect.text(value)
        case date():
            return dialect.date(value.isoformat())
        case Days() | Months():
            return f"CAST({value.count} AS {dialect.types(kind)})"
    raise TypeError(f"no literal: {value!r}")
