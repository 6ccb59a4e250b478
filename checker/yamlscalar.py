"""A YAML scalar: what a plain one means, and where each character of any stands in the file.

Meaning follows the YAML 1.2 core schema with three differences, all towards fewer surprises: a number with a point
is a Decimal that keeps its digits, `2026-01-31` is a date, and numbers with an exponent, `0x1F`, `.inf` are text.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

MOST_DIGITS = 38
"""A longer number is refused: no column can hold it."""

Scalar = str | int | Decimal | bool | date | None

_INTEGER = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip

_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)
_NAMED_ESCAPES = dict(
    zip('0abt\tnvfre "/\\N_LP', '\0\a\b\t\t\n\v\f\r\x1b "/\\\x85\xa0\u2028\u2029', strict=True),
)

Decoded = list[tuple[str, int]]
"""Each decoded character with its index in the file's text."""


def resolve(text: str) -> Scalar:
    """What a plain scalar means. ValueError, with words for the user, where it has no meaning.

    >>> resolve("1.10"), resolve("NO"), resolve("2026-02-28")
    (Decimal('1.10'), 'NO', datetime.date(2026, 2, 28))
    """
    if text in _WORDS:
        return _WORDS[text]
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValueError(f"there is no date {text}") from None
    if _INTEGER.fullmatch(text):
        return int(_bounded(text))
    if _DECIMAL.fullmatch(text):
        return Decimal(_bounded(text))
    return text


def _bounded(text: str) -> str:
    digits = sum(character.isdigit() for character in text)
    if digits > MOST_DIGITS:
        raise ValueError(f"a number of {digits} digits; at most {MOST_DIGITS} can be held")
    return text


def positions(text: str, start: int, end: int, style: str | None, value: str) -> list[int]:
    """For each character of `value`, its index in `text`, and one more: the index just past the last.

    `text[start:end]` is the scalar as written, `style` its mark: None (plain), `'`, `"`, `|` or `>`. A scalar that
    cannot be followed (an exotic line break) maps to its start.
    """
    match style:
        case "|" | ">":
            decoded = _block(text, start, end, folded=style == ">")
        case '"':
            decoded = _quoted(text, start + 1, end - 1, escapes=True)
        case "'":
            decoded = _quoted(text, start + 1, end - 1, escapes=False)
        case _:
            decoded = _quoted(text, start, end, escapes=None)
    if "".join(character for character, _ in decoded) != value:
        return [start] * (len(value) + 1)
    past = decoded[-1][1] + 1 if decoded else start + (style in ("'", '"'))
    return [index for _, index in decoded] + [past]


def _quoted(text: str, start: int, end: int, escapes: bool | None) -> Decoded:
    """Plain (`escapes` None), single-quoted (False: `''`) and double-quoted (True: backslashes): folded lines."""
    decoded: Decoded = []
    index = start
    while index < end:
        character = text[index]
        if escapes and character == "\\":
            escape = _ESCAPE.match(text, index)
            assert escape is not None, "the parser accepted it"
            line_break = _BREAK.match(text, index + 1)
            if line_break:
                index = _continuation(text, line_break.end(), end, decoded, joins=False)
                continue
            body = escape[0][1:]
            decoded.append((_NAMED_ESCAPES[body] if len(body) == 1 else chr(int(body[1:], 16)), index))
            index = escape.end()
        elif escapes is False and text.startswith("''", index):
            decoded.append(("'", index))
            index += 2
        elif character in " \t\n\r\x85\u2028\u2029":
            after = index
            while after < end and text[after] in " \t":
                after += 1
            line_break = _BREAK.match(text, after, end)
            if line_break:
                index = _continuation(text, line_break.end(), end, decoded, joins=True)
            else:
                decoded.extend((text[at], at) for at in range(index, after))
                index = after
        else:
            decoded.append((character, index))
            index += 1
    return decoded


def _continuation(text: str, index: int, end: int, decoded: Decoded, joins: bool) -> int:
    """Past the blank lines and the indentation that follow a line break: one break joins with a space, more stay."""
    first = index - 1
    more = 0
    while index < end:
        line_break = _BREAK.match(text, index, end)
        if line_break:
            decoded.append(("\n", index))
            more += 1
            index = line_break.end()
        elif text[index] in " \t":
            index += 1
        else:
            break
    if joins and not more:
        decoded.append((" ", first))
    return index


def _block(text: str, start: int, end: int, folded: bool) -> Decoded:
    """Literal and folded block scalars (YAML 1.2, 8.1.2 and 8.1.3)."""
    lines = _lines(text, start, end)
    header = text[lines[0][0] : lines[0][1]].split("#")[0].strip()
    keep, strip = "+" in header, "-" in header
    body = lines[1:]
    given = re.search("[1-9]", header)
    indent = _indent(text, body, start, int(given[0]) if given else None)
    decoded: Decoded = []
    leading: Decoded = []  # the break that ended the last line of text
    trailing: Decoded = []  # the breaks of the blank lines after it
    was_indented = False
    for begin, stop, after in body:
        text_from = min(begin + indent, stop)
        if text_from == stop:
            if after > stop:
                trailing.append(("\n", stop))
            continue
        indented = text[text_from] in " \t"
        if folded and leading and not was_indented and not indented:
            if not trailing:
                decoded.append((" ", leading[0][1]))
        else:
            decoded += leading
        decoded += trailing
        decoded += [(text[at], at) for at in range(text_from, stop)]
        leading = [("\n", stop)] if after > stop else []
        trailing = []
        was_indented = indented
    if not strip:
        decoded += leading
    if keep:
        decoded += trailing
    return decoded


def _lines(text: str, start: int, end: int) -> list[tuple[int, int, int]]:
    """(begin, end of its text, begin of the next) of each line between two indices."""
    lines = []
    while start < end:
        line_break = _BREAK.search(text, start, end)
        stop, after = line_break.span() if line_break else (end, end)
        lines.append((start, stop, after))
        start = after
    return lines


def _indent(text: str, body: list[tuple[int, int, int]], start: int, given: int | None) -> int:
    """The column of a block scalar's text: that of its first line with text; a number in the header counts from the
    line that the header stands on (from the entry after `- `)."""
    first = next((line for line in body if text[line[0] : line[1]].strip(" ")), None)
    if given is None:
        if first is None:
            return max((stop - begin for begin, stop, _ in body), default=0)
        written = text[first[0] : first[1]]
        return len(written) - len(written.lstrip(" "))
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    opening = re.match(r" *(?:- +)*", text[line_start:start])
    assert opening is not None, "matches the empty text too"
    in_list_only = opening.end() == start - line_start
    parent = opening[0].rfind("-") if in_list_only and "-" in opening[0] else opening.end()
    return parent + given
