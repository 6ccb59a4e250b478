"""The folder of `--out`: written beside itself, then swapped in whole, so that a reader never meets half of it."""

from __future__ import annotations

import contextlib
import json
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import IO, Protocol

from checker.claims.claim import Claim
from checker.problems import Problem, Where
from checker.report.audit import Audit
from checker.report.claimgroups import write_claims
from checker.report.findings import FindingsCsv, FindingsJson
from checker.report.html import render
from checker.report.page import FINDINGS_SHOWN, Gathering, Page
from checker.report.plain import cell, csv_writer, json_text
from checker.report.run import MARKER, run_document, timings_document


class _Sink(Protocol):
    """What takes the claims one by one as they stream past."""

    def add(self, claim: Claim) -> None: ...
    def close(self) -> None: ...


def unusable(out: Path) -> list[Problem]:
    """Why `out` cannot be written: it is there, and checker did not write it. Worth asking before a long run."""
    if not out.exists():
        return []
    where = Where(str(out))
    if not out.is_dir():
        return [Problem(where, "is a file, so no report can be written there", "name a folder with --out")]
    try:
        if not any(out.iterdir()) or _written_by_checker(out):
            return []
    except OSError as error:
        return [Problem(where, f"cannot be read: {error.strerror}", "name another folder with --out")]
    return [
        Problem(
            where,
            "holds files that checker did not write, so it is left alone",
            "name another folder with --out",
        )
    ]


def write(audit: Audit, out: Path, limit: int = FINDINGS_SHOWN) -> tuple[Page | None, list[Problem]]:
    """Writes every file of `--out` and gives what its page shows, or writes none: on a problem the folder is as it
    was. `limit` is the most findings on the page. The claims are read once, and nothing holds all of them."""
    problems = unusable(out)
    if problems:
        return None, problems
    out = out.resolve()
    part = out.with_name(f".{out.name}.{uuid.uuid4().hex}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part.mkdir()
        page = _write_files(audit, part, limit)
        _swap(part, out)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        return None, [Problem(Where(str(out)), what, "name another folder with --out")]
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return page, []


def _write_files(audit: Audit, folder: Path, limit: int) -> Page:
    gathering = Gathering(limit)
    with contextlib.ExitStack() as stack:

        def open_(name: str) -> IO[str]:
            return stack.enter_context(_open(folder / name))

        sinks: tuple[_Sink, ...] = (
            FindingsCsv(open_("findings.csv")),
            FindingsJson(open_("findings.json"), audit.as_of.isoformat()),
            gathering,
        )
        for claim in audit.claims():
            for sink in sinks:
                sink.add(claim)
        for sink in sinks:
            sink.close()
    page = gathering.page(audit)
    after: tuple[tuple[str, Callable[[IO[str]], object]], ...] = (
        ("claims.csv", lambda file: write_claims(gathering.groups, file)),
        ("rejected.csv", lambda file: _write_rejected(audit, file)),
        ("report.html", lambda file: file.write(render(page))),
        ("timings.json", lambda file: file.write(json_text(timings_document(audit)) + "\n")),
        # Last, for it marks the folder as complete.
        ("run.json", lambda file: file.write(json_text(run_document(audit, page.totals)) + "\n")),
    )
    for name, fill in after:
        with _open(folder / name) as file:
            fill(file)
    return page


def _write_rejected(audit: Audit, file: IO[str]) -> None:
    rows = csv_writer(file)
    rows.writerow(("file", "row", "column", "value", "reason"))
    for reject in audit.rejects():
        rows.writerow(
            [cell(each) for each in (reject.file, reject.row, reject.column, reject.value, reject.reason)]
        )


def _open(path: Path) -> IO[str]:
    # What is no character at all (half a surrogate pair) is written by its code rather than stopping the report.
    return path.open("w", encoding="utf-8", newline="", errors="backslashreplace")


def _swap(part: Path, out: Path) -> None:
    """Puts `part` in the place of `out`; if that fails, `out` is back where it was."""
    if not out.exists():
        part.rename(out)
        return
    old = out.with_name(f"{part.name}.old")
    out.rename(old)
    try:
        part.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _written_by_checker(out: Path) -> bool:
    try:
        run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(run, dict) and MARKER in run
