"""A panel of three: each rules alone, two who say the same settle it, and where nobody agrees a lead is asked."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core import clock, preferences
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.errors import NotFound
from qa.grading import asking, blind, needs_person
from qa.hearings import adjudication
from qa.models.grading import Adjudication, Task
from qa.models.truth import Settlement, Truth
from qa.queries import cases, reveals, rulings
from tests import factories
from tests.desk import Desk
from tests.qa.hearing import INSULTS, THREATS, day, look


@pytest.fixture
def desk(app: Flask) -> Desk:
    return with_panel()


@pytest.fixture
def page_desk(sqlite_app: Flask) -> Desk:
    return with_panel()


def with_panel() -> Desk:
    made = Desk(graders=3)
    write(lambda: preferences.put(SYSTEM, "adjudication_panel", True))
    return made


def members(desk: Desk) -> list[Actor]:
    """A case on which all differ, and three who may adjudicate and have not looked yet."""
    desk.drawn_case(decided="none", action="keep")
    look(desk.graders[0], THREATS)
    with clock.fixed(day(1)):
        look(desk.graders[1], INSULTS)
    return [desk.adjudicator, *(factories.actor("reviewer", skills=["adjudicate"], name=f"Judge {n}") for n in (2, 3))]


def rule(who: Actor, ruling: str, section: str | None = INSULTS) -> str:
    """Look blind and rule."""
    with clock.fixed(day(2)):
        look(who, section)
        own = select(Adjudication.public_id).where(Adjudication.person_id == who.id)
        ruling_id = db.session.scalars(own.where(Adjudication.state == "committed")).one()
        return write(lambda: adjudication.decide(who, ruling_id, ruling=ruling, reason=f"{who.name} says so."))


def state() -> tuple[str, bool]:
    """The settlement, and whether a person is needed."""
    row = db.session.scalars(select(Settlement)).one()
    found = row.state, row.needs_person
    db.session.rollback()
    return found


def test_three_are_asked_and_two_who_rule_the_same_settle_it(desk: Desk) -> None:
    one, two, three = members(desk)

    first = rule(one, "own", INSULTS)
    second = rule(two, "own", INSULTS)

    truth = db.session.scalars(select(Truth)).one()
    assert (first, second, state()) == ("adjudication", "settled", ("settled", False))
    assert (truth.basis, truth.section_key, truth.by_id) == ("adjudicated", INSULTS, two.id)
    rows = db.session.scalars(select(Adjudication.state).order_by(Adjudication.seat)).all()
    assert sorted(rows) == ["ruled", "ruled", "void"]
    with clock.fixed(day(2)):
        assert write(lambda: blind.claim(three)) is None


def test_both_defensible_needs_a_second_one_too(desk: Desk) -> None:
    one, two, three = members(desk)

    rule(one, "both_defensible")
    assert rule(two, "own") == "adjudication"
    rule(three, "both_defensible")

    assert db.session.scalars(select(Truth.basis)).all() == ["both_defensible"]


def test_two_who_cannot_tell_make_the_case_ungradable(desk: Desk) -> None:
    one, two, _ = members(desk)

    def cannot_tell(who: Actor) -> str:
        with clock.fixed(day(2)):
            task = write(lambda: blind.claim(who))
            assert task is not None
            write(lambda: blind.grade(who, task, verdict="cannot_tell", confidence="low", claim_next=False))
            write(lambda: blind.close_batch(who))
            own = select(Adjudication.public_id).where(Adjudication.person_id == who.id)
            ruling_id = db.session.scalars(own).one()
            return write(lambda: adjudication.decide(who, ruling_id, ruling="own", reason="Too little to see."))

    assert cannot_tell(one) == "adjudication"
    assert cannot_tell(two) == "ungradable"
    assert db.session.scalars(select(Task.state).where(Task.state == "waiting")).all() == []


def test_where_all_three_differ_a_lead_names_one_more_who_decides_alone(desk: Desk) -> None:
    one, two, three = members(desk)
    rule(one, "own", INSULTS)
    rule(two, "own", THREATS)
    assert state() == ("adjudication", False)
    rule(three, "both_defensible")
    assert state() == ("adjudication", True)
    with clock.fixed(day(3)):
        write(needs_person.mark)
        assert state() == ("adjudication", True)
    fourth = factories.actor("reviewer", name="Fourth")

    with clock.fixed(day(4)):
        (line,) = cases.differences(desk.manager)
        write(lambda: needs_person.name_somebody(desk.manager, line.public_id, person_id=fourth.public_id))
    with clock.fixed(day(5)):
        look(fourth, THREATS)
        own = select(Adjudication.public_id).where(Adjudication.person_id == fourth.id)
        ruling_id = db.session.scalars(own).one()
        done = write(lambda: adjudication.decide(fourth, ruling_id, ruling="own", reason="The place was named."))

    assert (done, state()) == ("settled", ("settled", False))
    assert db.session.scalars(select(Truth.section_key)).all() == [THREATS]


def test_who_looked_and_comes_too_late_reads_the_reveal_and_rules_no_more(desk: Desk) -> None:
    one, two, three = members(desk)
    with clock.fixed(day(2)):
        task = look(three, THREATS)
        late = rulings.waiting(three)
    rule(one, "own", INSULTS)
    rule(two, "own", INSULTS)

    assert len(late) == 1
    assert rulings.waiting(three) == []
    with clock.fixed(day(2)):
        with pytest.raises(NotFound):
            write(lambda: adjudication.decide(three, late[0].public_id, ruling="own", reason="x"))
        assert reveals.reveal(three, task).settled is not None


def test_the_members_are_shown_the_same_answers_and_none_of_each_other(desk: Desk) -> None:
    one, two, _ = members(desk)
    rule(one, "own", "conduct/praise")
    with clock.fixed(day(2)):
        look(two, THREATS)

    shown = db.session.scalars(select(Adjudication.shown).where(Adjudication.shown.is_not(None))).all()
    answers = [sorted(one["section_key"] for one in row) for row in shown]
    assert answers == [[INSULTS, THREATS, "none"]] * 2


def test_a_case_is_asked_about_once_at_a_time(desk: Desk) -> None:
    members(desk)
    case_id = db.session.scalars(select(Settlement.case_id)).one()
    db.session.rollback()

    write(lambda: asking.ask_for_adjudication(case_id))

    assert len(db.session.scalars(select(Adjudication)).all()) == 3


def test_the_page_says_that_others_are_asked_too(page_desk: Desk) -> None:
    one, *_ = members(page_desk)
    with clock.fixed(day(2)):
        look(one, INSULTS)
        (waiting,) = rulings.waiting(one)
        client = factories.browser(page_desk.app, one)

        page = client.get(f"/grade/ruling/{waiting.public_id}").text
        done = client.send(f"/grade/ruling/{waiting.public_id}", {"ruling": "own", "reason": "Worthless."})
        home = client.get(done.headers["Location"]).text

    assert "two who rule the same settle it" in page
    assert "Two of three who rule the same settle the case." in home
