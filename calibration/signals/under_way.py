"""What is being done about alerts and not over yet, for the board of open questions and actions."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from calibration.models.signals import CorrectiveAction, Signal
from calibration.queries import agents
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import Person
from qa.core.registries import OpenAction

KINDS = {"module": "Module", "coaching": "Coaching", "sampling": "More samples", "question": "Policy question"}
STATES = {"asked": "asked for", "under_way": "under way", "done": "done, to be checked", "checked": "checked"}
_DONE = ("done", "checked")


def open_actions(reader: Actor) -> Iterator[OpenAction]:
    """Actions about the agents whose alerts *reader* may act on, of alerts that have not ended."""
    if not reader.has("manager", "admin"):
        return
    led = agents.led_by(reader)
    query = (
        select(Signal.public_id, Signal.agent_id, CorrectiveAction, Person.name)
        .join(Signal, Signal.id == CorrectiveAction.signal_id)
        .outerjoin(Person, Person.id == CorrectiveAction.owner_id)
        .where(CorrectiveAction.state.in_(STATES), CorrectiveAction.kind.in_(KINDS), Signal.agent_id.in_(led))
        .where(Signal.state.in_(("raised", "owned", "acted_on")))
        .order_by(CorrectiveAction.id)
    )
    today = clock.now().date()
    for signal, agent_id, action, owner in db.session.execute(query):
        is_done = action.state in _DONE
        day = action.check_on if is_done else action.due_on
        is_late = day is not None and (day <= today if is_done else day < today)
        yield OpenAction(
            KINDS[action.kind], led[agent_id].name, f"/signals/{signal}", owner, STATES[action.state], day, is_late
        )
