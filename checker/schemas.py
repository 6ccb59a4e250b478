"""A YAML file against its JSON Schema (2020-12), each error worded for the person who wrote the file.

Two readings differ from the standard's, because the loader has types that JSON lacks: `format: date` wants a date
and nothing else does, and a Decimal is a number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import Any

from jsonschema import Draft202012Validator, TypeChecker, ValidationError
from jsonschema.validators import extend
from referencing import Registry

from checker.problems import Problem, did_you_mean
from checker.resources import folder
from checker.yamlfile import YamlFile
from checker.yamlscalar import resolve

Schema = Mapping[str, Any]

_NAMES = {
    "object": "keys with values",
    "array": "a list",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "nothing",
    "date": "a date like 2026-01-31",
}
_MOST_LISTED = 14
_STEPS_INTO = ("properties", "patternProperties", "prefixItems")


def load(name: str) -> Schema:
    """`schemas/<name>.schema.json`, its numbers exact. Not to be changed by the caller."""
    return _loaded(name)


@cache
def _loaded(name: str) -> Schema:
    text = (folder("schemas") / f"{name}.schema.json").read_text(encoding="utf-8")
    schema: Schema = json.loads(text, parse_float=Decimal)
    return schema


def validate(file: YamlFile, schema: Schema) -> list[Problem]:
    """Everything that the schema has against the file, each with its place, once; the order is the file's."""
    found = _Validator(schema, registry=Registry()).iter_errors(file.value)
    problems = dict.fromkeys(problem for error in found for problem in _worded(file, schema, error))
    guessed = {(p.where.file, p.hint) for p in problems if p.what.startswith("unknown key")}
    # A misspelt key that is required would be told twice: as unknown and as missing.
    told = [p for p in problems if not _told_as_misspelt(p, guessed)]
    return sorted(told, key=lambda p: (p.where.line or 0, p.where.column or 0))


def _told_as_misspelt(problem: Problem, guessed: set[tuple[str, str | None]]) -> bool:
    if not problem.what.startswith("missing key "):
        return False
    name = problem.what.removeprefix("missing key ")
    return (problem.where.file, f"did you mean {name}?") in guessed


def _is(kind: str, value: object) -> bool:
    match kind:
        case "object":
            return isinstance(value, dict)
        case "array":
            return isinstance(value, list)
        case "string":
            return isinstance(value, str)
        case "date":
            return isinstance(value, date)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | Decimal) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case _:
            return value is None


