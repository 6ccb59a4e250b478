"""Where the data that checker ships lies: rules, schemas, report templates, the bundled estate."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """The shipped folder of that name (`rules`, `schemas`, `reports`, `examples`).

    An installed package carries it inside itself; a checkout has it beside the package.
    """
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
