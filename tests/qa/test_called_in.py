"""Guests and peers are called in for single cases, are given nothing else, and go again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa.core import access, clock
from qa.core.db import db, write
from qa.core.models import Person
from qa.core.notices import notify
from qa.core.people import people
from qa.draws import heads
from qa.grading import blind, called_in, mixing, needs_person, practice
from qa.models.cases import ClosedCase, Touch
from qa.models.truth import Settlement
from tests import factories
from tests.desk import Desk
from tests.factories import browser
from tests.qa.hearing import day, look


@pytest.fixture
def desk(sqlite_app: Flask) -> Desk:
    """One grader and an adjudicator who had to do with every case: a second look finds nobody."""
    return Desk(graders=1)


def stuck(desk: Desk) -> ClosedCase:
    """A difference at which nobody is left to look, since the day after."""
    case = desk.drawn_case(decided="none", action="keep")
    factories.kept(Touch(case_id=case.id, person_id=desk.adjudicator.id, how="handled"))
    look(desk.graders[0])
    with clock.fixed(day(1)):
        write(needs_person.mark)
    return case


def test_an_agent_is_asked_as_a_peer_and_given_that_case_alone(desk: Desk) -> None:
    case, peer = stuck(desk), factories.actor("agent", name="Agent Peer")
    with clock.fixed(day(1)):
        write(lambda: called_in.name(desk.manager, case.public_id, person_id=peer.public_id))
        desk.drawn_case()
        asked = access.actor(peer.id or 0)
        assert asked is not None
        look(asked)
        more = write(lambda: blind.claim(asked))

    assert asked.roles == {"agent", "reviewer"}
    assert more is None and not practice.is_wanted(asked)
    assert [line.url for line in notify.unread(peer) or []] == ["/grade"]
    assert db.session.scalars(select(Settlement.state).where(Settlement.case_id == case.id)).one() == "settled"


def test_the_cases_own_agent_and_whoever_had_to_do_with_it_are_no_peers(desk: Desk, sqlite_app: Flask) -> None:
    case, peer = stuck(desk), factories.actor("agent", name="Agent Peer")
    met = factories.actor("agent", name="Agent Who Handled It")
    factories.kept(Touch(case_id=case.id, person_id=met.id, how="handled"))

    with clock.fixed(day(1)):
        page = browser(sqlite_app, desk.manager).get(f"/cases/{case.public_id}").text
    offered = page[page.index("Agents, as peers") : page.index("</optgroup>", page.index("Agents, as peers"))]

    assert peer.public_id in offered
    assert met.public_id not in offered and desk.agent.public_id not in offered


def test_a_guest_comes_in_by_a_link_and_is_given_that_case_alone(desk: Desk, sqlite_app: Flask) -> None:
    case = stuck(desk)
    with clock.fixed(day(1)):
        lead = browser(sqlite_app, desk.manager)
        shown = lead.send(
            f"/cases/{case.public_id}/guest", {"guest_name": "Gil Guest", "guest_email": "gil@example.org"}
        )
        guest = db.session.scalars(select(Person).where(Person.email_key == "gil@example.org")).one()
        who = access.actor(guest.id)
        desk.drawn_case()
        assert who is not None
        task, door = blind.claim, browser(sqlite_app, who).get("/grade").text
        first = write(lambda: task(who))
        counted = heads._graders()
        mixed = write(mixing.mix_in)

    assert shown.status_code == 200 and "/reset/" in shown.text
    assert "Next case" in door and first is not None
    assert guest.id not in counted and mixed == 0
    held = db.session.scalars(select(Settlement.needs_person).where(Settlement.case_id == case.id)).one()
    assert not held


def test_a_guest_is_nobody_who_works_here_and_needs_a_name_and_an_address(desk: Desk, sqlite_app: Flask) -> None:
    case = stuck(desk)
    worker = factories.actor("agent", name="Worker")
    known = update(Person).where(Person.id == worker.id).values(email="w@example.org", email_key="w@example.org")
    write(lambda: db.session.execute(known))
    with clock.fixed(day(1)):
        lead = browser(sqlite_app, desk.manager)
        taken = lead.send(f"/cases/{case.public_id}/guest", {"guest_name": "W", "guest_email": "w@example.org"})
        empty = lead.send(f"/cases/{case.public_id}/guest", {"guest_name": " ", "guest_email": ""})
        wrong = lead.send(f"/cases/{case.public_id}/guest", {"guest_name": "W", "guest_email": "no address"})

    assert [answer.status_code for answer in (taken, empty, wrong)] == [422, 422, 422]
    assert "omebody who works here" in taken.text
    assert db.session.scalar(select(Person.id).where(Person.external_id.startswith("guest-"))) is None


def test_guests_and_peers_go_two_weeks_after_their_last_look(desk: Desk) -> None:
    case, peer = stuck(desk), factories.actor("agent", name="Agent Peer")
    other = stuck(desk)
    with clock.fixed(day(1)):
        write(lambda: called_in.name(desk.manager, case.public_id, person_id=peer.public_id))
        write(lambda: called_in.invite(desk.manager, other.public_id, name="Gil", email="gil@example.org"))
        guest = db.session.scalars(select(Person).where(Person.email_key == "gil@example.org")).one()
        look(access.actor(peer.id or 0) or peer)
    with clock.fixed(day(1) + timedelta(days=13)):
        early = write(called_in.let_go)
    with clock.fixed(day(1) + timedelta(days=16)):
        still_waited_for = write(called_in.let_go)  # the guest has not looked yet
        look(access.actor(guest.id) or peer)
    with clock.fixed(day(1) + timedelta(days=60)):
        at_last = write(called_in.let_go)

    assert (early, still_waited_for, at_last) == (0, 1, 1)
    assert people.roles_of(people.by_public_id(peer.public_id)) == {"agent"}
    assert access.actor(guest.id) is None
