"""What upper rooms mix into the queues: once a day, for graders at work, and like any other case on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from qa.core import clock
from qa.core.db import db, write
from qa.core.models import DayOff
from qa.core.registries import registries
from qa.grading import blind, mixing, workflows
from qa.models.grading import Task, TaskPurpose
from tests import factories
from tests.desk import Desk


def test_looks_are_asked_for_once_a_day_at_the_release_hour_and_wait_for_their_person(app: Flask) -> None:
    desk = Desk(graders=2)
    away = factories.actor("reviewer")
    factories.kept(DayOff(person_id=away.id, off_on=clock.now().date(), kind="leave"))
    case = desk.case()
    asked: list[tuple[date, list[int]]] = []

    def known_answers(day: date, graders: Sequence[int], _session: Any) -> Iterator[dict[str, Any]]:
        asked.append((day, list(graders)))
        if len(asked) == 1:
            form = workflows.ensure("abuse_report").id
            yield {"case_id": case.id, "workflow_id": form, "purpose": "gold", "person_id": desk.graders[1].id}

    registries().extra_tasks.append(known_answers)

    came = [write(mixing.mix_in), write(mixing.mix_in)]
    with clock.fixed(clock.now() + timedelta(days=1)):
        came.append(write(mixing.mix_in))
    other, theirs = (write(lambda who=who: blind.claim(who)) for who in desk.graders[:2])

    task, purpose = db.session.execute(select(Task, TaskPurpose.purpose).join(TaskPurpose)).one()
    assert came == [1, None, 0]
    assert [day for day, _ in asked] == [date(2026, 11, 16), date(2026, 11, 17)]
    assert away.id not in asked[0][1] and desk.graders[0].id in asked[0][1]
    assert (other, theirs, purpose) == (None, task.public_id, "gold")


def test_before_the_release_hour_the_day_is_still_yesterday(sqlite_app: Flask) -> None:
    Desk(graders=1)
    days: list[date] = []
    registries().extra_tasks.append(lambda day, _graders, _session: days.append(day) or ())

    with clock.fixed(clock.now().replace(hour=4)):
        write(mixing.mix_in)
    with clock.fixed(clock.now().replace(hour=5)):
        write(mixing.mix_in)

    assert days == [date(2026, 11, 15), date(2026, 11, 16)]
