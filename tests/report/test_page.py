"""report.html: what it says, and that nothing in a name is more than a name."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest

from checker.engine.outcomes import Counts, RuleOutcome
from checker.report.audit import Audit
from checker.report.html import render
from checker.report.page import Gathering, Page
from tests.report import sample


class _Reader(HTMLParser):
    """A page's text, elements, addresses and names of places."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.handlers: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self._text: list[str] = []
        self.feed(html)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self._text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        if tag in ("td", "dd"):
            self._text.append(" ")
        for name, value in attrs:
            if name.startswith("on"):
                self.handlers.append(name)
            if name in ("href", "src"):
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")

    def handle_data(self, data: str) -> None:
        if not self.elements or self.elements[-1] not in ("style", "script"):
            self._text.append(data)


def _page(audit: Audit, limit: int = 100) -> Page:
    gathering = Gathering(limit)
    for claim in audit.claims():
        gathering.add(claim)
    return gathering.page(audit)


@pytest.fixture(scope="module")
def html() -> str:
    return render(_page(sample.audit()))


@pytest.fixture(scope="module")
def read(html: str) -> _Reader:
    return _Reader(html)


@pytest.mark.parametrize(
    "said",
    [
        "What Contoso Ltd is owed",
        "Certain USD 1,381.75",
        "Indicative USD 300.00",
        "Closing 14 days or fewer left USD 1,234.50",
        "Lapsed the window has passed USD 40.00",
        "USD 1,431.76 was found; USD 50.01 of it by several rules on the same lines, counted once.",
        "Jun 20, 2026 8 days left CSP credit request 1 claim USD 1,234.50",
        "0.3 % of 5,352 checks (a rule on a line in its scope) had no answer, for 1 reason",
        "Supply: an entitlements file that covers 2026-05",
        "Apart from all this, certain: USD 20.00 coming on lines not yet invoiced, USD −12.00 in Contoso Ltd’s favour.",
        "Days left days_left = days between(charge_start_date, charge_end_date) + 1 20",
        "Looked up in entitlements (term)",
        "USD 100.00, of which USD 49.99 is counted here",
        "The contract has no clause: look it up.",
        "data/june.csv, row 1201",
        "no-duplicate-line, revision 1, active, certain",
        "content hash 0aa1",
        "=1+1 is not a number",
        "data/notes.csv the layout is not known name its table with --as",
    ],
)
def test_the_page_says(read: _Reader, said: str) -> None:
    assert said in read.text.replace("\N{NO-BREAK SPACE}", " ")


def test_certain_and_indicative_are_never_added(read: _Reader) -> None:
    assert "1,681.75" not in read.text


def test_names_are_text(html: str, read: _Reader) -> None:
    assert sample.HOSTILE in read.text
    assert sample.FORMULA in read.text
    assert "Evil[U+202E]gnp.exe" in read.text
    assert "\u202e" not in html
    assert read.elements.count("script") == 1
    assert "b" not in _Reader(html.replace("<b>", "")).elements
    assert not read.handlers


def test_nothing_is_fetched_and_only_the_web_is_linked(html: str, read: _Reader) -> None:
    assert {link for link in read.links if not link.startswith("#")} == {"data:,", "https://example.com/bill"}
    assert "default-src 'none'" in html
    assert not re.search(r"@import|url\((?!#)", html)


def test_every_link_within_the_page_lands(read: _Reader) -> None:
    assert {link[1:] for link in read.links if link.startswith("#")} <= set(read.ids)
    assert len(read.ids) == len(set(read.ids))


def test_findings_of_one_fingerprint_have_places_of_their_own() -> None:
    twice = tuple(sample.claim(sample.finding(n, fingerprint="<a b>")) for n in (1, 2))
    ids = _Reader(render(_page(sample.audit(twice)))).ids
    assert [id for id in ids if id.startswith("f-")] == ["f--a-b-", "f--a-b--2"]


def test_a_page_that_leaves_findings_out_says_so() -> None:
    text = _Reader(render(_page(sample.audit(), limit=3))).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "The 3 largest of 8 are here; all of them are in findings.csv" in text


def test_an_audit_without_findings_reads_as_one() -> None:
    clean = replace(
        sample.audit(()),
        outcomes=(RuleOutcome(sample.DUPLICATE, Counts(passed=10)),),
        files=(),
        rejects=lambda: iter(()),
        warnings=(),
    )
    text = _Reader(render(_page(clean))).text
    for said in (
        "No rule found money owed.",
        "Nothing is left to claim.",
        "Every line in a rule’s scope could be judged.",
    ):
        assert said in text


def test_one_template_can_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text("body { color: rebeccapurple }")
    assert "rebeccapurple" in render(_page(sample.audit()), folders=[tmp_path])


def test_a_name_that_a_template_misspells_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "report.html.j2").write_text("{{ page.mony }}")
    with pytest.raises(jinja2.UndefinedError, match="mony"):
        render(_page(sample.audit()), folders=[tmp_path])
