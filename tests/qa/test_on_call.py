"""The rota: shifts first, then whoever has the skill, then those who lead."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core import clock, jobs
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput
from qa.danger import danger, on_call
from qa.models.danger import Danger, DangerCall
from tests import factories
from tests.desk import Desk
from tests.factories import browser


def test_the_rota_goes_by_shifts_then_by_skill_then_by_leads_who_do_not_grade(sqlite_app: Flask) -> None:
    desk = Desk(graders=0)
    both = factories.actor("manager", "reviewer", manages=None, name="Aa lead who grades")
    skilled = [factories.actor("manager", skills=["on_call"], manages=None, name=name) for name in ("X", "Y", "Z")]
    now = clock.now()
    for who, place in ((skilled[2], 2), (skilled[1], 1)):
        write(lambda who=who, place=place: on_call.add_shift(
            desk.manager, person_id=who.public_id, from_at=now, to_at=now + timedelta(hours=8), place=place
        ))  # fmt: skip

    during = [one.name for one in on_call.rota()]
    with clock.fixed(now + timedelta(hours=8)):
        after_it = [one.name for one in on_call.rota()]

    assert during[:3] == ["Y", "Z", "X"]
    assert after_it[:3] == ["X", "Y", "Z"]
    assert during[-1] == both.name


def test_a_shift_needs_somebody_with_the_skill_and_an_end_to_come(sqlite_app: Flask) -> None:
    desk = Desk(graders=0)
    yesterday = clock.now() - timedelta(days=1)

    with pytest.raises(BadInput) as refused:
        write(lambda: on_call.add_shift(
            desk.manager, person_id=desk.manager.public_id, from_at=yesterday, to_at=yesterday, place=1
        ))  # fmt: skip

    assert [one.field for one in refused.value.problems] == ["person", "to_at", "to_at"]


def test_a_test_call_that_nobody_answers_ends_and_says_so(sqlite_app: Flask) -> None:
    lead = factories.actor("manager", skills=["on_call"], manages=None, name="A")
    other = factories.actor("manager", manages=None, name="B")
    report = write(lambda: danger.call_as_test(lead))
    for minutes in (11, 22, 33):
        with clock.fixed(clock.now() + timedelta(minutes=minutes)):
            write(lambda: jobs.enqueue(SYSTEM, "danger.climb"))
            jobs.run_due()
    db.session.rollback()

    row = db.session.scalars(select(Danger)).one()
    page = browser(sqlite_app, lead).get(f"/on-call/{report}").text
    called = list(db.session.scalars(select(DangerCall.person_id).order_by(DangerCall.id)))
    assert (row.state, row.ended, called) == ("closed", "Nobody answered.", [lead.id, other.id])
    assert "Nobody answered." in page and "I look after it" not in page
