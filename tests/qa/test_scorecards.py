"""Scorecards: drawn with the task, open after the reveal, marked once, read by the agent beside the result."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa import findings
from qa.core import clock, preferences
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Refused
from qa.grading import scorecards
from qa.grading.handing_in import HandedIn, hand_in
from qa.grading.scorecards import Marked
from qa.grading.scoring import Criterion, Part
from qa.models.grading import Task
from qa.models.scorecards import Score, Scorecard, ScoreMark
from qa.models.truth import Finding
from qa.queries import scorecards as queries
from tests import factories
from tests.conftest import TODAY
from tests.desk import Desk
from tests.qa.hearing import THREATS, day, look


@pytest.fixture
def desk(app: Flask) -> Desk:
    return drawing(Desk(graders=2))


@pytest.fixture
def page_desk(sqlite_app: Flask) -> Desk:
    return drawing(Desk(graders=2))


def drawing(desk: Desk) -> Desk:
    """Every look gets a scorecard from now on."""
    write(lambda: preferences.put(SYSTEM, "scorecard_share", 1.0))
    return desk


def all_met(*, but: dict[str, Marked] | None = None, workflow: str = "abuse_report") -> dict[str, Marked]:
    """Marks for the scorecard that comes with an installation."""
    keys = [one.key for part in scorecards.STANDARD if part.workflow in ("", workflow) for one in part.criteria]
    return {key: Marked("met") for key in keys} | (but or {})


def test_a_scorecard_opens_with_the_reveal_and_not_before(desk: Desk) -> None:
    desk.drawn_case()
    me = desk.graders[0]
    task = look(me)
    shut = update(Task).where(Task.public_id == task)
    write(lambda: db.session.execute(shut.values(state="committed")))

    with pytest.raises(NotFound):
        write(lambda: scorecards.give(me, task, all_met()))
    assert queries.waiting(me) == []
    write(lambda: db.session.execute(shut.values(state="revealed")))

    assert [one for one, _ in queries.waiting(me)] == [task]


def test_marks_are_counted_and_kept_with_their_causes_once(desk: Desk) -> None:
    desk.drawn_case()
    me = desk.graders[0]
    task = look(me)
    marks = all_met(but={
        "documented": Marked("partly", "tool"), "in_time": Marked("na"), "evidence": Marked("met", "tool"),
    })  # fmt: skip

    write(lambda: scorecards.give(me, task, marks, comment=" Well kept. "))

    row = db.session.scalars(select(Score)).one()
    assert (row.state, row.total, row.critical_missed, row.comment) == ("given", (1.5 + 3 + 2) / 8, False, "Well kept.")
    kept = {one.key: (one.mark, one.cause) for one in db.session.scalars(select(ScoreMark))}
    assert (kept["documented"], kept["in_time"], kept["evidence"]) == (("partly", "tool"), ("na", None), ("met", None))
    db.session.rollback()
    with pytest.raises(Refused):
        write(lambda: scorecards.give(me, task, marks))
    with pytest.raises(NotFound):
        write(lambda: scorecards.give(desk.graders[1], task, marks))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"steps": Marked("missed")}, "steps"),
        ({"steps": Marked("missed", "mood")}, "steps"),
        ({"steps": Marked("partly", "tool")}, "steps"),
        ({"tone": Marked("met")}, None),
    ],
    ids=["no cause", "unknown cause", "cannot be met in part", "another workflow's criterion is no harm"],
)
def test_a_mark_that_does_not_fit_is_named(sqlite_app: Flask, wrong: dict[str, Marked], field: str | None) -> None:
    desk = drawing(Desk(graders=1))
    desk.drawn_case()
    task = look(desk.graders[0])

    def give() -> None:
        write(lambda: scorecards.give(desk.graders[0], task, all_met(but=wrong)))

    if field is None:
        give()
        assert "tone" not in set(db.session.scalars(select(ScoreMark.key)))
    else:
        with pytest.raises(BadInput) as refused:
            give()
        assert [one.field for one in refused.value.problems] == [field]


def test_nothing_is_drawn_for_files_for_rules_and_where_nothing_is_asked(desk: Desk) -> None:
    by_file = desk.drawn_case()
    write(lambda: hand_in(SYSTEM, person=desk.graders[1], grades=[HandedIn(by_file.id, "no_violation")]))
    write(lambda: preferences.put(SYSTEM, "scorecard_share", 0.0))
    with clock.fixed(TODAY + timedelta(minutes=1)):
        desk.drawn_case()
        look(desk.graders[0])

    assert db.session.scalars(select(Score)).all() == []


def numbers(count: int) -> Iterable[int]:
    return (number * 0x9E3779B97F4A7C15 % (1 << 62) for number in range(count))


def test_a_quarter_of_the_looks_is_drawn_whatever_their_order() -> None:
    drawn = [scorecards.is_drawn(number, 0.25) for number in numbers(4000)]

    assert 0.22 < sum(drawn) / 4000 < 0.28
    assert 0.20 < sum(drawn[:1000]) / 1000 < 0.30
    assert not any(scorecards.is_drawn(number, 0.0) for number in numbers(100))
    assert all(scorecards.is_drawn(number, 1.0) for number in numbers(100))
    assert all(scorecards.is_drawn(number, 0.5) for number in numbers(500) if scorecards.is_drawn(number, 0.25))


def test_the_agent_reads_the_scorecard_after_the_release_and_not_whose_it_is(page_desk: Desk) -> None:
    page_desk.drawn_case()
    me = page_desk.graders[0]
    task = look(me, THREATS)
    write(lambda: scorecards.give(
        me, task, all_met(but={"steps": Marked("missed", "step_missed")}), comment="The note is missing."
    ))  # fmt: skip
    finding_id = db.session.scalars(select(Finding.public_id)).one()

    early = factories.browser(page_desk.app, page_desk.agent).get(f"/results/{finding_id}")
    with clock.fixed(day(1)):
        write(findings.release_due)
        agent = factories.browser(page_desk.app, page_desk.agent)
        shown = agent.get(f"/results/{finding_id}").text

    assert early.status_code == 404
    assert "Quality of the work" in shown and "The note is missing." in shown
    assert "Score 0%: a critical criterion was not met" in shown and "Step missed" in shown
    assert me.name not in shown


def test_a_grader_marks_on_the_page(page_desk: Desk) -> None:
    page_desk.drawn_case()
    me = page_desk.graders[0]
    task = look(me)
    client = factories.browser(page_desk.app, me)
    sent = {f"mark-{key}": one.mark for key, one in all_met().items()}

    batch, page = client.get("/grade/batch").text, client.get(f"/grade/scorecard/{task}").text
    empty = client.send(f"/grade/scorecard/{task}", {})
    no_cause = client.send(f"/grade/scorecard/{task}", sent | {"mark-steps": "missed"})
    done = client.send(f"/grade/scorecard/{task}", sent)

    assert "Scorecard" in batch and "Every step of the procedure was done (critical)" in page
    assert (empty.status_code, no_cause.status_code, done.status_code) == (422, 422, 302)
    assert "Say why." in no_cause.text
    assert "Score 100%" in client.get(f"/grade/scorecard/{task}").text


def edited(**changed: str) -> dict[str, str]:
    """The form of a scorecard with one part of two criteria."""
    return {
        "after": "1", "title-0": "Every case", "label-0-0": "The decision is documented", "key-0-0": "documented",
        "weight-0-0": "3", "partly-0-0": "y", "label-0-1": "Calls are returned", "weight-0-1": "2",
        "title-1": "", "label-1-0": "",
    } | changed  # fmt: skip


def test_a_lead_publishes_the_next_version_and_what_was_drawn_keeps_its_own(page_desk: Desk) -> None:
    page_desk.drawn_case()
    task = look(page_desk.graders[0])
    client = factories.browser(page_desk.app, page_desk.manager)

    editor, more = client.get("/scorecards/next").text, client.send("/scorecards/next", edited(more="y"))
    done = client.send("/scorecards/next", edited())
    again = client.send("/scorecards/next", edited())

    assert "The decision is documented" in editor and "Publish version 2" in editor
    assert more.status_code == 200 and "Calls are returned" in more.text and 'name="label-0-2"' in more.text
    assert (done.status_code, again.status_code) == (302, 409)
    new = queries.live()
    assert new is not None
    assert [one.key for one in new.parts[0].criteria] == ["documented", "calls_are_returned"]
    assert len(queries.to_mark(page_desk.graders[0], task).parts[0].criteria) == 4
    assert "Calls are returned" in client.get("/scorecards").text


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (Part("", (Criterion("a", "A"),)),),
        (Part("One", ()),),
        (Part("One", (Criterion("a", "A"), Criterion("a", "A"))),),
        (Part("One", (Criterion("a", "A", weight=0),)),),
    ],
    ids=["nothing", "no heading", "no criterion", "twice", "no weight"],
)
def test_a_scorecard_that_nobody_could_mark_is_refused(sqlite_app: Flask, parts: tuple[Part, ...]) -> None:
    with pytest.raises(BadInput):
        write(lambda: scorecards.publish(SYSTEM, parts, after=1))

    assert db.session.scalars(select(Scorecard.state)).all() == ["live"]


def test_the_set_up_may_be_repeated(sqlite_app: Flask) -> None:
    write(scorecards.set_up)

    assert db.session.scalars(select(Scorecard.version)).all() == [1]
