"""`checker demo`: the bundled estate, from anywhere."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.desk import Desk

_REPOSITORY = Path(__file__).parents[2]


def demo(folder: Path, *more: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "checker", "demo", *more]
    path = os.pathsep.join([str(_REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "other")]
    for seed, folder in zip("17", folders, strict=True):
        done = demo(folder, PYTHONHASHSEED=seed)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        assert done.stdout.startswith("Owed, certain:")
        assert "--as-of 2026-05-20" in done.stdout
    return [folder / "checker-report" for folder in folders]


def test_the_same_run_gives_the_same_bytes(twice: list[Path]) -> None:
    one, other = ({p.name: p.read_bytes() for p in folder.iterdir()} for folder in twice)
    assert one.keys() == other.keys()
    assert one.pop("timings.json")
    assert other.pop("timings.json")
    assert [name for name in one if one[name] != other[name]] == []


def test_it_has_its_own_day_and_names_files_as_they_are_bundled(twice: list[Path]) -> None:
    run = json.loads((twice[0] / "run.json").read_text(encoding="utf-8"))
    assert run["as_of"] == "2026-05-20"
    assert run["contract"]["file"] == "contract.yaml"
    assert "invoice-reconciliation-2026-04.csv" in [file["name"] for file in run["files"]]
    assert sum(file["rejected"] for file in run["files"]) == 0


def test_every_rule_had_something_to_judge(twice: list[Path]) -> None:
    run = json.loads((twice[0] / "run.json").read_text(encoding="utf-8"))
    counts = {rule["name"]: rule["counts"] for rule in run["rules"]}
    assert [name for name, each in counts.items() if not each["passed"] or not each["findings"]] == []


def test_every_planted_error_is_found_with_its_amount_and_nothing_else(twice: list[Path]) -> None:
    def amounts(path: Path) -> dict[tuple[str, str, str], str]:
        with path.open(encoding="utf-8", newline="") as file:
            return {
                (r["rule_name"], r["source_file"], r["source_row"]): r["amount"] for r in csv.DictReader(file)
            }

    planted = amounts(_REPOSITORY / "examples" / "estate-truth.csv")
    found = amounts(twice[0] / "findings.csv")
    assert {key: found.get(key) for key in planted} == planted
    assert found.keys() - planted.keys() == set()


def test_the_files_can_be_had_to_try_things_on(desk: Desk) -> None:
    answer = desk.types("checker demo --estate mine --quiet")
    assert answer.code == 0
    again = desk.types(
        "checker audit mine --contract mine/contract.yaml --as-of 2026-05-20 --out again --quiet"
    )
    assert (again.code, again.out) == (0, answer.out)
    assert desk.types("checker demo --estate mine").code == 2
