"""Where all differ, one who was not in it rules; where an agent contests a result, another one looks first."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from qa import findings
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Refused
from qa.grading import blind
from qa.hearings import adjudication, disputes
from qa.hearings.disputes import Proposed
from qa.models.grading import Adjudication, Task
from qa.models.truth import Dispute, Finding, Settlement, Truth
from qa.tallies import tallies
from tests import factories
from tests.conftest import TODAY
from tests.desk import Desk

THREATS, INSULTS = "conduct/threats", "conduct/insults"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(graders=3)


def day(number: int) -> datetime:
    return TODAY + timedelta(days=number)


def answer(who: Actor, verdict: str = "violates", section: str | None = THREATS, action: str | None = "remove") -> str:
    """Claim, grade and commit."""
    task = write(lambda: blind.claim(who))
    assert task is not None
    if verdict != "violates":
        section, action = None, None
    write(lambda: blind.grade(
        who, task, verdict=verdict, section_key=section, action=action, confidence="high", claim_next=False,
    ))  # fmt: skip
    write(lambda: blind.close_batch(who))
    return task


def three_answers(desk: Desk) -> str:
    """A case on which agent and two graders differ, and the adjudicator's blind look; the ruling's address."""
    desk.drawn_case(decided="none", action="keep")
    answer(desk.graders[0], section=THREATS)
    with clock.fixed(day(1)):
        answer(desk.graders[1], section=INSULTS)
    with clock.fixed(day(2)):
        answer(desk.adjudicator, section=INSULTS)
    db.session.rollback()
    return db.session.scalars(select(Adjudication.public_id)).one()


def rule(desk: Desk, ruling_id: str, ruling: str) -> str:
    with clock.fixed(day(2)):
        return write(lambda: adjudication.decide(desk.adjudicator, ruling_id, ruling=ruling, reason="Read it."))


def test_the_answers_are_kept_shuffled_and_a_blind_look_comes_first(desk: Desk) -> None:
    desk.drawn_case(decided="none", action="keep")
    answer(desk.graders[0], section=THREATS)
    with clock.fixed(day(1)):
        answer(desk.graders[1], section=INSULTS)
    row = db.session.scalars(select(Adjudication)).one()

    with pytest.raises(NotFound):
        write(lambda: adjudication.decide(desk.adjudicator, row.public_id, ruling="own", reason="x"))
    assert (row.state, row.shown) == ("waiting", None)


def test_an_adjudicator_rules_for_the_own_answer_and_explains_it(desk: Desk) -> None:
    ruling_id = three_answers(desk)

    state = rule(desk, ruling_id, "own")

    truth = db.session.scalars(select(Truth)).one()
    finding = db.session.scalars(select(Finding)).one()
    assert (state, truth.basis, truth.section_key) == ("settled", "adjudicated", INSULTS)
    assert (finding.kind, finding.settler_id) == ("false_negative", desk.adjudicator.id)


def test_both_defensible_lets_the_decision_stand_without_an_error(desk: Desk) -> None:
    ruling_id = three_answers(desk)

    rule(desk, ruling_id, "both_defensible")

    truth = db.session.scalars(select(Truth)).one()
    assert (truth.basis, truth.verdict, truth.right_policy) == ("both_defensible", "no_violation", True)
    assert db.session.scalars(select(Finding.kind)).one() == "correct"


def test_each_answer_that_was_shown_can_be_taken_and_no_other(desk: Desk) -> None:
    ruling_id = three_answers(desk)
    shown = db.session.scalars(select(Adjudication.shown)).one()
    at = [one["section_key"] for one in shown].index(THREATS)

    with pytest.raises(BadInput):
        rule(desk, ruling_id, "shown:3")
    rule(desk, ruling_id, f"shown:{at}")

    assert sorted(one["section_key"] for one in shown) == [INSULTS, THREATS, "none"]
    assert db.session.scalars(select(Truth.section_key)).one() == THREATS


def test_a_ruling_is_made_once_and_by_nobody_else(desk: Desk) -> None:
    ruling_id = three_answers(desk)

    with pytest.raises(NotFound):
        write(lambda: adjudication.decide(desk.graders[0], ruling_id, ruling="own", reason="x"))
    rule(desk, ruling_id, "own")
    with pytest.raises(Refused):
        rule(desk, ruling_id, "both_defensible")

    assert db.session.scalars(select(Truth.basis)).all() == ["adjudicated"]


def test_an_adjudicator_who_cannot_tell_makes_the_case_ungradable(desk: Desk) -> None:
    desk.drawn_case(decided="none", action="keep")
    answer(desk.graders[0], section=THREATS)
    with clock.fixed(day(1)):
        answer(desk.graders[1], section=INSULTS)
    with clock.fixed(day(2)):
        answer(desk.adjudicator, verdict="cannot_tell")
    ruling_id = db.session.scalars(select(Adjudication.public_id)).one()

    assert rule(desk, ruling_id, "own") == "ungradable"
    assert db.session.scalars(select(Truth)).all() == []


def published_error(desk: Desk) -> str:
    """A published finding of the agent's: missed, by two graders."""
    desk.drawn_case(decided="none", action="keep")
    answer(desk.graders[0])
    with clock.fixed(day(1)):
        answer(desk.graders[1])
        finding_id = db.session.scalars(select(Finding.public_id)).one()
        write(lambda: findings.explain(
            desk.graders[1], finding_id, root_cause="clause_misread", feedback="The second point."
        ))  # fmt: skip
    with clock.fixed(day(2)):
        assert write(findings.release_due) == 1
    return finding_id


