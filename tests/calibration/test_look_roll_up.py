"""The roll-up of looks: equal to a recomputation after whatever happens, and to the rows on the page of graders."""

from __future__ import annotations

import math
from dataclasses import astuple
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from calibration.graders import keeping, lines, summing
from calibration.graders import page as grader_page
from calibration.graders.lines import Figures
from calibration.models.graders import LookPart, LooksKept
from calibration.periods import period
from calibration.queries import look_parts, looks
from qa import settlement, truths
from qa.core import clock, preferences
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.grading import blind
from qa.models.cases import ClosedCase
from qa.models.drafting import SectionMerge
from qa.models.grading import Task
from qa.standing import Vote
from tests.desk import Desk

LEVELS = ("verdict", "policy", "action")
ANSWERS = (
    ("violates", "conduct/threats", "remove"),
    ("violates", "conduct/insults", "remove"),
    ("no_violation", "none", "keep"),
    ("cannot_tell", "none", None),
)


def graded(who: Actor, turns: list[int], *, seconds: int = 40) -> None:
    """*who* takes what comes and answers so; then the batch closes."""
    for at, turn in enumerate(turns):
        task = write(lambda: blind.claim(who))
        if task is None:
            if not at:
                return  # nothing is there for them
            break
        verdict, section, action = ANSWERS[turn]
        write(lambda task=task, at=at, given=(verdict, section, action): blind.grade(
            who, task, verdict=given[0], section_key=given[1], action=given[2], confidence="high", claim_next=False,
            seconds_shown=seconds + at,
        ))  # fmt: skip
    write(lambda: blind.close_batch(who))


def busy_desk(cases: int = 36) -> Desk:
    """Cases with one to three looks, over several days, answered in every way; then what a difference asks for."""
    desk = Desk(graders=4)
    write(lambda: preferences.put(SYSTEM, "batch_size", 100))
    for number in range(cases):
        closed = clock.now() - timedelta(days=2 + number % 3)
        decided = "none" if number % 7 == 0 else "conduct/threats"
        desk.drawn_case(looks=1 + number % 3, closed_at=closed, decided=decided, locale=("en", "de")[number % 2])
    for at, who in enumerate(desk.graders):
        graded(
            who, [(0, 0, 0, 1, 0, 2, 0, 3)[(place + 3 * at) % 8] for place in range(cases // 2)], seconds=5 + 40 * at
        )
    with clock.fixed(clock.now() + timedelta(days=1)):
        graded(desk.graders[0], [0] * 20)
    return desk


def from_rows(match: str) -> dict[int, Figures]:
    asked = period(match)
    seen = list(looks.committed(closed=asked.moments))
    return lines.figures(seen, looks.passed_on(closed=asked.moments), match)


def same(one: Figures, other: Figures) -> bool:
    """Equal to nine places, part by part."""
    return close(astuple(one), astuple(other))


def close(one: object, other: object) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(close(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=0, abs_tol=1e-9)
    return one == other


def test_each_figure_of_a_grader_is_the_same_from_the_roll_up_and_from_the_rows(sqlite_app: Flask) -> None:
    busy_desk()

    for match in LEVELS:
        expected = from_rows(match)
        asked = period(match)
        found = summing.figures(look_parts.looks(asked), looks.passed_on(closed=asked.moments), match)

        assert found.keys() == expected.keys() and len(found) == 4
        assert all(same(found[key], expected[key]) for key in expected), match
    assert any(one.settled.n for one in from_rows("policy").values())
    assert any(one.rushed for one in from_rows("policy").values())


def test_the_roll_up_follows_overturned_decisions_and_later_looks(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "SIZE", 4)
    desk = busy_desk(18)
    assert keeping.kept() == keeping.recomputed() != {}
    before = keeping.kept()
    db.session.rollback()

    write(lambda: overturn(desk))

    assert keeping.kept() == keeping.recomputed() != before
    assert {part.looks for part in db.session.scalars(select(LookPart))} <= {1, 2, 3, 4}
    written = keeping.kept()
    db.session.rollback()
    write(keeping.rebuild)
    assert keeping.kept() == written and keeping.is_whole()


def overturn(desk: Desk) -> None:
    """A ruling on every third case that has two looks or more."""
    query = select(ClosedCase).join(Task, Task.case_id == ClosedCase.id).group_by(ClosedCase.id)
    for case in list(db.session.scalars(query.order_by(ClosedCase.id)))[::3]:
        levels = settlement._levels_of([case.id])[case.id]
        truths.stand(
            case, Vote("violates", "conduct/insults", "remove"), basis="dispute", settler_id=desk.manager.id,
            levels=levels,
        )  # fmt: skip


def test_the_page_reads_the_roll_up_and_its_filters(sqlite_app: Flask) -> None:
    desk = busy_desk()
    asked = period("policy", only={"locale": "de"})

    summed = grader_page.graders(desk.manager, asked)
    counted = grader_page._from_rows(asked, {"locale": "de"}, None)

    assert {line.grader.id for line in summed.lines} == counted.figures.keys()
    assert all(same(line.figures, counted.figures[line.grader.id]) for line in summed.lines)
    assert dict(summed.choices["locale"]) == {"de": "de", "en": "en"}


def test_after_a_merge_of_sections_pages_count_from_the_rows_until_all_is_counted_anew(sqlite_app: Flask) -> None:
    desk = busy_desk(6)
    assert keeping.is_whole()
    db.session.rollback()

    merge = SectionMerge(from_key="conduct/threats", to_key="conduct/insults", by_id=desk.manager.id)
    write(lambda: db.session.add(merge))

    assert not keeping.is_whole()
    db.session.rollback()
    write(keeping.set_up)
    assert keeping.is_whole() and keeping.kept() == keeping.recomputed()


def test_an_installation_without_the_roll_up_gets_it_by_its_setup(sqlite_app: Flask) -> None:
    busy_desk(6)
    expected = keeping.kept()
    db.session.rollback()
    write(lambda: [db.session.delete(row) for row in (*db.session.scalars(select(LookPart)), *rows_kept())])
    before = keeping.kept()
    db.session.rollback()

    write(keeping.set_up)

    assert before == {} and keeping.kept() == expected


def rows_kept() -> list[LooksKept]:
    return list(db.session.scalars(select(LooksKept)))
