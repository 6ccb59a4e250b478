"""YAML as checker reads it: strictly, with exact decimals, and with the place of every value.

What is refused, each with its place: keys given twice, anchors, aliases, merge keys, tags, tabs as indentation, a
second document, more than 1 MiB, more than 40 levels, more than 100,000 values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from checker.problems import Problem, Where
from checker.yamlscalar import Scalar, positions, resolve

MOST_BYTES = 1 << 20
MOST_LEVELS = 40
MOST_VALUES = 100_000

_LINE_BREAK = re.compile(r"\r\n|\n|\r")

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_MISFIT = "this does not fit the lines above"
_QUOTES = ("'", '"')

# What the parser says, and what it means to the person who wrote the file. The first fragment that occurs wins.
_SYNTAX: tuple[tuple[str, str, str], ...] = (
    ("mapping values are not allowed", "a colon where none can stand",
     "put text that holds ': ' in quotes; check that the line is indented like its neighbours"),
    ("could not find expected ':'", "this is neither 'key: value' nor an entry of a list",
     "put a colon and a space after the key, and quote text that runs over several lines"),
    ("found unexpected end of stream", "a quote is opened and never closed", "close the quote"),
    ("unexpected document indicator", "a quote is opened and never closed", "close the quote"),
    ("expected the node content", "a value cannot begin with this", "put text in quotes"),
    ("did not find expected node content", "a value cannot begin with this", "put text in quotes"),
    ("expected ',' or", "a bracket is opened and never closed, or a comma is missing",
     "close it; put text that begins with { or [ in quotes"),
    ("unknown escape character", "a backslash with a character that has no such meaning",
     "use single quotes, or write the backslash twice"),
    ("expected alphabetic or numeric", "'*' and '&' cannot begin a text", "put the text in quotes"),
    ("cannot start any token", "a text cannot begin with this character",
     "put the whole value in quotes: single ones where it holds double ones"),
    ("expected <block end>", _MISFIT, "indent it like its neighbours"),
    ("did not find expected key", _MISFIT, "indent it like its neighbours"),
    ("did not find expected '-' indicator", "this does not fit the list above", "begin each entry of a list with '- '"),
    ("did not find expected <document start>", _MISFIT, "indent it like its neighbours"),
    ("block sequence entries are not allowed", "an entry of a list cannot stand here",
     "begin the list on its own line"),
    ("not allowed", "this character cannot stand in YAML", "remove it"),
)  # fmt: skip
_BEGUN_EARLIER = ("could not find expected ':'", "expected alphabetic or numeric")
"""What the parser notices only after the place that is wrong."""


@dataclass(slots=True)
class _Node:
    """A value as it stands in the file; `start` and `end` index the text. Exactly one of the three kinds is meant."""

    start: int
    end: int
    style: str | None = None
    text: str = ""
    value: Scalar = None
    entries: dict[str, tuple[_Node, _Node]] | None = None  # a mapping: key -> (key's node, value's node)
    items: list[_Node] | None = None  # a list

    def plain(self) -> object:
        if self.entries is not None:
            return {name: node.plain() for name, (_, node) in self.entries.items()}
        if self.items is not None:
            return [node.plain() for node in self.items]
        return self.value


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A file that was read: its name as the user gave it, its text, its value, and the place of every value.

    `value` holds dict, list, str, int, Decimal, bool, date and None; mappings keep their order and their keys are text.
    """

    name: str
    text: str
    value: object
    _root: _Node = field(repr=False, compare=False)

    def where(self, *path: str | int, key: bool = False, offset: int = 0, width: int | None = None) -> Where:
        """The place of the value at `path`, or of its key; of the nearest value above it where there is none.

        `offset` counts characters into a scalar's decoded text, whichever way it is written; `width` is how many of
        them to underline (default: to the end of the line).
        """
        node, above = self._root, self._root
        for step in path:
            found = _child(node, step)
            if found is None:
                return self._place(node.start, self._first_width(node))
            above, node = found
        if key and path and isinstance(path[-1], str):
            return self._place(above.start, above.end - above.start)
        if node.entries is not None or node.items is not None:
            return self._place(node.start, self._first_width(node))
        at = positions(self.text, node.start, node.end, node.style, node.text)
        first = at[min(offset, len(at) - 1)]
        last = at[min(len(at) - 1, offset + width if width is not None else len(node.text.rstrip("\n")))]
        return self._place(first, last - first)

    def _first_width(self, node: _Node) -> int:
        """Of a mapping its first key, of a list its first mark: a caret under many lines says nothing."""
        first = next(iter(node.entries.values()), None) if node.entries else None
        return first[0].end - node.start if first and first[0].start == node.start else 1

    def _place(self, index: int, width: int) -> Where:
        return _place(self.name, self.text, index, width)


