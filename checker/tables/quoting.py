"""The one place where names and texts are quoted for SQL."""

from __future__ import annotations


def identifier(name: str) -> str:
    """A name, always quoted, whatever it holds.

    >>> print(identifier("from"))
    "from"
    """
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """A text as an SQL string.

    >>> print(literal("it's"))
    'it''s'
    """
    return "'" + value.replace("'", "''") + "'"
