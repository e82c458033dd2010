"""Who is given what: conflicts, languages, kinds of harm, leave, and what somebody has seen enough of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa import findings
from qa.core import access, clock, preferences
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, Refused
from qa.core.models import DayOff, Person
from qa.core.people import teams
from qa.grading import blind, exposure, needs_person
from qa.hearings import disputes
from qa.hearings.disputes import Proposed
from qa.models.cases import CaseText, ClosedCase
from qa.models.grading import Exposure, Grade, Task
from qa.models.truth import Finding, Settlement
from tests import factories
from tests.desk import Desk

WRONG = {"verdict": "no_violation", "confidence": "high"}


def claimed(who: Actor) -> ClosedCase | None:
    """The case that *who* is given next."""
    task = write(lambda: blind.claim(who))
    query = select(ClosedCase).join(Task, Task.case_id == ClosedCase.id).where(Task.public_id == task)
    return db.session.scalar(query)


def put(key: str, value: object) -> None:
    """A setting of the site."""
    write(lambda: preferences.put(SYSTEM, key, value))


def in_language(case: ClosedCase, language: str, translation: str | None = None) -> None:
    """Let a case be in another language."""
    said = update(CaseText).where(CaseText.case_id == case.id).values(language=language, translation=translation)
    write(lambda: db.session.execute(said))


def disputed(desk: Desk, graders: tuple[Actor, Actor]) -> str:
    """A result of the desk's agent that two graders made, and that the agent contests."""
    desk.drawn_case(looks=2)
    for who in graders:
        task = write(lambda who=who: blind.claim(who))
        write(lambda who=who, task=task: blind.grade(who, task or "", **WRONG, claim_next=False))
        write(lambda who=who: blind.close_batch(who))
    with clock.fixed(clock.now() + timedelta(days=4)):
        write(findings.release_due)
        finding = db.session.scalars(select(Finding.public_id)).one()
        proposed = Proposed("violates", "conduct/threats", "remove")
        return write(
            lambda: disputes.open_dispute(desk.agent, finding, kind="verdict", text="It is one.", proposed=proposed)
        )


def test_nobody_is_given_cases_of_an_agent_who_has_an_open_dispute_against_them(app: Flask) -> None:
    desk = Desk(graders=3)
    disputed(desk, (desk.graders[0], desk.graders[1]))
    other = factories.actor("agent", team=desk.team, name="Agent Other")
    theirs, of_other = desk.drawn_case(), desk.drawn_case(agent_id=other.id)

    first, second = claimed(desk.graders[0]), claimed(desk.graders[1])
    third = claimed(desk.graders[2])

    assert first is not None and first.id == of_other.id
    assert second is None
    assert third is not None and third.id == theirs.id


def test_a_dispute_that_was_taken_back_holds_nobody_back(sqlite_app: Flask) -> None:
    desk = Desk(graders=2)
    disputed(desk, (desk.graders[0], desk.graders[1]))
    case = desk.drawn_case()
    finding = db.session.scalars(select(Finding.public_id)).one()
    write(lambda: disputes.withdraw(desk.agent, finding))

    given = claimed(desk.graders[0])

    assert given is not None and given.id == case.id


def test_cases_of_the_own_team_go_to_others_where_that_is_set(app: Flask) -> None:
    desk = Desk(graders=0)
    mate = factories.actor("reviewer", team=desk.team, name="Team mate")
    desk.drawn_case()
    put("spare_own_team", True)

    spared = claimed(mate)
    put("spare_own_team", False)
    given = claimed(mate)

    assert spared is None
    assert given is not None


