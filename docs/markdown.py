"""Markdown as the pages use it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def code(text: object) -> str:
    """Text as it is typed; nothing stays nothing."""
    return f"`{text}`" if text != "" else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
