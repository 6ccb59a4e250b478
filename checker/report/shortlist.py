"""The largest claims of a stream in bounded memory, each currency ranked by itself."""

from __future__ import annotations

import heapq
from decimal import Decimal

from checker.claims.claim import Claim
from checker.rulebook.rule import SEVERITIES

_NOTHING = Decimal(0)
_Rank = tuple[Decimal, Decimal, int, int]


class Shortlist:
    """Keeps at most `limit` claims of each currency; `seen` counts all. Amounts of two currencies are never compared:
    the lists are taken in turn, first with first."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.seen = 0
        self._heaps: dict[str, list[tuple[_Rank, Claim]]] = {}

    def add(self, claim: Claim) -> None:
        self.seen += 1
        heap = self._heaps.setdefault(claim.finding.currency or "", [])
        entry = (_rank(claim), claim)
        if len(heap) < self.limit:
            heapq.heappush(heap, entry)
        elif heap and entry[0] > heap[0][0]:
            heapq.heapreplace(heap, entry)

    def claims(self) -> tuple[Claim, ...]:
        """Largest first, at most `limit` in all."""
        placed: list[tuple[bool, int, str, Claim]] = []
        for currency, heap in self._heaps.items():
            best = sorted(heap, key=lambda entry: entry[0], reverse=True)
            # What has no currency has no money, and comes after all that has.
            placed += [(not currency, place, currency, claim) for place, (_, claim) in enumerate(best)]
        placed.sort(key=lambda entry: entry[:3])
        return tuple(claim for *_, claim in placed[: self.limit])


def _rank(claim: Claim) -> _Rank:
    """By money first; the finding's number, which no two share, settles ties in the order of rules and lines."""
    finding = claim.finding
    counted = claim.owed or claim.coming or claim.favour or _NOTHING
    severity = SEVERITIES.index(finding.rule.severity)
    return abs(counted), abs(finding.amount or _NOTHING), severity, -finding.number
