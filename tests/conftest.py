"""What all tests share: the optional folder beside the repository, a browser, and skips that may not pass unseen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

_REPOSITORY = Path(__file__).parents[1]
_NO_SKIPS = os.environ.get("CHECKER_NO_SKIPS") == "1"
_MAY_SKIP = "shared:"
"""How the reason of a skip begins that is always allowed: the shared folder is optional everywhere."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--golden-update", action="store_true", help="write the golden files instead of comparing"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """`golden(path, text)`: the text is what the file holds. `--golden-update` writes it, to be read in the diff."""

    def same(path: Path, text: str) -> None:
        if request.config.getoption("--golden-update"):
            path.write_text(text + "\n", encoding="utf-8")
        assert text + "\n" == path.read_text(encoding="utf-8"), f"{path.name} differs; see --golden-update"

    return same


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `shared` beside the repository: public sample files and the language's test kit."""
    folder = _REPOSITORY.parent / "shared"
    if not folder.is_dir():
        pytest.skip("shared: the folder is not beside the repository")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, driven by playwright: the system's own, none is downloaded."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    report = yield
    return _no_skip(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    report = yield
    return _no_skip(report)


def _no_skip(report: Any) -> Any:
    """With CHECKER_NO_SKIPS=1 a skip is a failure, so that a suite which could not run is seen."""
    if _NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        if not reason.startswith(_MAY_SKIP):
            report.outcome = "failed"
            report.longrepr = f"skipped where nothing may be skipped: {reason}"
    return report
