"""Managers answer alerts: of a single critical error they talk with the agent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from calibration.models.signals import CorrectiveAction, Signal
from calibration.signals import signals
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from training.demo.sittings import Room
from training.world.people import MANAGES, agents


def answer_alerts(room: Room, moment: datetime) -> None:
    """Take every alert of a critical error in hand and coach; what is planted to wait is left alone."""
    left = room.critical_case()
    query = select(Signal.public_id, Signal.agent_id, Signal.evidence)
    query = query.where(Signal.kind == "critical", Signal.state == "raised").order_by(Signal.id)
    waiting = [row for row in db.session.execute(query) if left not in row.evidence["cases"]]
    db.session.rollback()
    with clock.fixed(moment):
        for row in waiting:
            lead = _lead(room, row.agent_id)
            write(lambda one=row.public_id, who=lead: _coach(who, one))


def _coach(lead: Actor, signal: str) -> CorrectiveAction:
    signals.own(lead, signal)
    asked = signals.act(lead, signal, "coaching", reason="We read the section together, with the case beside it.")
    signals.report(lead, asked.public_id, state="done")
    return signals.report(lead, asked.public_id, state="closed", result="talked over")


def _lead(room: Room, agent_id: int) -> Actor:
    name = next(name for name, actor in room.cast.items() if actor.id == agent_id)
    team = next(agent.team.name for agent in agents() if agent.id == name)
    return room.cast[next(lead for lead, led in MANAGES.items() if team in led)]
