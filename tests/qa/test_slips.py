"""A process slip is contested apart from the decision: a lead who was not in it decides, with the work in sight."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from qa import findings
from qa.core import clock, preferences
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Refused
from qa.core.models import Person
from qa.core.notices import notify
from qa.core.people import teams
from qa.grading import blind, scorecards
from qa.grading.scorecards import Marked
from qa.hearings import climbing, disputes, slip_hearings
from qa.hearings.disputes import Proposed
from qa.models.grading import Task
from qa.models.scorecards import Score
from qa.models.truth import Dispute, Finding
from qa.queries import slips as queries
from tests import factories
from tests.desk import Desk
from tests.qa.hearing import THREATS, day, look
from tests.qa.test_scorecards import all_met


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(graders=2)


@pytest.fixture
def page_desk(sqlite_app: Flask) -> Desk:
    return Desk(graders=2)


def slipped(desk: Desk) -> str:
    """A correct result, on the agent's page since day 1, whose scorecard says that a step was missed."""
    write(lambda: preferences.put(SYSTEM, "scorecard_share", 1.0))
    desk.drawn_case()
    task = look(desk.graders[0], THREATS)
    missed = all_met(but={"steps": Marked("missed", "step_missed")})
    write(lambda: scorecards.give(desk.graders[0], task, missed))
    finding_id = db.session.scalars(select(Finding.public_id)).one()
    with clock.fixed(day(1)):
        write(findings.release_due)
    return finding_id


def contested(desk: Desk, finding_id: str) -> str:
    with clock.fixed(day(1)):
        return write(lambda: disputes.open_dispute(
            desk.agent, finding_id, kind="process", text="The step is in the log.", proposed=None
        ))  # fmt: skip


def decide(desk: Desk, dispute_id: str, choice: str, reason: str = "It is in the log.") -> str:
    with clock.fixed(day(2)):
        return write(lambda: slip_hearings.decide(desk.manager, dispute_id, choice=choice, reason=reason))


def test_a_slip_of_a_correct_result_is_contested_without_a_blind_look(desk: Desk) -> None:
    dispute_id = contested(desk, slipped(desk))

    row = db.session.scalars(select(Dispute)).one()
    assert (row.public_id, row.state, row.task_id, row.proposed_verdict) == (dispute_id, "open", None, None)
    assert db.session.scalars(select(Finding.state)).one() == "disputed"
    assert db.session.scalars(select(Task.state).where(Task.state == "waiting")).all() == []


def test_a_slip_that_is_taken_back_counts_no_more(desk: Desk) -> None:
    dispute_id = contested(desk, slipped(desk))

    assert decide(desk, dispute_id, "taken_back") == "overturned"

    assert db.session.scalars(select(Finding.state)).one() == "published"
    assert db.session.scalars(select(Score.voided_at)).one() is not None
    with pytest.raises(Refused), clock.fixed(day(2)):
        finding_id = db.session.scalars(select(Finding.public_id)).one()
        db.session.rollback()
        write(lambda: disputes.open_dispute(desk.agent, finding_id, kind="process", text="Again.", proposed=None))


def test_a_slip_that_stays_can_be_contested_once_more_and_is_decided_once(desk: Desk) -> None:
    dispute_id = contested(desk, slipped(desk))

    assert decide(desk, dispute_id, "stays") == "upheld"
    with pytest.raises(Refused):
        decide(desk, dispute_id, "taken_back")

    assert db.session.scalars(select(Score.voided_at)).one() is None
    with clock.fixed(day(3)):
        finding_id = db.session.scalars(select(Finding.public_id)).one()
        db.session.rollback()
        write(lambda: disputes.open_dispute(desk.agent, finding_id, kind="process", text="Again.", proposed=None))
    assert db.session.scalars(select(Dispute.step).order_by(Dispute.id)).all() == [1, 2]


def test_a_correct_result_without_a_slip_cannot_be_contested_nor_its_decision(desk: Desk) -> None:
    finding_id = slipped(desk)
    desk.drawn_case()
    look(desk.graders[1], THREATS)
    plain = db.session.scalars(select(Finding.public_id).order_by(Finding.id.desc()).limit(1)).one()
    with clock.fixed(day(1)):
        write(findings.release_due)
        for contested_one, kind, proposed in [(plain, "process", None), (finding_id, "verdict", Proposed("violates"))]:
            with pytest.raises(Refused):
                write(lambda one=contested_one, kind=kind, proposed=proposed: disputes.open_dispute(
                    desk.agent, one, kind=kind, text="No.", proposed=proposed
                ))  # fmt: skip


def test_an_agent_takes_the_dispute_of_a_slip_back(desk: Desk) -> None:
    finding_id = slipped(desk)
    contested(desk, finding_id)

    with clock.fixed(day(1)):
        write(lambda: disputes.withdraw(desk.agent, finding_id))

    assert db.session.scalars(select(Dispute.state)).one() == "withdrawn"
    assert db.session.scalars(select(Finding.state)).one() == "published"


