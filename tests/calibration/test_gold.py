"""Known-answer cases: an answer of their own, mixed unmarked into queues, and out of every figure once voided."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from calibration import precedents
from calibration.gold import gold
from calibration.gold import queue as gold_queue
from calibration.gold import results as gold_results
from calibration.models.gold import Gold
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import NotFound, Refused
from qa.core.models import RoleGrant
from qa.grading import blind, handing_in, mixing, votes
from qa.grading.handing_in import HandedIn
from qa.models.cases import ClosedCase
from qa.models.grading import Task, TaskPurpose
from qa.models.truth import Truth
from qa.policies import policies
from qa.queries import reveals
from tests import factories
from tests.calibration.meeting import Meeting
from tests.desk import POLICY, Desk

WHY = "The first listed act is met."


def known(desk: Desk, case: ClosedCase) -> Gold:
    """A known-answer case by an expert: it is a threat."""
    return write(
        lambda: gold.add(
            desk.manager, case=case.external_id, verdict="violates", section_key="conduct/threats", action="remove",
            reason=WHY,
        )
    )  # fmt: skip


def mixed_in() -> int | None:
    """The daily release."""
    return write(mixing.mix_in)


def look(desk: Desk, case: ClosedCase, grader: int, *, right: bool) -> None:
    """Let a grader give a committed look."""
    who = desk.graders[grader]
    section, action = ("conduct/threats", "remove") if right else ("conduct/insults", "warn")
    given = [HandedIn(case.id, "violates", section, action)]
    write(lambda: handing_in.hand_in(who, person=who, grades=given))


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_a_quarter_holds_its_day_and_has_three_months(day):
    first, end = gold_queue.quarter(day)

    assert first <= day < end and 90 <= (end - first).days <= 92 and (first.day, first.month % 3) == (1, 1)


def test_each_grader_gets_known_answers_with_the_release_until_the_quarters_number_is_reached(app: Flask) -> None:
    desk = Desk()
    cases = [desk.case() for _ in range(3)]
    for case in cases:
        known(desk, case)

    count = mixed_in()
    again = mixed_in()

    kept = select(Task.person_id, func.count()).join(TaskPurpose, TaskPurpose.task_id == Task.id)
    by_person = dict(db.session.execute(kept.where(TaskPurpose.purpose == "gold").group_by(Task.person_id)).all())
    assert again is None
    assert count == sum(by_person.values()) == 2 * len(by_person)
    assert set(by_person) == {who.id for who in [*desk.graders, desk.adjudicator]}
    assert gold_queue.due(date(2026, 11, 16), had=30, portion=60) == 0
    assert gold_queue.due(date(2026, 10, 1), had=0, portion=60) == 1


def test_nobody_is_given_a_known_answer_that_they_met_or_made(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1, people=3).open()
    meeting.all_vote()
    meeting.reveal().agree(1)
    write(lambda: gold.keep(meeting.host, meeting.id, 1))
    factories.kept(_grant(meeting.people[0].id))

    mixed_in()

    given_to = set(db.session.scalars(select(Task.person_id)))
    assert given_to == {who.id for who in [*meeting.desk.graders, meeting.desk.adjudicator]}


def _grant(person_id: int | None) -> object:
    return RoleGrant(person_id=person_id, role="reviewer", from_at=clock.now())


def test_a_look_at_a_known_answer_settles_nothing_and_is_no_vote(app: Flask) -> None:
    desk = Desk()
    case = desk.case(decided="none", action="keep")
    row = known(desk, case)
    mixed_in()

    look(desk, case, 0, right=True)
    look(desk, case, 1, right=False)

    found = gold_results.by_grader()
    assert (found[desk.graders[0].id].right, found[desk.graders[1].id].right) == (1, 0)
    assert db.session.scalars(select(Truth)).all() == [] and votes.kept() == []
    assert (row.verdict, case.decided_key) == ("violates", "none")


def test_a_voided_one_counts_for_nobody_and_leaves_the_queues(app: Flask) -> None:
    desk = Desk()
    case = desk.case()
    row = known(desk, case)
    mixed_in()
    look(desk, case, 0, right=False)

    write(lambda: gold.challenge(desk.manager, row.public_id, text="It is an insult."))
    with pytest.raises(Refused):
        write(lambda: gold.retire(desk.manager, row.public_id))
    write(lambda: gold.void(desk.manager, row.public_id))

    states = db.session.scalars(select(Task.state).where(Task.person_id != desk.graders[0].id)).all()
    assert gold_results.by_grader() == {}
    assert set(states) == {"void"}
    assert known(desk, case).public_id != row.public_id


def test_another_than_the_maker_rules_on_a_challenge_of_somebody_else(sqlite_app: Flask) -> None:
    desk = Desk()
    row = known(desk, desk.case())
    other = factories.actor("manager", manages=None)
    write(lambda: gold.challenge(other, row.public_id, text="No."))

    for who in (desk.manager, other):
        with pytest.raises(Refused, match="Somebody else"):
            write(lambda who=who: gold.void(who, row.public_id))
    write(lambda: gold.uphold(SYSTEM, row.public_id))

    assert row.state == "live"


def test_it_goes_stale_with_its_clause_and_only_when_that_changes_in_substance(app: Flask) -> None:
    desk = Desk()
    threat, other = known(desk, desk.case()), desk.case()
    insult = write(
        lambda: gold.add(
            desk.manager, case=other.external_id, verdict="violates", section_key="conduct/insults",
            action="warn", reason=WHY,
        )
    )  # fmt: skip
    text = POLICY.replace("- Saying that somebody will be hurt\n", "")
    tomorrow = clock.now().date() + timedelta(days=1)
    write(lambda: policies.import_text(SYSTEM, text, name="conduct", effective=tomorrow))

    with clock.fixed(clock.now() + timedelta(days=2)):
        moved = write(lambda: gold.follow_policies(SYSTEM))
        write(lambda: gold.renew(desk.manager, threat.public_id))
        again = write(lambda: gold.follow_policies(SYSTEM))

    assert (moved, again) == (1, 0)
    assert (threat.state, insult.state) == ("live", "live")


def test_whoever_may_be_given_blind_cases_is_not_told_which_these_are(sqlite_app: Flask) -> None:
    desk = Desk()
    known(desk, desk.case())
    dual = factories.actor("manager", "reviewer", manages=None)

    with pytest.raises(NotFound):
        gold_results.listed(dual)
    assert WHY not in factories.browser(sqlite_app, dual).get("/known-answers").text
    assert WHY in factories.browser(sqlite_app, desk.manager).get("/known-answers").text
    assert len(gold_results.listed(desk.manager)[0]) == 1


def test_a_case_is_a_known_answer_or_a_precedent_never_both(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=2, people=2).open()
    meeting.reveal().agree(1), meeting.agree(2)
    write(lambda: gold.keep(meeting.host, meeting.id, 1))
    write(lambda: precedents.keep(meeting.host, meeting.id, 2, title="At the door"))

    with pytest.raises(Refused, match="known-answer"):
        write(lambda: precedents.keep(meeting.host, meeting.id, 1, title="At the door"))
    with pytest.raises(Refused, match="precedent"):
        write(lambda: gold.keep(meeting.host, meeting.id, 2))


def test_a_grader_cannot_tell_a_known_answer_by_its_page_or_its_reveal(app: Flask) -> None:
    desk = Desk(graders=2)
    with clock.fixed(clock.now() - timedelta(hours=1)):
        settled = desk.drawn_case(decided="none", action="keep")
        known(desk, settled)
        given = [HandedIn(settled.id, "no_violation")]
        write(lambda: handing_in.hand_in(desk.graders[0], person=desk.graders[0], grades=given))
    mixed_in()
    fresh = desk.drawn_case(decided="none", action="keep")
    who = desk.graders[1]
    browser = factories.browser(app, who)

    pages = []
    for case in (settled, fresh):
        browser.send("/grade/claim")
        pages.append(browser.get("/grade").text.lower())
        held = blind.held(who)
        answer = {"verdict": "violates", "section": "conduct/threats", "action": "remove", "confidence": "high"}
        assert browser.send(f"/grade/{held}/grade", answer).status_code == 302, case
    write(lambda: blind.close_batch(who))
    write(lambda: db.session.execute(update(Task).where(Task.state == "committed").values(state="revealed")))

    batch = reveals.batch(who)
    assert batch is not None and len(batch.rows) == 2
    assert len({(row.decided, row.is_same, row.settled) for row in batch.rows}) == 1
    assert not any(word in page for page in pages for word in ("gold", "known-answer", "calibration"))


def test_a_grader_sees_the_own_share_of_the_last_quarter_and_of_no_other(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    case = desk.case()
    known(desk, case)
    mixed_in()
    look(desk, case, 0, right=True)

    with clock.fixed(clock.now() + timedelta(days=60)):
        then = gold_results.own(desk.graders[0])

    assert gold_results.own(desk.graders[0]) is None
    assert then is not None and (then.right, then.total) == (1, 1)
