"""What is true of a case, and what an agent makes of it."""

import random
from dataclasses import dataclass

from training.world.catalogue import ACTIONS, NO_VIOLATION_ACTION, SECTIONS, right_action, sections_of

#: Of wrong answers to a violation, the share that misses it; the rest picks a neighbouring section.
SHARE_MISSED = 0.45
SHARE_MISSED_IN_DROP = 0.65
SHARE_MISSED_IN_CLAUSE = 0.9
CONFIDENCE = ("high", "medium", "low")
CONFIDENCE_WHEN_RIGHT = (68, 25, 7)
CONFIDENCE_WHEN_WRONG = (45, 35, 20)


@dataclass(frozen=True, slots=True)
class Truth:
    """The known answer to a case of the demonstration world; no row of a file holds it."""

    case_id: str
    workflow: str
    verdict: str
    #: Full section key in the version of the day; None when nothing is violated.
    section: str | None
    action: str
    #: The section that the text was written for; with no violation, the one whose Excludes it matches.
    about: str
    #: Code of the clause (`OP1.a`), empty when nothing is violated.
    clause: str
    slug: str
    version: int
    #: Strikes of the last 90 days as the text states them; 0 where it states none.
    strikes: int
    #: 1..20
    week: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict with what belongs to it."""

    verdict: str
    section: str | None
    action: str
    confidence: str


def right_answer(rng: random.Random, truth: Truth) -> Answer:
    """The true answer, with the confidence that somebody who knows has."""
    return Answer(truth.verdict, truth.section, truth.action, _confidence(rng, CONFIDENCE_WHEN_RIGHT))


def wrong_answer(rng: random.Random, truth: Truth, *, share_missed: float = SHARE_MISSED) -> Answer:
    """A plausible wrong answer at the level of policy: missed, over-enforced, or the wrong section."""
    section = _wrong_section(rng, truth, share_missed)
    if section is None:
        action = NO_VIOLATION_ACTION[truth.workflow]
    else:
        action = right_action(truth.workflow, section, clause="", strikes=truth.strikes)
    verdict = "no_violation" if section is None else "violates"
    return Answer(verdict, section, action, _confidence(rng, CONFIDENCE_WHEN_WRONG))


def wrong_action(rng: random.Random, truth: Truth) -> Answer:
    """The right section with a neighbouring action; the truth itself where the verdict leaves only one action."""
    rank = next(known.rank for known in ACTIONS if (known.workflow, known.key) == (truth.workflow, truth.action))
    others = [
        action.key
        for action in ACTIONS
        if action.workflow == truth.workflow and action.means == truth.verdict and abs(action.rank - rank) == 1
    ]
    action = rng.choice(others) if others else truth.action
    return Answer(truth.verdict, truth.section, action, _confidence(rng, CONFIDENCE_WHEN_WRONG))


def matches(row: dict[str, str], truth: Truth, *, level: str) -> bool:
    """Whether the decision in a row of the cases file matches the truth at *level* (verdict, policy, action)."""
    decided = None if row["decided_policy"] == "none" else row["decided_policy"]
    if level == "verdict":
        return (decided is None) == (truth.section is None)
    if level == "policy":
        return decided == truth.section
    if level == "action":
        return decided == truth.section and row["action"] == truth.action
    raise ValueError(f"{level!r} is no level; expected verdict, policy or action")


def _wrong_section(rng: random.Random, truth: Truth, share_missed: float) -> str | None:
    possible = {facts.key for facts in sections_of(truth.workflow)}
    if truth.section is None:
        return truth.about if truth.about in possible else rng.choice(sorted(possible))
    if rng.random() < share_missed:
        return None
    near = [key for key in SECTIONS[truth.section].confused_with if key in possible]
    return rng.choice(near) if near else None


def _confidence(rng: random.Random, weights: tuple[int, ...]) -> str:
    return rng.choices(CONFIDENCE, weights)[0]
