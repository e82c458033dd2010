"""What the home shows of this room: the grader's day, the agent's results, what waits for a manager."""

from __future__ import annotations

from dataclasses import dataclass

from qa.core.access import Actor
from qa.queries import cases, grading, guesses, own_differences, results, reveals, rulings, scorecards, slips
from qa.queries.grading import Day


@dataclass(frozen=True, slots=True)
class GradingCard:
    """A grader's day, and what the own looks have left to write."""

    day: Day
    to_explain: list[tuple[str, str]]
    to_rule: list[rulings.Waiting]
    to_hear: list[tuple[str, str]]
    to_guess: list[tuple[str, str]]
    to_score: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ResultsCard:
    """An agent's published results."""

    total: int
    unread: int
    disputed: int


@dataclass(frozen=True, slots=True)
class LeadCard:
    """What waits for a lead."""

    differences: int
    need_a_person: int
    disputes: int
    slips: int


def lead_card(person: Actor) -> LeadCard:
    """How many differences and disputes are open, and what finds nobody."""
    return LeadCard(*cases.counts(person), slips=len(slips.waiting(person)))


def grading_card(person: Actor) -> GradingCard:
    """How far a grader is, and which settled differences wait for their explanation."""
    return GradingCard(
        grading.day(person),
        reveals.to_explain(person),
        rulings.waiting(person),
        own_differences.to_hear(person),
        guesses.waiting(person),
        scorecards.waiting(person),
    )


def results_card(person: Actor) -> ResultsCard:
    """How many own results are published, how many of them wait to be read."""
    return ResultsCard(*results.counts(person))
