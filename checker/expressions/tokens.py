"""Text to tokens. Built-ins whose names hold spaces (`end of month`) are one token, told by the bracket behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from checker.expressions.tree import Span

Kind = Literal["number", "text", "at", "name", "function", "word", "sign", "end"]

WORDS = frozenset(
    {"and", "or", "if", "then", "else", "between", "in", "true", "false", "null"}
    | {"for", "return", "some", "every", "satisfies", "function", "external", "instance"}
)

LEFT_OUT = {
    "for": "a loop over a list is left out: group the lines (each: {group: …}) and use sum, count, min or max",
    "some": "'some' is left out: use any(…) over a list, or count lines of a group",
    "every": "'every' is left out: use all(…) over a list, or count lines of a group",
    "function": "functions cannot be defined: name the value with `let`",
    "external": "external functions are left out: a rule runs no code of its own",
    "instance": "'instance of' is left out: every column has one type already",
    "return": "loops are left out: group the lines and use sum, count, min or max",
    "satisfies": "'some' and 'every' are left out: use any(…) or all(…)",
}

EXCEL = {
    "<>": "write != for 'is not equal'",
    "==": "write = for 'is equal': one equals sign",
    "&&": "write and",
    "||": "write or",
    "&": "write + to join two texts",
    ";": "arguments are separated by commas",
    "%": "write a percentage as a fraction: 0.05 for 5 %; a remainder is modulo(a, b)",
    "^": "write ** for a power",
    "“": 'write straight quotes: "text"',
    "”": 'write straight quotes: "text"',
    "„": 'write straight quotes: "text"',
    "‘": 'write straight double quotes: "text"',
    "’": 'write straight double quotes: "text"',
    "'": 'text stands in double quotes: "text"',
    "!": "write not(…), or != for 'is not equal'",
    "{": "contexts are left out: name the values with `let`",
    "}": "contexts are left out: name the values with `let`",
    "?": "write if … then … else …",
    "$": "an amount has no currency sign here: its currency is a column",
    "×": "write * for times",
    "−": "write the plain minus sign -",
    "≤": "write <=",
    "≥": "write >=",
    "≠": "write !=",
}

_TOKEN = re.compile(
    r"""
      (?P<space>\s+ | //[^\n]* | /\*.*?\*/)
    | (?P<number>(?:[0-9]+(?:\.[0-9]+)? | \.[0-9]+))
    | (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<name>[^\W\d]\w*)
    | (?P<excel><> | == | && | \|\|)
    | (?P<sign>\*\* | \.\. | <= | >= | != | [-+*/<>=(),.\[\]@:])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t", "/": "/", "'": "'"}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    """`value` is the decoded text of a `text` token, a function's name in single spaces, else as written."""

    kind: Kind
    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Unreadable(Exception):
    """A place in the text where no tree can be built; becomes one Problem in `grammar.parse`."""

    span: Span
    what: str
    hint: str | None = None


def tokens(text: str, functions: frozenset[str]) -> Iterator[Token]:
    """The tokens of an expression, closed by one of kind `end`. Raises Unreadable."""
    spaced = _longest_first(functions)
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unreadable(text, at)
        start, at = match.span()
        group = match.lastgroup
        if group == "space":
            continue
        written = match.group()
        if group == "excel":
            raise Unreadable(Span(start, at), f"'{written}' is not part of the language", EXCEL[written])
        if group == "number":
            if at < len(text) and (text[at].isalpha() or text[at] == "_"):
                raise Unreadable(
                    Span(start, at + 1), f"a number runs into '{text[at]}'", _number_hint(text[at])
                )
            yield Token("number", written, Span(start, at))
        elif group == "text":
            yield Token("text", _decoded(written, start), Span(start, at))
        elif group == "name":
            call = spaced.match(text, start)
            if call is not None:
                at = call.end(1)
                yield Token("function", " ".join(call.group(1).split()), Span(start, at))
            else:
                yield Token("word" if written in WORDS else "name", written, Span(start, at))
        else:
            yield Token("sign", written, Span(start, at))
    yield Token("end", "", Span(len(text), len(text)))


def _longest_first(functions: frozenset[str]) -> re.Pattern[str]:
    names = sorted(functions, key=lambda name: (-len(name), name))
    return re.compile("(" + "|".join(name.replace(" ", r"\s+") for name in names) + r")(?=\s*\()")


def _decoded(written: str, start: int) -> str:
    def one(match: re.Match[str]) -> str:
        if match[3] is None:
            code = int(match[1] or match[2], 16)
            if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
                raise Unreadable(
                    Span(start + 1 + match.start(), start + 1 + match.end()), "no such character"
                )
            return chr(code)
        if match[3] not in _ESCAPES:
            span = Span(start + 1 + match.start(), start + 1 + match.end())
            raise Unreadable(span, f"'\\{match[3]}' is no escape", r"write \\ for a backslash")
        return _ESCAPES[match[3]]

    return _ESCAPE.sub(one, written[1:-1])


def _number_hint(letter: str) -> str | None:
    return "write the number out: 1000, not 1e3" if letter in "eE" else None


def _unreadable(text: str, at: int) -> Unreadable:
    character = text[at]
    if character == '"':
        return Unreadable(Span(at, len(text)), "a text without its closing quote", 'close it with "')
    return Unreadable(Span(at, at + 1), f"'{character}' is not part of the language", EXCEL.get(character))
