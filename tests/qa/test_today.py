"""Would today's text lead elsewhere? Asked after the reveal where a clause has changed, and no grade is touched."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core import clock
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.errors import NotFound, Refused
from qa.grading import today
from qa.models.grading import Grade, Task
from qa.models.today import TodayAnswer
from qa.models.truth import Truth
from qa.policies import policies, section_changes
from qa.queries import today as queries
from qa.removal import retention
from tests import factories
from tests.desk import POLICY, Desk
from tests.qa.hearing import day, look

INSULT = "Calling somebody worthless"


def reworded(new: str, *, ruling: str = "material") -> None:
    """A version in force tomorrow in which *new* stands for the rule on insults."""
    text = POLICY.replace(INSULT, new)
    told = write(lambda: policies.import_text(SYSTEM, text, name="conduct", effective=day(1).date()))
    write(lambda: section_changes.rule(SYSTEM, "conduct", told.version, dict.fromkeys(told.needs_ruling, ruling)))


def graded(desk: Desk, section: str | None = "conduct/insults") -> str:
    desk.drawn_case(decided="none", action="keep")
    return look(desk.graders[0], section)


def asked(who: Actor, task_id: str, days: int = 2) -> today.Asked | None:
    with clock.fixed(day(days)):
        return today.asked(who, task_id)


def test_it_is_asked_of_the_clause_that_changed_and_touches_no_grade(app: Flask) -> None:
    desk = Desk(graders=2)
    task_id = graded(desk)
    reworded("Calling somebody worthless or a fool")
    before = db.session.execute(select(Grade.__table__)).all(), db.session.execute(select(Truth.__table__)).all()

    early, late = asked(desk.graders[0], task_id, 0), asked(desk.graders[0], task_id)
    with clock.fixed(day(2)):
        write(lambda: today.answer(desk.graders[0], task_id, "other"))
        with pytest.raises(Refused):
            write(lambda: today.answer(desk.graders[0], task_id, "same"))

    assert early is None and late is not None
    assert (late.section_key, late.then, late.now, late.answer) == ("conduct/insults", "1", "2", None)
    assert late.url == "/policies/conduct/2/changes?against=1"
    assert asked(desk.graders[0], task_id).answer == "Another answer"
    assert db.session.execute(select(Grade.__table__)).all() == before[0]
    assert db.session.execute(select(Truth.__table__)).all() == before[1]


def test_an_unchanged_clause_and_one_that_says_the_same_in_other_layout_are_not_asked_about(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    other, own = graded(desk, "conduct/threats"), graded(desk)
    write(lambda: policies.import_text(
        SYSTEM, POLICY.replace(f"- {INSULT}", f"*  {INSULT}"), name="conduct", effective=day(1).date()
    ))  # fmt: skip
    layout = asked(desk.graders[0], own)
    write(lambda: policies.import_text(
        SYSTEM, POLICY.replace(INSULT, "Calling anybody names"), name="conduct", effective=day(3).date()
    ))  # fmt: skip

    assert layout is None
    assert asked(desk.graders[0], other, 4) is None and asked(desk.graders[0], own, 4) is not None


def test_nobody_is_asked_before_the_reveal_or_about_somebody_elses_look(sqlite_app: Flask) -> None:
    desk = Desk(graders=2)
    task_id = graded(desk)
    reworded("Calling somebody names")

    with pytest.raises(NotFound):
        asked(desk.graders[1], task_id)
    write(lambda: db.session.execute(Task.__table__.update().values(state="committed")))
    with pytest.raises(NotFound):
        asked(desk.graders[0], task_id)


def test_the_page_asks_and_the_policy_counts_it_for_whoever_answers_for_it(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    task_id = graded(desk)
    reworded("Calling somebody names")
    owner, both = factories.actor("policy_owner"), factories.actor("policy_owner", "reviewer")
    with clock.fixed(day(2)):
        grader = factories.browser(sqlite_app, desk.graders[0])
        url = f"/grade/reveal/{task_id}"
        page, empty = grader.get(url).text, grader.send(f"{url}/today", {})
        grader.send(f"{url}/today", {"answer": "other"})
        after = grader.get(url).text
        told = [queries.touched_by(who, ["conduct/insults"]) for who in (owner, both, desk.agent)]
        policy = factories.browser(sqlite_app, owner).get("/policies/conduct").text
    with clock.fixed(day(3)):
        next_day = queries.touched_by(both, ["conduct/insults"])

    assert "today&#39;s text lead elsewhere" in page and empty.status_code == 422 and "Choose one." in empty.text
    assert "You said: another answer." in after
    touch = told[0]["conduct/insults"][0]
    assert (touch.count, touch.label) == (1, "of 1 graded case would end otherwise by today's text")
    assert told[1:] == [{}, {}] and next_day == told[0]
    assert "would end otherwise by today" in policy


def test_after_13_months_it_is_not_known_who_answered(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    task_id = graded(desk)
    reworded("Calling somebody names")
    with clock.fixed(day(2)):
        write(lambda: today.answer(desk.graders[0], task_id, "same"))

    counts = retention.run(SYSTEM, as_of=clock.now() + timedelta(days=450))["counts"]

    assert counts["Answers by today's text"] == 1
    assert db.session.execute(select(TodayAnswer.person_id, TodayAnswer.answer)).all() == [(None, "same")]