def dispute(desk: Desk, finding_id: str, at: int = 2, who: Actor | None = None) -> str:
    with clock.fixed(day(at)):
        return write(lambda: disputes.open_dispute(
            who or desk.agent, finding_id, kind="verdict", text="It quotes a film.", proposed=Proposed("no_violation"),
            key="k1",
        ))  # fmt: skip


def decide(desk: Desk, dispute_id: str, choice: str) -> str:
    with clock.fixed(day(3)):
        return write(lambda: disputes.decide(desk.adjudicator, dispute_id, choice=choice, reason="It is a quote."))


def test_a_dispute_is_looked_at_blind_before_its_argument_is_read(desk: Desk) -> None:
    dispute_id = dispute(desk, published_error(desk))

    with pytest.raises(NotFound):
        decide(desk, dispute_id, "own")
    with clock.fixed(day(3)):
        assert write(lambda: blind.claim(desk.graders[2])) is None
        answer(desk.adjudicator, verdict="no_violation")

    row = db.session.scalars(select(Dispute)).one()
    assert (row.state, row.by_id) == ("argument_read", desk.adjudicator.id)


def test_an_overturned_dispute_writes_a_new_truth_and_a_new_result_that_names_the_old(desk: Desk) -> None:
    finding_id = published_error(desk)
    dispute_id = dispute(desk, finding_id)
    with clock.fixed(day(3)):
        answer(desk.adjudicator, verdict="no_violation")

    result = decide(desk, dispute_id, "own")

    old, new = db.session.scalars(select(Finding).order_by(Finding.id)).all()
    first, second = db.session.scalars(select(Truth).order_by(Truth.no)).all()
    assert (result, old.state, new.kind, new.replaces_id) == ("overturned", "replaced", "correct", old.id)
    assert (first.replaced_at is None, second.basis, second.verdict) == (False, "dispute", "no_violation")
    assert tallies.kept() == tallies.recomputed() != {}


