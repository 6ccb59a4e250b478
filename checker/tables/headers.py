"""Names of columns: what makes two of them the same, and what an unknown one is called in the engine."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD_ENDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_IN_PARENTHESES = re.compile(r"\(([^()]+)\)\s*$")


def normal(name: str) -> str:
    """A name without case, blanks and signs.

    >>> normal("PCToBCExchangeRate") == normal("pc_to_bc_exchange_rate")
    True
    """
    return "".join(sign for sign in name.lower() if sign.isalnum())


def spellings(name: str) -> tuple[str, ...]:
    """What a header may mean: itself, or the English name that a localised file gives in parentheses.

    >>> spellings("Abonnement-GUID (SubscriptionGuid)")
    ('abonnementguidsubscriptionguid', 'subscriptionguid')
    """
    inner = _IN_PARENTHESES.search(name)
    return (normal(name), normal(inner[1])) if inner else (normal(name),)


def snake_case(name: str) -> str:
    """
    >>> snake_case("PublisherDiscount"), snake_case("ERP Price"), snake_case("x_InvoiceId")
    ('publisher_discount', 'erp_price', 'x_invoice_id')
    """
    words = re.sub(r"\W+", "_", _WORD_ENDS.sub("_", name.strip())).strip("_").lower()
    return re.sub(r"_+", "_", words) or "column"


def unique(names: Sequence[str], taken: Sequence[str] = ()) -> list[str]:
    """The names, each that was there before with a number behind it.

    >>> unique(["a", "b", "a"], ["b"])
    ['a', 'b_2', 'a_2']
    """
    seen = set(taken)
    made = []
    for name in names:
        candidate, count = name, 1
        while candidate in seen:
            count += 1
            candidate = f"{name}_{count}"
        seen.add(candidate)
        made.append(candidate)
    return made
