"""The files of --out: their bytes, and that they are written whole or not at all."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from checker.claims.claim import Claim
from checker.problems import draw
from checker.report.folder import unusable, write
from checker.report.shortlist import Shortlist
from tests.report import sample

_GOLDEN = Path(__file__).parent / "golden"
_DESIGNED = (
    "fingerprint,rule_id,rule_name,severity,posture,customer_id,invoice_number,subscription_id,product_id,sku_id,"
    "source_file,source_row,amount,currency,incident_date,claim_deadline,claim_status,message,owed_by,owed_to,window,"
    "confidence"
)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that the sample audit was written to."""
    page, problems = write(sample.audit(), tmp_path / "report")
    assert page is not None
    assert not problems
    return tmp_path / "report"


@pytest.mark.parametrize(
    "name", ["findings.csv", "findings.json", "claims.csv", "rejected.csv", "run.json", "timings.json"]
)
def test_golden(out: Path, name: str) -> None:
    written, golden = out / name, _GOLDEN / name
    if os.environ.get("CHECKER_WRITE_GOLDEN"):
        golden.write_bytes(written.read_bytes())
    assert written.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8")


def test_nothing_else_is_written(out: Path) -> None:
    files = {path.name for path in _GOLDEN.iterdir()} | {"report.html"}
    assert {path.name for path in out.iterdir()} == files
    assert [path.name for path in out.parent.iterdir()] == ["report"]


def test_the_designed_columns_come_first(out: Path) -> None:
    assert (
        (out / "findings.csv")
        .read_text(encoding="utf-8")
        .startswith(_DESIGNED + ",net,estimate,customer_name")
    )


def test_equal_runs_give_equal_bytes(out: Path, tmp_path: Path) -> None:
    later = replace(sample.audit(), timings={"reading": 99.0})
    write(later, tmp_path / "again")
    same = [
        path.name
        for path in out.iterdir()
        if path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()
    ]
    assert {path.name for path in out.iterdir()} - set(same) == {"timings.json"}


def test_no_number_in_json_is_money(out: Path) -> None:
    def refuse(text: str) -> float:
        pytest.fail(f"a number with a point: {text}")

    for name in ("findings.json", "run.json"):
        json.loads((out / name).read_text(encoding="utf-8"), parse_float=refuse)


def test_a_spreadsheet_runs_nothing(out: Path) -> None:
    for name in ("findings.csv", "claims.csv", "rejected.csv"):
        with (out / name).open(encoding="utf-8", newline="") as file:
            cells = [(column, value) for row in csv.DictReader(file) for column, value in row.items()]
        numbers = {"amount", "net", "days_left"}
        assert not [
            c for c in cells if c[0] not in numbers and c[1].startswith(("=", "+", "-", "@", "\t", "\r"))
        ]
    assert ",-12.00,USD," in (out / "findings.csv").read_text(encoding="utf-8")


def test_a_claim_group_keeps_certain_and_indicative_apart(tmp_path: Path) -> None:
    both = (
        sample.claim(sample.finding(1, amount="5.00")),
        sample.claim(sample.finding(2, sample.UNUSED, "7.00")),
    )
    write(sample.audit(both), tmp_path / "report")
    with (tmp_path / "report" / "claims.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["certain"], row["indicative"], row["fingerprints"]) == ("5.00", "7.00", "2")


class TestFolder:
    """What may be replaced, and what a failure leaves behind."""

    def test_an_own_folder_is_replaced_whole(self, out: Path) -> None:
        (out / "findings.csv").write_text("old")
        assert write(sample.audit(), out)[1] == []
        assert (out / "findings.csv").read_text(encoding="utf-8").startswith("fingerprint,")

    def test_an_empty_folder_is_used(self, tmp_path: Path) -> None:
        assert write(sample.audit(), tmp_path)[1] == []
        assert (tmp_path / "run.json").exists()

    @pytest.mark.parametrize("run", [None, "{}", "[]", "not json"])
    def test_a_folder_of_somebody_elses_is_left_alone(self, tmp_path: Path, run: str | None) -> None:
        out = tmp_path / "mine"
        out.mkdir()
        (out / "notes.txt").write_text("mine")
        if run is not None:
            (out / "run.json").write_text(run)
        page, problems = write(sample.audit(), out)
        assert page is None
        assert draw(problems) == (
            f"{out}: error: holds files that checker did not write, so it is left alone\n"
            "  hint: name another folder with --out"
        )
        assert (out / "notes.txt").read_text() == "mine"
        assert [path.name for path in tmp_path.iterdir()] == ["mine"]

    def test_a_file_is_no_folder(self, tmp_path: Path) -> None:
        (tmp_path / "report").write_text("mine")
        assert "is a file" in draw(unusable(tmp_path / "report"))

    def test_a_failure_leaves_the_folder_as_it_was(self, out: Path) -> None:
        def breaks() -> Iterator[Claim]:
            yield sample.CLAIMS[0]
            raise RuntimeError("the engine stopped")

        before = {path.name: path.read_bytes() for path in out.iterdir()}
        with pytest.raises(RuntimeError):
            write(replace(sample.audit(), claims=breaks), out)
        assert {path.name: path.read_bytes() for path in out.iterdir()} == before
        assert [path.name for path in out.parent.iterdir()] == ["report"]

    def test_a_full_disk_is_a_problem_in_words(self, tmp_path: Path) -> None:
        def full() -> Iterator[Claim]:
            raise OSError(28, "No space left on device")
            yield

        _, problems = write(replace(sample.audit(), claims=full), tmp_path / "report")
        assert draw(problems).splitlines()[0].endswith("error: cannot be written: No space left on device")
        assert list(tmp_path.iterdir()) == []

    def test_the_claims_are_read_once(self, tmp_path: Path) -> None:
        calls: list[int] = []

        def counted() -> Iterator[Claim]:
            calls.append(1)
            return iter(sample.CLAIMS)

        write(replace(sample.audit(), claims=counted), tmp_path / "report")
        assert len(calls) == 1


def test_a_shortlist_keeps_the_largest_and_compares_no_two_currencies() -> None:
    kept = Shortlist(3)
    for number, (amount, currency) in enumerate(
        [("1", "USD"), ("900", "JPY"), ("5", "USD"), ("3", "USD"), ("800", "JPY")]
    ):
        kept.add(sample.claim(sample.finding(number, amount=amount, currency=currency)))
    kept.add(sample.claim(sample.finding(9, amount=None)))
    shown = [(claim.finding.currency, claim.finding.amount) for claim in kept.claims()]
    assert shown == [("JPY", Decimal(900)), ("USD", Decimal(5)), ("JPY", Decimal(800))]
    assert kept.seen == 6
