"""The person or the clause? Where others misread a clause too, or graders disagree on it, its owner is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from calibration.reliability import How, rated, report_of
from calibration.stats.baseline import FEWEST_CASES_OF_OTHERS, FEWEST_OTHERS, policy_question
from calibration.stats.intervals import clopper_pearson
from qa import section_keys
from qa.queries.measured import BlindVote, DrawnCase

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


def got_wrong(row: DrawnCase) -> str:
    """The section that an error is about: the one that the settled decision names, else the one decided."""
    return row.truth_key if row.truth_key and row.truth_key != section_keys.NONE else row.decided_key


def concerns(row: DrawnCase) -> set[str]:
    """The clauses whose error rate a settled case counts in: in play, or named by the settled decision.

    Never the decided one alone: every wrong enforcement would count there, and no right "no violation".
    """
    return {row.play_key, row.truth_key or section_keys.NONE} - {section_keys.NONE}


def settled_on(rows: Iterable[DrawnCase], level: str) -> list[DrawnCase]:
    """Each case once, where *level* is settled."""
    return list({row.case_id: row for row in rows if row.state == "settled" and row.right(level) is not None}.values())


def matters(
    errors: Sequence[DrawnCase],
    settled: Sequence[DrawnCase],
    *,
    agent_id: int,
    level: str,
    target: float,
    agreement: Mapping[str, float],
) -> list[Matter]:
    """Whose matter each clause among an agent's *errors* is, the most frequent first.

    *settled*: the settled cases of everybody in the same weeks. *agreement*: upper limit of the graders' specific
    agreement by clause, where enough grades name it.
    """
    wrong = Counter(got_wrong(row) for row in errors)
    cases: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    people: dict[str, set[int]] = {key: set() for key in wrong}
    for row in settled:
        if row.agent_id == agent_id:
            continue
        for key in concerns(row) & wrong.keys():
            cases[key] += 1
            failed[key] += not row.right(level)
            people[key].add(row.agent_id)
    found = []
    for key, count in sorted(wrong.items(), key=lambda item: (-item[1], item[0])):
        high = agreement.get(key)
        why = policy_question(
            others=len(people[key]), cases=cases[key], errors=failed[key], target=target, agreement_high=high
        )
        found.append(Matter(key, count, len(people[key]), cases[key], failed[key], high, why))
    return found


def misread_by_everybody(settled: Sequence[DrawnCase], *, level: str, target: float) -> list[Matter]:
    """Clauses that are misread whoever is left out: without the one with most errors the rest still err too often.

    The limit is exact and shared out over all clauses that are looked at, so that a scan asks a needless question in
    one of ten at most.
    """
    cases: dict[str, Counter[int]] = {}
    failed: dict[str, Counter[int]] = {}
    for row in settled:
        for key in concerns(row):
            cases.setdefault(key, Counter())[row.agent_id] += 1
            failed.setdefault(key, Counter())[row.agent_id] += not row.right(level)
    tail = FALSE_QUESTION / max(len(cases), 1)
    found = []
    for key in sorted(cases):
        worst = max(cases[key], key=lambda agent: (failed[key][agent], agent))
        others = len(cases[key]) - 1
        met, wrong = cases[key].total() - cases[key][worst], failed[key].total() - failed[key][worst]
        if others < FEWEST_OTHERS or met < FEWEST_CASES_OF_OTHERS:
            continue
        low, _ = clopper_pearson(wrong, met, level=1 - 2 * tail)
        if low > 1 - target:
            found.append(Matter(key, 0, others + 1, cases[key].total(), failed[key].total(), None, "others misread it"))
    return found


def grader_agreement(votes: Iterable[BlindVote]) -> dict[str, float]:
    """Upper limit of graders' specific agreement by clause, among cases with two looks that were planned at random."""
    ratings = rated(votes, "policy")
    if len(ratings) == 0:
        return {}
    report = report_of(ratings, How())
    return {
        row["category"]: row["specific_agreement_high"]
        for row in report["by_category"]
        if row["n"] >= FEWEST_NAMINGS and row["specific_agreement_high"] is not None
        and row["category"] != section_keys.NONE
    }  # fmt: skip
