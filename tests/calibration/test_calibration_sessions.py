"""Sessions from draft to archive: who moves them, what is refused, and what nobody sees before the reveal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from calibration import precedents
from calibration.models.sessions import CalibrationSession, SessionCase, SessionVote
from calibration.queries import discussion
from calibration.queries import sessions as queries
from calibration.sessions import cases as session_cases
from calibration.sessions import consensus, sessions, voting
from calibration.sessions import people as session_people
from qa import touches
from qa.core import clock
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Refused
from qa.core.notices import notify
from qa.grading import answers, handing_in
from qa.grading.handing_in import HandedIn
from qa.models.policies import PolicyQuestion
from qa.models.truth import Truth
from tests import factories
from tests.calibration.meeting import HARMLESS, INSULT, THREAT, Meeting
from tests.desk import Desk


def test_a_session_goes_from_draft_to_archive_by_one_step_each(app: Flask) -> None:
    meeting = Meeting()
    moves = [sessions.start, sessions.close, sessions.reveal, sessions.agree, sessions.archive]
    seen = []

    for move in moves:
        if move is sessions.agree:
            meeting.agree(1), meeting.agree(2, HARMLESS)
        write(lambda move=move: move(meeting.host, meeting.id))
        seen.append(db.session.scalar(select(CalibrationSession.state)))

    assert seen == ["voting", "closed", "revealed", "agreed", "archived"]
    for move in moves:
        with pytest.raises(Refused):
            write(lambda move=move: move(meeting.host, meeting.id))


def test_a_session_needs_people_and_cases(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1, people=1)

    with pytest.raises(Refused, match="two people"):
        meeting.open()


def test_whoever_takes_part_is_told_and_a_vote_can_be_changed_until_voting_closes(app: Flask) -> None:
    meeting = Meeting(cases=1).open()

    meeting.vote(0, 1, THREAT)
    meeting.vote(0, 1, INSULT)

    votes = db.session.scalars(select(SessionVote).order_by(SessionVote.no)).all()
    lines = notify.unread(meeting.people[0])
    assert [(vote.no, vote.section_key, vote.replaced_at is None) for vote in votes] == [
        (1, "conduct/threats", False), (2, "conduct/insults", True),
    ]  # fmt: skip
    assert lines is not None and "waits for your votes" in lines[0].line


def test_no_vote_is_taken_once_voting_is_closed_or_the_deadline_has_passed(app: Flask) -> None:
    meeting = Meeting(cases=1).open()
    meeting.vote(0, 1)

    with clock.fixed(clock.now() + timedelta(days=4)), pytest.raises(Refused, match="ended"):
        meeting.vote(1, 1)
    write(lambda: sessions.close(meeting.host, meeting.id))
    with pytest.raises(Refused, match="ended"):
        meeting.vote(0, 1, INSULT)

    assert db.session.scalar(select(SessionVote.section_key)) == "conduct/threats"
    assert voting.seals(meeting.row.id).changed == ()


def test_a_sealed_vote_that_was_meddled_with_is_found(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1).open()
    meeting.vote(0, 1)
    meeting.reveal()

    def meddle() -> int:
        row = db.session.scalars(select(SessionVote)).one()
        row.verdict = "no_violation"
        return row.id

    changed = write(meddle)

    minutes = factories.browser(sqlite_app, meeting.host).get(f"/sessions/{meeting.id}/minutes").text
    assert voting.seals(meeting.row.id).changed == (changed,)
    assert "1 of 1 votes does not say any more what was locked" in minutes


def test_whoever_does_not_take_part_finds_no_session(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1).open()
    stranger, other_lead = factories.actor("reviewer"), factories.actor("reviewer", "manager", manages=None)

    for who in (stranger, other_lead):
        with pytest.raises(NotFound):
            queries.head(who, meeting.id)
        with pytest.raises(NotFound):
            write(lambda who=who: voting.vote(who, meeting.id, 1, THREAT))
    with pytest.raises(NotFound):
        write(lambda: sessions.close(other_lead, meeting.id))


def test_a_case_is_not_asked_of_whoever_decided_it_or_has_it_to_grade(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1)
    write(lambda: session_people.invite(meeting.host, meeting.row, names=[meeting.desk.agent.public_id]))
    meeting.open()

    with pytest.raises(Refused, match="had to do with"):
        write(lambda: voting.vote(meeting.desk.agent, meeting.id, 1, THREAT))


def test_before_the_reveal_nobody_sees_a_vote_and_after_it_the_case_is_never_given_to_them(app: Flask) -> None:
    meeting = Meeting(cases=1).open()
    meeting.vote(0, 1)
    before = queries.head(meeting.host, meeting.id)

    with pytest.raises(NotFound):
        discussion.shown(meeting.host, before, 1)
    meeting.reveal()

    after = discussion.shown(meeting.people[1], queries.head(meeting.people[1], meeting.id), 1)
    assert after is not None and after.votes == 1
    assert touches.met_among(meeting.people[1].id, [meeting.cases[0].id]) == {meeting.cases[0].id}


def test_the_reveal_shows_spread_entropy_and_who_differs_by_name_only_where_the_session_says_so(
    sqlite_app: Flask,
) -> None:
    shown = []
    desk = Desk()
    for names in (False, True):
        meeting = Meeting(cases=1, desk=desk, names_shown=names).open()
        meeting.all_vote(THREAT, THREAT, INSULT).reveal()
        shown.append(discussion.shown(meeting.host, queries.head(meeting.host, meeting.id), 1))

    nameless, named = shown
    assert nameless is not None and named is not None
    assert [(one.answer, one.count) for one in named.answers] == [
        ("Violates: Conduct: Threats", 2), ("Violates: Conduct: Insults", 1),
    ]  # fmt: skip
    assert named.entropy == pytest.approx(0.918, abs=1e-3)
    assert (nameless.differing, nameless.differing_names) == (1, ())
    assert named.differing_names == ("Voter 2",)
    assert "Voter" not in str(nameless.chart) + str(nameless.answers)
    assert [(one.label, one.votes) for one in named.cited] == [("Conduct: Threats", 2), ("Conduct: Insults", 1)]


def test_an_agreed_answer_need_not_be_anybodys_vote_and_is_never_the_settled_decision(app: Flask) -> None:
    meeting = Meeting(cases=1).open()
    meeting.all_vote(THREAT, THREAT, INSULT).reveal()

    meeting.agree(1, HARMLESS)

    shown = discussion.shown(meeting.host, queries.head(meeting.host, meeting.id), 1)
    assert shown is not None and shown.agreed is not None and shown.agreed.by_nobody
    assert db.session.scalars(select(Truth)).all() == []


def test_where_the_policy_is_unclear_its_owner_is_asked_and_nothing_is_kept(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1).open()
    meeting.all_vote(THREAT, INSULT, INSULT).reveal()

    meeting.agree(1, INSULT, unclear=True, reason="Both lists fit.")

    asked = db.session.scalars(select(PolicyQuestion)).one()
    assert (asked.section_key, asked.origin_kind, asked.text) == ("conduct/insults", "session", "Both lists fit.")
    with pytest.raises(Refused, match="unclear"):
        write(lambda: precedents.keep(meeting.host, meeting.id, 1, title="At the door"))


def test_the_discussion_ends_only_when_every_case_has_an_agreed_answer(sqlite_app: Flask) -> None:
    meeting = Meeting().open().reveal()
    meeting.agree(1)

    with pytest.raises(Refused, match="1 of the cases has no agreed answer"):
        write(lambda: sessions.agree(meeting.host, meeting.id))


def test_a_deadline_closes_and_reminds_by_itself(app: Flask) -> None:
    meeting = Meeting(cases=1).open()
    meeting.vote(0, 1)

    with clock.fixed(clock.now() + timedelta(days=2, hours=12)):
        write(lambda: sessions.remind(meeting.host, before=clock.now() + timedelta(hours=24)))
    with clock.fixed(clock.now() + timedelta(days=3)):
        closed = write(lambda: sessions.close_due(meeting.host))

    told = [len(notify.unread(who) or ()) for who in meeting.people]
    assert (closed, db.session.scalar(select(CalibrationSession.state))) == (1, "closed")
    assert told == [1, 2, 2]


def test_cases_are_picked_by_chance_by_clause_and_by_disagreement(app: Flask) -> None:
    desk = Desk()
    settled = desk.drawn_case(looks=2, decided="none", action="keep")
    other = [desk.case(play_key="conduct/insults", decided="conduct/insults") for _ in range(3)]
    desk.drawn_case()
    _settle_against_the_decision(desk, settled.id)

    def picked(how: str, **given: object) -> set[int]:
        def make() -> list[int]:
            row = sessions.create(desk.manager, title=how, deadline_at=clock.now() + timedelta(days=3))
            session_cases.add(desk.manager, row.public_id, how=how, **given)
            query = select(SessionCase.case_id).where(SessionCase.session_id == row.id)
            return list(db.session.scalars(query))

        return set(write(make))

    assert picked("clause", section_key="conduct/insults", size=9) == {case.id for case in other}
    assert picked("disagreement", size=9) == {settled.id}
    assert picked("random", size=2) <= {settled.id, *(case.id for case in other)}


def _settle_against_the_decision(desk: Desk, case_id: int) -> None:
    """Two graders say the same and not what was decided."""
    for grader in desk.graders[:2]:
        given = [HandedIn(case_id, "violates", "conduct/threats", "remove")]
        write(lambda grader=grader, given=given: handing_in.hand_in(grader, person=grader, grades=given))


def test_whoever_may_be_given_blind_cases_does_not_pick_by_disagreement(sqlite_app: Flask) -> None:
    desk = Desk()
    lead = factories.actor("reviewer", "manager", manages=None)
    row = write(lambda: sessions.create(lead, title="Mine", deadline_at=clock.now() + timedelta(days=3)))

    with pytest.raises(Refused, match="others differ"):
        write(lambda: session_cases.add(lead, row.public_id, how="disagreement"))
    assert desk.count == 0


def test_a_name_that_is_no_case_and_a_case_of_another_team_are_refused_alike(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1)
    foreign = factories.actor("manager", manages=[factories.team()])
    row = write(lambda: sessions.create(foreign, title="Theirs", deadline_at=clock.now() + timedelta(days=3)))
    said = []

    for name in ("no-such-case", meeting.cases[0].external_id):
        with pytest.raises(BadInput) as refused:
            write(lambda name=name: session_cases.add(foreign, row.public_id, how="hand", names=[name]))
        said.append(refused.value.message.replace(name, "…"))

    assert said[0] == said[1]


def test_notes_and_steps_are_the_hosts_alone_and_change_what_pages_have_seen(sqlite_app: Flask) -> None:
    meeting = Meeting().open().reveal()
    before = queries.head(meeting.people[0], meeting.id).changes

    write(lambda: consensus.take_notes(meeting.host, meeting.id, 1, notes="The door is a place."))
    write(lambda: sessions.step(meeting.host, meeting.id, to=2))

    after = queries.head(meeting.people[0], meeting.id)
    assert (after.changes - before, after.step) == (2, 2)
    with pytest.raises(NotFound):
        write(lambda: sessions.step(meeting.people[0], meeting.id, to=1))


def test_what_tells_of_the_decision_is_covered_for_the_host_and_in_voters_notes(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=0)
    leaky = meeting.desk.case(text="See you at the door. Removed by Agent Able.")
    write(lambda: session_cases.add(meeting.host, meeting.id, how="hand", names=[leaky.external_id]))
    meeting.cases = [leaky]
    before = queries.cases_of(meeting.host, queries.head(meeting.host, meeting.id))

    meeting.open().all_vote(answers.Given("no_violation", None, None, "low", {}, "Agent Able would know.")).reveal()

    shown = discussion.shown(meeting.host, queries.head(meeting.host, meeting.id), 1)
    assert before[0].start.startswith("See you at the door") and "Able" not in before[0].start
    assert shown is not None and "Able" not in str(shown.notes) and "Able" not in (shown.case.text or "")


def test_a_session_waits_for_nobody_by_a_case_that_they_are_not_asked_about(app: Flask) -> None:
    meeting = Meeting(cases=2).open()
    write(lambda: touches.touch(meeting.cases[0].id, meeting.people[0].id, "opened"))
    before = [line.waiting for line in queries.waiting(meeting.people[0])]

    meeting.vote(0, 2)

    assert before == [1] and queries.waiting(meeting.people[0]) is None
    assert [line.waiting for line in queries.listed(meeting.people[0])] == [0]
