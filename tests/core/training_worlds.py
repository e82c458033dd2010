"""What stands in the addresses of training, for each who comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from qa.core import access, clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.models import Person
from tests import factories
from tests.training.school import shelved
from training import modules
from training.models.announcements import Announcement
from training.models.learning import Answer, Assignment, Attempt, AttemptScore, CoachingNote
from training.models.modules import Module
from training.models.paths import PathPlace, PathStep, TrainingPath
from training.models.retention import CheckAnswer, RetentionCheck
from training.models.trials import TrainingTrial, TrialPlace

WHAT = (
    "own_training",
    "own_sittings",
    "own_answers",
    "led_training",
    "modules",
    "own_checks",
    "own_check_answers",
    "own_notes",
    "led_starts",
    "led_paths",
    "announcements",
    "own_announcements",
    "led_announcements",
)
_CITED = {"section": "swapping/pushy-offers", "version": "1", "line_from": 1, "line_to": 1, "quote": "Swapping"}
_ASKED = {
    "item": "i", "kind": "conduct", "stem": "What is it?", "case_text": None, "sensitive": False, "key": ["a"],
    "options": [{"id": "a", "text": "This", "feedback": "Yes.", "citation": _CITED}], "citation": _CITED,
    "skill": "section|swapping/pushy-offers||", "critical": False,
}  # fmt: skip


@dataclass(frozen=True)
class Taught:
    """The same module, given to an agent of each team and to each persona who can have training."""

    given: Mapping[str, str]
    module: str
    checks: Mapping[str, str]
    notes: Mapping[str, str]
    starts: Mapping[str, str]
    #: By who began it.
    paths: Mapping[str, str]
    #: By team: to agents and graders of Amber, and of Birch.
    announced: Mapping[str, str]

    def ids(self, what: str, persona: str) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        """(what the persona may open, what is somebody else's)."""
        if what == "modules":
            return [{"public_id": self.module}], []
        if what.endswith("announcements"):
            whose = {
                "announcements": ("agent", "reviewer", "manager", "dual"),
                "led_announcements": ("manager", "dual"),
            }
            reads = persona in whose.get(what, ("agent", "reviewer", "dual"))
            return _split(self.announced, ["amber"] if reads else [])
        if what == "led_paths":
            return _split(self.paths, [persona])
        if what in ("led_training", "led_starts"):
            led = ["colleague", "agent"] + ([] if persona == "dual" else ["dual"])
            there = self.given if what == "led_training" else self.starts
            return _split(there, led if persona in ("manager", "dual") else [])
        if what == "own_notes":
            return _split(self.notes, [persona])
        if what.startswith("own_check"):
            opened, closed = _split(self.checks, [persona])
        else:
            opened, closed = _split(self.given, [persona])
        more = place_of(what)
        return [{**one, **more} for one in opened], [{**one, **more} for one in closed]


def _split(there: Mapping[str, str], names: list[str]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    opened = [{"public_id": there[name]} for name in names if name in there]
    return opened, [{"public_id": one} for name, one in there.items() if name not in names]


def place_of(what: str) -> dict[str, str]:
    """What stands in the address behind the training."""
    more = {"own_check_answers": {"question": "1"}}
    return {**more, "own_sittings": {"no": "1"}, "own_answers": {"no": "1", "question": "1"}}.get(what, {})


def build(people: Mapping[str, Person], colleague: Person, stranger: Person) -> Taught:
    """One begun training each, with a sitting that is closed."""
    version = write(lambda: modules.keep(SYSTEM, shelved()))
    whose = {"colleague": colleague, "stranger": stranger, "agent": people["agent"], "dual": people["dual"]}
    given = {name: _given(person, version.id) for name, person in whose.items()}
    checks = {name: _checked(person) for name, person in whose.items()}
    notes = {name: _noted(person, people["manager"]) for name, person in whose.items()}
    trial: Any = factories.kept(TrainingTrial(key="00" * 32, begun_at=clock.now()))
    starts = {name: _starts_later(person, trial.id) for name, person in whose.items()}
    leads = {name: people[name] for name in ("manager", "dual")}
    paths = {name: _path(person, colleague) for name, person in leads.items()}
    teams = {"amber": people["manager"], "birch": stranger}
    announced = {
        name: _announced(person, _team_of(whom))
        for (name, person), whom in zip(teams.items(), (colleague, stranger), strict=True)
    }
    return Taught(given, db.session.scalars(db.select(Module.public_id)).one(), checks, notes, starts, paths, announced)


def _team_of(person: Person) -> int:
    found = access.actor(person.id)
    assert found is not None and found.team_id is not None
    return found.team_id


def _announced(author: Person, team_id: int) -> str:
    """A changed process that nobody has read yet."""
    now = clock.now()
    row: Any = factories.kept(Announcement(
        kind="process", title="Handing over", body="Hand over in writing.", audience="both", team_id=team_id,
        by_id=author.id, published_at=now, due_on=now.date(),
    ))  # fmt: skip
    return str(row.public_id)


def _path(lead: Person, walker: Person) -> str:
    """A path of one step that a lead began."""
    row: Any = factories.kept(TrainingPath(title="Swapping", kind="other", by_id=lead.id, begun_at=clock.now()))
    factories.kept(PathStep(path_id=row.id, no=1, sections=["swapping/pushy-offers"], days=5))
    factories.kept(PathPlace(path_id=row.id, person_id=walker.id, step=1, state="open", joined_at=clock.now()))
    return str(row.public_id)


def _starts_later(person: Person, trial_id: int) -> str:
    """A training whose day was drawn by chance and is still to come."""
    now = clock.now()
    row: Any = factories.kept(TrialPlace(
        trial_id=trial_id, signal_ref=f"{person.id:032x}", person_id=person.id, arm="later", entered_at=now,
        starts_on=(now + timedelta(days=21)).date(), sections=["swapping/pushy-offers"],
    ))  # fmt: skip
    return str(row.public_id)


def _noted(person: Person, lead: Person) -> str:
    """A note on a talk with a person, which nobody but the two sees."""
    row: Any = factories.kept(CoachingNote(lead_id=lead.id, agent_id=person.id, text="We talked.", agreed=""))
    return str(row.public_id)


def _checked(person: Person) -> str:
    """A check in which one question is answered and one is left."""
    now = clock.now()
    row: Any = factories.kept(RetentionCheck(
        person_id=person.id, due_on=now.date(), state="open", opened_at=now, snapshot=[_ASKED, _ASKED],
    ))  # fmt: skip
    factories.kept(CheckAnswer(
        check_id=row.id, ordinal=1, item_ref="i", chosen=["a"], right=True, ms=None, answered_at=now
    ))  # fmt: skip
    return str(row.public_id)


def _given(person: Person, version_id: int) -> str:
    now = clock.now()
    row: Any = factories.kept(Assignment(
        person_id=person.id, module_version_id=version_id, due_on=now.date(), assigned_at=now, state="begun", why="",
    ))  # fmt: skip
    sat: Any = factories.kept(Attempt(
        assignment_id=row.id, no=1, purpose="initial", state="closed", opened_at=now, closed_at=now,
        due_at=now + timedelta(days=1), snapshot=[_ASKED],
    ))  # fmt: skip
    factories.kept(Answer(
        attempt_id=sat.id, ordinal=1, item_ref="i", chosen=["a"], right=False, ms=None, answered_at=now
    ))  # fmt: skip
    factories.kept(AttemptScore(attempt_id=sat.id, right=0, of=1, by_key={}, passed=False, because="0 of 1 right."))
    return str(row.public_id)
