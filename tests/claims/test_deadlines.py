"""Deadlines and status over the shipped windows, as the table beside this file gives them."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from checker.claims import terms, windows
from checker.claims.deadlines import Deadlines, earliest, status
from checker.claims.terms import ContractTerms
from checker.claims.windows import Window
from checker.problems import Where, draw
from checker.rulebook.rule import ClaimTerms

ROWS = list(csv.DictReader((Path(__file__).parent / "deadlines.csv").read_text("utf-8").splitlines()))
ANNIVERSARY = date(2026, 7, 1)


@pytest.fixture(scope="module")
def shipped() -> dict[str, Window]:
    found, problems = windows.load()
    assert not problems, draw(problems)
    return found


def _contract(program: str, clauses: str, shipped: dict[str, Window]) -> ContractTerms:
    entries: list[dict[str, object]] = []
    for clause in filter(None, clauses.split("; ")):
        name, length, anchor = re.fullmatch(r"(\S+) (.+?)(?: from (\S+))?", clause).groups()  # type: ignore[union-attr]
        entry: dict[str, object] = {"window": name, "clause": "7.2"}
        entry |= {unit: int(count) for count, unit in re.findall(r"(\d+) (months|days)", length)}
        entries.append(entry | ({"from": anchor} if anchor else {}))
    document = {
        "contract": {"program": program or None},
        "claim_windows": entries,
        "dates": {"anniversary": ANNIVERSARY},
    }
    contract, problems = terms.read(document, shipped, lambda *path, key=False: Where("contract.yaml"))
    assert not problems, draw(problems)
    return contract


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize("row", ROWS, ids=[row["it"] for row in ROWS])
def test_deadlines(row: dict[str, str], shipped: dict[str, Window]) -> None:
    contract = _contract(row["program"], row["clause"], shipped)
    claim = ClaimTerms(row["window"], "invoice_date") if row["window"] else None
    incident = _date(row["incident"])
    applying = Deadlines(shipped, contract).of(
        claim,
        row["posture"],  # type: ignore[arg-type]
        {"incident": incident, "invoice_date": incident},
    )
    counting = earliest(applying)
    last_day = counting.last_day if counting else None
    state, left = status(last_day, date.fromisoformat(row["as_of"]))
    assert (counting.window if counting else "", last_day, state, left) == (
        row["counts"],
        _date(row["last_day"]),
        row["status"],
        int(row["days_left"]) if row["days_left"] else None,
    )
    for each in applying:
        assert each.last_day is not None or each.note, f"{each.window} must say what to look up"


def test_all_windows_that_apply_are_kept(shipped: dict[str, Window]) -> None:
    contract = _contract("csp", "invoice-dispute 6 months; substantiation 1 months", shipped)
    day = date(2026, 2, 15)
    applying = Deadlines(shipped, contract).of(
        ClaimTerms("invoice-dispute", "invoice_date"), "correction", {"incident": day, "invoice_date": day}
    )
    assert [(each.window, each.last_day, each.source.split(",")[0]) for each in applying] == [
        ("invoice-dispute", date(2026, 8, 15), "contract"),
        ("csp-credit-request", date(2026, 3, 31), "Partner Center"),
        ("substantiation", date(2026, 3, 15), "contract"),
    ]


def test_a_missing_clause_says_what_to_look_up(shipped: dict[str, Window]) -> None:
    day = date(2026, 2, 15)
    dates = {"incident": day, "invoice_date": day}
    claim = ClaimTerms("invoice-dispute", "invoice_date")
    (deadline,) = Deadlines(shipped, ContractTerms("ea")).of(claim, "correction", dates)
    assert deadline.last_day is None
    assert deadline.note is not None
    assert "look up" in deadline.note
    assert "window: invoice-dispute" in deadline.note


def test_a_true_up_order_opens_before_it_closes(shipped: dict[str, Window]) -> None:
    contract = _contract("ea", "", shipped)
    (deadline,) = Deadlines(shipped, contract).of(ClaimTerms("true-up-order", "anniversary"), "dispute", {})
    assert (deadline.opens, deadline.last_day) == (date(2026, 5, 2), date(2026, 6, 1))


def test_the_finding_s_own_anniversary_comes_before_the_contract_s(shipped: dict[str, Window]) -> None:
    contract = _contract("ea", "", shipped)
    own = {"anniversary": date(2026, 12, 31)}
    (deadline,) = Deadlines(shipped, contract).of(ClaimTerms("true-up-order", "anniversary"), "dispute", own)
    assert deadline.last_day == date(2026, 12, 1)


def test_how_soon_a_claim_is_closing_can_be_set() -> None:
    day = date(2026, 3, 31)
    assert status(day, date(2026, 3, 1), closing_days=30) == ("closing", 30)
    assert status(day, date(2026, 3, 30), closing_days=0) == ("open", 1)
    assert status(day, day, closing_days=0) == ("closing", 0)


def test_a_date_past_the_calendar_is_unknown(shipped: dict[str, Window]) -> None:
    last = date(9999, 12, 31)
    dates = {"incident": last, "invoice_date": last}
    claim = ClaimTerms("csp-credit-request", "invoice_date")
    (deadline,) = Deadlines(shipped, ContractTerms("csp")).of(claim, "correction", dates)
    assert deadline.last_day is None
    assert deadline.note
