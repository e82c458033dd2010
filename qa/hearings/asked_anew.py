"""A hearing that stops halfway: who looked blind and then does not rule makes room for somebody else.

A dispute climbs a step instead (`climbing`); an adjudication and a challenge have none above them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from qa.core import audit, clock
from qa.core.access import SYSTEM
from qa.core.db import db
from qa.core.leave import days_off
from qa.core.models import Person
from qa.grading import asking
from qa.hearings import challenges
from qa.models.grading import Adjudication, Grade, Task
from qa.models.truth import Challenge

#: Working days after the blind look within which somebody is to rule.
RULE_DAYS = 3


def ask_anew() -> int:
    """Ask somebody else where a ruling was not given in time, or whoever looked is not here any more; how many."""
    rulings = _lying(Adjudication, Adjudication.person_id, Adjudication.state == "committed")
    for ruling, _task_id in rulings:
        ruling.task_id = asking.ask_another(ruling.case_id, "adjudication", "adjudicate")
        ruling.state, ruling.person_id, ruling.shown = "waiting", None, None
        audit.note(SYSTEM, "asked_anew", "adjudication", ruling.public_id)
    heard = _lying(Challenge, Challenge.decider_id, Challenge.state == "argument_read")
    for challenge, task_id in heard:
        challenge.task_id = challenges.ask_for_look(challenge.case_id)
        challenge.state, challenge.decider_id = "blind_look", None
        # Its reveal waited for a decision that will not be theirs.
        db.session.execute(update(Task).where(Task.id == task_id).values(reveal_after=clock.now()))
        audit.note(SYSTEM, "asked_anew", "challenge", challenge.public_id)
    db.session.flush()
    return len(rulings) + len(heard)


def _lying(kind: Any, who: Any, *half_done: Any) -> Sequence[Any]:
    """(what is half done, the look's inside number) of whatever lay too long, or will lie for ever."""
    query = select(kind, Grade.task_id, Grade.committed_at, Person.active)
    query = query.join(Grade, Grade.task_id == kind.task_id).join(Person, Person.id == who)
    rows = db.session.execute(query.where(*half_done, Grade.committed_at.is_not(None)).order_by(kind.id)).all()
    return [
        (row[0], row.task_id)
        for row in rows
        if not row.active or days_off.working_days_after(None, row.committed_at, RULE_DAYS) < clock.now()
    ]
