"""report.html in Chromium: quiet, offline, and doing what its controls say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.report.folder import write
from tests.report import sample

pytestmark = pytest.mark.browser


@pytest.fixture
def url(tmp_path: Path) -> str:
    write(sample.audit(), tmp_path / "report")
    return (tmp_path / "report" / "report.html").as_uri()


@pytest.fixture
def page(browser: Any, url: str) -> Iterator[Any]:
    """The report, open; whatever it logs or asks the network for fails the test."""
    heard: list[str] = []
    opened = browser.new_page(viewport={"width": 1280, "height": 860})
    opened.on("console", lambda message: heard.append(message.text))
    opened.on("pageerror", lambda error: heard.append(str(error)))
    opened.on("request", lambda request: heard.append(request.url) if request.url != url else None)
    opened.goto(url)
    yield opened
    opened.close()
    assert heard == ["data:,"] or not heard


def _amounts(page: Any) -> list[str]:
    return [
        text.replace("\N{NO-BREAK SPACE}", " ")
        for text in page.locator("#findings-list .f-amount:visible").all_inner_texts()
    ]


def test_filters_and_orders(page: Any) -> None:
    assert len(_amounts(page)) == 8
    page.select_option("[name=status]", "lapsed")
    assert _amounts(page) == ["USD 40.00"]
    assert page.inner_text(".shown") == "1 of 8 findings on this page"
    page.click("text=Show all")
    page.locator(".shown").filter(has_text=re.compile("^$")).wait_for(state="attached")
    page.fill("[name=text]", "adatum 1,234")
    assert _amounts(page) == ["USD 1,234.50"]
    page.fill("[name=text]", "")
    page.select_option("[name=rule]", "BE-001")
    page.select_option("[name=order]", "day")
    assert _amounts(page) == ["USD 40.00", "USD 1,234.50", "USD 7.25"]


def test_tables_order_by_their_headings(page: Any) -> None:
    heading = page.locator("#rules th", has_text="Owed")
    heading.get_by_role("button").click()
    first = page.locator("#rules tbody tr").first
    assert heading.get_attribute("aria-sort") == "descending"
    assert "no-duplicate-line" in first.inner_text()
    heading.get_by_role("button").press("Enter")
    assert heading.get_attribute("aria-sort") == "ascending"
    assert "no-duplicate-line" not in first.inner_text()


def test_a_deep_link_opens_its_finding(browser: Any, url: str) -> None:
    page = browser.new_page()
    page.goto(f"{url}#f-be-009-0004")
    assert page.evaluate("document.getElementById('f-be-009-0004').open") is True
    assert page.locator("#f-be-009-0004 .f-body").is_visible()
    page.close()


def test_a_count_leads_to_its_findings(page: Any) -> None:
    page.locator("[data-filter-rule=BE-031]").click()
    assert _amounts(page) == ["USD 300.00"]


def test_the_keyboard_reaches_the_evidence(page: Any) -> None:
    page.locator("#findings-list summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#findings-list .f-body").first.is_visible()


def test_it_reads_without_script(browser: Any, url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(url)
    assert not page.locator(".filters").is_visible()
    page.locator("#findings-list summary").first.click()
    assert page.locator("#findings-list .f-body").first.is_visible()
    context.close()


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_page_is_wider_than_its_screen(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for each in page.locator("#findings-list summary").all():
        each.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_paper_has_pages_with_the_evidence_open(page: Any) -> None:
    pdf = page.pdf(prefer_css_page_size=True)
    sheets = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert 5 <= sheets <= 30
    assert page.locator("#findings-list details[open]").count() == 0
