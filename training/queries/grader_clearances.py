"""Clearances of graders: which workflows they grade or are meant to grade, and what speaks against it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select

from calibration import periods
from calibration.graders import page
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import Skill
from qa.models.cases import ClosedCase
from qa.models.grading import Task
from qa.models.practice import Practice

#: States of a look that was given.
GIVEN = ("graded", "committed", "revealed", "done")


def works(people: Collection[int], days: timedelta) -> set[tuple[int, str]]:
    """(person, workflow) of those who graded in it lately, or have it among their skills."""
    since = clock.now() - days
    graded = (
        select(Task.person_id, ClosedCase.workflow)
        .join(ClosedCase, ClosedCase.id == Task.case_id)
        .where(Task.person_id.in_(people), Task.state.in_(GIVEN), Task.held_at >= since)
    )
    meant = select(Skill.person_id, Skill.value).where(Skill.kind == "workflow", Skill.person_id.in_(people))
    rows = [*db.session.execute(graded.distinct()), *db.session.execute(meant)]
    return {(int(person_id), str(workflow)) for person_id, workflow in rows if workflow}


def against(actor: Actor, people: Collection[int]) -> dict[int, list[str]]:
    """What speaks against a grader, as far as *actor* may know: off calibration, or still practising."""
    found: dict[int, list[str]] = defaultdict(list)
    for line in page.graders(actor, periods.period()).lines:
        if line.grader.id in people and line.off:
            found[line.grader.id].append("off calibration")
    practising = select(Practice.person_id).where(Practice.person_id.in_(people), Practice.state != "ready")
    for person_id in db.session.scalars(practising):
        found[person_id].append("still practises")
    return found
