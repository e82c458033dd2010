"""The one rule by which a decision stands: two matching votes, and more than any other answer has.

Pure: no database, no clock. Measured on 60 agents with graders at 4.2 % error: bias 0.09 points and a root mean square
error of 0.56, against -3.9 and 4.6 for a single grade.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.policies import section_keys

Level = Literal["verdict", "policy", "action"]
LEVELS: tuple[Level, ...] = ("verdict", "policy", "action")


@dataclass(frozen=True, slots=True)
class Vote:
    """One answer to a case: the agent's decision, or a committed grade. `verdict` "cannot_tell" counts for nothing."""

    verdict: str
    section_key: str = section_keys.NONE
    action: str | None = None
    #: The case's own decision, as against a grader's.
    is_decision: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What follows from the votes.

    `state`: "open" (planned looks are missing), "settled", "difference" (one more blind look is wanted),
    "adjudication" (all differ even so) or "ungradable" (two could not tell).
    """

    state: Literal["open", "settled", "difference", "adjudication", "ungradable"]
    answer: Vote | None = None
    basis: Literal["agreed", "majority"] | None = None


def matches(one: Vote, other: Vote, levels: Collection[str]) -> bool:
    """Whether two answers are the same on every one of *levels*; sections at the coarsest level that both recorded."""
    if one.verdict != other.verdict:
        return False
    if "policy" in levels and not section_keys.same(one.section_key, other.section_key):
        return False
    return "action" not in levels or one.action == other.action


def standing(votes: Sequence[Vote], looks_planned: int, levels: Collection[str]) -> Standing:
    """What stands after *votes*, of which the case's own decision is one.

    Once all planned looks are in, an answer stands that has two votes and more than any other. Otherwise one more
    blind look is added, and if nothing stands even then, it goes to adjudication. Votes that could not tell are looks,
    but no votes; two of them make the case ungradable unless an answer stands without them.

    >>> agent, same = Vote("violates", "a/b", is_decision=True), Vote("violates", "a/b")
    >>> standing([agent, same], 1, {"verdict", "policy"}).basis
    'agreed'
    >>> standing([agent, Vote("no_violation")], 1, {"verdict", "policy"}).state
    'difference'
    """
    looks = [vote for vote in votes if not vote.is_decision]
    if len(looks) < looks_planned:
        return Standing("open")
    counted = [vote for vote in votes if vote.verdict != "cannot_tell"]
    groups = _groups(counted, levels)
    if groups and len(groups[0]) >= 2 and (len(groups) == 1 or len(groups[0]) > len(groups[1])):
        agreed = len(groups) == 1 and len(counted) == len(votes)
        return Standing("settled", _finest(groups[0]), "agreed" if agreed else "majority")
    if len(votes) - len(counted) >= 2:
        return Standing("ungradable")
    return Standing("difference" if len(looks) <= looks_planned else "adjudication")


def _groups(votes: Sequence[Vote], levels: Collection[str]) -> list[list[Vote]]:
    """Votes that match each other, the largest group first.

    A vote that names only a policy matches every section of it, which is no equivalence: it joins the section that most
    others name. So the exact answers are grouped first, the coarse ones join the largest group that they match.
    """
    groups: list[list[Vote]] = []
    ordered = sorted(votes, key=lambda vote: section_keys.is_coarse(vote.section_key))
    for vote in ordered:
        fitting = [group for group in groups if matches(group[0], vote, levels)]
        if fitting:
            max(fitting, key=lambda group: (len(group), _bytes(group[0]))).append(vote)
        else:
            groups.append([vote])
    return sorted(groups, key=lambda group: (-len(group), _bytes(group[0])))


def _finest(group: Sequence[Vote]) -> Vote:
    """The answer of a group in its most exact form; of equals the decision's own, so nothing changes needlessly."""
    return min(
        group,
        key=lambda vote: (
            section_keys.is_coarse(vote.section_key),
            not vote.is_decision,
            vote.action is None,
            _bytes(vote),
        ),
    )


def _bytes(vote: Vote) -> bytes:
    return "\0".join((vote.verdict, vote.section_key, vote.action or "")).encode()
