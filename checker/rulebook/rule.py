"""A checked rule, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Posture = Literal["correction", "dispute", "negotiated_give", "onward", "relationship", "guardrail"]
Severity = Literal["low", "medium", "high", "critical"]
Confidence = Literal["certain", "indicative"]
Status = Literal["draft", "trial", "active", "deprecated"]

SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high", "critical")


@dataclass(frozen=True, slots=True)
class Reference:
    """A document that a rule rests on."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimTerms:
    """Which window bounds the claim, and the name of the date that it counts from."""

    window: str
    incident: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What people read of a rule. What the engine runs is made from it by `checker.rulebook.checked`."""

    id: str
    name: str
    title: str
    requirement: str
    family: str
    posture: Posture
    severity: Severity
    status: Status
    confidence: Confidence
    revision: int
    owner: str
    references: tuple[Reference, ...]
    benign_when: tuple[str, ...]
    claim: ClaimTerms | None
    supersedes: tuple[str, ...]
    tags: tuple[str, ...]
    file: str
    hash: str
    logic: Mapping[str, object]
    """The rule's own text of each/where/with/let/must/amount, for people to read."""
