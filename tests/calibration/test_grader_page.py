"""The page of graders: what it shows to whom, the marks, and when there is too little to say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from calibration.graders import page as grader_page
from calibration.graders.lines import Figures, Leaning, Part
from calibration.graders.page import off_calibration
from calibration.periods import period
from qa.core import clock, preferences
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.models import Person
from qa.core.people import teams
from qa.grading import blind
from tests import factories
from tests.desk import Desk

THREAT, INSULT = ("violates", "conduct/threats", "remove"), ("violates", "conduct/insults", "remove")


def graded(who: Actor, vote: tuple[str, str, str], times: int) -> None:
    """*who* takes what comes and answers alike; then the batch closes."""
    for _ in range(times):
        task = write(lambda: blind.claim(who))
        write(lambda task=task: blind.grade(
            who, task, verdict=vote[0], section_key=vote[1], action=vote[2], confidence="high", claim_next=False,
            seconds_shown=40,
        ))  # fmt: skip
    write(lambda: blind.close_batch(who))


def looked_at(cases: int, *votes: tuple[str, str, str]) -> Desk:
    """A desk with cases at which each grader looked at random, and answered so."""
    desk = Desk(graders=len(votes))
    write(lambda: preferences.put(SYSTEM, "batch_size", 100))
    for _ in range(cases):
        desk.drawn_case(looks=len(votes))
    for who, vote in zip(desk.graders, votes, strict=True):
        graded(who, vote, cases)
    return desk


def test_the_page_says_how_sure_each_figure_is_and_who_is_off_calibration(sqlite_app: Flask) -> None:
    desk = looked_at(31, THREAT, THREAT, INSULT)
    manager = factories.browser(sqlite_app, desk.manager)

    text, table = manager.get("/graders").text, manager.get("/graders.csv").text.splitlines()

    assert "1 grader is off calibration" in text
    assert "differs from settled decisions more than the others do" in text
    rows = [line.split(",") for line in table[1:]]
    assert [row[0] for row in rows] == ["Grader 2", "Grader 0", "Grader 1"]
    place = table[0].split(",").index("settled_share")
    assert [row[place] for row in rows] == ["0.0", "1.0", "1.0"]
    assert [row[place + 3] for row in rows] == ["31", "31", "31"]
    agreed = table[0].split(",").index("agreement_share")
    assert (rows[1][agreed], rows[1][agreed + 3]) == ("", "31"), "half of 31 is too wide to be shown"


def test_under_thirty_cases_no_figure_stands_and_the_page_says_from_when_one_can_be_expected(
    sqlite_app: Flask,
) -> None:
    desk = looked_at(13, THREAT, THREAT)
    browser = factories.browser(sqlite_app, desk.manager)

    text, table = browser.get("/graders").text, browser.get("/graders.csv").text

    assert "too few cases (n=13), expected from 15 Mar 2027" in text
    assert "100.0%" not in text and ",13," in table
    assert "Graders, one by one" in text


def test_a_grader_sees_the_own_line_alone_and_only_what_was_released(sqlite_app: Flask) -> None:
    desk = looked_at(31, THREAT, THREAT, INSULT)
    mine = factories.browser(sqlite_app, desk.graders[2])

    before = mine.get("/graders/me").text
    with clock.fixed(clock.now() + timedelta(days=1)):
        after = factories.browser(sqlite_app, desk.graders[2]).get("/graders/me").text

    assert "was released yet" in before
    assert "off calibration" in after and "40 s" in after
    assert "Grader 0" not in after
    assert mine.get("/graders").status_code == 404


def test_an_observer_sees_graders_without_their_names_and_a_lead_those_of_the_own_teams(sqlite_app: Flask) -> None:
    desk = looked_at(2, THREAT, THREAT)
    far = factories.team("Far away")
    write(lambda: teams.join(SYSTEM, db.session.get_one(Person, desk.graders[1].id), far))
    lead = factories.actor("manager", manages=[desk.team])

    seen = {
        who: factories.browser(sqlite_app, actor).get("/graders").text
        for who, actor in (("observer", factories.actor("observer")), ("lead", lead), ("manager", desk.manager))
    }

    assert "Grader 0" not in seen["observer"] and "Grader 2" in seen["observer"]
    assert "Grader 0" in seen["lead"] and "Grader 1" not in seen["lead"]
    assert "Grader 0" in seen["manager"] and "Grader 1" in seen["manager"]


def test_at_team_level_only_nobody_sees_a_grader_by_name(sqlite_app: Flask) -> None:
    desk = looked_at(2, THREAT, THREAT)
    write(lambda: preferences.put(SYSTEM, "team_level_only", True))

    text = factories.browser(sqlite_app, desk.manager).get("/graders").text

    assert "Grader 0" not in text and "Nobody whose figures you may see" in text


def test_the_page_narrows_to_a_workflow_and_keeps_that_in_the_address(app: Flask) -> None:
    desk = looked_at(2, THREAT, THREAT)

    all_of_it, none = (
        grader_page.graders(desk.manager, period(only=only)) for only in ({}, {"workflow": "legal_request"})
    )

    assert [line.figures.looks for line in all_of_it.lines] == [2, 2]
    assert none.lines == []
    assert all_of_it.choices["workflow"] == [("abuse_report", "abuse report")]


def figures(settled: Part, leaning: Leaning | None = None) -> Figures:
    """Figures of which only these matter."""
    nothing = Part(0, 0)
    return Figures(settled.n, nothing, settled, nothing, nothing, None, leaning, nothing, 0, False, {})


@pytest.mark.parametrize(
    ("mine", "leaning", "said"),
    [
        (Part(60, 100), None, 1),
        (Part(88, 100), None, 0),
        (Part(5, 20), None, 0),
        (Part(95, 100), Leaning(0.12, 0.06, 0.18), 1),
        (Part(95, 100), Leaning(0.12, 0.04, 0.18), 0),
        (Part(60, 100), Leaning(-0.12, -0.18, -0.06), 2),
    ],
)
def test_off_calibration_needs_the_whole_interval_beyond_the_tolerance(
    mine: Part, leaning: Leaning | None, said: int
) -> None:
    assert len(off_calibration(figures(mine, leaning), Part(930, 1000), 0.05)) == said
