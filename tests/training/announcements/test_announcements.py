"""Announcements: told to whom they concern, read and understood once, and who has not is a list."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.core import clock
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound
from qa.core.models import Notice, Team
from tests import factories
from tests.training.school import School
from training.announcements import announcements
from training.models.announcements import AnnouncementRead
from training.queries import announcements as queries

UNTIL = date(2026, 11, 20)


@pytest.fixture
def school(sqlite_app: Flask) -> School:
    return School()


def announced(school: School, **given: object) -> str:
    values = {"kind": "process", "title": "Handing over", "body": "In <b>writing</b>.\n\nEvery day.",
              "audience": "agents", "team": team_of(school), "due_on": UNTIL, **given}  # fmt: skip
    return write(lambda: announcements.announce(school.manager, **values))


def team_of(school: School) -> str:
    return db.session.scalars(select(Team.public_id).where(Team.id == school.team.id)).one()


def test_whom_it_concerns_is_told_and_nobody_else(school: School) -> None:
    factories.actor("agent", team=factories.team("Elsewhere"), name="Agent Elsewhere")
    grader = factories.actor("reviewer", team=school.team, name="Grader There")
    announced(school)
    to_all = announced(school, audience="both", team=None)

    told = select(Notice.person_id).where(Notice.kind == "announcement")
    first, second = (db.session.scalars(told.where(Notice.object_ref.startswith(ref[:32]))).all()
                     for ref in (queries.own(school.agent)[1].public_id, to_all))  # fmt: skip
    assert set(first) == {school.agent.id, school.other.id}
    assert grader.id in second and len(second) > 3
    assert queries.own(grader)[0].public_id == to_all


def test_read_and_understood_counts_once_and_the_list_of_who_has_not_shrinks(school: School) -> None:
    public_id = announced(school)
    row = queries.of_lead(school.manager, public_id)
    assert row is not None
    before = [one.name for one in queries.missing(row)]

    for _ in range(2):
        write(lambda: announcements.understood(school.agent, public_id))

    after = [one.name for one in queries.missing(queries.of_lead(school.manager, public_id))]
    assert sorted(before) == sorted([school.agent.name, school.other.name]) and after == [school.other.name]
    assert db.session.scalar(select(func.count(AnnouncementRead.id))) == 1
    assert queries.unread(school.agent) is None and queries.unread(school.other) is not None


def test_nobody_announces_to_a_team_that_they_do_not_lead_or_reads_what_is_not_theirs(school: School) -> None:
    elsewhere = factories.team("Elsewhere")
    stranger = factories.actor("manager", name="Somebody Else", manages=[elsewhere])
    agent = factories.actor("agent", team=elsewhere, name="Agent Elsewhere")
    public_id, team = announced(school), team_of(school)
    values = {"kind": "product", "title": "x", "body": "y", "audience": "both", "due_on": UNTIL}

    for one in (team, None, "0" * 32):
        with pytest.raises(NotFound):
            write(lambda one=one: announcements.announce(stranger, team=one, **values))
    with pytest.raises(NotFound):
        write(lambda: announcements.understood(agent, public_id))
    assert queries.of_lead(stranger, public_id) is None


@pytest.mark.parametrize("gap", [{"title": " "}, {"body": ""}, {"due_on": None}, {"due_on": date(2026, 11, 16)}])
def test_what_is_missing_is_said(school: School, gap: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        announced(school, **gap)


def test_pages_ask_keep_and_list_it_and_the_list_leaves_as_csv(school: School) -> None:
    lead, agent = (factories.browser(school.app, who) for who in (school.manager, school.agent))
    form = {"kind": "product", "title": "New queue", "body": "One <i>queue</i>.\n\nNo other.", "audience": "agents"}
    wrong = lead.send("/announcements", {**form, "team": team_of(school)})
    made = lead.send("/announcements", {**form, "team": team_of(school), "due_on": "2026-11-20"})

    home, shown = agent.get("/").text, agent.get(made.location).text
    agent.send(f"{made.location}/understood")
    led, csv = lead.get(made.location).text, lead.get(f"{made.location}/missing.csv").text

    assert (wrong.status_code, made.status_code) == (422, 302)
    assert "New queue" in home and "One &lt;i&gt;queue&lt;/i&gt;." in shown and "Read and understood" in shown
    assert "Who has not" not in shown and "1 of 2 have read" in led
    assert school.other.name in csv and school.agent.name not in csv
    assert agent.get(f"{made.location}/missing.csv").status_code == 404
    with clock.fixed(clock.now() + timedelta(days=9)):
        assert "overdue since" in factories.browser(school.app, school.other).get("/announcements").text
