"""Figures of scorecards: weighted by the design, first looks alone, and only of the teams that somebody leads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from calibration import quality
from calibration.stats.intervals import clopper_pearson
from qa.core import clock, preferences
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.grading import scorecards
from qa.grading.scorecards import Marked
from qa.models.plans import DrawCase, PlanVersion
from qa.models.scorecards import Score
from tests import factories
from tests.conftest import TODAY
from tests.desk import Desk
from tests.qa.hearing import THREATS, look
from tests.qa.test_scorecards import all_met


@pytest.fixture
def desk(sqlite_app: Flask) -> Desk:
    made = Desk(graders=1)
    write(lambda: preferences.put(SYSTEM, "scorecard_share", 1.0))
    return made


def scored(desk: Desk, count: int, **marks: str) -> None:
    """So many cases whose scorecard is marked: met but for *marks*."""
    me = desk.graders[0]
    but = {key: Marked(mark, "tool" if mark in ("partly", "missed") else None) for key, mark in marks.items()}
    for _ in range(count):
        desk.drawn_case()
        task = look(me, THREATS)
        write(lambda task=task: scorecards.give(me, task, all_met(but=but)))


def line(seen: quality.Quality, label: str) -> quality.Line:
    return next(one for _, lines in seen.parts for one in lines if one.label.startswith(label))


def test_a_criterion_is_a_share_of_the_cases_that_it_applied_to(desk: Desk) -> None:
    scored(desk, 8)
    scored(desk, 2, steps="missed", documented="partly", in_time="na")

    seen = quality.quality(desk.manager)

    steps, documented, in_time = (line(seen, label) for label in ("Every step", "The decision", "It was dealt"))
    assert (seen.n, seen.sound.estimate) == (10, 0.8)
    assert (steps.met.estimate, steps.met.n, steps.missed, list(steps.causes)) == (0.8, 10, 2, [("Tool", 2)])
    assert (steps.met.low, steps.met.high) == pytest.approx(clopper_pearson(8, 10))
    assert (documented.met.estimate, documented.partly) == (0.8, 2)
    assert (in_time.met.estimate, in_time.met.n, in_time.does_not_apply) == (1.0, 8, 2)
    assert line(seen, "The tone").met.n == 0


def test_a_case_that_was_likelier_drawn_weighs_less(desk: Desk) -> None:
    scored(desk, 1)
    first = select(DrawCase.id).order_by(DrawCase.id).limit(1).scalar_subquery()
    write(lambda: db.session.execute(update(DrawCase).where(DrawCase.id == first).values(probability=0.4)))
    scored(desk, 1, steps="missed")

    assert line(quality.quality(desk.manager), "Every step").met.estimate == pytest.approx(0.2)


def test_what_was_taken_back_or_drawn_to_find_errors_or_closed_long_ago_is_left_out(desk: Desk) -> None:
    scored(desk, 1)
    score = db.session.scalars(select(Score.id)).one()
    db.session.rollback()

    def change(void: bool, purpose: str) -> int:
        at = clock.now() if void else None
        write(lambda: db.session.execute(update(Score).where(Score.id == score).values(voided_at=at)))
        write(lambda: db.session.execute(update(PlanVersion).values(purpose=purpose)))
        return quality.quality(desk.manager).n

    assert [change(False, "measure"), change(True, "measure"), change(False, "find")] == [1, 0, 0]
    change(False, "measure")
    with clock.fixed(TODAY + timedelta(weeks=14)):
        assert quality.quality(desk.manager).n == 0


def test_a_lead_sees_the_own_teams_and_who_grades_too_what_was_known_at_the_release(desk: Desk) -> None:
    scored(desk, 1)
    elsewhere = factories.actor("manager", manages=[factories.team("Others")])
    both = factories.actor("manager", "reviewer", manages=None)

    assert [quality.quality(who).n for who in (desk.manager, elsewhere, both)] == [1, 0, 0]
    with clock.fixed(TODAY + timedelta(days=1)):
        assert quality.quality(both).n == 1


def test_the_page_and_its_table_tell_too_few_from_a_figure(desk: Desk) -> None:
    scored(desk, 10, in_time="na")
    client = factories.browser(desk.app, desk.manager)

    page, table = client.get("/quality").text, client.get("/quality.csv").text.splitlines()

    assert "10 scorecards are marked" in page and "too few cases (n=0)" in page
    assert table[1].startswith("Every case,The decision is documented,false,1.0,")
    assert table[4].startswith("Every case,It was dealt with in its time,false,,,,0,")


def test_a_small_team_has_no_figure_for_whoever_may_not_see_its_people(desk: Desk) -> None:
    scored(desk, 10)
    observer = factories.actor("observer")

    seen = {who.name: quality.quality(who) for who in (desk.manager, observer)}
    write(lambda: preferences.put(SYSTEM, "team_level_only", True))
    then = [quality.quality(who) for who in (desk.manager, observer)]

    led, read = seen[desk.manager.name], seen[observer.name]
    assert [(one.name, one.people, one.sound is None) for one in led.teams] == [("Desk team", 1, False)]
    assert [(one.name, one.sound and one.sound.n) for one in led.people] == [(desk.agent.name, 10)]
    assert [one.name for one in read.people] == ["Agent 1"]
    assert [(one.teams[0].sound, one.people) for one in then] == [(None, []), (None, [])]
    page = factories.browser(desk.app, observer).get("/quality").text
    assert "fewer than 3 people" in page and desk.agent.name not in page
