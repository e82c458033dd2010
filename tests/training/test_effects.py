"""Change after training: a planted one is found, too little data is said, chance is told apart."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from calibration.models.signals import CorrectiveAction
from qa.core import clock, packing
from qa.core.access import Actor
from qa.core.db import db, write
from tests import factories
from tests.calibration.packed import recomputed, unpacked, worst
from tests.training.school import PUSHY, UNSAFE, School
from training import effects
from training.models.learning import Assignment, AssignmentCause, Effect
from training.models.modules import Module, ModuleVersion

#: 31 Aug 2026: the alert; 7 Sep: the training was passed.
CROSSED = datetime.fromisoformat("2026-08-31T09:00+00:00")
PASSED = CROSSED + timedelta(days=7)


@pytest.fixture
def school(sqlite_app: Flask) -> School:
    return School()


def cases(
    school: School, who: Actor, start: datetime, *, right: int, wrong: int, key: str = PUSHY, days: float = 40
) -> None:
    """Settled cases spread evenly over *days* from *start* on, the wrong ones among them."""
    total = right + wrong

    def keep() -> None:
        for n in range(total):
            is_wrong = (n * wrong) // total != ((n + 1) * wrong) // total
            school._settled(
                truth=key, decided="none" if is_wrong else key, agent=who, play_key=key,
                closed_at=start + timedelta(days=days * n / total),
            )  # fmt: skip

    write(keep)


def earlier(school: School, *, right: int, wrong: int) -> None:
    """The agent's and the team's cases of the twelfth to the fifth week before the alert."""
    start = CROSSED - timedelta(weeks=12)
    cases(school, school.agent, start, right=right, wrong=wrong)
    cases(school, school.other, start, right=54, wrong=6)


def trained(school: School) -> None:
    """The training that the alert led to was passed."""
    signal = school.signal(crossed_at=CROSSED)
    module = factories.kept(Module(title="Pushy offers", focus_hash="0" * 64, state="live",
                                   focus={"sections": [PUSHY], "contrast": None, "own": []}))  # fmt: skip
    version = factories.kept(ModuleVersion(
        module_id=module.id, no=1, seed=1, builder="b", policy_versions=[], sha256="0" * 64, minutes=5, coverage=[],
        state="live",
    ))  # fmt: skip
    row = factories.kept(Assignment(
        person_id=school.agent.id, module_version_id=version.id, due_on=PASSED.date(), assigned_at=CROSSED,
        state="passed", ended_at=PASSED, why="",
    ))  # fmt: skip
    factories.kept(AssignmentCause(
        assignment_id=row.id, person_id=school.agent.id, kind="signal", ref=signal.public_id
    ))  # fmt: skip


def test_a_planted_change_is_found_with_its_interval(school: School) -> None:
    earlier(school, right=36, wrong=14)
    cases(school, school.agent, CROSSED - timedelta(weeks=4), right=6, wrong=14, days=27)
    cases(school, school.agent, PASSED + timedelta(days=8), right=58, wrong=2)
    trained(school)

    (row,) = effects.measure()

    figure = row.figure
    assert (figure.n_pre, figure.n_post, figure.kind) == (50, 60, "change")
    assert figure.pre == pytest.approx(0.72) and figure.post == pytest.approx(58 / 60)
    assert figure.change == pytest.approx(58 / 60 - 0.72)
    assert 0.05 < figure.low < figure.change < figure.high < 0.45
    assert figure.shrunken_pre > figure.pre
    assert 0 < figure.expected_by_chance < 0.6


def test_without_any_change_the_interval_holds_nought(school: School) -> None:
    earlier(school, right=45, wrong=5)
    cases(school, school.agent, PASSED + timedelta(days=8), right=54, wrong=6)
    trained(school)

    (row,) = effects.measure()

    assert row.figure.low < 0 < row.figure.high
    assert row.figure.change == pytest.approx(0, abs=0.01)


def test_too_few_cases_are_said_and_give_no_figure(school: School) -> None:
    earlier(school, right=45, wrong=5)
    cases(school, school.agent, PASSED + timedelta(days=8), right=12, wrong=0, days=10)
    trained(school)

    (row,) = effects.measure()

    plain = effects.as_json([row])["effects"][0]
    assert plain["reason"] == "not enough data: 12 of 30 cases"
    assert (plain["change"], plain["called"], plain["n_post"]) == (None, None, 12)
    assert write(lambda: effects.store([row])) == 0


def test_the_week_after_and_the_weeks_that_triggered_are_in_neither_window(school: School) -> None:
    earlier(school, right=40, wrong=0)
    cases(school, school.agent, CROSSED - timedelta(weeks=5), right=0, wrong=10, days=34)
    cases(school, school.agent, PASSED, right=0, wrong=10, days=6)
    cases(school, school.agent, PASSED + timedelta(days=8), right=90, wrong=0, days=60)
    trained(school)

    (row,) = effects.measure()

    assert (row.figure.n_pre, row.figure.n_post) == (40, 60)
    assert (row.figure.pre, row.figure.post) == (1.0, 1.0)


def test_other_policies_are_the_placebo(school: School) -> None:
    earlier(school, right=40, wrong=10)
    cases(school, school.agent, CROSSED - timedelta(weeks=12), right=30, wrong=4, key=UNSAFE)
    cases(school, school.agent, PASSED + timedelta(days=8), right=50, wrong=0)
    cases(school, school.agent, PASSED + timedelta(days=8), right=31, wrong=4, key=UNSAFE)
    trained(school)

    (row,) = effects.measure()

    assert (row.placebo.n_pre, row.placebo.n_post) == (34, 35)
    assert abs(row.placebo.change) < 0.02 < row.figure.change


def test_a_figure_is_kept_once_and_reported_to_the_alert(school: School) -> None:
    earlier(school, right=36, wrong=14)
    cases(school, school.agent, PASSED + timedelta(days=8), right=58, wrong=2)
    trained(school)
    action = db.session.scalars(select(CorrectiveAction)).one()
    action_id = action.id

    def done() -> None:
        db.session.get_one(CorrectiveAction, action_id).state = "done"

    write(done)
    rows = effects.measure()

    kept = [write(lambda: effects.store(rows)) for _ in range(2)]

    db.session.rollback()
    db.session.expire_all()
    assert kept == [1, 0]
    assert db.session.scalar(select(func.count(Effect.id))) == 1
    stored = db.session.get_one(CorrectiveAction, action_id)
    assert stored.state == "checked" and stored.check_result and "+24.7 points" in stored.check_result


def test_nothing_was_completed_so_nothing_is_measured(school: School) -> None:
    assert effects.measure() == []
    assert clock.now() > PASSED


def test_an_outsider_gets_the_change_again_from_the_pack(
    school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier(school, right=48, wrong=12)
    trained(school)
    cases(school, school.agent, PASSED + timedelta(days=8), right=57, wrong=3)
    (told,) = effects.measure()
    packing.write_pack(tmp_path / "pack.zip")
    folder = unpacked(tmp_path / "pack.zip", tmp_path / "pack")
    monkeypatch.chdir(folder)

    left = recomputed(folder)

    where, difference = worst(left)
    assert difference < 1e-9, where
    assert left["changes"].change.tolist() == pytest.approx([told.figure.change]) and told.figure.change > 0.1
    assert len(left["parts"]) >= 2
