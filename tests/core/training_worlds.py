"""What stands in the addresses of training, for each who comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.models import Person
from tests import factories
from tests.training.school import shelved
from training import modules
from training.models.learning import Answer, Assignment, Attempt, AttemptScore
from training.models.modules import Module

WHAT = ("own_training", "own_sittings", "own_answers", "led_training", "modules")
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

    def ids(self, what: str, persona: str) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        """(what the persona may open, what is somebody else's)."""
        if what == "modules":
            return [{"public_id": self.module}], []
        if what == "led_training":
            led = ["colleague", "agent"] + ([] if persona == "dual" else ["dual"])
            return self._split(led if persona in ("manager", "dual") else [])
        opened, closed = self._split([persona])
        more = place_of(what)
        return [{**one, **more} for one in opened], [{**one, **more} for one in closed]

    def _split(self, names: list[str]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        opened = [{"public_id": self.given[name]} for name in names if name in self.given]
        return opened, [{"public_id": one} for name, one in self.given.items() if name not in names]


def place_of(what: str) -> dict[str, str]:
    """What stands in the address behind the training."""
    return {"own_sittings": {"no": "1"}, "own_answers": {"no": "1", "question": "1"}}.get(what, {})


def build(people: Mapping[str, Person], colleague: Person, stranger: Person) -> Taught:
    """One begun training each, with a sitting that is closed."""
    version = write(lambda: modules.keep(SYSTEM, shelved()))
    whose = {"colleague": colleague, "stranger": stranger, "agent": people["agent"], "dual": people["dual"]}
    given = {name: _given(person, version.id) for name, person in whose.items()}
    return Taught(given, db.session.scalars(db.select(Module.public_id)).one())


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
