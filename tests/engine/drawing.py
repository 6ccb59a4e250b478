"""Random tables and random expressions of the rule language, for holding evaluators equal."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from checker.expressions.types import BOOLEAN, DATE, TEXT, Number, Type

COLUMNS: dict[str, Type] = {
    "subtotal": Number(15, 2),
    "tax": Number(15, 2),
    "unit_price": Number(16, 8),
    "quantity": Number(12, 6),
    "rate": Number(12, 9),
    "days": Number(5, 0),
    "start": DATE,
    "ends": DATE,
    "name": TEXT,
    "code": TEXT,
    "paid": BOOLEAN,
    "exempt": BOOLEAN,
}


def _number(kind: Number) -> st.SearchStrategy[Decimal]:
    most = 10**kind.digits - 1
    usual = min(most, 1000 * 10**kind.scale)
    common = st.integers(-usual, usual)
    units = st.one_of(
        st.sampled_from([0, 1, -1, 10**kind.scale, most, -most]), common, st.integers(-most, most)
    )
    return units.map(lambda unit: Decimal(unit).scaleb(-kind.scale))


_MONTH_ENDS = [date(2024, 1, 31), date(2024, 2, 29), date(2023, 2, 28), date(2024, 12, 31), date(2024, 4, 30)]
_EDGES = [date(1, 1, 1), date(9999, 12, 31), date(9999, 11, 30)]
DATES = st.one_of(
    st.sampled_from(_MONTH_ENDS + _EDGES),
    st.integers(0, 1500).map(lambda n: date(2023, 1, 1) + timedelta(days=n)),
)
_WORDS = [
    "",
    "new",
    "addQuantity",
    "One-Year commitment",
    "a*b",
    "100%",
    "a_b",
    "50 \\ 2",
    "é",
    "日本",
    "'quoted'",
    "ab" * 40,
]
TEXTS = st.one_of(st.sampled_from(_WORDS), st.text("abAB *%_\\'é", max_size=6))


def _values(kind: Type) -> st.SearchStrategy[object]:
    if isinstance(kind, Number):
        return _number(kind)
    return {DATE: DATES, TEXT: TEXTS, BOOLEAN: st.booleans()}[kind]


ROWS = st.lists(
    st.fixed_dictionaries({name: st.none() | _values(kind) for name, kind in COLUMNS.items()}),
    min_size=1,
    max_size=5,
)


def _of(kind: type | Type) -> list[str]:
    return [n for n, k in COLUMNS.items() if (isinstance(k, Number) if kind is Number else k == kind)]


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


_LITERALS = st.sampled_from(
    ["0", "1", "2", "7", "30", "0.01", "0.05", "1.5", "0.0000001", "12.345", "1000000"]
)
_PERIODS = st.sampled_from(['@"P1D"', '@"P30D"', '@"-P7D"'])
_MONTHS = st.sampled_from(['@"P1M"', '@"P1Y"', '@"-P13M"', 'duration("P3Y")'])
_ROUNDINGS = st.sampled_from(
    ["round down", "round up", "round half up", "round half down", "decimal", "floor", "ceiling"]
)


@st.composite
def numbers(draw: st.DrawFn, depth: int = 3) -> str:
    if depth == 0:
        return draw(st.one_of(st.sampled_from(_of(Number)), _LITERALS))
    a, b = (draw(numbers(depth - 1)) for _ in range(2))
    rounding, places = draw(_ROUNDINGS), draw(st.integers(0, 7))
    return draw(
        st.sampled_from(
            [
                a,
                f"({a} + {b})",
                f"({a} - {b})",
                f"{a} * {b}",
                f"-({a})",
                f"abs({a})",
                f"({a}) ** 2",
                f"{rounding}({a}, {places})",
                f"{rounding}({a} / {b}, {places})",
                f"round half up({a} * {b}, 2)",
                f"modulo({a}, {b})",
                f"min({a}, {b})",
                f"max([{a}, {b}, 1])",
                f"sum({a}, {b})",
                f"mean({a}, {b})",
                f"{a} / {b}",
                f"if {draw(conditions(depth - 1))} then {a} else {b}",
                f"days between({draw(dates(depth - 1))}, {draw(dates(depth - 1))})",
                f"({draw(dates(depth - 1))}).{draw(st.sampled_from(['year', 'month', 'day', 'weekday']))}",
                f"string length({draw(texts(depth - 1))})",
            ]
        )
    )


@st.composite
def dates(draw: st.DrawFn, depth: int = 2) -> str:
    if depth == 0:
        return draw(st.one_of(st.sampled_from(_of(DATE)), DATES.map(lambda d: f'@"{d.isoformat()}"')))
    day = draw(dates(depth - 1))
    return draw(
        st.sampled_from(
            [
                day,
                f"({day} + {draw(_PERIODS)})",
                f"({day} - {draw(_PERIODS)})",
                f"({day} + {draw(_MONTHS)})",
                f"({day} - {draw(_MONTHS)})",
                f"({day} + (start - ends))",
                f"end of month({day})",
                f"max({day}, {draw(dates(depth - 1))})",
                f"if {draw(conditions(depth - 1))} then {day} else null",
            ]
        )
    )


@st.composite
def texts(draw: st.DrawFn, depth: int = 1) -> str:
    if depth == 0:
        return draw(st.one_of(st.sampled_from(_of(TEXT)), TEXTS.map(_quoted)))
    one, other = (draw(texts(depth - 1)) for _ in range(2))
    return draw(st.sampled_from([one, f"({one} + {other})", f"upper case({one})", f"lower case({one})"]))


@st.composite
def conditions(draw: st.DrawFn, depth: int = 3) -> str:
    if depth == 0:
        return draw(st.sampled_from([*_of(BOOLEAN), "true", "false", "subtotal > 0", "name = null"]))
    one, other = (draw(conditions(depth - 1)) for _ in range(2))
    symbol = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
    a, b = (draw(numbers(depth - 1)) for _ in range(2))
    t, u = (draw(texts(depth - 1)) for _ in range(2))
    d, e = (draw(dates(depth - 1)) for _ in range(2))
    return draw(
        st.sampled_from(
            [
                f"({one} and {other})",
                f"({one} or {other})",
                f"not({one})",
                f"({a} {symbol} {b})",
                f"({a} / {b} {symbol} 0.03)",
                f"({t} {symbol} {u})",
                f"({d} {symbol} {e})",
                f'({d} in [{e}..@"2024-06-30"))',
                f"({a} between {b} and 100)",
                f"{a} in ({b}, (1..2], > 50)",
                f'{t} in ({u}, "new", null)',
                f"list contains([{a}, 1, null], {b})",
                f"{a} = null",
                f"like({t}, {u})",
                f"contains({t}, {u})",
                f"starts with({t}, {u})",
                f"ends with({t}, {u})",
                f"(if {one} then {other} else null)",
            ]
        )
    )


EXPRESSIONS = st.one_of(numbers(), dates(), texts(2), conditions())
