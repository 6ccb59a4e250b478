"""A rule file in one style: keys in the schema's order, expressions as `printing` prints them, all else as written.

Comments, quotes and the layout of rows stay. A file is only ever rewritten to one that reads as the same rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import yaml

from checker import schemas, yamlfile
from checker.expressions import parse
from checker.expressions.operations import FUNCTIONS
from checker.expressions.printing import laid_out, printed
from checker.expressions.tokens import tokens
from checker.problems import Where, errors
from checker.rulebook.definition import Definition, define

WIDTH = 120
"""Columns of a line with an expression; a longer one is laid out on several."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A key with its value: its place among the text, and the text as it is to stand."""

    start: int
    end: int
    rank: int
    text: str


def formatted(definition: Definition) -> str:
    """The text of a rule's file in the one style. Formatting twice changes nothing more."""
    text = definition.file.text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    made = _Formatter(text).whole()
    return made if _meaning(made, definition) == _meaning(text, definition) else text


def _meaning(text: str, definition: Definition) -> object:
    """What a file says, whichever way it is written: its words, its hash, its tests."""
    file, problems = yamlfile.parse(text, definition.file.name)
    if file is None or errors([*problems, *schemas.validate(file, schemas.load("rule"))]):
        return text
    made, problems = define(file, definition.rule.family)
    if made is None:
        return text
    return replace(made.rule, logic={}), made.tests, made.message, made.key, made.params


