"""The life of a sitting: begun once, answered in order and once, closed once, passed or sat again with other items."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from calibration.models.signals import CorrectiveAction
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, ProductError, Refused
from qa.models.cases import Touch
from tests.training.school import School
from training import learning
from training.models.learning import Answer, Attempt, AttemptScore, BlockRead, Mastery, MasteryEvent
from training.models.modules import Item, LessonBlock


@pytest.fixture
def school(sqlite_app: Flask) -> School:
    return School()


@pytest.fixture
def school_on_both(app: Flask) -> School:
    return School()


def begun(school: School) -> str:
    """An assignment whose lessons were opened."""
    address = school.given()
    write(lambda: learning.start(school.agent, address))
    return address


def snapshot(no: int = 1) -> list[dict[str, Any]]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Attempt.snapshot).where(Attempt.no == no)).one())


def right_of(asked: dict[str, Any]) -> str:
    return str(asked["key"][0])


def wrong_of(asked: dict[str, Any]) -> str:
    return next(str(one["id"]) for one in asked["options"] if one["id"] not in asked["key"])


def sit(school: School, address: str, *, wrong: int = 0) -> int:
    """One whole sitting with the first *wrong* questions answered wrong; its number."""
    no = write(lambda: learning.begin(school.agent, address))
    for number, asked in enumerate(snapshot(no), 1):
        option = wrong_of(asked) if number <= wrong else right_of(asked)
        give(school.agent, address, no, number, option)
    return no


def give(actor: Actor, address: str, no: int, number: int, option: str) -> learning.Told:
    return write(lambda: learning.answer(actor, address, no=no, question=number, option=option))


def at_once(school: School, deeds: list[Any]) -> list[Any]:
    """What each of *deeds* answers, or the refusal it gets, all started together."""
    results: list[Any] = []

    def do(deed: Any) -> None:
        with school.app.app_context():
            try:
                results.append(write(deed))
            except ProductError as error:
                results.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=do, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def number_of(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_opening_the_lessons_takes_their_cases_away_for_good(school: School) -> None:
    address = begun(school)

    shown = set(db.session.scalars(select(Item.case_ref).where(Item.case_ref.is_not(None))))
    opened = select(func.count(Touch.id)).where(Touch.how == "opened", Touch.person_id == school.agent.id)
    own = set(db.session.scalars(select(LessonBlock.case_ref).where(LessonBlock.case_ref.is_not(None))))
    assert db.session.scalar(opened) == len(shown | own) > 10
    assert school.assignment(address).state == "begun"


def test_the_quiz_never_asks_about_an_own_case(school: School) -> None:
    begun(school)

    asked = set(db.session.scalars(select(Item.case_ref).where(Item.case_ref.is_not(None))))
    told = set(db.session.scalars(select(LessonBlock.case_ref).where(LessonBlock.kind == "why")))
    assert len(told) == 4
    assert asked and not asked & told


def test_a_lesson_is_read_once_as_a_whole(school: School) -> None:
    address = begun(school)
    lesson = db.session.scalars(select(LessonBlock.lesson)).first()
    blocks = number_of(LessonBlock)

    for _ in range(2):
        write(lambda: learning.read(school.agent, address, lesson or ""))

    assert number_of(BlockRead) == blocks
    with pytest.raises(NotFound):
        write(lambda: learning.read(school.agent, address, "nothing"))


def test_a_sitting_that_is_answered_right_passes_and_is_reported(school_on_both: School) -> None:
    school = school_on_both
    address = begun(school)

    sit(school, address)

    score = db.session.scalars(select(AttemptScore)).one()
    assert (score.right, score.of, score.passed) == (8, 8, True)
    assert school.assignment(address).state == "passed"
    action = db.session.scalars(select(CorrectiveAction)).one()
    assert (action.state, action.check_on) == ("done", date(2026, 12, 28))


def test_a_pass_is_provisional_mastery_with_a_check_in_three_days(school: School) -> None:
    address = begun(school)

    sit(school, address)

    rows = db.session.scalars(select(Mastery)).all()
    assert {(row.state, row.next_check_on) for row in rows} == {("provisional", date(2026, 11, 19))}
    assert {row.policy_version for row in rows} == {"swapping 1"}
    assert number_of(MasteryEvent) == len(rows)


def test_the_next_question_is_refused_before_its_turn(school: School) -> None:
    address = begun(school)
    no = write(lambda: learning.begin(school.agent, address))
    second = snapshot()[1]

    with pytest.raises(Refused, match="in their order"):
        give(school.agent, address, no, 2, right_of(second))

    assert number_of(Answer) == 0


def test_an_answer_stays_as_it_was_given(school: School) -> None:
    address = begun(school)
    no = write(lambda: learning.begin(school.agent, address))
    first = snapshot()[0]
    told = give(school.agent, address, no, 1, wrong_of(first))

    again = give(school.agent, address, no, 1, wrong_of(first))

    assert told == again == learning.Told(right=False, closed=False)
    with pytest.raises(Refused, match="stays as it was given"):
        give(school.agent, address, no, 1, right_of(first))


def test_an_option_of_another_question_is_no_answer(school: School) -> None:
    address = begun(school)
    no = write(lambda: learning.begin(school.agent, address))

    with pytest.raises(BadInput):
        give(school.agent, address, no, 1, right_of(snapshot()[1]))
    with pytest.raises(NotFound):
        give(school.agent, address, no, 9, "x")


def test_nobody_else_can_answer_or_begin(school: School) -> None:
    address = begun(school)
    no = write(lambda: learning.begin(school.agent, address))

    with pytest.raises(NotFound):
        write(lambda: learning.begin(school.other, address))
    with pytest.raises(NotFound):
        give(school.other, address, no, 1, right_of(snapshot()[0]))


def test_beginning_twice_goes_on_with_the_same_sitting(school_on_both: School) -> None:
    school = school_on_both
    address = begun(school)

    numbers = at_once(school, [lambda: learning.begin(school.agent, address)] * 6)

    assert numbers == [1] * 6
    assert number_of(Attempt) == 1


def test_of_thirty_two_last_answers_at_once_one_closes_the_sitting(school_on_both: School) -> None:
    school = school_on_both
    address = begun(school)
    no = write(lambda: learning.begin(school.agent, address))
    *before, last = snapshot()
    for number, asked in enumerate(before, 1):
        give(school.agent, address, no, number, right_of(asked))
    options = [str(one["id"]) for one in last["options"]] * 32

    deeds = [partial(learning.answer, school.agent, address, no=no, question=8, option=one) for one in options[:32]]
    results = at_once(school, deeds)

    assert len(results) == 32
    assert all(isinstance(one, learning.Told | Refused) for one in results)
    assert (number_of(Answer), number_of(AttemptScore)) == (8, 1)


def test_a_retake_comes_a_day_later_with_other_items(school_on_both: School) -> None:
    school = school_on_both
    address = begun(school)
    sit(school, address, wrong=3)
    with pytest.raises(Refused, match="17 Nov 2026, 09:00 UTC"):
        write(lambda: learning.begin(school.agent, address))

    with clock.fixed(clock.now() + timedelta(hours=24)):
        no = sit(school, address)

    assert no == 2
    assert {one["item"] for one in snapshot(1)}.isdisjoint({one["item"] for one in snapshot(2)})
    assert {one["stem"] for one in snapshot(1)}.isdisjoint({one["stem"] for one in snapshot(2)})
    assert school.assignment(address).state == "passed"


def test_after_two_retakes_the_lead_talks_it_over(school: School) -> None:
    address = begun(school)

    for day in range(3):
        with clock.fixed(clock.now() + timedelta(days=day)):
            sit(school, address, wrong=4)

    assert school.assignment(address).state == "coaching"
    with clock.fixed(clock.now() + timedelta(days=9)), pytest.raises(Refused):
        write(lambda: learning.begin(school.agent, address))


def test_what_comes_too_late_does_not_count_and_the_sitting_is_used_up(school_on_both: School) -> None:
    school = school_on_both
    address = begun(school)
    no = write(lambda: learning.begin(school.agent, address))
    first = snapshot()[0]

    with clock.fixed(clock.now() + timedelta(hours=25)), pytest.raises(Refused, match="closed"):
        give(school.agent, address, no, 1, right_of(first))
    with clock.fixed(clock.now() + timedelta(hours=49)):
        second = write(lambda: learning.begin(school.agent, address))

    db.session.rollback()
    assert second == 2
    assert db.session.scalars(select(Attempt.state).order_by(Attempt.no)).all() == ["expired", "open"]


def test_each_sitting_has_its_own_names_and_order_of_options(school: School) -> None:
    address = begun(school)
    write(lambda: learning.begin(school.agent, address))

    asked = snapshot()

    names = [one["id"] for question in asked for one in question["options"]]
    letters = set("abcd")
    assert len(set(names)) == len(names)
    assert not letters & set(names)
    assert all(len(name) == 16 for name in names)
