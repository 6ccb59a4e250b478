"""A command typed on a desk with a small export on it, and what came of it."""

from __future__ import annotations

import csv
import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from checker.cli import main


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Desk:
    folder: Path
    capture: pytest.CaptureFixture[str]

    def types(self, command: str) -> Answer:
        """Runs `checker …` in this folder."""
        with pytest.raises(SystemExit) as end:
            main(shlex.split(command)[1:])
        said = self.capture.readouterr()
        return Answer(int(end.value.code or 0), said.out, said.err)

    def change(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def run(self, out: str = "checker-report") -> Any:
        return json.loads((self.folder / out / "run.json").read_text(encoding="utf-8"))

    def findings(self, out: str = "checker-report") -> list[dict[str, str]]:
        with (self.folder / out / "findings.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
