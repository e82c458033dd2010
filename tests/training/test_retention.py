"""Checks on what was passed: three new questions on day 3, 10, 30 and 90, one step back after a miss."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.core import clock
from qa.core.db import db, write
from qa.core.errors import NotFound, ProductError, Refused
from qa.core.models import Notice
from qa.models.cases import ClosedCase, Touch
from qa.models.policies import PolicyQuestion
from qa.models.truth import Truth
from tests import factories
from tests.training.checked import Work, after, answered, fresh, offered, passed, snapshot
from tests.training.school import PUSHY, School
from training import jobs, learning, mastery, retention, skill_keys
from training.models.learning import Attempt, Mastery, MasteryEvent
from training.models.modules import Item, LessonBlock, ModuleVersion
from training.models.retention import CheckAnswer, RetentionCheck
from training.queries import checks, home, unseen


@pytest.fixture
def school(sqlite_app: Flask) -> School:
    return passed(School())


@pytest.fixture
def school_on_both(app: Flask) -> School:
    return passed(School())


def rows(asked: list[dict[str, Any]]) -> list[Mastery]:
    """The masteries that *asked* was about."""
    fresh()
    keys = {skill_keys.stored(skill_keys.read(one["skill"])) for one in asked}
    return list(db.session.scalars(select(Mastery).where(Mastery.skill_key_id.in_(keys))))


def number_of(table: type) -> int:
    fresh()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_the_ladder_of_the_checks_is_day_3_10_30_and_90() -> None:
    days = [sum((mastery.gap(step).days for step in range(last + 1)), 0) for last in range(4)]

    assert days == [3, 10, 30, 90]


def test_a_check_is_offered_on_the_third_day_and_only_once(school_on_both: School) -> None:
    school = school_on_both

    with after(2):
        early = offered(school)
    with after(3):
        first, again = offered(school), offered(school)
        due_on = db.session.scalars(select(RetentionCheck.due_on)).one()

    assert early is None
    assert first is not None and first == again
    assert number_of(RetentionCheck) == 1
    assert due_on == date(2026, 11, 26)
    assert db.session.scalar(select(Notice.url).where(Notice.kind == "retention_check")) == f"/checks/{first}"


def test_a_check_asks_three_things_that_were_never_asked_or_shown(school: School) -> None:
    quiz = snapshot(Attempt)
    lessons = set(db.session.scalars(select(LessonBlock.case_ref).where(LessonBlock.case_ref.is_not(None))))

    with after(3):
        address = offered(school)
        asked = answered(school, address or "")

    assert len(asked) == 3
    assert not {one["stem"] for one in asked} & {one["stem"] for one in quiz}
    cases = {one["case"] for one in asked} - {None}
    assert not cases & (lessons | {one["case"] for one in quiz})
    assert len({one["stem"] for one in asked}) == 3


def test_cases_of_a_check_are_never_given_to_its_person_to_judge(school: School) -> None:
    with after(3):
        asked = answered(school, offered(school) or "")

    cases = [one["case"] for one in asked if one["case"]]
    touched = select(ClosedCase.public_id).join(Touch, Touch.case_id == ClosedCase.id)
    touched = touched.where(Touch.person_id == school.agent.id, Touch.how == "opened")
    assert cases and set(cases) <= set(db.session.scalars(touched))


def test_right_answers_lead_up_the_ladder_to_retained(school_on_both: School) -> None:
    school = school_on_both
    seen = []

    for day in (3, 10, 30, 90):
        with after(day):
            asked = answered(school, offered(school) or "")
            seen.append({(row.state, row.step, row.next_check_on) for row in rows(asked)})

    first, second, third, last = seen
    assert first == {("provisional", 1, date(2026, 11, 26))}
    assert second == {("provisional", 2, date(2026, 12, 16))}
    assert third == {("provisional", 3, date(2027, 2, 14))}
    assert last == {("retained", 4, None)}


def test_a_miss_goes_back_one_step_and_opens_the_section_again(school: School) -> None:
    with after(3):
        answered(school, offered(school) or "")
    with after(10):
        asked = answered(school, offered(school) or "", wrong=3)
        held, again = rows(asked), checks.to_read_again(school.agent)
        card = home.checks_card(school.agent)

    assert {(row.state, row.step, row.misses) for row in held} == {("needs_recheck", 0, 1)}
    assert {row.next_check_on for row in held} == {date(2026, 11, 29)}
    assert [(row.section, row.is_with_lead) for row in again] == [(PUSHY, False)]
    assert card is not None and card.again == again
    assert number_of(PolicyQuestion) == 0


def test_a_section_that_was_read_again_is_off_the_list_and_the_check_still_comes(school: School) -> None:
    with after(3):
        answered(school, offered(school) or "", wrong=3)
        write(lambda: retention.read_again(school.agent, PUSHY))
        again = checks.to_read_again(school.agent)
        with pytest.raises(NotFound):
            write(lambda: retention.read_again(school.agent, PUSHY))
    with after(6):
        address = offered(school)

    assert again == [] and address is not None


def test_a_second_miss_goes_to_the_lead_and_asks_the_owner_of_the_clause(school_on_both: School) -> None:
    school = school_on_both
    for day in (3, 6):
        with after(day):
            asked = answered(school, offered(school) or "", wrong=3)
    held = rows(asked)

    told = list(db.session.scalars(select(Notice.person_id).where(Notice.kind == "check_missed")))
    question = db.session.scalars(select(PolicyQuestion)).one()
    with after(40):
        later = offered(school)
    missed = checks.missed_twice(school.manager)

    assert {(row.misses, row.next_check_on) for row in held} == {(2, None)}
    assert set(told) == {school.manager.id}
    assert (question.section_key, question.origin_kind) == (PUSHY, "training")
    assert later is None
    assert [(one.person, one.section) for one in missed] == [("Agent Able", PUSHY)]


def test_after_the_talk_the_checks_begin_anew(school: School) -> None:
    for day in (3, 6):
        with after(day):
            answered(school, offered(school) or "", wrong=3)
    stranger = factories.actor("manager", manages=[factories.team("Elsewhere")], name="Stranger")
    person = school.agent.public_id

    with pytest.raises(NotFound):
        write(lambda: retention.talked_over(stranger, person_id=person, section=PUSHY))
    with after(7):
        write(lambda: retention.talked_over(school.manager, person_id=person, section=PUSHY))
    with after(10):
        address = offered(school)

    assert checks.missed_twice(school.manager) == []
    assert address is not None


def test_a_check_that_is_left_open_ends_after_a_day_and_what_was_answered_counts(school: School) -> None:
    with after(3):
        address = offered(school) or ""
        write(lambda: retention.begin(school.agent, address))
        first = snapshot()[0]
        write(lambda: retention.answer(school.agent, address, question=1, option=first["key"][0]))
    with after(5):
        with pytest.raises(Refused, match="closed"):
            write(lambda: retention.answer(school.agent, address, question=2, option=snapshot()[1]["key"][0]))
        done = jobs.check(Work())
        fresh()
        row = db.session.scalars(select(RetentionCheck).where(RetentionCheck.public_id == address)).one()

    assert done["expired"] == 1
    assert (row.state, row.right, row.of) == ("expired", 1, 3)
    assert {(one.state, one.step) for one in rows([first])} == {("provisional", 1)}


def test_a_case_whose_truth_changed_since_is_not_asked_about(school: School) -> None:
    now = clock.now() + timedelta(days=1)

    def overturn() -> None:
        for truth in db.session.scalars(select(Truth)):
            truth.settled_at = now

    write(overturn)
    with after(3):
        due = unseen.due_skills(school.agent.id or 0, clock.now().date())
        asked = unseen.questions(school.agent.id or 0, due)

    assert all(item.case_ref is None for item in asked)


def test_items_that_a_new_version_overtook_are_never_asked_and_the_check_waits(school: School) -> None:
    def grow_stale() -> None:
        for version in db.session.scalars(select(ModuleVersion)):
            version.state = "stale"
        for item in db.session.scalars(select(Item)):
            item.state = "stale"

    write(grow_stale)
    with after(3):
        address = offered(school)

    fresh()
    waits = set(db.session.scalars(select(Mastery.next_check_on)))
    assert address is None
    assert waits == {date(2026, 12, 3)}


def test_nobody_else_can_begin_answer_or_see_a_check(school: School) -> None:
    with after(3):
        address = offered(school) or ""
        for deed in (
            lambda: retention.begin(school.other, address),
            lambda: retention.answer(school.other, address, question=1, option="x"),
        ):
            with pytest.raises(NotFound):
                write(deed)
        with pytest.raises(NotFound):
            checks.shown(school.other, address)

    assert number_of(CheckAnswer) == 0


def test_an_answer_of_a_check_is_taken_in_order_and_stays(school: School) -> None:
    with after(3):
        address = offered(school) or ""
        write(lambda: retention.begin(school.agent, address))
        first, second = snapshot()[:2]
        with pytest.raises(Refused, match="in their order"):
            write(lambda: retention.answer(school.agent, address, question=2, option=second["key"][0]))
        told = write(lambda: retention.answer(school.agent, address, question=1, option=first["key"][0]))
        again = write(lambda: retention.answer(school.agent, address, question=1, option=first["key"][0]))
        with pytest.raises(ProductError, match="stays as it was given"):
            write(lambda: retention.answer(school.agent, address, question=1, option="other"))

    assert told == again == learning.Told(right=True, closed=False)


def test_every_move_of_mastery_is_kept_with_its_reason(school: School) -> None:
    before = number_of(MasteryEvent)

    with after(3):
        asked = answered(school, offered(school) or "", wrong=1)

    events = db.session.scalars(select(MasteryEvent).order_by(MasteryEvent.id)).all()[before:]
    assert len(events) == len({one["skill"] for one in asked})
    assert "missed a check" in {event.because for event in events}


def test_what_was_asked_of_a_module_whose_items_are_gone_is_still_shown(school: School) -> None:
    with after(3):
        address = offered(school) or ""
        answered(school, address, wrong=1)
        items = number_of(Item)
        page = checks.shown(school.agent, address)

    assert items > 0
    assert [right for right, _ in page.results].count(False) == 1
    assert all(chips for _, chips in page.results)
