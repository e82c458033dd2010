"""An erased case leaves no word of it in training: not in lessons, not in questions, not in what was asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import String, cast, select

from qa.core import clock
from qa.core.db import db, write
from qa.core.registries import registries
from qa.models.cases import ClosedCase
from tests.factories import browser
from tests.training.school import School
from training import held_texts, learning, retention
from training.models.learning import Attempt
from training.models.modules import Item, LessonBlock
from training.models.retention import RetentionCheck

#: Words that stand in every case's text on the shelf, and in nothing else.
WORDS = "though I wanted silence"


@pytest.fixture
def school(app: Flask) -> School:
    """A school whose agent has passed a quiz and begun a check."""
    school = School()
    address = school.given()
    write(lambda: learning.start(school.agent, address))
    write(lambda: learning.begin(school.agent, address))
    asked = db.session.scalars(select(Attempt.snapshot)).one()
    db.session.rollback()
    for number, one in enumerate(asked, 1):
        write(lambda n=number, o=one: learning.answer(school.agent, address, no=1, question=n, option=o["key"][0]))
    with clock.fixed(clock.now() + timedelta(days=3)):
        check = write(lambda: retention.offer(school.agent, school.agent.id or 0))
        write(lambda: retention.begin(school.agent, check or ""))
    return school


def left() -> list[str]:
    """All texts of training that hold words of a case."""
    db.session.rollback()
    columns = (LessonBlock.markdown, Item.stem, Item.case_text, Attempt.snapshot, RetentionCheck.snapshot)
    texts = [cast(column, String) for column in columns]
    return [
        row for text in texts for row in db.session.scalars(select(text).where(text.is_not(None))) if WORDS in row
    ]  # fmt: skip


def every_case() -> list[str]:
    return list(db.session.scalars(select(ClosedCase.public_id)))


def purged(cases: list[str]) -> int:
    db.session.rollback()
    return write(lambda: sum(holder.purge(cases) for holder in registries().text_holders))


def test_an_erasure_of_every_case_leaves_no_word_and_a_second_one_finds_nothing(school: School) -> None:
    mine = {"Lessons of training modules", "Questions of training modules", "Quizzes and checks that were sat"}
    held = [holder.count() for holder in held_texts.holders()]
    before = left()

    first, second = purged(every_case()), purged(every_case())

    assert mine <= {holder.name for holder in registries().text_holders}
    assert all(held) and before
    assert left() == []
    assert first >= sum(held) and second == 0
    assert [holder.count() for holder in held_texts.holders()] == [0, 0, 0]


def test_an_erasure_of_one_case_leaves_the_others_and_its_question_is_never_asked_again(school: School) -> None:
    ref = db.session.scalars(select(Item.case_ref).where(Item.case_ref.is_not(None))).first() or ""
    before = len(left())

    purged([ref])

    states = set(db.session.scalars(select(Item.state).where(Item.case_ref == ref)))
    assert states == {"void"}
    assert 0 < len(left()) < before


def test_pages_of_what_was_asked_open_without_the_text(school: School) -> None:
    purged(every_case())
    agent = browser(school.app, school.agent)
    assignment = agent.get("/training").text.partition('href="/training/')[2].partition('"')[0]

    told, lesson = agent.get(f"/training/{assignment}/quiz/1/1"), agent.get(f"/training/{assignment}")

    assert (told.status_code, lesson.status_code) == (200, 200)
    assert held_texts.GONE in lesson.text and WORDS not in lesson.text + told.text
