"""Whether a vote lies further from the agreed answer than a session tolerates, question by question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qa.policies import section_keys

SEVERITIES = ("low", "medium", "high", "critical")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a case, as far as sessions compare it."""

    verdict: str
    section_key: str = section_keys.NONE
    action: str | None = None
    severity: str | None = None


def deviations(vote: Answer, agreed: Answer, tolerance: Mapping[str, str], ladder: Mapping[str, int]) -> list[str]:
    """The questions on which *vote* differs from *agreed* by more than is tolerated, of verdict, section, action and
    severity. Beside another verdict nothing else is compared; what one of the two left open is no difference.

    *ladder*: action -> its step.

    >>> deviations(Answer("violates", "a/b"), Answer("violates", "a/c"), {"section": "policy"}, {})
    []
    >>> deviations(Answer("no_violation"), Answer("violates", "a/c"), {}, {})
    ['verdict']
    """
    if vote.verdict != agreed.verdict:
        return ["verdict"]
    found = []
    if _section_differs(vote.section_key, agreed.section_key, tolerance.get("section", "exact")):
        found.append("section")
    steps = {key: place for place, key in enumerate(SEVERITIES)}
    for question, one, other, order in (
        ("action", vote.action, agreed.action, ladder),
        ("severity", vote.severity, agreed.severity, steps),
    ):
        if one is not None and other is not None and _differs(one, other, tolerance.get(question, "ignored"), order):
            found.append(question)
    return found


def _section_differs(one: str, other: str, tolerated: str) -> bool:
    if tolerated == "ignored" or section_keys.same(one, other):
        return False
    return tolerated == "exact" or section_keys.policy_of(one) != section_keys.policy_of(other)


def _differs(one: str, other: str, tolerated: str, order: Mapping[str, int]) -> bool:
    if tolerated == "ignored" or one == other:
        return False
    if tolerated == "step" and one in order and other in order:
        return abs(order[one] - order[other]) > 1
    return True
