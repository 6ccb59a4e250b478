"""Small files as people have them (cases.yaml), read, and held against the rows, rejects and problems expected."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from checker.tables import Catalog, read

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))


def written(case: dict[str, Any], folder: Path) -> Path:
    path = folder / case.get("name", "export.csv")
    ways = [way.strip() for way in case.get("write", "").split(",")]
    text = case["file"].replace("\n", "\r\n") if "crlf" in ways else case["file"]
    encoding = next((way for way in ways if way in ("utf-16", "cp1252")), "utf-8")
    path.write_bytes(codecs.BOM_UTF8 * ways.count("bom") + text.encode(encoding))
    return path


def rows_of(catalog: Catalog, table: str, columns: list[str]) -> list[list[Any]]:
    names = ", ".join(f'"{name}"' for name in ["_row", *columns])
    found = catalog.connection.execute(f'SELECT {names} FROM "{table}" ORDER BY "_row"').fetchall()
    return [[row[0], *(None if cell is None else str(cell) for cell in row[1:])] for row in found]


@pytest.mark.parametrize("case", CASES, ids=[case["it"] for case in CASES])
def test_it(case: dict[str, Any], tmp_path: Path) -> None:
    path = written(case, tmp_path)
    overrides = {path: case["as"]} if "as" in case else {}
    catalog = read([path], overrides, duckdb.connect())
    told = [
        f"{problem.what} {problem.hint or ''}" for problem in catalog.problems if problem.severity == "error"
    ]
    for part in case.get("problems", []):
        assert any(part in one for one in told), told
    if "problems" not in case:
        assert told == []
    if "table" not in case:
        assert not catalog.files
        return
    assert [file.table for file in catalog.files] == [case["table"]]
    assert rows_of(catalog, case["table"], case["columns"]) == case["rows"]
    rejects = [[each.row, each.column, each.value, each.reason] for each in catalog.rejects()]
    assert rejects == case.get("rejects", [])
    (file,) = catalog.files
    assert (file.typed, file.rejected) == (len(case["rows"]), len({row for row, *_ in rejects}))
    assert file.rows == file.typed + file.rejected
