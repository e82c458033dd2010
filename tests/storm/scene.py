"""A queue of cases to grade, put together in bulk, and graders who are signed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle

from flask import Flask, current_app
from sqlalchemy import insert

from qa.core import clock, preferences
from qa.core.access import SYSTEM, Actor
from qa.core.columns import new_public_id
from qa.core.db import db, write
from qa.grading import queue, workflows
from qa.models.cases import CaseText, ClosedCase
from qa.models.plans import DrawCase
from qa.models.truth import Settlement
from qa.policies import queries as policy_queries
from qa.tallies import tallies
from tests import factories
from tests.desk import Desk

DECIDED = "conduct/threats"
#: So many of the graders decided some of the cases themselves: they must never be given those.
AGENTS_TOO = 3


@dataclass(frozen=True)
class Seat:
    """A grader, and the cookie of the sitting."""

    actor: Actor
    cookie: str


@dataclass(frozen=True)
class Scene:
    """What a storm breaks over; *planned*: how many looks each case is to get."""

    planned: dict[int, int]
    seats: list[Seat]


def build(planned: Sequence[int], graders: int, *, portion: int = 500) -> Scene:
    """A drawn case for each number of looks in *planned*, and *graders* people who may take *portion* tasks a day."""
    desk = Desk(graders=graders)
    write(lambda: preferences.put(SYSTEM, "daily_portion", portion))
    deciders = [desk.agent, *desk.graders[:AGENTS_TOO]]
    waiting = write(lambda: _queue_up(desk, planned, [one.id for one in deciders if one.id is not None]))
    app = current_app._get_current_object()
    return Scene(waiting, [Seat(one, _cookie(app, one)) for one in desk.graders])


def _queue_up(desk: Desk, planned: Sequence[int], deciders: list[int]) -> dict[int, int]:
    now = clock.now()
    closed = now - timedelta(days=3)
    section = policy_queries.section(DECIDED, closed.date())
    assert section is not None
    same = {
        "source": "test", "run_id": desk.run.id, "agent_team_id": desk.team.id, "decided_by": "person",
        "workflow": "abuse_report", "closed_at": closed, "decided_key": DECIDED, "action": "remove",
        "decided_section_id": section.id, "play_key": DECIDED, "evidence": {}, "withheld": {},
        "content_hash": "0" * 64,
    }  # fmt: skip
    rows = [
        {**same, "public_id": new_public_id(), "external_id": f"s{n}", "number": n, "agent_id": agent}
        for n, agent in zip(range(len(planned)), cycle(deciders), strict=False)
    ]
    ids = list(db.session.scalars(insert(ClosedCase).returning(ClosedCase.id, sort_by_parameter_order=True), rows))
    text = "They said that they would come to the door."
    db.session.execute(insert(CaseText), [{"case_id": one, "text": text} for one in ids])
    looks = dict(zip(ids, planned, strict=True))
    drawn = {"draw_id": desk.draw.id, "stratum_id": desk.stratum.id, "probability": 0.1, "tier": "all"}
    db.session.execute(insert(DrawCase), [{"case_id": one, "looks": looks[one], **drawn} for one in ids])
    open_ones = {"state": "open", "changed_at": now, "created_at": now}
    db.session.execute(insert(Settlement), [{"case_id": one, "looks_planned": looks[one], **open_ones} for one in ids])
    tallies.drawn(desk.draw.id)
    form = workflows.ensure("abuse_report").id
    wanted = [(one, "overlap" if again else "first") for one in ids for again in range(looks[one])]
    queue.add_tasks(
        [{"case_id": one, "workflow_id": form, "purpose": purpose} for one, purpose in wanted], release_at=now
    )
    return looks


def _cookie(app: Flask, who: Actor) -> str:
    client = factories.browser(app, who)
    kept = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert kept is not None
    return f"{kept.key}={kept.value}"
