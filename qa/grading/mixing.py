"""What is put into the queues once a day, at the release hour, beside what plans draw: known-answer looks and the like.

Upper rooms register what they want mixed in; a grader cannot tell it from the rest.
"""

from __future__ import annotations

from sqlalchemy import select

from qa.core import clock, released
from qa.core.db import db
from qa.core.leave import days_off
from qa.core.models import Person
from qa.core.registries import registries
from qa.grading import queue
from qa.grading.called_in import is_called_in
from qa.grading.needs_person import is_grader
from qa.models.grading import MixedIn


def mix_in() -> int | None:
    """Ask the rooms above for their looks of this day, once; how many came, None where the day was done before."""
    day = released.last_release().date()
    if db.session.get(MixedIn, day) is not None:
        return None
    present = select(Person.id).where(is_grader(), days_off.at_work(), ~is_called_in()).order_by(Person.id)
    graders = list(db.session.scalars(present))
    wanted = [dict(one) for ask in registries().extra_tasks for one in ask(day, graders, db.session)]
    count = queue.add_tasks(wanted, release_at=clock.now())
    db.session.add(MixedIn(mixed_on=day, tasks=count))
    db.session.flush()
    return count
