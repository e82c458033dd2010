"""A grader asks a lead to look at a case."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core.db import db, write
from qa.core.errors import NotFound
from qa.core.models import Notice
from qa.grading import blind, flags
from tests import factories
from tests.desk import Desk
from tests.factories import browser


def test_the_lead_is_told_once_and_in_words_that_say_nothing_of_the_case(app: Flask) -> None:
    desk = Desk()
    case = desk.drawn_case(text="They said that they would come.")
    grader = desk.graders[0]
    task = write(lambda: blind.claim(grader))
    assert task is not None

    first = write(lambda: flags.flag(grader, task))
    again = write(lambda: flags.flag(grader, task))

    rows = db.session.scalars(select(Notice).where(Notice.kind == "flag")).all()
    assert (first, again) == (1, 0)
    assert [(row.person_id, row.url) for row in rows] == [(desk.manager.id, f"/cases/{case.public_id}")]
    assert rows[0].line == "A grader asks you to look at a case."


def test_a_lead_who_grades_too_is_told_only_where_there_is_no_other(sqlite_app: Flask) -> None:
    desk = Desk()
    both = factories.actor("manager", "reviewer", manages=None, name="Lead who grades")
    desk.drawn_case()
    task = write(lambda: blind.claim(desk.graders[0]))
    assert task is not None

    write(lambda: flags.flag(desk.graders[0], task))

    told = db.session.scalars(select(Notice.person_id).where(Notice.kind == "flag")).all()
    assert told == [desk.manager.id]
    assert both.id not in told


def test_nobody_flags_a_case_that_is_not_in_their_hands(sqlite_app: Flask) -> None:
    desk = Desk()
    desk.drawn_case()
    task = write(lambda: blind.claim(desk.graders[0]))
    assert task is not None

    with pytest.raises(NotFound):
        write(lambda: flags.flag(desk.graders[1], task))


def test_the_page_flags_without_script(sqlite_app: Flask) -> None:
    desk = Desk()
    desk.drawn_case()
    grader = browser(sqlite_app, desk.graders[0])
    grader.send("/grade/claim")
    task = blind.held(desk.graders[0])

    told = grader.send(f"/grade/{task}/flag", follow_redirects=True)

    assert "A lead is asked to look at this case." in told.text
    assert f"/grade/{task}/grade" in told.text
