"""A grader is given so many cases in a day and in a week, as for everybody or as set for this person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from qa.core import clock, preferences
from qa.core.access import SYSTEM, Actor
from qa.core.db import write
from qa.grading import ahead, blind, portions
from qa.queries import grading
from tests.desk import Desk
from tests.factories import actor, browser

RIGHT = {"verdict": "violates", "section_key": "conduct/threats", "action": "remove", "confidence": "high"}


@pytest.fixture
def desk(sqlite_app: Flask) -> Desk:
    desk = Desk(graders=2)
    for _ in range(6):
        desk.drawn_case()
    return desk


def cap(key: str, value: int | None, whose: Actor | None = None) -> None:
    """Set a portion, of one person or of everybody."""
    scope = "site" if whose is None else preferences.of_person(whose.public_id)
    write(lambda: preferences.put(SYSTEM, key, value, scope=scope))


def graded(who: Actor) -> int:
    """How many cases *who* is given one after the other."""
    count = 0
    while (task := write(lambda: blind.claim(who))) is not None:
        write(lambda task=task: blind.grade(who, task, claim_next=False, **RIGHT))
        count += 1
    return count


def test_a_portion_of_ones_own_holds_and_others_have_everybodys(desk: Desk) -> None:
    cap("daily_portion", 3)
    cap("daily_portion", 1, desk.graders[0])

    assert [graded(one) for one in desk.graders] == [1, 3]


def test_what_was_set_for_a_person_is_taken_back(desk: Desk) -> None:
    cap("daily_portion", 1, desk.graders[0])
    cap("daily_portion", None, desk.graders[0])

    assert portions.a_day(desk.graders[0]) == 60


def test_a_week_holds_over_its_days_and_the_next_one_begins_anew(desk: Desk) -> None:
    me = desk.graders[0]
    cap("weekly_portion", 3, me)
    cap("daily_portion", 2)
    seen = []
    for days in (0, 1, 2, 7):
        with clock.fixed(clock.now() + timedelta(days=days)):
            seen.append((grading.day(me).portion, graded(me)))

    assert seen == [(2, 2), (1, 1), (0, 0), (2, 2)]


def test_no_more_cases_are_held_ready_than_the_week_allows(desk: Desk) -> None:
    me = desk.graders[0]
    cap("weekly_portion", 2, me)
    write(lambda: blind.claim(me))

    held = write(lambda: ahead.take_up(me))

    assert len(held) == 2


def test_an_admin_sets_the_portion_of_a_grader_on_their_page(desk: Desk) -> None:
    me, admin = desk.graders[0], browser(desk.app, actor("admin"))
    url = f"/people/{me.public_id}"

    kept = admin.send(f"{url}/portion", {"a_day": "25", "a_week": ""})
    wrong = admin.send(f"{url}/portion", {"a_day": "0"})

    assert (kept.status_code, wrong.status_code) == (302, 422)
    assert 'value="25"' in admin.get(url).text
    assert (portions.a_day(me), portions.a_week(me)) == (25, None)


def test_whoever_has_used_up_the_week_is_told_so_on_the_page(desk: Desk) -> None:
    me = desk.graders[0]
    cap("weekly_portion", 1, me)
    graded(me)
    with clock.fixed(clock.now() + timedelta(days=1)):
        page = browser(desk.app, me)
        shown, claimed = page.get("/grade").text, page.send("/grade/claim")

    assert "done for this week" in shown and page.get("/").status_code == 200
    assert claimed.status_code == 302 and write(lambda: blind.claim(me)) is None