def read(path: Path | str, name: str | None = None) -> tuple[YamlFile | None, list[Problem]]:
    """The file at `path`, called `name` in problems (default: the path as given). See `parse`."""
    shown = name or str(path)
    try:
        with Path(path).open("rb") as handle:
            data = handle.read(MOST_BYTES + 1)
    except OSError as error:
        return None, [Problem(Where(shown), f"cannot be read: {(error.strerror or 'unknown error').lower()}")]
    if len(data) > MOST_BYTES:
        return None, [_too_large(shown)]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return None, [Problem(Where(shown, line), "is not UTF-8 text", "save it with the encoding UTF-8")]
    return parse(text, shown)


def parse(text: str, name: str) -> tuple[YamlFile | None, list[Problem]]:
    """The text's value with its places, and every problem found.

    No file comes back where the text cannot be followed to its end (syntax, size); problems beside a file (a key
    given twice, an anchor) are errors all the same, and let the caller find the others first.
    """
    text = text.removeprefix("\ufeff")
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return None, [_too_large(name)]
    builder = _Builder(name, text)
    try:
        root = builder.document(iter(yaml.parse(text, Loader=_LOADER)))
    except yaml.YAMLError as error:
        return None, [*builder.problems, _syntax(name, text, error)]
    except UnicodeEncodeError as error:
        return None, [
            Problem(_place(name, text, error.start, 1), "this character cannot stand in YAML", "remove it")
        ]
    except _TooMuch as stop:
        return None, [*builder.problems, stop.problem]
    return YamlFile(name, text, root.plain(), root), builder.problems


class _TooMuch(Exception):
    """A bound was passed: reading stops."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


class _Builder:
    """Builds the tree of one document from the parser's events, and notes what is refused."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text
        self.problems: list[Problem] = []
        self._values = 0

    def document(self, events: Iterator[yaml.Event]) -> _Node:
        root: _Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self._refuse(
                        event, "a second document begins here", "keep one document in a file; remove '---'"
                    )
                    break
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, 1)
        return root or _Node(0, 0)

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], level: int) -> _Node:
        start, end = _span(event)
        self._values += 1
        if self._values > MOST_VALUES:
            raise _TooMuch(self._problem(event, f"more than {MOST_VALUES:,} values", "split the file"))
        if level > MOST_LEVELS:
            raise _TooMuch(self._problem(event, f"nested deeper than {MOST_LEVELS} levels", "flatten it"))
        if isinstance(event, yaml.AliasEvent):
            self._refuse(
                event, "an alias (*) is not allowed", "write the value out, or put the text in quotes"
            )
            return _Node(start, end)
        if getattr(event, "anchor", None) is not None:
            self._refuse(event, "an anchor (&) is not allowed", "write values out where they are needed")
        if getattr(event, "tag", None) is not None:
            self._refuse(event, "a tag (!) is not allowed", "remove it, or put the text in quotes")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(start, end, events, level)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            for inner in events:
                if isinstance(inner, yaml.SequenceEndEvent):
                    break
                items.append(self._node(inner, events, level + 1))
            return _Node(start, end, items=items)
        assert isinstance(event, yaml.ScalarEvent)
        return self._scalar(event, start, end)

    def _scalar(self, event: yaml.ScalarEvent, start: int, end: int) -> _Node:
        # The pure parser and the C one differ on the style of a plain scalar (None, "").
        style = event.style or None
        value: Scalar = event.value
        if style is None:
            try:
                value = resolve(event.value)
            except ValueError as error:
                self._refuse(event, str(error), "put it in quotes if it is text")
        return _Node(start, end, style=style, text=event.value, value=value)

    def _mapping(self, start: int, end: int, events: Iterator[yaml.Event], level: int) -> _Node:
        entries: dict[str, tuple[_Node, _Node]] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, events, level + 1)
            value = self._node(next(events), events, level + 1)
            if not isinstance(event, yaml.ScalarEvent):
                if not isinstance(event, yaml.AliasEvent):
                    self._refuse(
                        event, "a key must be a text", "put a text that begins with { or [ in quotes"
                    )
            elif key.style is None and key.text in ("", "<<"):
                what = "a merge key (<<) is not allowed" if key.text else "a key is missing before the colon"
                self._refuse(event, what, "write the keys out")
            elif key.text in entries:
                first = _place(self.name, self.text, entries[key.text][0].start, 1)
                self._refuse(
                    event, f"key {key.text!r} is given twice", f"the first stands on line {first.line}"
                )
            else:
                entries[key.text] = (key, value)
        return _Node(start, end, entries=entries)

    def _refuse(self, event: yaml.Event, what: str, hint: str) -> None:
        self.problems.append(self._problem(event, what, hint))

    def _problem(self, event: yaml.Event, what: str, hint: str) -> Problem:
        begin, end = _span(event)
        return Problem(_place(self.name, self.text, begin, end - begin), what, hint)