def test_the_own_team_is_that_of_the_day_on_which_a_case_was_closed(app: Flask) -> None:
    desk = Desk(graders=0)
    newcomer = factories.actor("reviewer", team=desk.team, member_since=date(2026, 11, 14))
    gone = factories.actor("reviewer", team=desk.team)
    write(lambda: teams.leave(SYSTEM, db.session.get_one(Person, gone.id)))
    put("spare_own_team", True)
    the_day_before = datetime(2026, 11, 13, 23, 59, tzinfo=UTC)
    before = desk.drawn_case(closed_at=the_day_before)
    desk.drawn_case(closed_at=the_day_before + timedelta(minutes=2))

    spared = claimed(gone)
    taken = claimed(newcomer)

    assert spared is None
    assert taken is not None and taken.id == before.id


def test_whoever_works_on_some_kinds_of_harm_is_given_no_others(app: Flask) -> None:
    desk = Desk(graders=0)
    some = factories.actor("reviewer", skills=["harm:hate"])
    desk.drawn_case(sensitivity=["Gore", "hate"])
    plain, hate = desk.drawn_case(), desk.drawn_case(sensitivity=["hate"])

    first = claimed(some)
    task = blind.held(some)
    write(lambda: blind.grade(some, task or "", **WRONG))
    second = claimed(some)

    assert {first and first.id, second and second.id} == {plain.id, hate.id}


def test_a_kind_of_harm_is_shown_as_often_as_a_day_allows_and_again_on_the_next(app: Flask) -> None:
    desk = Desk(graders=1)
    me = desk.graders[0]
    put("sensitive_a_day", "gore=1; other=40")
    for _ in range(2):
        desk.drawn_case(sensitivity=["gore"])

    first = claimed(me)
    task = blind.held(me)
    following = write(lambda: blind.grade(me, task or "", **WRONG)).next_task
    with clock.fixed(clock.now() + timedelta(days=1)):
        tomorrow = claimed(me)

    assert first is not None and following is None
    assert tomorrow is not None and tomorrow.id != first.id
    assert db.session.scalars(select(Exposure.shown)).all() == [1, 1]


