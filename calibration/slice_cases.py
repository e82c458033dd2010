"""The cases behind a figure: what a slice of a period holds, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from calibration import summing, tallied
from calibration.paged import PAGE, Paged
from calibration.periods import Period
from calibration.queries import agents, alerts
from calibration.queries.agents import Agent
from calibration.queries.alerts import ErrorRow
from qa.core.access import Actor
from qa.policies import queries as policy_queries

#: What came out, and its number at one level: not settled there, wrong, right.
CAME = {"wrong": 1, "right": 2}
#: The errors on the verdict apart: what was enforced wrongly, and what was left alone wrongly.
APART = {"over": True, "missed": False}


@dataclass(frozen=True, slots=True)
class Behind(Paged):
    """A page of cases."""

    period: Period
    came: str
    agent: Agent | None
    rows: Sequence[ErrorRow]
    labels: Mapping[str, str]
    must_open: bool


def behind(actor: Actor, asked: Period, *, came: str = "", agent: str = "", first: int = 0) -> Behind:
    """The cases of agents that *actor* looks after, and what came out of those that *actor* may see.

    Raises NotFound for an agent of somebody else. Who may be given blind tasks is not told what came out by being
    shown only the wrong ones: for them a page holds all outcomes.
    """
    shown = agents.looked_after(actor)
    one = agents.may_open(actor, agent) if agent else None
    must_open = actor.can_be_given_blind_tasks
    since, until = asked.moments
    drawn, _ = tallied.period(since=since, until=until, known_at=asked.known_at)
    inside = np.isin(drawn.column("agent"), [one.id] if one else list(shown))
    narrowed = summing.members(drawn, asked.only)
    if narrowed is not None:
        inside &= narrowed
    inside &= drawn.settled & (drawn.level(asked.match) > 0)
    if came in CAME and not must_open:
        inside &= drawn.level(asked.match) == CAME[came]
    if came in APART and not must_open:
        inside &= (drawn.level("verdict") == CAME["wrong"]) & ((drawn.column("enforced") != 0) == APART[came])
    case_ids, places = np.unique(drawn.case[inside], return_index=True)
    newest = np.lexsort((-case_ids, -drawn.column("closed")[inside][places]))
    wanted = case_ids[newest][first : first + PAGE].tolist()
    rows = alerts.errors(wanted, viewer_id=actor.id, must_open=must_open)[::-1]
    keys = {key for row in rows for key in (row.decided_key, row.truth_key) if key}
    return Behind(
        case_ids.size, first, asked, came if not must_open else "", one, rows, policy_queries.labels(sorted(keys)),
        must_open,
    )  # fmt: skip
