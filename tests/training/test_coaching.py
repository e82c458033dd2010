"""Notes that only the two who talked can read, certificates that expire, and clearances that say why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from calibration.models.signals import CorrectiveAction, Signal
from qa.core import clock
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Refused
from qa.models.practice import Practice
from tests import factories
from tests.factories import browser
from tests.training.school import School
from tests.training.test_editing import failed_sitting
from training import certificates, coaching, giving
from training.models.learning import Assignment, Certificate
from training.queries import clearances
from training.queries import coaching as queries


@pytest.fixture
def school(sqlite_app: Flask) -> School:
    return School()


def passed(school: School) -> str:
    address = failed_sitting(school, wrong=0)
    assert school.assignment(address).state == "passed"
    return address


def test_a_note_is_read_by_the_two_alone_and_confirmed_by_the_agent_once(school: School) -> None:
    other_lead = factories.actor("manager", manages=None, name="Other lead")
    admin = factories.actor("admin")
    note = write(lambda: coaching.write_note(
        school.manager, person_id=school.agent.public_id, text="The bans on noise.", agreed="Read them again."
    ))  # fmt: skip

    seen = {
        who.name: len(queries.notes(who)) for who in (school.manager, school.agent, other_lead, admin, school.other)
    }
    write(lambda: coaching.confirm(school.agent, note))

    assert seen == {school.manager.name: 1, school.agent.name: 1, "Other lead": 0, admin.name: 0, school.other.name: 0}
    assert queries.notes(school.manager)[0].confirmed_at is not None
    with pytest.raises(Refused):
        write(lambda: coaching.confirm(school.agent, note))
    for stranger in (school.other, school.manager):
        with pytest.raises(NotFound):
            write(lambda stranger=stranger: coaching.confirm(stranger, note))


def test_a_note_is_about_somebody_whom_one_leads_and_about_their_own_training(school: School) -> None:
    address = school.given()
    elsewhere = factories.actor("agent")
    lead = factories.actor("manager", manages=[school.team])

    with pytest.raises(NotFound):
        write(lambda: coaching.write_note(lead, person_id=elsewhere.public_id, text="x"))
    with pytest.raises(NotFound):
        write(
            lambda: coaching.write_note(lead, person_id=school.other.public_id, text="x", about=("assignment", address))
        )
    write(lambda: coaching.write_note(lead, person_id=school.agent.public_id, text="x", about=("assignment", address)))

    assert [one.about for one in queries.notes(lead)] == ["Swapping rules: Pushy offers"]


def test_whoever_passes_holds_a_certificate_with_its_versions_that_expires(school: School) -> None:
    address = passed(school)
    row = db.session.scalars(select(Assignment).where(Assignment.public_id == address)).one()
    again = write(lambda: certificates.issue(school.manager, row).id)

    (held,) = db.session.scalars(select(Certificate)).all()
    assert again == held.id and held.expires_on == held.issued_on + certificates.HOLDS
    assert [(one["slug"], one["version"]) for one in held.policies] == [("swapping", "1")]


def test_done_and_expired_is_told_from_never_done(school: School) -> None:
    address = failed_sitting(school, wrong=3)
    before = clearances.held(school.manager)
    write(lambda: db.session.execute(update(Assignment).values(state="coaching")))
    talk = clearances.clearances(school.manager)
    write(lambda: giving.end_coaching(school.manager, address, passed=True))
    done = clearances.held(school.manager)
    ready = clearances.clearances(school.manager)
    with clock.fixed(clock.now() + certificates.HOLDS + timedelta(days=1)):
        expired = clearances.held(school.manager)
        late = clearances.clearances(school.manager)

    assert [one.standing for one in (*before, *done, *expired)] == ["never done", "done", "done, expired"]
    mine = [next(one for one in rows if one.person == school.agent.name) for rows in (talk, ready)]
    assert [(one.cleared, one.workflow) for one in mine] == [(False, "abuse_report"), (True, "abuse_report")]
    assert "waits for a talk" in mine[0].because and mine[1].until is not None
    assert late == []


def test_pages_show_what_the_queries_say_and_the_table_leaves_as_csv(school: School) -> None:
    passed(school)
    lead, agent = browser(school.app, school.manager), browser(school.app, school.agent)

    empty = lead.send("/coaching", {"person": school.agent.public_id, "text": ""})
    kept = lead.send("/coaching", {"person": school.agent.public_id, "text": "We <i>talked</i>.", "agreed": "More."})
    page, own = lead.get("/clearances").text, agent.get("/coaching").text

    assert (empty.status_code, kept.status_code) == (422, 302)
    assert "We &lt;i&gt;talked&lt;/i&gt;." in own and "It was so" in own and "A note on a talk" not in own
    assert "Abuse report" in page and "Swapping rules 1" in page
    assert lead.get("/clearances.csv").text.splitlines()[0] == "person,work,workflow,cleared,until,because"
    assert agent.get("/clearances").status_code == 404


def test_a_talk_that_an_alert_asked_for_closes_its_action_with_the_day_of_the_next_check(school: School) -> None:
    school.errors()
    signal = school.signal()
    factories.kept(CorrectiveAction(signal_id=signal.id, kind="coaching", section_keys=[], reason="", state="asked"))
    ref, lead, agent = signal.public_id, school.manager, school.agent
    on = date(2026, 12, 1)
    choices = [key for key, _ in queries.to_be_about(lead)]

    with pytest.raises(NotFound):
        write(lambda: coaching.write_note(lead, person_id=school.other.public_id, text="x", about=("signal", ref)))
    with pytest.raises(BadInput):
        write(lambda: coaching.write_note(lead, person_id=agent.public_id, text="x", check_on=clock.now().date()))
    about = {"about": ("signal", ref), "check_on": on, "agreed": "Read it."}
    write(lambda: coaching.write_note(lead, person_id=agent.public_id, text="We talked.", **about))

    assert choices == [f"signal:{ref}"]
    (note,) = queries.notes(agent)
    assert (note.signal, note.check_on, note.agreed) == (ref, on, "Read it.")
    query = select(CorrectiveAction.state, CorrectiveAction.check_on).where(CorrectiveAction.kind == "coaching")
    assert db.session.execute(query).one() == ("done", on)
    assert db.session.scalars(select(Signal.state)).one() == "acted_on"


def test_the_talk_after_the_last_retake_asks_for_all_that_its_form_asks_for(school: School) -> None:
    address = failed_sitting(school, wrong=3)
    write(lambda: db.session.execute(update(Assignment).values(state="coaching")))
    lead, on = school.manager, date(2026, 12, 1)
    whole = {"text": "We read it.", "agreed": "Two a day.", "check_on": on, "passed": False}

    for gap in ({"text": " "}, {"agreed": ""}, {"check_on": None}, {"check_on": clock.now().date()}):
        with pytest.raises(BadInput):
            write(lambda gap=gap: coaching.hold_talk(lead, address, **{**whole, **gap}))
    state = school.assignment(address).state
    write(lambda: coaching.hold_talk(lead, address, **whole))
    with pytest.raises(Refused):
        write(lambda: coaching.hold_talk(lead, address, **whole))

    assert (state, school.assignment(address).state) == ("coaching", "closed")
    action = db.session.scalars(select(CorrectiveAction)).one()
    assert (action.state, action.check_result) == ("closed", "coached")
    (note,) = queries.notes(school.agent)
    assert note.about == "Swapping rules: Pushy offers" and note.is_own_to_confirm


def test_graders_have_clearances_of_their_own(school: School) -> None:
    new, meant = (
        factories.actor("reviewer", team=school.team, name=name, skills=["workflow:abuse_report"])
        for name in ("Grader New", "Grader There")
    )
    factories.kept(Practice(person_id=new.id, state="practising"))

    rows = {one.person: one for one in clearances.clearances(school.manager) if one.work == "grades"}

    assert (rows[new.name].cleared, rows[new.name].because) == (False, "still practises")
    assert (rows[meant.name].cleared, rows[meant.name].because) == (True, "nothing speaks against it")
    assert {one.workflow for one in rows.values()} == {"abuse_report"}
