"""Paths: in an order, for whom they are meant, with days of their own, policy changes first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Refused
from qa.core.models import Person, Team
from tests import factories
from tests.training.school import MISLABELLED, PUSHY, UNSAFE, School
from training.models.learning import Assignment, AssignmentCause
from training.models.modules import ModuleVersion
from training.models.paths import PathPlace, TrainingPath
from training.paths import paths, walking
from training.paths.paths import Step
from training.queries import paths as queries

TWO = (Step((PUSHY,), 5), Step((UNSAFE, MISLABELLED), 10))


@pytest.fixture
def school(sqlite_app: Flask) -> School:
    made = School()
    made.bank(12)
    return made


def begun(school: School, who: str, **given: object) -> str:
    """A path that the lead began, and what the job made of it."""
    values = {"title": "New rules", "kind": "process", "why": "The form changed.", "steps": TWO, **given}
    public_id = write(lambda: paths.create(school.manager, who=who, **values))
    walking.follow(SYSTEM)
    return public_id


def given(person_id: int) -> list[Assignment]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Assignment).where(Assignment.person_id == person_id).order_by(Assignment.id)))


def ends(row: Assignment, state: str) -> None:
    row_id = row.id
    db.session.rollback()
    write(
        lambda: db.session.execute(
            update(Assignment).where(Assignment.id == row_id).values(state=state, ended_at=clock.now())
        )
    )
    walking.follow(SYSTEM)


def person(school: School) -> str:
    return f"person:{school.agent.public_id}"


def test_the_next_step_opens_when_the_one_before_is_passed_and_the_last_ends_the_path(school: School) -> None:
    public_id = begun(school, person(school))
    first = given(school.agent.id)
    walking.follow(SYSTEM)
    still = given(school.agent.id)

    ends(still[0], "passed")
    second = given(school.agent.id)
    ends(second[1], "passed")

    assert len(first) == len(still) == 1 and len(second) == 2
    assert first[0].why == "Step 1 of “New rules”. The form changed."
    assert (first[0].due_on, second[1].due_on) == (date(2026, 11, 23), date(2026, 11, 30))
    assert db.session.scalars(select(PathPlace.state)).one() == "done"
    path = db.session.scalars(select(TrainingPath).where(TrainingPath.public_id == public_id)).one()
    assert [row.state for row in queries.walkers(school.manager, path.id)] == ["all passed"]


def test_a_training_that_a_talk_ended_opens_the_next_and_one_taken_back_ends_the_path(school: School) -> None:
    begun(school, "everybody")
    mine, others = given(school.agent.id), given(school.other.id)

    ends(mine[0], "closed")
    ends(others[0], "withdrawn")

    assert len(given(school.agent.id)) == 2 and len(given(school.other.id)) == 1
    assert sorted(db.session.scalars(select(PathPlace.state))) == ["ended", "open"]


def test_a_team_walks_it_without_those_of_other_teams(school: School) -> None:
    elsewhere = factories.actor("agent", team=factories.team("Elsewhere"), name="Agent Elsewhere")
    team = db.session.scalars(select(Team.public_id).where(Team.id == school.team.id)).one()

    begun(school, f"team:{team}")

    assert len(given(school.agent.id)) == len(given(school.other.id)) == 1
    assert given(elsewhere.id) == []


def test_whoever_starts_walks_it_with_days_from_the_first_day_at_work(school: School) -> None:
    agent_id, other_id = school.agent.id, school.other.id
    today = clock.now().date()

    def start() -> None:
        for person_id, days in ((agent_id, 3), (other_id, 400)):
            started = today - timedelta(days=days)
            db.session.execute(update(Person).where(Person.id == person_id).values(started_on=started))

    write(start)
    begun(school, "starters", kind="onboarding")
    with clock.fixed(clock.now() + timedelta(days=7)):
        new = factories.person("agent", team=school.team, name="Agent New")
        new_id = new.id
        write(
            lambda: db.session.execute(update(Person).where(Person.id == new_id).values(started_on=clock.now().date()))
        )
        walking.follow(SYSTEM)

    assert [row.due_on for row in given(agent_id)] == [date(2026, 11, 20)]
    assert given(other_id) == []
    assert [row.due_on for row in given(new_id)] == [date(2026, 11, 30)]
    causes = db.session.scalars(select(AssignmentCause.kind)).all()
    assert set(causes) == {"onboarding"}


def test_a_policy_change_comes_first_and_other_training_waits_a_week(school: School) -> None:
    begun(school, person(school), steps=(Step((PUSHY,), 5),))
    write(lambda: db.session.execute(update(ModuleVersion).values(minutes=30)))
    begun(school, person(school), kind="policy", title="New version", steps=(Step((UNSAFE,), 5),))

    other, change = given(school.agent.id)
    assert (other.due_on, change.due_on) == (date(2026, 11, 30), date(2026, 11, 23))


def test_an_ended_path_opens_nothing_more(school: School) -> None:
    public_id = begun(school, person(school))
    write(lambda: paths.end(school.manager, public_id))

    ends(given(school.agent.id)[0], "passed")

    assert len(given(school.agent.id)) == 1
    with pytest.raises(Refused):
        write(lambda: paths.end(school.manager, public_id))


def test_nobody_begins_a_path_for_whom_they_do_not_lead_or_sees_that_of_another(school: School) -> None:
    public_id = begun(school, person(school))
    stranger = factories.actor("manager", name="Somebody Else", manages=[factories.team("Elsewhere")])
    team = db.session.scalars(select(Team.public_id).where(Team.id == school.team.id)).one()

    for who in (person(school), f"team:{team}", f"starters:{team}", "starters", "person:" + "0" * 32):
        with pytest.raises(NotFound):
            write(lambda who=who: paths.create(stranger, title="x", kind="other", why="", who=who, steps=TWO))
    with pytest.raises(NotFound):
        paths.seen(stranger, public_id)


@pytest.mark.parametrize(
    "steps", [(), (Step((), 5),), (Step(("swapping/nowhere",), 5),), (Step((PUSHY,), 0),), (Step((PUSHY,), 5),) * 7]
)
def test_steps_name_sections_in_force_and_days(school: School, steps: tuple[Step, ...]) -> None:
    with pytest.raises(BadInput):
        write(lambda: paths.create(school.manager, title="x", kind="other", why="", who="everybody", steps=steps))


def test_the_agent_sees_the_own_path_and_a_lead_begins_one_on_a_page(school: School) -> None:
    lead = factories.browser(school.app, school.manager)
    answer = lead.send("/paths", {
        "title": "First weeks", "kind": "onboarding", "who": person(school), "why": "Welcome.",
        "first_sections": [PUSHY], "first_days": "5", "second_sections": [UNSAFE], "second_days": "10",
        "third_days": "5", "fourth_days": "5",
    })  # fmt: skip
    walking.follow(SYSTEM)

    assert answer.status_code == 302
    shown = lead.get(answer.location).get_data(as_text=True)
    assert "1 of 2" in shown and "Agent" in shown
    own = factories.browser(school.app, school.agent).get("/training").get_data(as_text=True)
    assert "Your path" in own and "opens when the one before is passed" in own
