"""The program around its commands: help, version, and the net under a defect."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import duckdb
import pytest

import checker
from checker.audits import opened
from checker.audits.engine import shut
from checker.cli.program import program
from tests.cli.desk import Desk


def test_it_says_its_version_and_its_exit_codes(desk: Desk) -> None:
    assert desk.types("checker --version").out == f"checker {checker.__version__}\n"
    helped = desk.types("checker --help")
    assert helped.code == 0
    assert "3 data unusable" in " ".join(helped.out.split())
    assert desk.types("checker").code == 2


@pytest.fixture
def faulty() -> None:
    @click.command("faulty")
    def command() -> None:
        raise ZeroDivisionError("division by\nzero")

    program.add_command(command)
    yield
    del program.commands["faulty"]


@pytest.mark.usefixtures("faulty")
def test_a_defect_is_one_line_and_no_traceback(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = desk.types("checker faulty")
    assert answer.code == 70
    assert answer.err.startswith(
        "checker: error: a defect of checker, not of your files: ZeroDivisionError: division by\n"
    )
    assert f"checker {checker.__version__} at command in test_program.py" in answer.err
    assert "Traceback" not in answer.err
    monkeypatch.setenv("CHECKER_DEBUG", "1")
    assert "Traceback" in desk.types("checker faulty").err


def test_whoever_stops_listening_is_not_complained_to() -> None:
    repository = Path(__file__).parents[2]
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m checker rules show BE-001 | true; echo ${{PIPESTATUS[0]}}"],
        env={**os.environ, "PYTHONPATH": str(repository)},
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_the_engine_reaches_no_file_once_the_data_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    with opened() as connection:
        spill = connection.execute("SELECT current_setting('temp_directory')").fetchone()
        shut(connection)
        with pytest.raises(duckdb.PermissionException):
            connection.execute(f"SELECT * FROM read_csv('{tmp_path}/secret.csv')")
        with pytest.raises(duckdb.Error):
            connection.execute("SET enable_external_access = true")
    assert spill is not None
    assert not Path(spill[0]).exists()