def test_neither_who_marked_it_nor_who_leads_others_nor_the_agent_decides(desk: Desk) -> None:
    finding_id = slipped(desk)
    dispute_id = contested(desk, finding_id)
    marked = db.session.scalars(select(Score)).one()
    leads_others = factories.actor("manager", manages=[factories.team("Others")])
    grades_too = factories.actor("manager", "reviewer", manages=None)
    db.session.rollback()

    for who in (leads_others, grades_too):
        with pytest.raises(NotFound), clock.fixed(day(2)):
            write(lambda who=who: slip_hearings.decide(who, dispute_id, choice="stays", reason="x"))
    write(lambda: db.session.merge(Score(id=marked.id, person_id=desk.manager.id)))
    with pytest.raises(NotFound):
        decide(desk, dispute_id, "stays")
    with clock.fixed(day(2)):
        assert [one.is_mine for one in queries.waiting(desk.manager)] == [False]


def test_a_slip_that_lies_goes_to_those_who_lead_every_team_and_is_told_to_them(desk: Desk) -> None:
    lead = factories.actor("manager", manages=[desk.team])
    dispute_id = contested(desk, slipped(desk))

    with clock.fixed(day(3)):
        in_time = write(climbing.climb)
        before = [len(queries.waiting(who)) for who in (lead, desk.manager)]
    with clock.fixed(day(10)):
        climbed, again = write(climbing.climb), write(climbing.climb)
        after = [len(queries.waiting(who)) for who in (lead, desk.manager)]
        with pytest.raises(NotFound):
            write(lambda: slip_hearings.decide(lead, dispute_id, choice="stays", reason="x"))

    row = db.session.scalars(select(Dispute)).one()
    assert (in_time, climbed, again, before, after) == (0, 1, 0, [1, 1], [0, 1])
    assert (row.state, row.due_at > day(11)) == ("open", True)
    told = [notify.unread(who) or [] for who in (lead, desk.manager)]
    assert [[line.line for line in lines] for lines in told] == [
        [], ["A contested process slip was not decided in time. It is yours now."]
    ]  # fmt: skip
    assert decide(desk, dispute_id, "stays") == "upheld"


def test_where_nobody_leads_every_team_the_leads_are_reminded(desk: Desk) -> None:
    finding_id = slipped(desk)
    contested(desk, finding_id)
    lead = factories.actor("manager", manages=[desk.team])
    write(lambda: teams.lead(SYSTEM, db.session.get_one(Person, desk.manager.id), []))

    with clock.fixed(day(10)):
        climbed = write(climbing.climb)
        mine = [one.is_mine for one in queries.waiting(lead)]

    assert (climbed, mine) == (0, [True])
    assert [line.line for line in notify.unread(lead) or []] == ["A dispute is overdue. See who could decide it."]


def test_the_second_time_a_slip_is_heard_by_somebody_else_a_step_above(desk: Desk) -> None:
    finding_id = slipped(desk)
    lead, other = factories.actor("manager", manages=[desk.team]), factories.actor("admin")
    dispute_id = contested(desk, finding_id)
    decide(desk, dispute_id, "stays")
    with clock.fixed(day(3)):
        write(lambda: disputes.open_dispute(desk.agent, finding_id, kind="process", text="Again.", proposed=None))

        heard_by = [len(queries.waiting(who)) for who in (lead, desk.manager, other)]

    assert heard_by == [0, 0, 1]


def test_a_hearing_ends_with_a_known_word_and_a_reason(desk: Desk) -> None:
    dispute_id = contested(desk, slipped(desk))

    for choice, reason in [("maybe", "x"), ("stays", " ")]:
        with pytest.raises(BadInput):
            decide(desk, dispute_id, choice, reason)


def test_the_agent_contests_on_the_page_and_a_lead_answers(page_desk: Desk) -> None:
    finding_id = slipped(page_desk)

    with clock.fixed(day(1)):
        agent = factories.browser(page_desk.app, page_desk.agent)
        shown = agent.get(f"/results/{finding_id}").text
        sent = agent.send(f"/results/{finding_id}/dispute", {"kind": "process", "text": "It is in the log."})
    with clock.fixed(day(2)):
        agent, lead = (factories.browser(page_desk.app, who) for who in (page_desk.agent, page_desk.manager))
        home, listed = lead.get("/").text, lead.get("/process-slips").text
        dispute_id = db.session.scalars(select(Dispute.public_id)).one()
        page = lead.get(f"/process-slips/{dispute_id}").text
        empty = lead.send(f"/process-slips/{dispute_id}", {})
        done = lead.send(f"/process-slips/{dispute_id}", {"choice": "taken_back", "reason": "I found it."})
        after = agent.get(f"/results/{finding_id}").text

    assert "The process slip is none" in shown and "What should it be?" not in shown
    assert (sent.status_code, empty.status_code, done.status_code) == (302, 422, 302)
    assert "1 contested process slip" in home and "case-no-1" in listed
    assert "It is in the log." in page and "Every step of the procedure was done" in page
    assert "You were right" in after and "Taken back after a dispute" in after and "I found it." in after


def test_a_verdict_is_still_asked_of_whoever_contests_a_decision(page_desk: Desk) -> None:
    page_desk.drawn_case(decided="none", action="keep")
    look(page_desk.graders[0])
    with clock.fixed(day(1)):
        look(page_desk.graders[1])
    with clock.fixed(day(4)):
        write(findings.release_due)
        finding_id = db.session.scalars(select(Finding.public_id)).one()
        agent = factories.browser(page_desk.app, page_desk.agent)

        refused = agent.send(f"/results/{finding_id}/dispute", {"kind": "verdict", "text": "It is a quote."})

    assert refused.status_code == 422 and "Choose a verdict." in refused.text
    assert blind.held(page_desk.graders[0]) is None
