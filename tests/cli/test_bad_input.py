"""What people are told who give checker something it cannot use: each folder under `bad/` holds the files as they were
given, the command, and beside it what is said and the exit code. Nothing is written then, and nothing is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from checker import resources
from checker.report.run import MARKER
from tests.cli.desk import Desk

CASES = sorted(path for path in (Path(__file__).parent / "bad").iterdir() if path.is_dir())


def held(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_it_is_told_and_nothing_is_written(
    case: Path, desk: Desk, golden: Callable[[Path, str], None]
) -> None:
    shutil.copytree(case, desk.folder, dirs_exist_ok=True)
    (desk.folder / "exports").mkdir(exist_ok=True)
    (desk.folder / "checker-report").mkdir()
    (desk.folder / "checker-report" / "run.json").write_text(f'{{"{MARKER}": "earlier"}}', encoding="utf-8")
    (desk.folder / "checker-report" / "report.html").write_text("an earlier report", encoding="utf-8")
    before = held(desk.folder)
    answer = desk.types((case / "command").read_text(encoding="utf-8"))
    said = "\n".join(line.rstrip() for line in (answer.out + answer.err).splitlines())
    # Where checker is installed is no part of what it says.
    said = said.replace(f"{resources.folder('rules')}/", "rules/")
    golden(case.with_suffix(".txt"), f"{said}\n\nexit {answer.code}")
    assert held(desk.folder) == before
