"""What may be counted for a grader: looks that were planned at random, and what others alone say of the same case.

A look that a difference asked for is chosen by its outcome, and so is a ruling: only a third differing answer leads to
one. Counted together with the others they make a grader who is right in 90 of 100 cases look like 72.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from calibration.graders.scores import RULED, is_right, levels_of
from calibration.queries.looks import Look
from qa.grading.votes import AT_RANDOM
from qa.standing import Vote, matches


@dataclass(frozen=True, slots=True)
class Beside:
    """One look beside the others at the same case.

    `agrees`: the share of the other random looks that give the same answer, None without one. `right`: whether it is
    what two other votes say, None where these alone would not have settled the case. `ruled`: whether it is what a
    ruling says, None where there was none.
    """

    look: Look
    agrees: float | None
    right: bool | None
    ruled: bool | None


def beside(seen: Iterable[Look], match: str) -> Iterator[Beside]:
    """Every answer that was planned at random and whose workflow settles *match*."""
    by_case: dict[int, list[Look]] = {}
    for look in seen:
        if look.purpose in AT_RANDOM and look.vote.verdict != "cannot_tell" and match in look.levels:
            by_case.setdefault(look.case_id, []).append(look)
    for looks in by_case.values():
        for look in looks:
            yield _beside(look, [other for other in looks if other is not look] if len(looks) > 1 else (), match)


def _beside(look: Look, others: Sequence[Look], match: str) -> Beside:
    same = [answer(other.vote, match) == answer(look.vote, match) for other in others]
    agrees = sum(same) / len(same) if same else None
    if look.truth is None:
        return Beside(look, agrees, None, None)
    levels = levels_of(look, match)
    settled = bool(others) and sum(matches(vote, look.truth, levels) for vote in _beside_it(look, others)) >= 2
    ruled = look.basis in RULED
    if not settled and not ruled:
        return Beside(look, agrees, None, None)
    right = is_right(look, match)
    return Beside(look, agrees, right if settled else None, right or look.basis == "both_defensible" if ruled else None)


def _beside_it(look: Look, others: Sequence[Look]) -> list[Vote]:
    return [look.decision, *(other.vote for other in others)]


def answer(vote: Vote, match: str) -> tuple[str | None, ...]:
    """What a vote says at one level, as the page of agreement compares it."""
    if match == "verdict":
        return (vote.verdict,)
    return (vote.section_key,) if match == "policy" else (vote.section_key, vote.action)
