"""Records of a delimited text, one at a time, with the line that each has in a spreadsheet.

For files that the engine cannot number by itself: cells with line breaks, blank lines, other encodings, stray
quotes. A quote that is opened and not closed costs the line it stands on, not the rest of the file.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `number` counts records from 1, blank lines too; `lines` are those that it spans."""

    number: int
    lines: int
    cells: list[str]
    text: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that cannot be told apart into cells."""

    number: int
    reason: str
    text: str


def open_text(path: Path, encoding: str) -> TextIO:
    """The file as text, its line ends untouched."""
    # cp1252 leaves five bytes without a meaning.
    errors = "replace" if encoding == "cp1252" else "strict"
    return path.open(encoding=encoding, errors=errors, newline="")


def separator_of(path: Path, encoding: str) -> str:
    """What separates the cells: the most frequent of the usual signs in the first line that is not blank."""
    with open_text(path, encoding) as text:
        line = next((line for line in text if line.strip("\ufeff\r\n")), "")
    return max(SEPARATORS, key=line.count)


class _Lines:
    """The lines of a text, some of which may be handed back; `taken` are those since it was last cleared."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._back: deque[str] = deque()
        self._begun = False
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._text)
        if not self._begun:
            line, self._begun = line.lstrip("\ufeff"), True
        self.taken.append(line)
        return line

    def hand_back(self, lines: list[str]) -> None:
        self._back.extendleft(reversed(lines))


def records(text: TextIO, separator: str) -> Iterator[Record | Broken]:
    """The records that hold anything, in the order of the file."""
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    number = 0
    while True:
        lines.taken = []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            number += 1
            first, *rest = lines.taken
            lines.hand_back(rest)
            reader = csv.reader(lines, delimiter=separator, strict=True)
            yield Broken(
                number, "a quote is opened and not closed, or text follows a closed one", _bare(first)
            )
            continue
        number += 1
        if cells:
            yield Record(number, len(lines.taken), cells, _bare("".join(lines.taken)))


def _bare(line: str) -> str:
    return line.rstrip("\r\n")
