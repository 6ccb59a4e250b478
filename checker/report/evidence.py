"""A finding's evidence in the order a reader checks it: what the line says, what was looked up, what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checker.engine.outcomes import Finding, Value
from checker.rulebook.rule import Rule

_SPELT = {
    "id": "ID",
    "sku": "SKU",
    "mpn": "MPN",
    "uri": "URI",
    "erp": "ERP",
    "gdap": "GDAP",
    "sla": "SLA",
    "pc": "PC",
    "bc": "billing currency",
    "to": "to",
}
"""Words of column names that are not written in lower case, or not at full length."""


@dataclass(frozen=True, slots=True)
class Item:
    """One value read: `name` as the rule writes it, `label` as a person reads it, `formula` where the rule made it."""

    name: str
    label: str
    value: Value
    formula: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Values of one origin."""

    title: str
    items: tuple[Item, ...]


def label(name: str) -> str:
    """A column's or value's name as words.

    >>> label("effective_unit_price"), label("sku_id"), label("term.unit_price")
    ('Effective unit price', 'SKU ID', 'Unit price')
    """
    words = [_SPELT.get(word, word) for word in name.rsplit(".", 1)[-1].split("_") if word]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def parts(finding: Finding) -> tuple[Part, ...]:
    """The values of a finding by origin; an origin without values is left out. The rule's own order is kept."""
    logic = finding.rule.logic
    lets, params, lookups = (_mapping(logic, name) for name in ("let", "params", "with"))
    line: list[Item] = []
    computed: list[Item] = []
    settings: list[Item] = []
    found: dict[str, list[Item]] = {}
    for name, value in finding.values.items():
        source, _, field = name.rpartition(".")
        if name in lets:
            computed.append(Item(name, label(name), value, str(lets[name])))
        elif name in params:
            settings.append(Item(name, label(name), value))
        elif source:
            found.setdefault(source, []).append(Item(name, label(field), value))
        else:
            line.append(Item(name, label(name), value))
    titles = {source: _lookup_title(source, lookups) for source in found}
    made = [
        Part(f"On the line ({finding.table.replace('_', ' ')})", tuple(line)),
        *(Part(titles[source], tuple(items)) for source, items in found.items()),
        Part("Worked out by the rule", tuple(computed)),
        Part("Set for the rule", tuple(settings)),
    ]
    return tuple(part for part in made if part.items)


def logic_lines(rule: Rule) -> tuple[tuple[str, str], ...]:
    """A rule's own text, keyword by keyword, for people to read beside its requirement."""
    return tuple(
        (f"{keyword} {name}".strip(), text)
        for keyword, value in rule.logic.items()
        for name, text in _texts(value)
        if keyword != "params"
    )


def _texts(value: object) -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [(str(name), _inline(item)) for name, item in value.items()]
    return [("", _inline(value))]


def _inline(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_inline(item)}" for name, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_inline(item) for item in value)
    return str(value)


def _mapping(logic: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = logic.get(name)
    return value if isinstance(value, Mapping) else {}


def _lookup_title(source: str, lookups: Mapping[str, object]) -> str:
    if source == "contract" or source.startswith("contract."):
        return "From the contract"
    if source == "run":
        return "Of this run"
    lookup = lookups.get(source)
    table = lookup.get("from") if isinstance(lookup, Mapping) else None
    if not isinstance(table, str):
        return f"Looked up ({label(source).lower()})"
    origin = (
        "the contract's prices" if table == "contract.prices" else table.replace("_", " ").replace(".", " ")
    )
    return f"Looked up in {origin} ({label(source).lower()})"
