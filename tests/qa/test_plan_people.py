"""Who is left for every look that a plan's cases may come to need."""

from __future__ import annotations

import pytest
from flask import Flask

from qa.core import clock, preferences
from qa.core.access import SYSTEM
from qa.core.db import write
from qa.draws import frames, heads
from qa.models.cases import Touch
from tests import factories
from tests.desk import Desk
from tests.planned import fill, publish, version


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = Desk(graders=1)
    fill(desk, 60)
    return desk


def test_the_head_count_finds_who_is_left_for_every_look(desk: Desk) -> None:
    publish()
    frame = frames.build(version(), None, clock.now())

    before = heads.count(version(), frame)
    for _ in range(3):
        factories.actor("reviewer", skills=["adjudicate", "decide_dispute"])
    after = heads.count(version(), frame)

    assert [one.stranded for one in before.stages] == [0, 0, 60, 60], "two graders look; nobody is left to adjudicate"
    assert [(one.fewest, one.stranded) for one in after.stages] == [(5, 0), (4, 0), (3, 0), (2, 0)]
    assert after.gaps == () and before.gaps[0].stage == "adjudication"


def test_a_grader_who_decided_or_touched_a_case_is_not_counted_for_it(desk: Desk) -> None:
    both = factories.actor("agent", "reviewer", team=desk.team)
    fill(desk, 5, agent_id=both.id)
    touched = desk.case()
    factories.kept(Touch(case_id=touched.id, person_id=desk.graders[0].id, how="handled"))
    publish(looks=3)
    frame = frames.build(version(), None, clock.now())

    seen = heads.count(version(), frame)

    assert (seen.graders, seen.stages[0].fewest, seen.stages[0].most) == (3, 0, 1)
    assert seen.stages[0].stranded == 6


def test_where_nobody_grades_the_own_team_its_members_are_not_counted(desk: Desk) -> None:
    factories.actor("reviewer", team=desk.team)
    elsewhere = factories.actor("reviewer", team=factories.team("Other team"))
    publish()
    frame = frames.build(version(), None, clock.now())
    before = heads.count(version(), frame)

    write(lambda: preferences.put(SYSTEM, "spare_own_team", True))
    after = heads.count(version(), frame)

    assert elsewhere.id is not None
    assert before.stages[0].fewest - after.stages[0].fewest == 1
