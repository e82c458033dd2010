"""An alert leads to one assignment, however often and in however many processes it is looked at."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from calibration.models.signals import CorrectiveAction
from qa.core import jobs, preferences
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Refused
from qa.core.models import Notice
from tests import factories
from tests.training.school import PUSHY, UNSAFE, School
from training import assigning, giving
from training.models.learning import Assignment, AssignmentCause
from training.models.modules import Module, SkillEvidence, SkillKey


@pytest.fixture
def school(sqlite_app: Flask) -> School:
    return School()


@pytest.fixture
def school_on_both(app: Flask) -> School:
    return School()


def number_of(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def action_state() -> str:
    db.session.rollback()
    return db.session.scalars(select(CorrectiveAction.state)).one()


def test_an_alert_leads_to_one_assignment_however_often_it_is_looked_at(school_on_both: School) -> None:
    school = school_on_both
    first = school.assigned()

    again = assigning.assign(SYSTEM)

    row = school.assignment(first)
    assert again == []
    assert (row.state, row.person_id, row.due_on) == ("assigned", school.agent.id, date(2026, 11, 23))
    assert "4 of 20 graded decisions" in row.why and "Pushy offers" in row.why
    assert action_state() == "under_way"


def test_everybody_whom_a_lead_looks_after_is_asked_at_once(school: School) -> None:
    count = write(lambda: giving.ask_for_all(school.manager, sections=[PUSHY], why="New rules."))

    db.session.rollback()
    asked = db.session.scalars(select(jobs.Job.args).where(jobs.Job.kind == giving.JOB_BY_HAND)).all()
    assert count == len(asked) == 2
    assert {one["person_id"] for one in asked} == {school.agent.id, school.other.id}


def test_an_alert_leads_to_one_assignment_in_four_threads_at_once(school_on_both: School) -> None:
    school = school_on_both
    school.bank(12)
    school.errors()
    school.signal()
    made: list[str] = []
    looked: list[bool] = []

    def look() -> None:
        with school.app.app_context():
            try:
                made.extend(assigning.assign(SYSTEM))
                looked.append(True)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(looked) == 4
    assert len(made) == 1
    assert (number_of(Assignment), number_of(AssignmentCause), number_of(Module)) == (1, 1, 1)


def test_the_agent_and_the_lead_are_told(school: School) -> None:
    address = school.assigned()

    told = {row.person_id: row for row in db.session.scalars(select(Notice))}

    assert told[school.agent.id].url == f"/training/{address}"
    assert "Agent Able was given training" in told[school.manager.id].line


def test_the_errors_become_evidence_on_the_skill(school: School) -> None:
    school.assigned()

    keys = db.session.execute(select(SkillKey.kind, SkillKey.section_key_a, SkillKey.side)).all()
    assert [tuple(key) for key in keys] == [("boundary", PUSHY, "prohibited")]
    assert number_of(SkillEvidence) == 4


def test_a_module_that_fits_is_used_again_and_a_second_alert_joins_the_open_assignment(school: School) -> None:
    first = school.assigned()
    school.signal()

    second = assigning.assign(SYSTEM)

    assert second == [first]
    assert (number_of(Assignment), number_of(AssignmentCause), number_of(Module)) == (1, 2, 1)


def test_a_module_without_a_full_form_waits_as_proposed_and_the_lead_is_told(school: School) -> None:
    school.errors(truth="conduct/insults")
    school.signal(sections=("conduct/insults",))

    (address,) = assigning.assign(SYSTEM)

    assert school.assignment(address).state == "proposed"
    line = db.session.scalars(select(Notice.line).where(Notice.person_id == school.manager.id)).one()
    assert "needs author items" in line
    with pytest.raises(Refused, match="author items"):
        write(lambda: giving.confirm(school.manager, address))


def test_the_setting_makes_the_lead_confirm_first(school: School) -> None:
    write(lambda: preferences.put(SYSTEM, "confirm_assignments", True))
    address = school.assigned()
    before = school.assignment(address).state

    write(lambda: giving.confirm(school.manager, address))

    assert (before, school.assignment(address).state) == ("proposed", "assigned")


def test_the_lead_withdraws_and_the_alert_does_not_assign_again(school: School) -> None:
    address = school.assigned()

    write(lambda: giving.withdraw(school.manager, address))

    assert school.assignment(address).state == "withdrawn"
    assert action_state() == "closed"
    assert assigning.assign(SYSTEM) == []
    with pytest.raises(Refused):
        write(lambda: giving.withdraw(school.manager, address))


def test_an_alert_that_was_dismissed_asks_for_nothing(school: School) -> None:
    school.errors()
    school.signal(state="dismissed")

    assert assigning.assign(SYSTEM) == []


def test_nobody_assigns_or_withdraws_beyond_the_teams_they_lead(school: School) -> None:
    address = school.assigned()
    elsewhere = factories.actor("manager", manages=[factories.team()])

    with pytest.raises(NotFound):
        write(lambda: giving.withdraw(elsewhere, address))
    with pytest.raises(NotFound):
        write(lambda: giving.ask_by_hand(
            elsewhere, person_id=school.agent.public_id, sections=[PUSHY], why="please"
        ))  # fmt: skip


def test_a_lead_asks_by_hand_and_a_job_builds_it(school: School) -> None:
    school.bank()
    write(lambda: giving.ask_by_hand(
        school.manager, person_id=school.agent.public_id, sections=[UNSAFE, PUSHY], why="You asked for it."
    ))  # fmt: skip

    jobs.run_due()

    db.session.rollback()
    row = db.session.scalars(select(Assignment)).one()
    assert (row.why, row.assigned_by_id, row.person_id) == ("You asked for it.", school.manager.id, school.agent.id)
    assert db.session.scalars(select(Module.focus)).one()["sections"] == [PUSHY, UNSAFE]


def test_sections_that_no_policy_in_force_has_are_refused(school: School) -> None:
    with pytest.raises(BadInput, match="sections of a policy in force"):
        write(lambda: giving.ask_by_hand(
            school.manager, person_id=school.agent.public_id, sections=["swapping/nothing"], why=""
        ))  # fmt: skip


def test_more_than_half_an_hour_a_week_waits_for_the_week_after(school: School) -> None:
    first = school.assignment(school.assigned())
    version_id = first.module_version_id
    for _ in range(6):
        factories.kept(Assignment(
            person_id=school.agent.id, module_version_id=version_id, due_on=first.due_on,
            assigned_at=first.assigned_at, state="assigned", why="",
        ))  # fmt: skip

    due = giving.due_on(school.agent.id, 10)

    assert due == date(2026, 11, 30)