def test_an_upheld_dispute_leaves_the_truth_and_can_be_opened_once_more(desk: Desk) -> None:
    finding_id = published_error(desk)
    dispute_id = dispute(desk, finding_id)
    with clock.fixed(day(3)):
        answer(desk.adjudicator)
    second = factories.actor("reviewer", skills=["decide_dispute"])

    assert decide(desk, dispute_id, "standing") == "upheld"
    with pytest.raises(Refused):
        decide(desk, dispute_id, "own")
    with clock.fixed(day(3)):
        write(lambda: disputes.open_dispute(
            desk.agent, finding_id, kind="evidence", text="Again.", proposed=Proposed("no_violation")
        ))  # fmt: skip
    with clock.fixed(day(4)):
        again = write(lambda: blind.claim(second))

    assert again is not None
    assert db.session.scalars(select(Truth.basis)).all() == ["majority"]
    assert db.session.scalars(select(Finding.state)).all() == ["disputed"]


def test_a_dispute_that_is_sent_twice_is_opened_once(desk: Desk) -> None:
    finding_id = published_error(desk)

    assert dispute(desk, finding_id) == dispute(desk, finding_id)
    assert len(db.session.scalars(select(Dispute.id)).all()) == 1


def test_a_result_is_disputed_by_its_agent_alone_in_time_and_with_a_clause_of_that_day(desk: Desk) -> None:
    finding_id = published_error(desk)

    with pytest.raises(NotFound):
        dispute(desk, finding_id, who=desk.graders[2])
    with pytest.raises(Refused):
        dispute(desk, finding_id, at=12)
    with clock.fixed(day(2)), pytest.raises(BadInput):
        write(lambda: disputes.open_dispute(
            desk.agent, finding_id, kind="section", text="No.", proposed=Proposed("violates", "conduct/nothing")
        ))  # fmt: skip

    assert db.session.scalars(select(Finding.state)).one() == "published"


def test_a_dispute_that_is_taken_back_leaves_no_case_in_the_queue(desk: Desk) -> None:
    finding_id = published_error(desk)
    dispute(desk, finding_id)

    write(lambda: disputes.withdraw(desk.agent, finding_id))

    with clock.fixed(day(3)):
        assert write(lambda: blind.claim(desk.adjudicator)) is None
    assert db.session.scalars(select(Dispute.state)).one() == "withdrawn"


def test_a_case_that_three_people_pass_on_is_unreached_and_asks_nobody_more(desk: Desk) -> None:
    desk.drawn_case()

    for grader in desk.graders:
        task = write(lambda grader=grader: blind.claim(grader))
        write(lambda grader=grader, task=task: blind.skip(grader, task, reason="broken"))

    assert write(lambda: blind.claim(desk.adjudicator)) is None
    assert db.session.scalars(select(Settlement.state)).one() == "unreached"
    assert db.session.scalars(select(Task.state)).all() == ["skipped"] * 3


def test_a_skipped_adjudication_goes_to_the_next_who_may(desk: Desk) -> None:
    other = factories.actor("reviewer", skills=["adjudicate"])
    desk.drawn_case(decided="none", action="keep")
    answer(desk.graders[0], section=THREATS)
    with clock.fixed(day(1)):
        answer(desk.graders[1], section=INSULTS)
    with clock.fixed(day(2)):
        task = write(lambda: blind.claim(desk.adjudicator))
        write(lambda: blind.skip(desk.adjudicator, task, reason="know_them"))

        answer(other, section=THREATS)

    row = db.session.scalars(select(Adjudication)).one()
    assert (row.state, row.person_id) == ("committed", other.id)


def test_an_answer_is_said_only_as_far_as_a_look_settles_it(desk: Desk) -> None:
    """An action that only the decision has, or a clause that only looks name, would tell which answer is whose."""
    three_answers(desk)

    shown = db.session.scalars(select(Adjudication.shown)).one()

    assert [one["action"] for one in shown] == [None] * 3


def test_where_one_answer_names_a_policy_alone_no_other_is_said_more_exactly() -> None:
    as_they_were = [("violates", "conduct", None), ("violates", "spam/links", None), ("no_violation", "none", None)]
    of_one_policy = [*as_they_were, ("violates", "conduct/threats", None)]

    said = adjudication._said_alike(as_they_were)

    assert [said[one] for one in as_they_were] == ["conduct", "spam", "none"]
    assert adjudication._said_alike(of_one_policy)[as_they_were[1]] == "spam/links"
