"""A file that does not fit its schema, in words: the files under `unfit/`, each with what its author is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

from checker import schemas, yamlfile
from checker.problems import draw
from checker.resources import folder

UNFIT = Path(__file__).parent / "unfit"
SCHEMA = json.loads((UNFIT / "rule.schema.json").read_text(encoding="utf-8"), parse_float=Decimal)


@pytest.mark.parametrize("path", sorted(UNFIT.glob("*.yaml")), ids=lambda path: path.stem)
def test_what_does_not_fit_is_told(path: Path, golden: Callable[[Path, str], None]) -> None:
    file, problems = yamlfile.read(path, path.name)
    assert not problems
    assert file is not None
    found = schemas.validate(file, SCHEMA)
    assert found
    assert len(set(found)) == len(found)
    golden(path.with_suffix(".txt"), draw(found))


def test_a_file_that_fits() -> None:
    text = """
id: BE-001
severity: high
format: 1
since: 2026-01-31
sku_id: "0001"
rate: 0.10
months: 6
draft: false
key: [a, b]
let: {daily_rate: a / b}
each: {group: invoice_lines, by: [invoice_number]}
expect: {finding: 50.01}
limit: {days: 30}
"""
    file, _ = yamlfile.parse(text, "x.yaml")
    assert file is not None
    assert schemas.validate(file, SCHEMA) == []


@pytest.mark.parametrize("path", sorted(folder("schemas").glob("*.schema.json")), ids=lambda path: path.name)
def test_shipped_schemas_are_schemas(path: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))