def _wanted(schema: Schema) -> list[str]:
    """The kinds that a schema's `type` allows; a text with `format: date` is the kind date."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return ["date" if kind == "string" and schema.get("format") == "date" else kind for kind in kinds]


def _type(_: object, __: object, value: object, schema: Schema) -> Iterator[ValidationError]:
    if not any(_is(kind, value) for kind in _wanted(schema)):
        yield ValidationError("type")


def _is_for(kind: str, _: object, value: object) -> bool:
    return _is(kind, value)


_Validator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {"type": _type},
    type_checker=TypeChecker({kind: partial(_is_for, kind) for kind in _NAMES}),
)


def _worded(file: YamlFile, root: Schema, error: ValidationError) -> Iterator[Problem]:
    path = list(error.absolute_path)
    schema: Schema = error.schema  # type: ignore[assignment]
    about = _about(root, list(error.absolute_schema_path))
    value: Any = error.instance
    limit: Any = error.validator_value

    def problem(
        what: str, hint: str | None = None, *, at: Sequence[str | int] = path, key: bool = False
    ) -> Problem:
        return Problem(file.where(*at, key=key), what, hint or _hint(about))

    match error.validator:
        case "additionalProperties" | "unevaluatedProperties":
            known = list(schema.get("properties", {}))
            for name in value:
                if name not in known and not _matches_pattern(name, schema):
                    hint = did_you_mean(name, known) or _known(known)
                    yield problem(f"unknown key {name!r}", hint, at=[*path, name], key=True)
        case "required":
            for name in limit:
                if name not in value:
                    yield problem(f"missing key {name!r}", _hint(_about_key(root, schema, name)))
        case "dependentRequired":
            for name, needed in limit.items():
                for other in needed if name in value else ():
                    if other not in value:
                        yield problem(f"{name!r} needs {other!r} beside it", at=[*path, name], key=True)
        case "type":
            wanted = _wanted(schema)
            yield problem(_expected(wanted, value), _mend(wanted, value, _source(file, path)))
        case "enum":
            known = [each if isinstance(each, str) else _shown(each) for each in limit]
            near = _nearest(value, known) if isinstance(value, str) else None
            yield problem(f"{_shown(value)} is not one of {_listed(known)}", near)
        case "const":
            yield problem(f"expected {_shown(limit)}, found {_shown(value)}")
        case "pattern":
            yield problem(f"{value!r} is not written as expected")
        case "propertyNames":
            name = value if isinstance(value, str) else None
            yield problem(f"{value!r} cannot be a key here", at=[*path, name] if name else path, key=True)
        case "minLength" | "minItems" | "minProperties":
            what = "must not be empty" if limit == 1 else f"needs at least {limit}, has {len(value)}"
            yield problem(what)
        case "maxLength" | "maxItems" | "maxProperties":
            yield problem(f"takes at most {limit}, has {len(value)}")
        case "minimum" | "exclusiveMinimum":
            yield problem(
                f"{value} is too small: {'at least' if error.validator == 'minimum' else 'above'} {limit}"
            )
        case "maximum" | "exclusiveMaximum":
            yield problem(
                f"{value} is too large: {'at most' if error.validator == 'maximum' else 'below'} {limit}"
            )
        case "multipleOf":
            yield problem(f"{value} is not a multiple of {limit}")
        case "uniqueItems":
            again = next(i for i, item in enumerate(value) if item in value[:i])
            yield problem(f"{_shown(value[again])} is listed twice", at=[*path, again])
        case "anyOf" | "oneOf":
            yield from _branches(file, root, error, problem_without_fit=problem)
        case None:
            yield problem("is not allowed here", key=bool(path))
        case _:
            yield problem(about.get("description", "is not as the schema wants it"))


def _branches(
    file: YamlFile, root: Schema, error: ValidationError, problem_without_fit: Any
) -> Iterator[Problem]:
    """Of the shapes a value can have, the errors of the one that it comes nearest to."""
    branches: dict[int, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(int(inner.relative_schema_path[0]), []).append(inner)
    if not branches:
        yield problem_without_fit("fits more than one of the shapes it can have")
        return

    if all(e.validator == "required" for errors in branches.values() for e in errors):
        shapes: Any = error.validator_value
        names = dict.fromkeys(repr(name) for branch in shapes for name in branch["required"])
        yield problem_without_fit(f"missing key {' or '.join(names)}")
        return

    def far(errors: list[ValidationError]) -> tuple[int, int, int]:
        other_kind = sum(e.validator == "type" and not e.relative_path for e in errors)
        other_shape = sum(e.validator in ("const", "enum") and len(e.relative_path) <= 1 for e in errors)
        return other_kind, other_shape, len(errors)

    nearest = min(branches.values(), key=far)
    if far(nearest)[0]:
        misfits = [
            e for errors in branches.values() for e in errors if e.validator == "type" and not e.relative_path
        ]
        wanted = dict.fromkeys(kind for e in misfits for kind in _wanted(e.schema))  # type: ignore[arg-type]
        path = list(error.absolute_path)
        hint = _mend(list(wanted), error.instance, _source(file, path))
        yield problem_without_fit(_expected(list(wanted), error.instance), hint)
        return
    for inner in nearest:
        yield from _worded(file, root, inner)


def _expected(wanted: Sequence[str], value: object) -> str:
    # As text a number is more than its value (0001), so it is not repeated; the line shows it.
    found = "a number" if "string" in wanted and _is("number", value) else _found(value)
    return f"expected {' or '.join(_NAMES[kind] for kind in wanted)}, found {found}"


def _nearest(value: str, known: Sequence[str]) -> str | None:
    same = [word for word in known if word.lower() == value.lower()]
    return f"write {same[0]!r}" if same else did_you_mean(value, known)


def _found(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case int() | Decimal():
            return f"the number {value}"
        case str():
            return f"the text {_shown(value)}"
        case date():
            return f"the date {value}"
        case list():
            return "a list"
        case _:
            return "keys with values"


def _mend(wanted: Sequence[str], value: object, source: str) -> str | None:
    """How to write the value so that it is of the wanted kind, where that can be guessed from what was written."""
    if "string" in wanted and isinstance(value, int | Decimal | date):
        return f'put it in quotes: "{source}"'
    if not isinstance(value, str):
        return None
    bare = value.strip().replace(",", "").replace("_", "")
    if "boolean" in wanted and value.lower() in ("yes", "y", "on", "no", "n", "off"):
        return f"write {'true' if value.lower() in ('yes', 'y', 'on') else 'false'}"
    if ("boolean" in wanted and value in ("true", "false")) or ("date" in wanted and _is_date(value)):
        return f"write it without quotes: {value}"
    if {"number", "integer"} & set(wanted):
        if bare.endswith("%") and _is_number(bare[:-1].strip()):
            return f"write the rate as a part of one: {Decimal(bare[:-1].strip()) / 100}"
        if _is_number(bare):
            how = "without quotes" if bare == value else "in full, without separators"
            return f"write it {how}: {Decimal(bare):f}"
    return None


def _is_number(text: str) -> bool:
    try:
        return len(text) < 40 and Decimal(text).is_finite()
    except ArithmeticError:
        return False


def _is_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text)) and len(text) == 10
    except ValueError:
        return False


def _source(file: YamlFile, path: Sequence[str | int]) -> str:
    """The value as written, on its first line."""
    where = file.where(*path)
    begin = (where.column or 1) - 1
    return (where.source or "")[begin : begin + where.width]


def _shown(value: object) -> str:
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:59] + "…")
    return (
        str(value).lower()
        if isinstance(value, bool)
        else _found(value)
        if isinstance(value, dict)
        else str(value)
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST_LISTED]) + (", …" if len(names) > _MOST_LISTED else "")


def _known(names: Sequence[str]) -> str | None:
    return f"known keys: {_listed(sorted(names))}" if names else None


def _matches_pattern(name: str, schema: Schema) -> bool:
    return any(re.search(pattern, name) for pattern in schema.get("patternProperties", ()))


def _hint(about: Schema) -> str | None:
    description, examples = about.get("description"), about.get("examples")
    example = f"for example {_written(examples[0])}" if examples else None
    return "; ".join(part for part in (description and description.rstrip("."), example) if part) or None


def _written(example: object) -> str:
    """An example as a person writes it: text that would be read as a number stands in quotes."""
    if isinstance(example, str):
        return f'"{example}"' if isinstance(resolve(example), int | Decimal) else example
    return json.dumps(example, default=str) if isinstance(example, dict | list) else _shown(example)


def _about(root: Schema, path: Sequence[str | int]) -> dict[str, Any]:
    """Description and examples of the value that an error's schema path leads to: the nearest said of that value,
    before what its $ref says of all such values."""
    about: dict[str, Any] = {}
    node: Any = root
    for position, step in enumerate(path[:-1]):
        node = _followed(root, node, step, about)
        if node is None:
            return about
        before = path[position - 1] if position else None
        if before in _STEPS_INTO or step in ("items", "additionalProperties"):
            about = {}
        _note(node, about)
    while isinstance(node, dict) and "$ref" in node:
        node = _target(root, node)
        _note(node, about)
    return about


def _followed(root: Schema, node: Any, step: str | int, about: dict[str, Any]) -> Any:
    while isinstance(node, dict) and step not in node and "$ref" in node:
        node = _target(root, node)
        _note(node, about)
    if isinstance(node, list) and isinstance(step, int):
        return node[step]
    return node.get(step) if isinstance(node, dict) else None


def _about_key(root: Schema, schema: Schema, name: str) -> dict[str, Any]:
    return _about({**root, "": schema}, ["", "properties", name, "type"])


def _target(root: Schema, node: Schema) -> Any:
    found: Any = root
    for step in str(node["$ref"]).removeprefix("#/").split("/"):
        found = found.get(step, {}) if isinstance(found, dict) else {}
    return found


def _note(node: Any, about: dict[str, Any]) -> None:
    for word in ("description", "examples"):
        if isinstance(node, dict) and word in node:
            about.setdefault(word, node[word])
