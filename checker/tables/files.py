"""The files of a run: which of those that were named are read, and what one cheap look at the bytes of each says."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from checker.problems import Problem, Where

_BLOCK = 1 << 20
_DATA = frozenset({".csv", ".tsv", ".txt"})
_OTHER_DATA: Mapping[str, str] = {
    ".json": "JSON", ".jsonl": "JSON Lines", ".gz": "a compressed file", ".zip": "a compressed file",
    ".xlsx": "a workbook", ".xls": "a workbook", ".parquet": "Parquet",
}  # fmt: skip
_OWN_REPORT = ("run.json", "report.html")


@dataclass(frozen=True, slots=True)
class Sums:
    """Money of one currency on a file's typed rows, and on its rejected rows as far as it could be read."""

    typed: Decimal
    rejected: Decimal


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read. `rows` = `typed` + `rejected`; lines that hold nothing are no rows.

    `name` is the path as the user gave it; `confidence` is that of the layout, 0 to 1; `columns` leads from the
    file's own headers to the table's columns, in the order of the file; `money` from a currency to its sums.
    """

    name: str
    path: Path
    size: int
    sha256: str
    format: str
    table: str
    confidence: float
    rows: int
    typed: int
    rejected: int
    columns: Mapping[str, str]
    money: Mapping[str, Sums]


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read. `named`: the user named it, rather than the folder it lies in."""

    path: Path
    name: str
    named: bool
    table: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What the bytes of a file say: its size and hash, how its text is encoded, how its lines end.

    `lines` counts them up to the last that is not empty. `even`: every line ends in the same one of LF and CRLF.
    """

    size: int
    sha256: str
    encoding: str
    lines: int
    even: bool
    binary: bool = False


@dataclass(slots=True)
class Found:
    """What the named files and folders hold."""

    sources: list[Source] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def find(paths: Iterable[Path], overrides: Mapping[Path, str]) -> Found:
    """The files to read, in the order given and by name inside a folder, and what is left out and why."""
    found = Found()
    tables = {path.resolve(): table for path, table in overrides.items()}
    named = list(paths)
    # A file may be named by its table alone: `--as invoice_lines=FILE`.
    given = {path.resolve() for path in named}
    named += [path for path in overrides if path.resolve() not in given and not _inside(path, named)]
    for path in named:
        if path.is_dir():
            before = len(found.sources)
            _walk(path, tables, found)
            if len(found.sources) == before:
                what = "the folder holds no file that can be read"
                found.problems.append(Problem(Where(str(path)), what, "put the exports into it as CSV files"))
        elif not path.exists():
            found.problems.append(Problem(Where(str(path)), "there is no such file or folder"))
        else:
            kind = _OTHER_DATA.get(path.suffix.lower())
            if kind:
                found.problems.append(Problem(Where(str(path)), f"{kind} cannot be read", "export it as CSV"))
            else:
                found.sources.append(Source(path, str(path), True, tables.get(path.resolve())))
    return found


def _inside(path: Path, folders: Iterable[Path]) -> bool:
    return any(folder.is_dir() and path.resolve().is_relative_to(folder.resolve()) for folder in folders)


def _walk(folder: Path, tables: Mapping[Path, str], found: Found) -> None:
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            if all((path / name).is_file() for name in _OWN_REPORT):
                found.problems.append(_note(path, "left out: a report that checker wrote"))
            else:
                _walk(path, tables, found)
            continue
        suffix = path.suffix.lower()
        if suffix in _DATA:
            found.sources.append(Source(path, str(path), False, tables.get(path.resolve())))
        elif suffix in _OTHER_DATA:
            found.problems.append(
                _note(path, f"left out: {_OTHER_DATA[suffix]} cannot be read", "export it as CSV")
            )
        elif suffix in (".yaml", ".yml"):
            found.problems.append(_note(path, "left out: no data; a contract is given with --contract"))
        else:
            found.problems.append(_note(path, "left out: no data file"))


def _note(path: Path, what: str, hint: str | None = None) -> Problem:
    return Problem(Where(str(path)), what, hint, "warning")


def look(path: Path) -> Look:
    """One pass over the bytes. Raises OSError where the file cannot be opened."""
    digest = hashlib.sha256()
    utf8 = codecs.getincrementaldecoder("utf-8")()
    is_utf8, binary = True, False
    size = feeds = pairs = returns = 0
    blank_at_end = 0
    head = b""
    last = b""
    for block in _blocks(path):
        head = head or block[:4]
        digest.update(block)
        size += len(block)
        feeds += block.count(b"\n")
        if b"\r" in block or last == b"\r":
            returns += block.count(b"\r")
            pairs += block.count(b"\r\n") + (last == b"\r" and block[:1] == b"\n")
        binary = binary or b"\0" in block
        text = block.rstrip(b"\r\n")
        ends = block[len(text) :].count(b"\n")
        blank_at_end = ends if text else blank_at_end + ends
        last = block[-1:]
        # Most blocks are plain ASCII, which needs no decoding where no character is open.
        if is_utf8 and not (block.isascii() and not utf8.getstate()[0]):
            try:
                utf8.decode(block)
            except UnicodeDecodeError:
                is_utf8 = False
    encoding = _encoding(head, is_utf8)
    # The last line counts with or without an end; empty ones behind it do not.
    lines = feeds + (last not in (b"\n", b"")) - max(blank_at_end - 1, 0)
    even = returns == pairs and pairs in (0, feeds)
    return Look(size, digest.hexdigest(), encoding, lines, even, binary and not encoding.startswith("utf-16"))


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _encoding(head: bytes, is_utf8: bool) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8" if is_utf8 else "cp1252"
