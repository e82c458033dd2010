"""The person or the clause? Where others misread a clause too, or graders disagree on it, its owner is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from calibration.agreeing import Answers
from calibration.queries.stream_columns import Columns, IntArray, Met
from calibration.stats.baseline import FEWEST_CASES_OF_OTHERS, FEWEST_OTHERS, policy_question
from calibration.stats.intervals import clopper_pearson
from qa.policies import section_keys
from qa.queries.voted import Voted

#: Chance that a scan over all clauses asks about one that nobody misreads more than the target allows.
FALSE_QUESTION = 0.10
#: Fewer grades that name a clause say nothing about how far graders agree on it: where it is hardly ever the answer,
#: two or three slips alone bring specific agreement to nought.
FEWEST_NAMINGS = 20


@dataclass(frozen=True, slots=True)
class Matter:
    """One clause that somebody got wrong: whose matter it is, and the counts that say so."""

    section_key: str
    #: Errors of the person in question.
    own_errors: int
    others: int
    cases: int
    errors: int
    agreement_high: float | None
    #: Why it goes to the clause's owner; None where it is a person's matter.
    why: str | None

    def as_json(self) -> dict[str, Any]:
        """The matter as a signal keeps it."""
        return {
            "section": self.section_key,
            "own_errors": self.own_errors,
            "others": self.others,
            "cases": self.cases,
            "errors": self.errors,
            "agreement_high": self.agreement_high,
            "matter": "policy" if self.why else "person",
            "why": self.why,
        }


def got_wrong(row: Met) -> str:
    """The section that an error is about: the one that the settled decision names, else the one decided."""
    return row.truth_key if row.truth_key and row.truth_key != section_keys.NONE else row.decided_key


class Settled:
    """Settled cases of everybody, counted by the clauses that they concern and by agent.

    A case counts in the clause in play and in the one that the settled decision names. Never in the decided one alone:
    every wrong enforcement would count there, and no right "no violation".
    """

    def __init__(self, cases: Columns) -> None:
        known = cases.right >= 0
        self.words, self.code = cases.words, cases.code
        self.agent, self.wrong = cases.agent[known], cases.right[known] == 0
        play, truth, none = cases.play[known], cases.truth[known], cases.code.get(section_keys.NONE, -1)
        self.play = np.where(play == none, -1, play)
        self.truth = np.where((truth == none) | (truth == play) | (truth == 0), -1, truth)

    def clauses(self) -> list[str]:
        """Every clause that a case concerns, by its key."""
        found = set(np.unique(self.play).tolist()) | set(np.unique(self.truth).tolist())
        return sorted(self.words[code] for code in found - {-1})

    def of(self, key: str) -> tuple[IntArray, IntArray, IntArray]:
        """(agents who met the clause, ascending; their cases; their errors)."""
        code = self.code.get(key, -2)
        here = (self.play == code) | (self.truth == code)
        agents, place = np.unique(self.agent[here], return_inverse=True)
        cases = np.bincount(place, minlength=agents.size)
        return agents, cases, np.bincount(place[self.wrong[here]], minlength=agents.size)


def matters(
    errors: Sequence[Met],
    settled: Settled,
    *,
    agent_id: int,
    target: float,
    agreement: Mapping[str, float],
) -> list[Matter]:
    """Whose matter each clause among an agent's *errors* is, the most frequent first.

    *settled*: the settled cases of everybody in the same weeks. *agreement*: upper limit of the graders' specific
    agreement by clause, where enough grades name it.
    """
    wrong = Counter(got_wrong(row) for row in errors)
    found = []
    for key, count in sorted(wrong.items(), key=lambda item: (-item[1], item[0])):
        agents, met, failed = settled.of(key)
        others = agents != agent_id
        counts = int(others.sum()), int(met[others].sum()), int(failed[others].sum())
        high = agreement.get(key)
        why = policy_question(others=counts[0], cases=counts[1], errors=counts[2], target=target, agreement_high=high)
        found.append(Matter(key, count, *counts, high, why))
    return found


def misread_by_everybody(settled: Settled, *, target: float) -> list[Matter]:
    """Clauses that are misread whoever is left out: without the one with most errors the rest still err too often.

    The limit is exact and shared out over all clauses that are looked at, so that a scan asks a needless question in
    one of ten at most.
    """
    keys = settled.clauses()
    tail = FALSE_QUESTION / max(len(keys), 1)
    found = []
    for key in keys:
        agents, met, failed = settled.of(key)
        worst = int(np.lexsort((agents, failed))[-1])
        cases, errors = int(met.sum()), int(failed.sum())
        rest = cases - int(met[worst])
        if agents.size - 1 < FEWEST_OTHERS or rest < FEWEST_CASES_OF_OTHERS:
            continue
        low, _ = clopper_pearson(errors - int(failed[worst]), rest, level=1 - 2 * tail)
        if low > 1 - target:
            found.append(Matter(key, 0, int(agents.size), cases, errors, None, "others misread it"))
    return found


def grader_agreement(looks: Voted) -> dict[str, float]:
    """Upper limit of graders' specific agreement by clause, among cases with two looks that were planned at random."""
    found = Answers(looks, "policy").all.specific_highs(FEWEST_NAMINGS)
    return {clause: high for clause, high in found.items() if clause != section_keys.NONE}
