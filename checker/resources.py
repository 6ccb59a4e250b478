"""Where the data that checker ships lies: rules, schemas, report templates, the bundled estate."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def shown(path: Path) -> str:
    """How a file is named to people: a shipped one from its folder on (`rules/billing/…`), any other as given."""
    for name in ("rules", "schemas"):
        root = folder(name).resolve()
        if path.resolve().is_relative_to(root):
            return (Path(name) / path.resolve().relative_to(root)).as_posix()
    return str(path)


def folder(name: str) -> Path:
    """The shipped folder of that name (`rules`, `schemas`, `reports`, `examples`).

    An installed package carries it inside itself; a checkout has it beside the package.
    """
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
