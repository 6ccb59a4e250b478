"""YAML as checker reads it: values, what is refused, and the place of every character."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checker import yamlfile
from checker.problems import draw

BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_what_is_refused_is_shown_with_its_place_and_a_way_out(
    path: Path, golden: Callable[[Path, str], None]
) -> None:
    _, problems = yamlfile.read(path, path.name)
    assert problems
    golden(path.with_suffix(".txt"), draw(problems))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.10", Decimal("1.10")),
        ("-0.0000001", Decimal("-0.0000001")),
        (".5", Decimal("0.5")),
        ("20.", Decimal(20)),
        ("0.1", Decimal("0.1")),
        ("0001", 1),
        ("-7", -7),
        ("true", True),
        ("False", False),
        ("yes", "yes"),
        ("NO", "NO"),
        ("on", "on"),
        ("null", None),
        ("~", None),
        ("", None),
        ("2026-01-31", date(2026, 1, 31)),
        ("2026-07", "2026-07"),
        ("2026-01-31T00:00:00Z", "2026-01-31T00:00:00Z"),
        ("12:30:00", "12:30:00"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        ("0x1F", "0x1F"),
        (".inf", ".inf"),
        ("'1.10'", "1.10"),
        ('"true"', "true"),
        ("subtotal >= 0 and quantity > 1", "subtotal >= 0 and quantity > 1"),
    ],
)
def test_a_value_is_what_it_looks_like(written: str, value: object) -> None:
    file, problems = yamlfile.parse(f"key: {written}\n", "x.yaml")
    assert not problems
    assert file is not None
    assert file.value == {"key": value}
    assert type(file.value["key"]) is type(value)  # type: ignore[index]


def test_a_decimal_keeps_its_digits() -> None:
    file, _ = yamlfile.parse("price: 1.10", "x.yaml")
    assert file is not None
    assert str(file.value["price"]) == "1.10"  # type: ignore[index]


def test_keys_are_text_and_keep_their_order() -> None:
    file, problems = yamlfile.parse("NO: 1\n2026-01-01: 2\ntrue: 3\n7: 4\n", "x.yaml")
    assert not problems
    assert file is not None
    assert list(file.value.items()) == [("NO", 1), ("2026-01-01", 2), ("true", 3), ("7", 4)]  # type: ignore[attr-defined]


PLACED = """\
title: Plain words
single: 'it''s here'
double: "a\\tb \\u00e9 c"
folded: >-
  one two
  three

  four
literal: |
    if a
      then b
lines: first
  second
list:
  - {must: a = b}
  - |2
      x
empty: ""
"""


@pytest.mark.parametrize(
    ("path", "found", "line", "column"),
    [
        (("title",), "words", 1, 14),
        (("single",), "s here", 2, 14),
        (("double",), "b", 3, 13),
        (("double",), "c", 3, 22),
        (("folded",), "two", 5, 7),
        (("folded",), "three", 6, 3),
        (("folded",), "four", 8, 3),
        (("literal",), "if", 10, 5),
        (("literal",), "then", 11, 7),
        (("lines",), "second", 13, 3),
        (("list", 0, "must"), "b", 15, 16),
        (("list", 1), "x", 17, 7),
    ],
)
def test_an_offset_into_decoded_text_is_a_place_in_the_file(
    path: tuple[str | int, ...], found: str, line: int, column: int
) -> None:
    file, problems = yamlfile.parse(PLACED, "x.yaml")
    assert not problems
    assert file is not None
    value: Any = file.value
    for step in path:
        value = value[step]
    where = file.where(*path, offset=value.index(found), width=len(found))
    assert (where.line, where.column) == (line, column)


def test_the_place_of_keys_mappings_and_what_is_absent() -> None:
    file, _ = yamlfile.parse("a:\n  first: 1\n  second: [x, yy]\n", "x.yaml")
    assert file is not None

    def shown(where: Any) -> tuple[int, int, int]:
        return where.line, where.column, where.width

    assert shown(file.where("a", "second", key=True)) == (3, 3, 6)
    assert shown(file.where("a", "second", 1)) == (3, 15, 2)
    assert shown(file.where("a")) == (2, 3, 5)
    assert shown(file.where("a", "third")) == (2, 3, 5)
    assert shown(file.where("a", "first", offset=99)) == (2, 11, 1)
    assert file.where("a", "second", 1).source == "  second: [x, yy]"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_end_in_any_way(ending: str) -> None:
    file, _ = yamlfile.parse(ending.join(["\ufeffa: |", "  one", "  two", "b: 2", ""]), "x.yaml")
    assert file is not None
    assert file.value == {"a": "one\ntwo\n", "b": 2}
    where = file.where("a", offset=5)
    assert (where.line, where.column, where.source) == (3, 4, "  two")
    assert file.where("b").line == 4


@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)])
@given(
    text=st.text(st.sampled_from("ab'\"\\ \n:#-é😀,\t"), max_size=40),
    style=st.sampled_from([None, "'", '"', "|", ">"]),
    width=st.integers(5, 40),
    depth=st.integers(0, 3),
)
def test_every_character_of_any_scalar_is_followed(
    loader: Any, text: str, style: str | None, width: int, depth: int
) -> None:
    """What a writer of YAML makes of a text, in every style and folded anywhere, leads back to each character."""
    value: object = {"key": [text, {"key": text}]}
    for _ in range(depth):
        value = {"key": [value]}

    class Dumper(yaml.SafeDumper):
        pass

    Dumper.add_representer(str, lambda dumper, item: dumper.represent_scalar(
        "tag:yaml.org,2002:str", item, style=style if item == text else None))  # fmt: skip
    written = yaml.dump(value, Dumper=Dumper, width=width, allow_unicode=True)
    before, yamlfile._LOADER = yamlfile._LOADER, loader
    try:
        file, problems = yamlfile.parse(written, "x.yaml")
    finally:
        yamlfile._LOADER = before
    if file is None or problems:
        return  # a plain text that looks like a number of many digits, a merge key, an alias
    for path, scalar in scalars(file.value, ()):
        places = [
            (where.line, where.column) for where in (file.where(*path, offset=i) for i in range(len(scalar)))
        ]
        assert places == sorted(places)
        assert len(set(places)) == len(places)
        for place, character in zip(places, scalar, strict=True):
            line = written.split("\n")[place[0] - 1]
            if character not in ' \n\t"\\é😀':
                assert line[place[1] - 1] == character or line[place[1] - 1] == "\\"


def scalars(value: object, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    match value:
        case dict():
            for key, item in value.items():
                yield from scalars(item, (*path, key))
        case list():
            for index, item in enumerate(value):
                yield from scalars(item, (*path, index))
        case str():
            yield path, value


def test_bounds() -> None:
    for text, what in (
        ("a: " + "x" * (1 << 20), "larger than 1 MiB"),
        ("[" + "1," * 100_001 + "]", "more than 100,000 values"),
        ("[" * 5000, "deeper than 40"),
    ):
        file, problems = yamlfile.parse(text, "x.yaml")
        assert file is None
        assert what in problems[0].what


def test_files_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("a: 1\nname: Zürich\n".encode("latin-1"))
    assert draw(yamlfile.read(tmp_path / "latin.yaml", "latin.yaml")[1]) == (
        "latin.yaml:2: error: is not UTF-8 text\n  hint: save it with the encoding UTF-8"
    )
    assert draw(yamlfile.read(tmp_path / "absent.yaml", "absent.yaml")[1]) == (
        "absent.yaml: error: cannot be read: no such file or directory"
    )
    assert draw(yamlfile.read(tmp_path, "folder")[1]) == "folder: error: cannot be read: is a directory"