class _Formatter:
    def __init__(self, text: str) -> None:
        self._text = text
        self._schema = schemas.load("rule")

    def whole(self) -> str:
        root = yaml.compose(self._text, Loader=_LOADER)
        assert root is not None
        return self._region(root, self._schema, 0, len(self._text), False)

    def _region(self, node: yaml.Node, schema: Any, start: int, end: int, flow: bool) -> str:
        """The text between two places around a node, with the node in the one style."""
        schema, expression = self._resolved(schema, node)
        match node:
            case yaml.ScalarNode() if expression:
                return self._text[start : node.start_mark.index] + self._scalar(node, end, flow)
            case yaml.SequenceNode():
                made, at = "", start
                for item in node.value:
                    stop = _end(item) if flow or node.flow_style else self._below(item, end)
                    made += self._region(item, schema.get("items", {}), at, stop, flow or node.flow_style)
                    at = stop
                return made + self._text[at:end]
            case yaml.MappingNode() if node.value:
                inline = flow or node.flow_style
                return (
                    self._flow(node, schema, start, end) if inline else self._block(node, schema, start, end)
                )
        return self._text[start:end]

    def _resolved(self, schema: Any, node: yaml.Node) -> tuple[Mapping[str, Any], bool]:
        """The part of the schema that a node is read by, and whether it is an expression."""
        expression = False
        while "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            expression |= name == "expression"
            schema = self._schema["$defs"][name]
        if "oneOf" in schema:
            wanted = "object" if isinstance(node, yaml.MappingNode) else None
            found = [self._resolved(one, node)[0] for one in schema["oneOf"]]
            schema = next((one for one in found if one.get("type") == wanted), {})
        return schema, expression

    def _entries(
        self, node: yaml.MappingNode, schema: Mapping[str, Any]
    ) -> Iterator[tuple[Any, Any, int, Any]]:
        """Each key and value with the key's rank in the schema, and the value's part of it."""
        known = schema.get("properties", {})
        order = {name: rank for rank, name in enumerate(known)}
        for key, value in node.value:
            part = known.get(key.value, schema.get("additionalProperties") or {})
            yield key, value, order.get(key.value, len(order)), part

    def _flow(self, node: yaml.MappingNode, schema: Mapping[str, Any], start: int, end: int) -> str:
        """A mapping in braces: entries change places, what stands between them stays."""
        entries = []
        for key, value, rank, part in self._entries(node, schema):
            begin, stop = key.start_mark.index, max(_end(key), _end(value))
            entries.append(_Entry(begin, stop, rank, self._region(value, part, begin, stop, True)))
        return self._joined(entries, sorted(entries, key=lambda entry: entry.rank), start, end)

    def _block(self, node: yaml.MappingNode, schema: Mapping[str, Any], start: int, end: int) -> str:
        """A mapping on lines: comments right above a key go with it, those above the first stay above all."""
        first = node.value[0][0].start_mark
        begins = [first.index, *(self._above(key.start_mark) for key, _ in node.value[1:])]
        stops = [*begins[1:], self._below(node, end)]
        entries = [
            _Entry(begin, stop, rank, self._region(value, part, begin, stop, False))
            for begin, stop, (_, value, rank, part) in zip(
                begins, stops, self._entries(node, schema), strict=True
            )
        ]
        ordered = sorted(entries, key=lambda entry: entry.rank)
        if ordered[0] is not entries[0]:
            # The first key stands behind its indentation or its dash; whole lines come after it.
            at, indent = ordered.index(entries[0]), " " * first.column
            ordered[at] = replace(entries[0], text=indent + entries[0].text)
            ordered[0] = replace(ordered[0], text=ordered[0].text.lstrip("\n").removeprefix(indent))
        return self._joined(entries, ordered, start, end)

    def _joined(self, entries: list[_Entry], ordered: list[_Entry], start: int, end: int) -> str:
        made, at = "", start
        for old, new in zip(entries, ordered, strict=True):
            made += self._text[at : old.start] + new.text
            at = old.end
        return made + self._text[at:end]

    def _above(self, mark: Any) -> int:
        """Where the comments and empty lines right above a key begin."""
        begin = self._line(mark.index)
        while begin > 0:
            before = self._line(begin - 1)
            line = self._text[before : begin - 1]
            if line.strip() and not line.startswith(" " * mark.column + "#"):
                break
            begin = before
        return begin

    def _below(self, node: yaml.Node, end: int) -> int:
        """Where the line after a node begins."""
        return min(end, self._text.find("\n", _end(node) - 1) + 1)

    def _line(self, at: int) -> int:
        """Where the line of a place begins."""
        return self._text.rfind("\n", 0, at) + 1

    def _scalar(self, node: yaml.ScalarNode, end: int, flow: bool) -> str:
        """An expression and what stands behind it."""
        begin, stop = node.start_mark.index, _end(node)
        written = self._text[begin:stop]
        body = written.rstrip(" \n")
        block = node.style in ("|", ">")
        tail = written[len(body) :].lstrip(" ") + self._text[stop:end]
        tree, problems = parse(node.value, lambda offset, width: Where("", 1, offset + 1))
        if tree is None or problems or _commented(node.value) or (block and "#" in body.partition("\n")[0]):
            return self._text[begin:end]
        if not node.style and not isinstance(_read(body), str):
            return self._text[begin:end]
        text = printed(tree)
        alone = block or not (flow or self._text[stop : self._text.find("\n", stop)].strip())
        line = self._line(begin)
        if not alone or begin - line + len(text) <= WIDTH:
            one = _spelled(text, node.style if node.style in ("'", '"') else None, flow)
            if not alone or begin - line + len(one) <= WIDTH:
                return one + tail
        indent = " " * (self._indentation(line, begin) + 2)
        lines = laid_out(tree, WIDTH - len(indent))
        return ">-\n" + "\n".join(indent + each for each in lines) + tail

    def _indentation(self, line: int, begin: int) -> int:
        """The column of the key before a value."""
        before = self._text[line:begin]
        return len(before) - len(re.sub(r"^[ -]+", "", before))


def _end(node: yaml.Node) -> int:
    """Where the last thing written of a node ends; the parser ends a mapping only where the next thing begins."""
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        parts = last if isinstance(last, tuple) else (last,)
        return max(
            _end(part) for part in parts if part is parts[0] or part.start_mark.index < part.end_mark.index
        )
    return int(node.end_mark.index)


def _commented(text: str) -> bool:
    """Whether an expression holds a comment, which no tree keeps."""
    at = 0
    for token in tokens(text, FUNCTIONS):
        if text[at : token.span.start].strip():
            return True
        at = token.span.end
    return False


def _read(text: str) -> object:
    file, problems = yamlfile.parse(f"key: {text}\n", "")
    return file.value["key"] if file is not None and not problems and isinstance(file.value, dict) else None


def _spelled(text: str, quote: str | None, flow: bool) -> str:
    """A text as YAML on one line, in the quotes that it had; without quotes where it needs none."""
    if quote == '"':
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    plain = f"[{text}]" if flow else text
    if quote is None and _read(plain) == ([text] if flow else text):
        return text
    return "'" + text.replace("'", "''") + "'"
