"""From an order to a report on disk and the answer on the screen: what `audit` and `demo` share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
from rich.console import Console

from checker.audits import Order, Progress, conduct, opened
from checker.claims.claim import Claim
from checker.cli.ending import Exit, stop, told
from checker.cli.progress import bar
from checker.problems import Problem, Where
from checker.report import folder
from checker.report.audit import Audit
from checker.report.terminal import summarise
from checker.rulebook.rule import SEVERITIES, Severity

_EVERY = 500
"""Findings between two steps of the bar."""


def report_on(order: Order, out: Path, fail_on: Severity | None, memory: str | None, quiet: bool) -> Exit:
    """Audits, writes `out`, prints the summary; ends the program where either cannot be done."""
    unusable = folder.unusable(out)
    try:
        with opened(memory) as connection:
            with bar(quiet) as progress:
                audited = conduct(order, connection, progress)
                if audited.audit is None or unusable:
                    stopped = Exit.DATA if audited.blame == "data" and not unusable else Exit.DOCUMENTS
                    page, problems = None, [*unusable, *audited.problems]
                else:
                    stopped = Exit.DOCUMENTS
                    page, problems = folder.write(_watched(audited.audit, progress), out)
            if page is None:
                stop(problems, stopped)
            told(audited.problems)
    except duckdb.OutOfMemoryException:
        what = "the memory that the engine may use is not enough"
        hint = "allow more with --memory, or free space for temporary files (TMPDIR)"
        stop([Problem(Where("checker"), what, hint)], Exit.DATA)
    # The warnings have been told, so the summary needs not say them again.
    summarise(replace(page, audit=replace(page.audit, warnings=())), out, Console(highlight=False), quiet)
    return _code(page.audit, fail_on)


def _watched(audit: Audit, progress: Progress | None) -> Audit:
    """The same audit, whose claims tell how many of them have been written."""
    total = sum(outcome.counts.findings for outcome in audit.outcomes)

    def claims() -> Iterator[Claim]:
        for number, claim in enumerate(audit.claims(), 1):
            if progress is not None and (number % _EVERY == 0 or number == total):
                progress("writing", "", number, total)
            yield claim

    return replace(audit, claims=claims)


def _code(audit: Audit, fail_on: Severity | None) -> Exit:
    if fail_on is None:
        return Exit.DONE
    failing = SEVERITIES[SEVERITIES.index(fail_on) :]
    found = any(o.counts.findings and o.rule.severity in failing for o in audit.outcomes)
    return Exit.FINDINGS if found else Exit.DONE
