"""A plan may be paused, go on, and be retired; what it drew stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core import audit, clock, jobs
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import Refused
from qa.core.models import AuditEntry
from qa.models.plans import Draw
from qa.plans import deeds as plan_deeds
from qa.plans import plans
from tests import factories
from tests.desk import Desk
from tests.planned import fill, publish


@pytest.fixture
def address(sqlite_app: Flask) -> str:
    """The address of a plan that draws by itself each week."""
    desk = Desk(graders=1)
    fill(desk, 20)
    publish(schedule={"every": "week", "day": "monday", "zone": "UTC"}, size=10)
    jobs.run_due()
    return plans.named("Weekly").public_id


def moved(address: str, to: str) -> str:
    """The plan's state after it was moved."""
    write(lambda: plans.move(SYSTEM, address, to))
    return plans.by_public_id(address).state


def drawn_by(weeks: int) -> list[Draw]:
    """The plan's draws after the job of the schedule ran, some weeks on."""
    with clock.fixed(clock.now() + timedelta(days=7 * weeks, hours=1)):
        job = write(lambda: jobs.enqueue(SYSTEM, "plan.draw_due"))
        assert job is not None
        jobs.run(job.id)
    plan = plans.named("Weekly").id
    return list(db.session.scalars(select(Draw).where(Draw.plan_id == plan)))


def test_a_paused_plan_draws_nothing_and_then_all_that_was_framed_meanwhile(address: str) -> None:
    moved(address, "paused")
    during = drawn_by(weeks=1)
    with pytest.raises(Refused):
        write(lambda: plan_deeds.ask_for_draw(SYSTEM, address))

    moved(address, "live")
    after = drawn_by(weeks=2)

    assert during == []
    assert [(draw.window_from, draw.frame_size) for draw in after] == [(None, 20)]


def test_what_is_retired_stays_so_and_each_move_is_noted(address: str) -> None:
    for to in ("paused", "live", "retired"):
        moved(address, to)

    for to in ("live", "paused", "retired", "draft", ""):
        with pytest.raises(Refused):
            moved(address, to)

    noted = select(AuditEntry.detail).where(AuditEntry.verb == "moved", AuditEntry.object_kind == "plan")
    assert list(db.session.scalars(noted.order_by(AuditEntry.seq))) == [
        audit.canonical({"state": to}) for to in ("paused", "live", "retired")
    ]


def test_the_page_offers_what_can_be_done_from_where_the_plan_is(sqlite_app: Flask, address: str) -> None:
    lead = factories.browser(sqlite_app, factories.actor("manager", manages=None))
    reader = factories.browser(sqlite_app, factories.actor("observer"))

    live = lead.get(f"/plans/{address}").text
    paused = lead.send(f"/plans/{address}/state", {"state": "paused"}, follow_redirects=True).text
    read = reader.get(f"/plans/{address}").text
    retired = lead.send(f"/plans/{address}/state", {"state": "retired"}, follow_redirects=True).text

    assert "Pause" in live and "Draw sample" in live
    assert "Go on" in paused and "Draw sample" not in paused
    assert "Paused: nothing is drawn" in read and "Go on" not in read
    assert "Retired: nothing is drawn" in retired and "Go on" not in retired