def test_whoever_wants_to_see_no_sensitive_case_is_given_the_others(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    me = desk.graders[0]
    desk.drawn_case(sensitivity=["a kind that nobody named"])
    plain = desk.drawn_case()
    write(lambda: exposure.choose(me, 0))

    first = claimed(me)
    task = blind.held(me)
    following = write(lambda: blind.grade(me, task or "", **WRONG)).next_task

    assert first is not None and first.id == plain.id
    assert following is None


def test_the_own_limit_never_loosens_that_of_the_site(sqlite_app: Flask) -> None:
    put("sensitive_a_day", "gore=2; other=3")

    budgets = [exposure.budget_of(kind, own) for kind in ("gore", "spam") for own in (None, 1, 100)]

    assert budgets == [2, 1, 2, 3, 1, 3]


@pytest.mark.parametrize("text", ["gore", "gore=many", "=3", "gore=3;;x"])
def test_a_budget_that_cannot_be_read_is_refused(sqlite_app: Flask, text: str) -> None:
    with pytest.raises(BadInput):
        put("sensitive_a_day", text)


def test_nobody_is_given_cases_while_on_leave(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    desk.drawn_case()
    factories.kept(DayOff(person_id=desk.graders[0].id, off_on=clock.now().date(), kind="leave"))

    away = claimed(desk.graders[0])
    with clock.fixed(clock.now() + timedelta(days=1)):
        back = claimed(desk.graders[0])

    assert away is None
    assert back is not None


def test_what_waits_for_somebody_on_leave_alone_goes_to_needs_a_person(app: Flask) -> None:
    desk = Desk(graders=1)
    desk.drawn_case()
    write(lambda: db.session.execute(update(Person).where(Person.id == desk.adjudicator.id).values(active=False)))
    factories.kept(DayOff(person_id=desk.graders[0].id, off_on=clock.now().date(), kind="leave"))

    away = write(needs_person.mark)
    with clock.fixed(clock.now() + timedelta(days=1)):
        back = write(needs_person.mark)

    assert (away, back) == (1, 0)
    assert db.session.scalars(select(Settlement.needs_person)).all() == [False]


def test_a_foreign_case_goes_to_who_reads_it_or_through_its_translation_where_that_is_set(sqlite_app: Flask) -> None:
    desk = Desk(graders=0)
    german = factories.actor("reviewer", languages=["de"])
    case = desk.drawn_case()
    in_language(case, "tr", "They said that they would come.")

    strict = claimed(german)
    put("grade_translations", True)
    given = claimed(german)

    assert strict is None
    assert given is not None and given.id == case.id


def test_a_grade_through_a_translation_is_marked_and_others_are_not(app: Flask) -> None:
    desk = Desk(graders=0)
    people = [factories.actor("reviewer", languages=[one]) for one in ("tr", "de")]
    case = desk.drawn_case(looks=2)
    in_language(case, "tr", "They said that they would come.")
    put("grade_translations", True)

    for who in people:
        task = write(lambda who=who: blind.claim(who))
        write(lambda who=who, task=task: blind.grade(who, task or "", **WRONG))

    marked = dict(db.session.execute(select(Grade.person_id, Grade.translated)).all())
    assert marked == {people[0].id: False, people[1].id: True}


def test_a_case_is_handed_to_nobody_with_a_conflict(sqlite_app: Flask) -> None:
    desk = Desk(graders=3)
    disputed(desk, (desk.graders[0], desk.graders[1]))
    case = desk.drawn_case()

    with pytest.raises(Refused):
        write(lambda: blind.hand_to(desk.manager, case_id=case.id, person_id=desk.graders[0].id or 0))

    assert write(lambda: blind.hand_to(desk.manager, case_id=case.id, person_id=desk.graders[2].id or 0))


def test_why_nothing_is_given_is_said_to_the_person_alone(sqlite_app: Flask) -> None:
    desk = Desk(graders=2)
    factories.kept(DayOff(person_id=desk.graders[0].id, off_on=clock.now().date(), kind="leave"))
    away, there = (factories.browser(sqlite_app, who) for who in desk.graders[:2])

    told = [client.send("/grade/claim", follow_redirects=True).text for client in (away, there)]

    assert "You are on leave today" in told[0]
    assert "You are on leave today" not in told[1]
    assert access.actor(desk.graders[0].id or 0) is not None


def test_a_lead_sees_that_a_look_was_made_through_a_translation(sqlite_app: Flask) -> None:
    desk = Desk(graders=0)
    plain, foreign = desk.drawn_case(), desk.drawn_case()
    in_language(foreign, "tr", "They said that they would come.")
    put("grade_translations", True)
    german = factories.actor("reviewer", languages=["de"])
    for _ in range(2):
        task = write(lambda: blind.claim(german))
        write(lambda task=task: blind.grade(german, task or "", **WRONG, claim_next=False))
    write(lambda: blind.close_batch(german))
    lead = factories.browser(sqlite_app, desk.manager)

    pages = [lead.get(f"/cases/{case.public_id}").text for case in (plain, foreign)]

    assert ["through a translation" in page for page in pages] == [False, True]


def test_the_time_to_dispute_rests_in_leave_that_is_entered_later(sqlite_app: Flask) -> None:
    desk = Desk(graders=2)
    address = disputed(desk, (desk.graders[0], desk.graders[1]))
    finding = db.session.scalars(select(Finding)).one()
    until, published = finding.dispute_until, finding.published_at
    assert until is not None and published is not None and address
    db.session.rollback()
    write(lambda: disputes.withdraw(desk.agent, finding.public_id))

    with clock.fixed(published + timedelta(hours=1)):
        for ahead in (1, 4):
            day = (published + timedelta(days=ahead)).date()
            factories.kept(DayOff(person_id=desk.agent.id, off_on=day, kind="leave"))
        grown = [write(findings.stretch_windows), write(findings.stretch_windows)]

    db.session.expire_all()
    assert grown == [1, 0]
    assert db.session.scalars(select(Finding.dispute_until)).one() == until + timedelta(days=3)  # Friday to Monday
