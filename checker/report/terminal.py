"""The summary on the terminal: the answer first, then a table by rule."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from checker.claims.claim import Status, Totals
from checker.report.page import SIDES, Lapse, Page
from checker.report.wording import Wording

_STYLES: dict[Status, str] = {"open": "green", "closing": "yellow", "lapsed": "red", "unknown": "dim"}
_WORDS: dict[Status, str] = {
    "open": "open",
    "closing": "closing soon",
    "lapsed": "lapsed",
    "unknown": "deadline unknown",
}
_INDENT = 18
_REASONS = 3


def summarise(
    page: Page, out: Path, console: Console, quiet: bool = False, wording: Wording | None = None
) -> None:
    """Prints the summary of a run whose files lie in `out`. `quiet` leaves the answer alone, one line a currency and
    confidence. The console decides on colour, and has none where its output is no terminal."""
    words = wording or Wording()
    audit = page.audit
    if not page.money:
        _say(console, "No rule found money owed." if page.judged.checks else "Nothing was judged.")
    for totals in (side for money in page.money for side in (money.certain, money.indicative) if side):
        _answer(totals, words, console, quiet)
    if not quiet and page.lapses:
        _lapses_next(page.lapses[0], words, console)
    _not_judged(page, words, console, quiet)
    if quiet:
        return
    console.print()
    console.print(_by_rule(page, words, console))
    for problem in audit.warnings:
        _say(console, f"warning: {clean(str(problem.where))}: {clean(problem.what)}", "yellow")
    _say(console, f"As of {audit.as_of.isoformat()}. The report: {clean(str(out / 'report.html'))}")


def clean(text: str) -> str:
    """Text from a file without what would drive the terminal: control characters become their code.

    >>> clean("red\\x1b[31m")
    'red[U+001B][31m'
    """
    return "".join(f"[U+{ord(c):04X}]" if unicodedata.category(c) in ("Cc", "Cf") else c for c in text)


def _say(console: Console, text: str, style: str = "") -> None:
    # Plain spaces and minus signs, so that what is printed can be searched and survives any encoding.
    plain = text.translate({ord("\N{NO-BREAK SPACE}"): " ", ord("\N{MINUS SIGN}"): "-"})
    console.print(Text(plain, style=style), soft_wrap=True)


def _answer(totals: Totals, words: Wording, console: Console, quiet: bool) -> None:
    def money(amount: Decimal) -> str:
        return words.money(amount, totals.currency)

    title = f"Owed, {totals.confidence}:".ljust(_INDENT)
    _say(console, f"{title}{money(totals.net)} in {words.counted(totals.claims, 'finding')}", "bold")
    if quiet:
        return
    for status, word in _WORDS.items():
        amount = getattr(totals, status)
        if amount:
            _say(console, f"{'':{_INDENT}}{money(amount)} {word}", _STYLES[status])
    for amount, what in (
        (totals.overlap, "found by several rules, counted once"),
        (totals.coming, "coming on estimates, not owed yet"),
        (totals.favour, "in the buyer's favour, in no total"),
    ):
        if amount:
            _say(console, f"{'':{_INDENT}}{money(amount)} {what}", "dim")


def _lapses_next(lapse: Lapse, words: Wording, console: Console) -> None:
    sides = ((lapse.certain, "certain"), (lapse.indicative, "indicative"))
    owed = [f"{words.money(amount, lapse.currency)} {side}" for amount, side in sides if amount]
    text = f"{lapse.last_day.isoformat()}, {words.days_left(lapse.days_left)}: {' and '.join(owed)}"
    _say(console, f"{'Lapses next:':{_INDENT}}{text}")


def _not_judged(page: Page, words: Wording, console: Console, quiet: bool) -> None:
    judged = page.judged
    if judged.undecided or not quiet:
        text = f"{words.share(judged.undecided, judged.checks)} of {words.counted(judged.checks, 'check')}"
        _say(console, f"{'Not judged:':{_INDENT}}{text}")
    if not quiet:
        for row in page.undecided[:_REASONS]:
            supply = f"; supply {row.supply}" if row.supply else ""
            _say(console, f"{'':{_INDENT}}{words.count(row.lines)}: {clean(row.reason + supply)}", "dim")
    if judged.rejected:
        text = f"{words.counted(judged.rejected, 'row')} of {words.count(judged.rows)}, see rejected.csv"
        _say(console, f"{'Not readable:':{_INDENT}}{text}")


def _by_rule(page: Page, words: Wording, console: Console) -> Table:
    lines = box.SIMPLE_HEAD if console.encoding.lower().startswith("utf") else box.ASCII2
    table = Table(box=lines, pad_edge=False, collapse_padding=True, header_style="bold")
    table.add_column("Rule", overflow="fold")
    for heading in ("Certain", "Indicative", "Found", "Undecided"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in page.rules:
        counts = row.outcome.counts
        cells = [
            "\n".join(words.money(money.net(side), money.currency) for money in row.sums if money.net(side))
            for side in SIDES
        ]
        cells += [words.count(counts.findings), words.count(counts.undecided)]
        table.add_row(
            Text(clean(row.outcome.rule.name)),
            *(cell.replace("\N{NO-BREAK SPACE}", " ") for cell in cells),
            style="" if counts.findings or counts.undecided else "dim",
        )
    return table
