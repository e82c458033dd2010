"""Requests for leave in the world of the matrix: a lead decides those of the own team, everybody takes back the own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from qa.core import clock
from qa.core.db import write
from qa.core.leave.models import LeaveRequest
from qa.core.models import Person
from tests import factories

NOBODY = "0123456789abcdef" * 2


def _asked(person: Person, days: int) -> dict[str, str]:
    """A request that waits."""
    on: date = clock.now().date() + timedelta(days=days)
    row = LeaveRequest(person_id=person.id, from_on=on, to_on=on, state="asked")
    return {"request_id": write(lambda: factories.kept(row)).public_id}


def to_decide(ids: Any, world: Any, persona: str) -> Any:
    """A manager leads Amber, an admin everybody."""
    waiting = world.once("leave", lambda: [_asked(one, 1) for one in (world.colleague, world.stranger)])
    led = 2 if persona == "admin" else 1
    return ids(open=waiting[:led], closed=waiting[led:], absent={"request_id": NOBODY})


def own(ids: Any, world: Any, persona: str) -> Any:
    """One's own, and that of somebody else."""
    mine = (
        world.once(f"own leave {persona}", lambda: _asked(world.people[persona], 2))
        if persona in world.people
        else None
    )
    theirs = world.once("leave of a stranger", lambda: _asked(world.stranger, 3))
    return ids(open=[mine] if mine else [], closed=[theirs], absent={"request_id": NOBODY})
