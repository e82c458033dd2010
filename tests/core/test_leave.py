"""Leave is asked for by oneself and decided by whoever leads one; it stands in the calendar once it is granted."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Refused
from qa.core.leave import leave
from qa.core.leave import queries as leave_queries
from qa.core.models import DayOff, Team
from qa.core.notices import notify
from tests import factories

FIRST, LAST = date(2026, 11, 19), date(2026, 11, 24)


@pytest.fixture
def amber(sqlite_app: Flask) -> Team:
    return factories.team("Amber")


def asked(who: Actor) -> str:
    return write(lambda: leave.ask(who, first=FIRST, last=LAST))


def days() -> list[date]:
    return list(db.session.scalars(select(DayOff.off_on).order_by(DayOff.off_on)))


def test_leave_stands_in_the_calendar_once_the_lead_grants_it(amber: Team) -> None:
    agent, lead = factories.actor("agent", team=amber), factories.actor("manager", manages=[amber])
    request = asked(agent)

    before = days()
    listed = [one.public_id for one in leave_queries.to_decide(lead)]
    write(lambda: leave.decide(lead, request, grant=True))

    assert (before, listed, len(days())) == ([], [request], 6)
    assert [line.line for line in notify.unread(lead) or []] == ["Somebody asks for leave."]
    assert [line.line for line in notify.unread(agent) or []] == ["Your leave is granted."]
    assert [(one.first, one.last, one.kind) for one in leave_queries.own(agent)] == [(FIRST, LAST, "leave")]
    with pytest.raises(Refused):
        write(lambda: leave.decide(lead, request, grant=False))


def test_nobody_decides_on_people_they_do_not_lead_nor_takes_back_what_others_asked(amber: Team) -> None:
    agent = factories.actor("agent", team=amber)
    other = factories.actor("manager", manages=[factories.team("Birch")])
    request = asked(agent)

    with pytest.raises(NotFound):
        write(lambda: leave.decide(other, request, grant=True))
    with pytest.raises(NotFound):
        write(lambda: leave.withdraw(other, request))
    with pytest.raises(NotFound):
        write(lambda: leave.enter(other, whose=agent.public_id, first=FIRST, last=LAST, kind="leave"))
    assert leave_queries.to_decide(other) == leave_queries.of_led(other) == days() == []
    assert agent.name not in {name for _address, name in leave_queries.choices(other)}


def test_days_off_are_given_back_and_entered_anew_by_a_lead(amber: Team) -> None:
    agent, lead = factories.actor("agent", team=amber), factories.actor("manager", manages=[amber])
    write(lambda: leave.enter(lead, whose=agent.public_id, first=FIRST, last=LAST, kind="leave"))
    write(lambda: leave.enter(lead, whose=amber.public_id, first=LAST, last=LAST, kind="holiday"))

    given = write(lambda: leave.give_back(agent, first=date(2026, 11, 20), last=date(2026, 11, 22)))

    assert given == 3
    assert [(one.whose, one.first, one.last) for one in leave_queries.of_led(lead)] == [
        (agent.name, FIRST, FIRST), (agent.name, date(2026, 11, 23), LAST), ("Team Amber", LAST, LAST),
    ]  # fmt: skip


def test_what_cannot_be_is_refused(amber: Team) -> None:
    agent, lead = factories.actor("agent", team=amber), factories.actor("manager", manages=[amber])
    asked(agent)

    with pytest.raises(Refused, match="asked for some"):
        asked(agent)
    with pytest.raises(BadInput):
        write(lambda: leave.ask(agent, first=LAST, last=FIRST))
    with pytest.raises(BadInput):
        write(lambda: leave.ask(agent, first=date(2026, 11, 13), last=LAST))
    with pytest.raises(BadInput):
        write(lambda: leave.enter(lead, whose=amber.public_id, first=FIRST, last=LAST, kind="leave"))
    with pytest.raises(NotFound):
        write(lambda: leave.enter(lead, whose=leave.EVERYBODY, first=FIRST, last=LAST, kind="holiday"))


def test_the_page_asks_decides_and_enters(amber: Team, sqlite_app: Flask) -> None:
    agent, admin = factories.actor("agent", team=amber, name="Ann"), factories.actor("admin")
    own, lead = (factories.browser(sqlite_app, who) for who in (agent, admin))

    wrong = own.send("/days-off", {"what": "leave", "first": "2026-11-13"})
    own.send("/days-off", {"what": "leave", "first": "2026-11-20"})
    shown = lead.get("/days-off").text
    address = leave_queries.requests(agent)[0].public_id
    lead.send(f"/days-off/{address}/decide", {"grant": "yes"})
    lead.send("/days-off/people", {"whose": "all", "kind": "holiday", "first": "2026-12-25", "last": "2026-12-26"})

    assert wrong.status_code == 422 and "still to come" in wrong.text
    assert "Ann" in shown and "Grant" in shown
    assert "Everybody" in own.get("/days-off").text and len(days()) == 3
    assert "/days-off" in own.get("/account").text
