"""The terminal's summary, as it is printed."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from checker.problems import Problem, Where
from checker.report.audit import Audit
from checker.report.page import Gathering
from checker.report.terminal import summarise
from tests.report import sample

_WHOLE = """\
Owed, certain:    USD 1,381.75 in 5 findings
                  USD 100.00 open
                  USD 1,234.50 closing soon
                  USD 40.00 lapsed
                  USD 7.25 deadline unknown
                  USD 50.01 found by several rules, counted once
                  USD 20.00 coming on estimates, not owed yet
                  USD -12.00 in the buyer's favour, in no total
Owed, indicative: USD 300.00 in 1 finding
                  USD 300.00 open
Owed, certain:    EUR 80.00 in 1 finding
                  EUR 80.00 open
Lapses next:      2026-06-20, 8 days left: USD 1,234.50 certain
Not judged:       0.3 % of 5,352 checks
                  14: no entitlement is known for the subscription; supply an entitlements file that covers 2026-05
Not readable:     2 rows of 5,311, see rejected.csv


 Rule                         Certain  Indicative  Found  Undecided
 ──────────────────────────────────────────────────────────────────
 no-duplicate-line       USD 1,281.75                  3          0
 proration-matches-days    USD 100.00                  6         14
                            EUR 80.00
 paid-for-is-used                      USD 300.00      1          0

warning: data/notes.csv: the layout is not known
As of 2026-06-12. The report: out/report.html
"""
_QUIET = """\
Owed, certain:    USD 1,381.75 in 5 findings
Owed, indicative: USD 300.00 in 1 finding
Owed, certain:    EUR 80.00 in 1 finding
Not judged:       0.3 % of 5,352 checks
Not readable:     2 rows of 5,311, see rejected.csv
"""


def _printed(audit: Audit, quiet: bool = False, encoding: str = "utf-8") -> str:
    gathering = Gathering()
    for claim in audit.claims():
        gathering.add(claim)
    bytes_ = io.BytesIO()
    file = io.TextIOWrapper(bytes_, encoding=encoding)
    summarise(gathering.page(audit), Path("out"), Console(file=file, width=80), quiet=quiet)
    file.flush()
    return "".join(f"{line.rstrip()}\n" for line in bytes_.getvalue().decode(encoding).splitlines())


def test_the_answer_comes_first() -> None:
    assert _printed(sample.audit()) == _WHOLE


def test_quiet_is_the_answer_alone() -> None:
    assert _printed(sample.audit(), quiet=True) == _QUIET


def test_a_terminal_without_unicode_is_served() -> None:
    assert "USD 1,381.75" in _printed(sample.audit(), encoding="ascii")


def test_a_name_cannot_drive_the_terminal() -> None:
    hostile = Problem(Where("\x1b[2Jx.csv"), "[bold]not[/bold] known", severity="warning")
    text = _printed(replace(sample.audit(), warnings=(hostile,)))
    assert "warning: [U+001B][2Jx.csv: [bold]not[/bold] known" in text
