"""The whole loop on real decisions: ten people rated each case five times, one of them is the agent.

Everything goes through the commands that anybody can type; nothing in the product knows of this replay.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core import access, clock, preferences
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.settings import Settings
from tests.published import hatecheck_files
from training import learning
from training.models.learning import Assignment, Attempt
from wsgi import create_app

#: A Monday; the last case is closed an hour before.
TODAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
pytestmark = [pytest.mark.shared, pytest.mark.long]
POLICY = Path(__file__).parent / "published" / "hatecheck_policy.md"


class Replay:
    """An app in which one rater's decisions were graded by four others each."""

    def __init__(self, app: Flask, source: Path, folder: Path, agent: str) -> None:
        self.app, self.source, self.agent = app, source, agent
        self.cases = hatecheck_files.write(source, folder, agent, TODAY - timedelta(hours=1))
        self.run("policy", "import", POLICY)
        self.run("people", "import", folder / "people.csv")
        self.run("cases", "import", folder / "cases.csv", "--mapping", folder / "mapping.toml")
        self.run("plan", "create", folder / "plan.toml")
        self.run("plan", "draw", "Every case")
        self.graded = self.json("grades", "import", folder / "grades.csv", "--json")

    def run(self, *words: object) -> str:
        """The standard output of `flask` with these words."""
        db.session.rollback()
        result = self.app.test_cli_runner().invoke(args=[str(word) for word in words])
        assert result.exit_code == 0, result.stderr
        return result.stdout

    def json(self, *words: object) -> Any:
        """The object that a command prints."""
        return json.loads(self.run(*words))

    def drops(self, target: float) -> list[tuple[float, str | None]]:
        """(week, leading section) of every alert of a drop with this target, the oldest first."""
        write(lambda: preferences.put(SYSTEM, "target_accuracy", target))
        found = self.json("signals", "scan", "--afresh", "--json")["signals"]
        live = [one for one in found if one["kind"] == "drop" and one["state"] != "withdrawn"]
        return sorted((week_of(one["crossed_at"]), one["lead_key"]) for one in live)


def week_of(moment: str) -> float:
    """The week of the replay in which a moment lies, from 0."""
    began = TODAY - timedelta(hours=1) - timedelta(weeks=hatecheck_files.WEEKS)
    return (datetime.fromisoformat(moment) - began) / timedelta(weeks=1)


def replayed(settings: Settings, source: Path, folder: Path, agent: str) -> Iterator[Replay]:
    app = create_app(settings)
    with clock.fixed(TODAY), app.app_context():
        yield Replay(app, source, folder, agent)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def r07(databases: Any, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    """The seventh rater as the agent, on SQLite."""
    yield from replayed(databases.sqlite(), shared / "data" / "hatecheck", tmp_path_factory.mktemp("r07"), "r07")


@pytest.fixture(scope="module", params=["r04", "r08"])
def good(request: Any, databases: Any, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    """Each of two very good raters as the agent."""
    folder = tmp_path_factory.mktemp(request.param)
    yield from replayed(databases.sqlite(), shared / "data" / "hatecheck", folder, request.param)


def test_all_grades_of_the_others_are_taken_once(r07: Replay) -> None:
    assert r07.cases == 1955
    assert r07.graded == {"read": 7820, "added": 7820, "unchanged": 0}


def test_agreement_of_the_ten_is_the_published_one(r07: Replay) -> None:
    found = r07.json("agreement", r07.source / "decisions.csv", "--json")["coefficients"]

    assert found["krippendorff_alpha"]["value"] == pytest.approx(0.928516, abs=5e-7)
    assert found["gwet_ac"]["value"] == pytest.approx(0.945687, abs=5e-7)


def test_accuracy_brackets_the_published_share(r07: Replay) -> None:
    (row,) = r07.json("accuracy", "--by", "agent", "--match", "verdict", "--json")["rows"]

    assert (row["agent"], row["n"], row["open"]) == ("r07", 1955, 0)
    assert row["estimate"] == pytest.approx(0.962, abs=5e-4)
    assert row["low"] < 0.961 < row["high"]


def test_at_95_percent_one_alert_about_week_19_without_a_leading_section(r07: Replay) -> None:
    found = r07.drops(0.95)

    assert [lead for _, lead in found] == [None]
    assert found[0][0] == pytest.approx(19, abs=1)


def test_at_98_percent_about_six_alerts_each_leads_to_a_module_that_is_passed_by_right_answers(r07: Replay) -> None:
    found = {lead: week for week, lead in r07.drops(0.98)}
    r07.run("training", "assign")
    given = db.session.scalars(select(Assignment.public_id).where(Assignment.state == "assigned")).all()
    asked = len(r07.json("signals", "list", "--json")["signals"])
    db.session.rollback()
    for assignment in given:
        answer_rightly(assignment)

    assert len(found) == pytest.approx(6, abs=1)
    assert found["hatecheck/slur-reclaimed"] == pytest.approx(7, abs=1)
    assert found["hatecheck/target-indiv"] == pytest.approx(20, abs=1)
    assert 1 <= len(given) <= asked
    assert set(states(given)) == {"passed"}


@pytest.mark.parametrize("target", [0.95, 0.98])
def test_the_best_raters_raise_nothing(good: Replay, target: float) -> None:
    assert good.drops(target) == []


def answer_rightly(assignment: str) -> None:
    """Sit a training's quiz without a mistake."""
    learner = access.actor_by_external_id("r07")
    assert learner is not None
    write(lambda: learning.start(learner, assignment))
    no = write(lambda: learning.begin(learner, assignment))
    query = select(Attempt.snapshot).join(Assignment, Assignment.id == Attempt.assignment_id)
    asked = db.session.scalars(query.where(Assignment.public_id == assignment, Attempt.no == no)).one()
    for place, question in enumerate(asked, start=1):
        right = question["key"][0]
        write(lambda at=place, key=right: learning.answer(learner, assignment, no=no, question=at, option=key))


def states(assignments: Sequence[str]) -> list[str]:
    """How the trainings stand."""
    return list(db.session.scalars(select(Assignment.state).where(Assignment.public_id.in_(assignments))))
