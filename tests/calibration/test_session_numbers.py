"""What sessions measure, by hand; and that nothing of it reaches anybody's accuracy."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from calibration import accuracy
from calibration.models.sessions import SessionPerson
from calibration.sessions import cases as session_cases
from calibration.sessions import numbers as session_numbers
from calibration.sessions.deviating import Answer, deviations
from calibration.stats.agreement import report
from calibration.stats.intervals import wilson
from calibration.stats.paired import paired_interval
from calibration.stats.ratings import from_long
from qa.core import clock
from qa.core.db import db, write
from qa.grading import handing_in
from qa.grading.handing_in import HandedIn
from tests import factories
from tests.calibration.meeting import HARMLESS, INSULT, THREAT, Meeting

answers = st.builds(
    Answer,
    st.sampled_from(["violates", "no_violation", "cannot_tell"]),
    st.sampled_from(["none", "a", "a/b", "a/c", "d/e"]),
    st.sampled_from([None, "warn", "remove", "ban"]),
)
LADDER = {"warn": 0, "remove": 1, "ban": 2}
LOOSER = ({"section": "exact", "action": "exact"}, {"section": "policy", "action": "step"},
          {"section": "ignored", "action": "ignored"})  # fmt: skip


@given(answers, answers)
def test_an_answer_never_deviates_from_itself_and_more_tolerance_finds_fewer_deviations(one, other):
    found = [set(deviations(one, other, rules, LADDER)) for rules in LOOSER]

    assert deviations(one, one, LOOSER[0], LADDER) == []
    assert found[0] >= found[1] >= found[2]
    assert bool(found[2]) == (one.verdict != other.verdict)


def test_a_step_of_the_ladder_is_tolerated_where_it_is_said():
    warn, ban = Answer("violates", "a/b", "warn"), Answer("violates", "a/b", "ban")
    remove = Answer("violates", "a/b", "remove")

    assert deviations(warn, remove, {"action": "step"}, LADDER) == []
    assert deviations(warn, ban, {"action": "step"}, LADDER) == ["action"]
    assert deviations(warn, remove, {"action": "exact"}, LADDER) == ["action"]


def test_each_voter_stands_beside_the_agreed_answers_and_the_others(app: Flask) -> None:
    meeting = Meeting(cases=2).open()
    meeting.all_vote(THREAT, THREAT, INSULT).reveal()
    meeting.agree(1, THREAT), meeting.agree(2, INSULT)

    rows = session_numbers.compared(session_id=meeting.row.id)
    lines = session_numbers.raters(rows)

    assert [(one.person, one.deviating.deviations, one.deviating.total) for one in lines] == [
        ("Voter 0", 1, 2), ("Voter 1", 1, 2), ("Voter 2", 1, 2),
    ]  # fmt: skip
    assert [one.with_others for one in lines] == [0.5, 0.5, 0.0]
    assert (lines[0].deviating.low, lines[0].deviating.high) == pytest.approx(wilson(1, 2))


def test_votes_on_one_case_do_not_make_a_sessions_interval_narrower(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1, people=6).open()
    meeting.all_vote(*[THREAT] * 3, *[INSULT] * 3).reveal().agree(1)

    found = session_numbers.deviating(session_numbers.compared(session_id=meeting.row.id))

    assert (found.deviations, found.total, found.cases) == (3, 6, 1)
    assert (found.low, found.high) == pytest.approx(wilson(0.5, 1))


def test_change_is_told_of_fresh_cases_of_the_same_policy_in_pairs_of_first_votes(sqlite_app: Flask) -> None:
    first = Meeting(cases=2, people=2).open()
    first.all_vote(INSULT, THREAT).reveal()
    first.agree(1), first.agree(2)
    people = first.people

    with clock.fixed(clock.now() + timedelta(days=8)):
        second = Meeting(cases=1, people=0, desk=first.desk)
        factories.kept(_invited(second.row.id, people[0].id)), factories.kept(_invited(second.row.id, people[1].id))
        second.people = people
        second.open().all_vote(THREAT, THREAT).reveal().agree(1)
        rows = session_numbers.compared()
        change = session_numbers.change(rows)
        page = factories.browser(sqlite_app, first.host).get("/sessions").text
        lines = session_numbers.trend(rows)

    assert (change.pairs, change.change) == (2, 0.5)
    assert (change.low, change.high) == paired_interval(1, 0, 2)
    assert "+50.0 pts" in page and "2 pairs, exact McNemar, p = 1.00" in page
    assert [line.all.share for line in lines] == [0.5, 0.0]
    assert list(lines[0].by_team) == ["no team"]


def _invited(session_id: int, person_id: int | None) -> object:
    return SessionPerson(session_id=session_id, person_id=person_id, part="voter")


def test_alpha_waits_for_thirty_cases_drawn_by_chance(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=2).open()
    meeting.all_vote(THREAT, INSULT, HARMLESS).reveal()
    meeting.agree(1), meeting.agree(2)

    found = session_numbers.alpha(session_numbers.compared())

    assert (found.cases, found.value) == (0, None)


def drawn(case: int, voter: int, label: str) -> session_numbers.Compared:
    """A vote on a case that a session drew at random."""
    return session_numbers.Compared(
        case // 5, "Weekly", clock.now(), case, "random", "conduct", voter, f"Voter {voter}", "Team", label, ()
    )


def test_from_thirty_drawn_cases_on_alpha_is_told_with_its_interval_and_of_those_alone(sqlite_app: Flask) -> None:
    said = [[("a", "b")[case % 2] if (case + voter) % 7 else "c" for voter in range(3)] for case in range(30)]
    rows = [drawn(case, voter, label) for case, labels in enumerate(said) for voter, label in enumerate(labels)]
    by_hand = [replace(row, how="hand", label="a") for row in rows[:30]]

    found = session_numbers.alpha([*rows, *by_hand])
    few = session_numbers.alpha([row for row in rows if row.session_case_id < 29])

    expected = report(from_long([row.session_case_id for row in rows], [row.person_id for row in rows],
                                [row.label for row in rows]))["coefficients"]["krippendorff_alpha"]  # fmt: skip
    assert (found.cases, found.value) == (30, pytest.approx(expected["value"]))
    assert found.low < found.value < found.high
    assert (few.cases, few.value) == (29, None)


def test_sessions_never_enter_an_agents_accuracy(app: Flask) -> None:
    meeting = Meeting(cases=0)
    drawn, grader = meeting.desk.drawn_case(), meeting.desk.graders[0]
    given = [HandedIn(drawn.id, "violates", "conduct/threats", "remove")]
    write(lambda: handing_in.hand_in(grader, person=grader, grades=given))
    before = repr(accuracy.rows())
    db.session.rollback()
    write(lambda: session_cases.add(meeting.host, meeting.id, how="hand", names=[drawn.external_id]))
    meeting.cases = [drawn]

    meeting.open().all_vote(HARMLESS, HARMLESS, HARMLESS).reveal().agree(1, HARMLESS)

    assert "n=1" in before and repr(accuracy.rows()) == before
