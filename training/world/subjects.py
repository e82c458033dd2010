"""Which cases come to whom in a week, and which of them go wrong."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from training.world.catalogue import SECTIONS, SectionFacts, sections_of
from training.world.chance import share, stream
from training.world.decisions import Truth
from training.world.people import Agent
from training.world.planted import PLANTED, WEEKS

#: An ordinary agent's error rate at the level of policy lies between these, the same in every week and policy.
LOWEST_RATE, HIGHEST_RATE = 0.028, 0.042
#: Share of cases with the right section and a wrong action, on top.
ACTION_SLIPS = 0.015
#: Share of cases that were reported under a neighbouring policy.
MISREPORTED = 0.08
#: Share of the cases about a section that violate it.
SHARE_VIOLATING = {"abuse_report": 0.62, "escalation": 0.66, "legal_request": 0.5}
SHARE_VIOLATING_IN_CLAUSE = 0.75
#: Cases a week of an ordinary agent in the small world; drawn evenly.
WEEKLY = (11, 12, 12, 13, 13, 13)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a case will be about."""

    workflow: str
    facts: SectionFacts
    violates: bool
    reported_policy: str


def agent_rate(seed: int, agent_id: str) -> float:
    """The error rate of an ordinary agent."""
    return LOWEST_RATE + (HIGHEST_RATE - LOWEST_RATE) * share(seed, "rate", agent_id)


def subjects(seed: int, agent: Agent, week: int, *, scale: int) -> list[Subject]:
    """The cases that *agent* closes in *week*, in the order of closing; *scale* multiplies ordinary volumes."""
    rng = stream(seed, "subjects", agent.id, week)
    if agent.id == PLANTED.drop.agent_id:
        half = PLANTED.drop.cases_a_week // 2
        found = [_in_drop(rng) for _ in range(half)] + [_special(rng) for _ in range(half)]
        rng.shuffle(found)
        return found
    if agent.id == PLANTED.bad_luck.agent_id:
        return [_special(rng) for _ in range(PLANTED.bad_luck.cases_a_week)]
    return [_ordinary(rng, agent) for _ in range(rng.choice(WEEKLY) * scale)]


def unlucky_slots(seed: int) -> dict[int, tuple[int, ...]]:
    """The errors of the agent with bad luck: week to places in the week, from 0."""
    luck = PLANTED.bad_luck
    rng = stream(seed, "bad luck")
    others = [week for week in range(1, WEEKS + 1) if abs(week - luck.week) > 1]
    found = {week: (rng.randrange(luck.cases_a_week),) for week in rng.sample(others, luck.errors_elsewhere)}
    places = rng.sample(range(luck.cases_a_week), luck.errors_in_week)
    return found | {luck.week: tuple(sorted(places))}


def drop_errors(seed: int) -> Iterator[bool]:
    """Whether the next case of the dropping agent in the policy is wrong: six of every ten, in shuffled tens."""
    ten = 0
    while True:
        wrong = [place < PLANTED.drop.errors_in_ten for place in range(10)]
        stream(seed, "drop", ten).shuffle(wrong)
        yield from wrong
        ten += 1


def is_misread(truth: Truth) -> bool:
    """Whether a case lies in the clause that everybody misreads."""
    return truth.section == PLANTED.misread.section


def _in_drop(rng: random.Random) -> Subject:
    facts = SECTIONS[PLANTED.drop.play_key]
    return Subject("abuse_report", facts, rng.random() < 0.7, facts.play_key)


def _special(rng: random.Random) -> Subject:
    """A case for an agent of a planted fact: neither the dropping policy nor the misread clause."""
    spared = (PLANTED.drop.play_key, PLANTED.misread.section)
    known = [facts for facts in sections_of("abuse_report") if facts.key not in spared]
    facts = rng.choices(known, [one.weight for one in known])[0]
    return Subject("abuse_report", facts, rng.random() < SHARE_VIOLATING["abuse_report"], facts.play_key)


def _ordinary(rng: random.Random, agent: Agent) -> Subject:
    dice = rng.random()
    if dice < agent.share_legal:
        workflow = "legal_request"
    elif dice < agent.share_legal + agent.share_escalations:
        workflow = "escalation"
    else:
        workflow = "abuse_report"
    known = sections_of(workflow)
    facts = rng.choices(known, [one.weight for one in known])[0]
    in_clause = facts.key == PLANTED.misread.section
    violates = rng.random() < (SHARE_VIOLATING_IN_CLAUSE if in_clause else SHARE_VIOLATING[workflow])
    reported = facts.play_key
    if rng.random() < MISREPORTED:
        reported = SECTIONS[rng.choice(facts.confused_with)].play_key
    return Subject(workflow, facts, violates, reported)
