"""What the page of one agent shows: a few hundred cases, read from their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from calibration import accuracy, sentences
from calibration.accuracy import Rate
from calibration.overview import Line, by_value, expected_on
from calibration.periods import Period
from calibration.queries.agents import Agent
from qa.core import clock, preferences, released
from qa.policies import queries as policy_queries
from qa.queries import measured
from qa.queries.measured import DrawnCase


@dataclass(frozen=True, slots=True)
class Own:
    """One agent's figures."""

    agent: Agent
    period: Period
    target: float
    total: Rate | None
    policies: Sequence[Line]
    months: Sequence[Line]
    left_out: int
    expected_on: date | None


def own(agent: Agent, asked: Period, *, for_themselves: bool = False) -> Own:
    """The figures of one agent; for the agent as of the last release of results, like all that reaches them."""
    drawn, left_out = _drawn(asked, agent.id, released_only=for_themselves)
    total = accuracy.of_cases(drawn, match=asked.match, estimand=asked.estimand)
    by_month = accuracy.of_cases(drawn, by=("month",), match=asked.match, estimand=asked.estimand)
    months = [Line(rate.keys["month"], rate) for rate in by_month]
    known = total[0] if total else None
    weeks = max((asked.until - asked.since).days / 7, 1)
    return Own(
        agent, asked, float(preferences.get("target_accuracy")), known, _policies(drawn, asked), months,
        left_out, _expected(known, len(drawn) / weeks),
    )  # fmt: skip


def _policies(drawn: Sequence[DrawnCase], asked: Period) -> list[Line]:
    rates = accuracy.of_cases(drawn, by=("policy",), match=asked.match, estimand=asked.estimand)
    labels = policy_queries.labels([rate.keys["policy"] for rate in rates])
    lines = (
        Line(labels[key], rate, only={"policy": key}, expected_on=expected_on(rate, asked))
        for rate in rates
        for key in (rate.keys["policy"],)
    )
    return sorted(lines, key=by_value)


def _expected(rate: Rate | None, a_week: float) -> date | None:
    return sentences.expected_on(rate.figure.n if rate is not None else 0, a_week, clock.now().date())


def _drawn(asked: Period, agent_id: int, *, released_only: bool = False) -> tuple[list[DrawnCase], int]:
    """The drawn cases of the period in draws that are complete, and how many others there are."""
    since, until = asked.moments
    drawn = list(measured.drawn_cases(agent_id=agent_id, since=since, until=until))
    if released_only or asked.known_at is not None:
        last = released.last_release()
        drawn = [_still_open(row) if row.settled_at is not None and row.settled_at > last else row for row in drawn]
    complete = accuracy.finished(drawn)
    return complete, len(drawn) - len(complete)


def _still_open(row: DrawnCase) -> DrawnCase:
    """A case as it stood before its settlement was released."""
    return replace(row, state="open", right_verdict=None, right_policy=None, right_action=None)