def _span(event: yaml.Event) -> tuple[int, int]:
    assert event.start_mark is not None
    assert event.end_mark is not None
    return event.start_mark.index, event.end_mark.index


def _child(node: _Node, step: str | int) -> tuple[_Node, _Node] | None:
    if isinstance(step, str):
        return node.entries.get(step) if node.entries else None
    if node.items is not None and -len(node.items) <= step < len(node.items):
        return node.items[step], node.items[step]
    return None


def _place(name: str, text: str, index: int, width: int) -> Where:
    line, begin = 1, 0
    for line_break in _LINE_BREAK.finditer(text, 0, min(index, len(text))):
        line, begin = line + 1, line_break.end()
    end = _LINE_BREAK.search(text, begin)
    source = text[begin : end.start() if end else len(text)]
    column = index - begin + 1
    return Where(name, line, column, source, max(1, min(width, len(source) - column + 1)))


def _too_large(name: str) -> Problem:
    return Problem(Where(name), "is larger than 1 MiB", "split it; data belongs into CSV")


def _syntax(name: str, text: str, error: yaml.YAMLError) -> Problem:
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        index = getattr(error, "position", None)
        place = Where(name) if index is None else _place(name, text, index, 1)
        return Problem(
            place, "this character cannot stand in YAML", "remove it, or save the file as UTF-8 text"
        )
    said = error.problem or "not understood"
    what, hint = next(
        ((what, hint) for fragment, what, hint in _SYNTAX if fragment in said),
        (f"not valid YAML: {said}", None),
    )
    begun = any(fragment in said for fragment in _BEGUN_EARLIER) or "never closed" in what
    mark = error.context_mark if begun and error.context_mark else error.problem_mark
    place = _place(name, text, mark.index, 1)
    indentation = (place.source or "")[: (place.column or 1)]
    if "\t" in indentation and not indentation.strip():
        return Problem(
            replace(place, column=indentation.index("\t") + 1),
            "a tab in the indentation",
            "indent with spaces",
        )
    before = (place.source or "")[: (place.column or 1) - 1].rstrip()
    if what == _MISFIT and before.endswith(("'", '"', "}", "]")):
        what = f"the value goes on after its closing {'quote' if before[-1] in _QUOTES else 'bracket'}"
        hint = "put the whole value in quotes: single ones where it holds double ones"
    return Problem(place, what, hint)
