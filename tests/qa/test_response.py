"""What was drawn and got no answer is reported by stratum, with its reasons and with what the other answers count."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest
from flask import Flask

from qa.core.db import write
from qa.draws import response
from qa.grading import blind
from qa.models.plans import DrawStratum
from qa.removal import erasing
from tests.desk import Desk
from tests.factories import actor, browser, kept
from tests.qa.hearing import THREATS, look


@pytest.fixture
def desk(sqlite_app: Flask) -> Desk:
    """Six drawn cases: two of one stratum are answered, one is passed on three times, two erased, one waits."""
    desk = Desk(graders=3)
    for grader in desk.graders[:2]:
        desk.drawn_case()
        look(grader, THREATS)
    desk.drawn_case()
    for grader in desk.graders:
        task = write(lambda grader=grader: blind.claim(grader))
        reason = "know_them" if grader is desk.graders[0] else "not_my_language"
        write(lambda grader=grader, task=task, reason=reason: blind.skip(grader, task or "", reason=reason))
    desk.drawn_case()
    desk.stratum = kept(DrawStratum(draw_id=desk.draw.id, key="thin", frame=20, drawn=2, probability=0.1))
    gone = [desk.drawn_case().id for _ in range(2)]
    write(lambda: erasing.let_go(gone, "erased"))
    return desk


def test_each_stratum_says_what_was_lost_and_why_and_what_answers_count(desk: Desk) -> None:
    strata = {one.key: one for one in response.by_stratum(desk.draw.id)}

    usual, thin = strata["all"], strata["thin"]
    assert (usual.settled, usual.lost, usual.why) == (2, 1, Counter({"passed on three times": 1}))
    assert usual.skips == Counter({"Not my language": 2, "I know somebody in it": 1})
    assert usual.factor == usual.drawn / (usual.drawn - 1)
    assert (thin.settled, thin.lost, thin.factor, thin.why) == (0, 2, None, Counter({"erased": 2}))


def test_it_stands_on_the_page_of_the_draw_and_in_a_file_and_never_before_a_grader(desk: Desk) -> None:
    grades_too = actor("manager", "reviewer", manages=None)
    url = f"/draws/{desk.draw.public_id}"
    lead, grader = browser(desk.app, desk.manager), browser(desk.app, grades_too)

    shown, hidden = lead.get(url).text, grader.get(url).text
    file = list(csv.DictReader(io.StringIO(lead.get(f"{url}/no-answer.csv").text)))

    assert "passed on three times" in shown and "with its neighbour" in shown
    assert "without an answer" not in hidden and grader.get(f"{url}/no-answer.csv").status_code == 404
    assert [(row["stratum"], row["no_answer"], row["skips"]) for row in file] == [
        ("all", "1", "I know somebody in it (1), Not my language (2)"), ("thin", "2", ""),
    ]  # fmt: skip
