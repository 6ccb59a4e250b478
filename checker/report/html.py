"""Pages from the templates in `reports/`: autoescaped, strict about names, one self-contained file each."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from checker.claims.claim import Claim
from checker.report import evidence
from checker.report.chart import STATUSES
from checker.report.page import Page
from checker.report.plain import decimal_text
from checker.report.wording import Wording
from checker.resources import folder

# Turn text around for all that follows: shown by their code instead, as control characters are.
_TURNING = frozenset(chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def environment(wording: Wording, folders: Sequence[Path] = ()) -> Environment:
    """The templates' environment. `folders` are searched before the shipped one, so a single template can be
    replaced; an unknown name in a template is an error, and whatever is printed is escaped."""
    made = Environment(
        loader=FileSystemLoader([*folders, folder("reports")]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "money": wording.money,
        "number": wording.number,
        "count": wording.count,
        "counted": wording.counted,
        "day": wording.day,
        "long_day": wording.long_day,
        "days_left": wording.days_left,
        "size": wording.size,
        "value": wording.value,
        "label": evidence.label,
        "decimal": decimal_text,
        "anchor": _anchor,
    }
    made.globals |= {
        "share": wording.share,
        "parts": evidence.parts,
        "logic_lines": evidence.logic_lines,
        "statuses": STATUSES,
        "language": wording.locale.language,
        "anchors": _Anchors,
    }
    return made


def render(page: Page, wording: Wording | None = None, folders: Sequence[Path] = ()) -> str:
    """report.html. Nothing in it asks the network for anything, and its own script is the only one that may run."""
    made = environment(wording or Wording(), folders)
    script = _unindented(made.get_template("page.js").render())
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    filled = made.get_template("report.html.j2").render(
        page=page, script=Markup(script), script_digest=digest
    )
    return _unindented(filled)


def _unindented(text: str) -> str:
    """The templates' indentation is for who edits them; thousands of findings would carry it along for nothing."""
    return re.sub(r"\n\s+", "\n", text)


class _Anchors:
    """Names for findings within one page: the fingerprint, told apart where two findings share it."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def of(self, claim: Claim) -> str:
        name = f"f-{_anchor(claim.finding.fingerprint)}"
        self._taken[name] = self._taken.get(name, 0) + 1
        return name if self._taken[name] == 1 else f"{name}-{self._taken[name]}"


def _anchor(text: str) -> str:
    """Text as the name of a place in the page."""
    return "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "-" for char in text)


def _shown(value: object) -> object:
    """What a template prints: strings from files with every character visible, the rest as it is."""
    if not isinstance(value, str) or isinstance(value, Markup) or (value.isascii() and value.isprintable()):
        return value
    return "".join(_visible(char) if _is_hidden(char) else char for char in value)


def _is_hidden(char: str) -> bool:
    return char in _TURNING or (unicodedata.category(char) == "Cc" and char not in "\n\t")


def _visible(char: str) -> str:
    return f"[U+{ord(char):04X}]"
