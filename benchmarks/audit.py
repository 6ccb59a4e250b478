"""An audit over the estate, copied until it has N lines: rules beside hand-written SQL and a Python loop, and how time
grows with lines and with rules.

`python -m benchmarks.audit [N]` (100,000 where none is given)
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb

from benchmarks import data as estates
from benchmarks.handwritten import QUERIES
from benchmarks.timing import ratio, report, seconds, shown
from checker.audits import load_books, opened
from checker.audits.rulebooks import Books
from checker.documents import contract as contracts
from checker.engine.data import Data
from checker.engine.derived import fill
from checker.engine.dialects.duckdb import DUCKDB
from checker.engine.run import run
from checker.rulebook.checked import CheckedRule
from checker.tables import read

_RATES = {
    "US": (Decimal("0.0825"), True),
    "DE": (Decimal("0.19"), True),
    "GB": (Decimal("0.20"), True),
    "FR": (Decimal("0.20"), False),
    "JP": (Decimal("0.10"), False),
}
_CENT = Decimal("0.01")


def rules(books: Books, data: Data, lines: int) -> None:
    """Each rule, and beside some of them the same in SQL by hand."""
    rows = []
    total = 0.0
    for rule in books.rulebook.rules:
        name = rule.definition.rule.name
        ours = seconds(lambda rule=rule: run([rule], data), 2)  # type: ignore[misc]
        total += ours
        found = run([rule], data).outcomes[0].counts.findings
        by_hand = ["", "", ""]
        if name in QUERIES:
            sql = QUERIES[name]
            theirs = seconds(lambda sql=sql: data.connection.execute(sql).fetchall(), 2)  # type: ignore[misc]
            count = len(data.connection.execute(sql).fetchall())
            by_hand = [shown(theirs), ratio(ours, theirs), f"{count:,}"]
        rows.append([name, shown(ours), f"{found:,}", *by_hand])
    rows.append(["all", shown(total), "", "", "", ""])
    headings = ("Rule", "Time", "Findings", "SQL by hand", "rule to SQL", "its findings")
    report(f"Each rule over {lines:,} lines", headings, rows)


def loop(books: Books, data: Data, folder: Path) -> None:
    """Tax as a person's script would check it: line by line over Decimals that are parsed already."""
    with (folder / "customers.csv").open(encoding="utf-8-sig", newline="") as file:
        exempt = {row["customer_id"]: row["tax_exempt"] == "true" for row in csv.DictReader(file)}
    rows: list[tuple[str, str, Decimal, Decimal]] = []

    def parse() -> None:
        rows.clear()
        for path in sorted(folder.glob(estates.RECONCILIATION)):
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    amounts = Decimal(row["Subtotal"] or 0), Decimal(row["TaxTotal"] or 0)
                    rows.append((row["CustomerId"], row["CustomerCountry"], *amounts))

    def check() -> int:
        wrong = 0
        for customer, country, subtotal, tax in rows:
            rate, on_line = _RATES[country]
            free = exempt.get(customer, False) or not on_line
            due = Decimal(0) if free else (subtotal * rate).quantize(_CENT, ROUND_HALF_UP)
            wrong += abs(tax - due) > _CENT
        return wrong

    parsing = seconds(parse, 1)
    checking = seconds(check, 2)
    rule = books.rulebook.rule("tax-as-rated")
    assert rule is not None
    ours = seconds(lambda: run([rule], data), 2)
    report(
        f"One simple rule (tax-as-rated) over {len(rows):,} lines",
        ("Way", "Time", "to the rule"),
        [
            ("the rule on the engine", shown(ours), ratio(ours, ours)),
            (f"a Python loop over Decimals ({check():,} findings)", shown(checking), ratio(checking, ours)),
            ("reading the same columns with csv, beforehand", shown(parsing), ratio(parsing, ours)),
        ],
    )


def growth(few: Data, many: Data, books: Books, lines: Sequence[int]) -> None:
    """All rules over N/4 and N lines; half of them over N."""
    everything: Sequence[CheckedRule] = books.rulebook.rules
    half = everything[::2]
    small = seconds(lambda: run(everything, few), 2)
    large = seconds(lambda: run(everything, many), 2)
    part = seconds(lambda: run(half, many), 2)
    # The engine takes its time to plan each rule's queries, however few lines there are.
    further = (large - small) / (lines[1] - lines[0]) / len(everything)
    fixed = small / len(everything) - further * lines[0]
    report(
        "How it grows",
        ("Rules", "Lines", "Time", ""),
        [
            (f"{len(everything)}", f"{lines[0]:,}", shown(small), ""),
            (
                f"{len(everything)}",
                f"{lines[1]:,}",
                shown(large),
                f"{ratio(large, small)} for {ratio(lines[1], lines[0])} lines",
            ),
            (
                f"{len(half)}",
                f"{lines[1]:,}",
                shown(part),
                f"{ratio(part, large)} for {ratio(len(half), len(everything))} rules",
            ),
            ("a rule", "any", shown(fixed), "fixed: planning its queries"),
            ("a rule", "1 more", shown(further), "what a further line costs"),
        ],
    )


def ingest(folder: Path, lines: int) -> None:
    """The reconciliation files as typed tables, and as nothing but text."""
    paths = sorted(folder.glob(estates.RECONCILIATION))

    def typed() -> None:
        with opened() as connection:
            read(paths, None, connection)

    def text() -> None:
        connection = duckdb.connect()
        connection.execute("SET enable_progress_bar = false")
        for at, path in enumerate(paths):
            connection.execute(
                f"CREATE TABLE t{at} AS FROM read_csv('{path}', all_varchar = true, header = true)"
            )

    strict, loose = seconds(typed, 2), seconds(text, 2)
    size = sum(path.stat().st_size for path in paths) / 1_000_000
    report(
        f"Reading {lines:,} invoice lines, {size:.0f} MB",
        ("Way", "Time", "to text alone", "MB a second"),
        [
            (
                "typed, strict, every cell measured",
                shown(strict),
                ratio(strict, loose),
                f"{size / strict:.0f}",
            ),
            ("read_csv into text", shown(loose), ratio(loose, loose), f"{size / loose:.0f}"),
        ],
    )


def _data(folder: Path, books: Books, connection: duckdb.DuckDBPyConnection) -> Data:
    contract, problems = contracts.load(estates.CONTRACT)
    assert contract is not None, problems
    catalog = read([folder], None, connection)
    data = Data(catalog, contract, books.rulebook.lists, books.rulebook.policies, date(2026, 5, 20))
    fill(data, DUCKDB)
    return data


def main(arguments: Sequence[str] = ()) -> None:
    wanted = int(arguments[0]) if arguments else 100_000
    one = estates.lines_of_one()
    copies = max(1, round(wanted / one / 4))
    books, problems = load_books()
    assert books is not None, problems
    with tempfile.TemporaryDirectory() as folder, opened() as few, opened() as many:
        small = estates.write(Path(folder) / "few", copies)
        large = estates.write(Path(folder) / "many", 4 * copies)
        lines = copies * one, 4 * copies * one
        ingest(large, lines[1])
        data = _data(large, books, many)
        rules(books, data, lines[1])
        loop(books, data, large)
        growth(_data(small, books, few), data, books, lines)


if __name__ == "__main__":
    main(sys.argv[1:])
