"""A case's way from the draw to its truth, through the public services."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from qa import findings, settlement, truths
from qa.core import access, audit, clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import NotFound, Refused
from qa.grading import blind, leases
from qa.models.grading import Grade, Task
from qa.models.truth import Finding, Settlement
from qa.tallies import tallies
from tests.desk import Desk

KEY = "conduct/threats"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(graders=4)


def answer(grader: Actor, verdict: str = "violates", section: str = KEY, action: str | None = "remove") -> None:
    """Claim the next case, grade it, close the batch."""
    task = write(lambda: blind.claim(grader))
    assert task is not None
    write(lambda: blind.grade(
        grader, task, verdict=verdict, section_key=section if verdict == "violates" else None,
        action=action if verdict == "violates" else None, confidence="high", claim_next=False,
    ))  # fmt: skip
    write(lambda: blind.close_batch(grader))


def state(desk: Desk) -> str:
    db.session.rollback()
    return db.session.scalars(select(Settlement.state)).one()


def test_a_first_grade_that_agrees_settles_at_once(desk: Desk) -> None:
    desk.drawn_case(decided=KEY, action="remove")

    answer(desk.graders[0])

    assert state(desk) == "settled"
    finding = db.session.scalars(select(Finding)).one()
    assert (finding.kind, finding.state, finding.published_at) == ("correct", "held", None)


def test_a_difference_waits_for_the_release_hour_and_a_second_grader_settles_it(desk: Desk) -> None:
    desk.drawn_case(decided="none", action="keep")
    answer(desk.graders[0])

    same_day = write(lambda: blind.claim(desk.graders[1]))
    with clock.fixed(clock.now() + timedelta(days=1)):
        answer(desk.graders[1])

    assert same_day is None
    assert state(desk) == "settled"
    assert db.session.scalars(select(Finding.kind)).one() == "false_negative"


def test_a_grader_is_never_given_the_same_case_again(desk: Desk) -> None:
    desk.drawn_case(decided="none", action="keep")
    answer(desk.graders[0])

    with clock.fixed(clock.now() + timedelta(days=1)):
        again = write(lambda: blind.claim(desk.graders[0]))

    assert again is None


def test_nobody_is_given_a_case_of_their_own(desk: Desk) -> None:
    grader = desk.graders[0]
    desk.drawn_case(decided=KEY, action="remove", agent_id=grader.id)

    assert write(lambda: blind.claim(grader)) is None
    assert write(lambda: blind.claim(desk.graders[1])) is not None


def test_three_different_answers_go_to_somebody_who_may_adjudicate(desk: Desk) -> None:
    desk.drawn_case(decided="none", action="keep")
    answer(desk.graders[0])
    with clock.fixed(clock.now() + timedelta(days=1)):
        answer(desk.graders[1], section="conduct/insults")
    with clock.fixed(clock.now() + timedelta(days=2)):
        plain = write(lambda: blind.claim(desk.graders[2]))
        able = write(lambda: blind.claim(desk.adjudicator))

    assert state(desk) == "adjudication"
    assert plain is None
    assert able is not None


def test_a_truth_that_changes_replaces_the_finding_and_moves_the_counts(desk: Desk) -> None:
    case = desk.drawn_case(decided=KEY, action="remove")
    answer(desk.graders[0])
    levels = ["verdict", "policy"]
    before = tallies.kept()

    vote = settlement.Vote("no_violation")
    write(lambda: truths.stand(case, vote, basis="dispute", settler_id=None, levels=levels))

    kinds = {(row.kind, row.state) for row in db.session.scalars(select(Finding))}
    assert kinds == {("correct", "replaced"), ("false_positive", "held")}
    assert tallies.kept() == tallies.recomputed() != before


def test_two_who_cannot_tell_end_a_case_as_ungradable(desk: Desk) -> None:
    desk.drawn_case(decided=KEY, action="remove")
    answer(desk.graders[0], verdict="cannot_tell")
    with clock.fixed(clock.now() + timedelta(days=1)):
        answer(desk.graders[1], verdict="cannot_tell")

    assert state(desk) == "ungradable"


def test_what_was_skipped_by_three_is_asked_of_nobody_any_more(desk: Desk) -> None:
    desk.drawn_case(decided=KEY, action="remove")
    for grader in desk.graders[:3]:
        task = write(lambda grader=grader: blind.claim(grader))
        write(lambda grader=grader, task=task: blind.skip(grader, task, reason="other"))

    assert state(desk) == "unreached"
    assert write(lambda: blind.claim(desk.graders[3])) is None


def test_a_grade_can_be_taken_back_until_the_batch_closes_and_every_state_is_kept(desk: Desk) -> None:
    desk.drawn_case(decided=KEY, action="remove")
    grader = desk.graders[0]
    task = write(lambda: blind.claim(grader))
    write(lambda: blind.grade(grader, task, verdict="no_violation", confidence="low", claim_next=False))

    back = write(lambda: blind.take_back(grader))
    write(lambda: blind.grade(
        grader, back, verdict="violates", section_key=KEY, action="remove", confidence="high", claim_next=False
    ))  # fmt: skip
    write(lambda: blind.close_batch(grader))

    kept = db.session.scalars(select(Grade).order_by(Grade.no)).all()
    assert [(row.verdict, row.taken_back_at is not None, row.committed_at is not None) for row in kept] == [
        ("no_violation", True, False),
        ("violates", False, True),
    ]
    with pytest.raises(Refused):
        write(lambda: blind.take_back(grader))


def test_the_same_form_sent_twice_is_one_grade_with_one_answer(desk: Desk) -> None:
    desk.drawn_case(decided=KEY, action="remove")
    desk.drawn_case(decided=KEY, action="remove")
    grader = desk.graders[0]
    task = write(lambda: blind.claim(grader))

    def send() -> blind.Graded:
        return write(lambda: blind.grade(grader, task, verdict="no_violation", confidence="low", key="k1"))

    assert send() == send()
    assert len(db.session.scalars(select(Grade)).all()) == 1


def test_a_task_in_other_hands_is_not_there(desk: Desk) -> None:
    desk.drawn_case(decided=KEY, action="remove")
    task = write(lambda: blind.claim(desk.graders[0]))

    with pytest.raises(NotFound):
        write(lambda: blind.grade(desk.graders[1], task, verdict="no_violation", confidence="low"))
    with pytest.raises(NotFound):
        write(lambda: blind.grade(desk.graders[1], "0" * 32, verdict="no_violation", confidence="low"))


def test_a_lease_that_ran_out_gives_the_case_back(desk: Desk) -> None:
    desk.drawn_case(decided=KEY, action="remove")
    write(lambda: blind.claim(desk.graders[0]))

    with clock.fixed(clock.now() + timedelta(hours=3)):
        write(leases.lapse)
        other = write(lambda: blind.claim(desk.graders[1]))

    assert other is not None
    assert db.session.scalars(select(Task.person_id)).one() == desk.graders[1].id


def test_a_result_reaches_the_agent_at_the_release_hour_and_an_error_when_it_is_explained(desk: Desk) -> None:
    desk.drawn_case(decided="none", action="keep")
    answer(desk.graders[0])
    with clock.fixed(clock.now() + timedelta(days=1)):
        answer(desk.graders[1])
        finding = db.session.scalars(select(Finding)).one()
    agent = access.actor(finding.agent_id)

    with pytest.raises(NotFound):
        write(lambda: findings.acknowledge(agent, finding.public_id))
    with clock.fixed(clock.now() + timedelta(days=2)):
        assert write(findings.release_due) == 0
        write(lambda: findings.explain(
            desk.graders[1], finding.public_id, root_cause="clause_misread", feedback="Read the second point."
        ))  # fmt: skip
        assert write(findings.release_due) == 1
        write(lambda: findings.acknowledge(agent, finding.public_id))
    assert audit.verify().bad_seq is None
