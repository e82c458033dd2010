"""Agreement from the roll-up of looks is that from the rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select, update

from calibration import agreeing, reliability
from calibration.agreeing import Agreement, Answers
from qa.core import clock
from qa.core.db import db, write
from qa.grading import blind, votes
from qa.models.grading import Grade, Task
from qa.models.plans import Draw
from qa.models.policies import Workflow
from qa.models.truth import VotePart
from qa.queries import voted
from tests.calibration.settled import Settled
from tests.desk import Desk

SECTIONS = ("conduct/threats", "conduct/insults", "conduct/praise")


def batch_of(desk: Desk, looks: int, chance: np.random.Generator) -> None:
    """Drawn cases, each looked at *looks* times, and every grader's batch closed."""
    for number in range(6):
        key = SECTIONS[number % 2]
        desk.drawn_case(looks=looks, decided=key, play_key=key, locale=("en", "de")[number % 3 == 0])
    for grader in desk.graders:
        while task := write(lambda grader=grader: blind.claim(grader)):
            verdict = str(chance.choice(["violates", "no_violation", "cannot_tell"], p=[0.7, 0.2, 0.1]))
            section = str(chance.choice(SECTIONS[:2])) if verdict == "violates" else None
            action = "remove" if verdict == "violates" else "keep" if verdict == "no_violation" else None
            write(lambda grader=grader, task=task, given=(verdict, section, action): blind.grade(
                grader, task, verdict=given[0], section_key=given[1], action=given[2], confidence="high",
                claim_next=False,
            ))  # fmt: skip
        write(lambda grader=grader: close(grader))


def close(grader: Any) -> None:
    """Close a batch where one is open."""
    if db.session.scalar(select(Grade.id).where(Grade.person_id == grader.id, Grade.committed_at.is_(None))):
        blind.close_batch(grader)


def worked() -> Desk:
    """A desk at which four batches were graded."""
    desk = Desk(graders=3)
    action_too = update(Workflow).values(settle_levels=["verdict", "policy"])
    write(lambda: db.session.execute(action_too))
    chance = np.random.default_rng(3)
    for looks in (2, 2, 1, 3):
        batch_of(desk, looks, chance)
    db.session.rollback()
    return desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    return worked()


def assert_same(found: Agreement, report: dict[str, Any]) -> None:
    assert (found.units_paired, found.ratings) == (report["units_paired"], report["ratings"])
    assert list(found.categories) == report["categories"]
    for name in agreeing.THREE:
        one, other = found.coefficients[name], report["coefficients"][name]
        for key in ("value", "low", "high"):
            assert one[key] == pytest.approx(other[key], abs=1e-9), (name, key)
        assert one["method"] == other["method"]
    for one, other in zip(found.by_category, report["by_category"], strict=True):
        assert all(one[key] == pytest.approx(other[key], abs=1e-9) for key in one if key != "category")


def test_all_looks_and_every_split_agree_as_the_rows_say(desk: Desk) -> None:
    for match in reliability.LEVELS:
        seen = Answers(voted.looks(), match)

        assert_same(seen.all, reliability.agreement_from_draws(match=match))
        for by in ("policy", "locale", "workflow"):
            groups = {group[by]: group for group in reliability.agreement_from_draws(match=match, by=by)["groups"]}
            found = {seen.says(by)(number): one for number, one in seen.by(by).items()}
            assert found.keys() == groups.keys()
            for key, one in found.items():
                assert_same(one, groups[key])


def test_each_draw_changes_the_stamp_whatever_its_address_is(sqlite_app: Flask) -> None:
    desk = Settled()
    stamps = {voted.stamp()}

    for number in range(6):
        desk.another_draw(f"plan {number}")
        stamps.add(voted.stamp())

    assert len(stamps) == 7


def test_the_roll_up_is_what_the_rows_say_and_fills_parts_up(desk: Desk) -> None:
    assert votes.kept() == votes.recomputed()
    assert len(votes.kept()) > 24

    kept = votes.kept()
    write(votes.rebuild)

    assert votes.kept() == kept


def test_parts_are_filled_up_before_new_ones_are_begun(sqlite_app: Flask) -> None:
    now = clock.now()
    one = votes.Vote(1, 2, None, now, now, "conduct/threats", None, "conduct/threats", None, "abuse_report", "violates")

    for many in (700, 400):
        write(lambda many=many: votes._append([one] * many))

    parts = db.session.scalars(select(VotePart.votes).order_by(VotePart.id)).all()
    assert list(parts) == [512, 512, 76]
    assert len(votes.kept()) == 1100


def test_further_looks_and_those_of_replaced_draws_do_not_count(desk: Desk) -> None:
    second = select(Task.id).where(Task.needs_skill.is_(None))
    assert db.session.scalars(second).first() is not None
    before = len(voted.looks())
    db.session.rollback()

    write(lambda: db.session.execute(update(Draw).values(replaced_at=clock.now())))

    assert before == len(votes.kept()) > 0
    assert len(voted.looks()) == 0


def test_months_are_those_in_which_the_cases_were_closed(sqlite_app: Flask) -> None:
    worked()

    found = Answers(voted.looks(), "policy").by("month")

    assert [agreeing.months(np.array([int(clock.now().timestamp())]))[0]] == list(found)
