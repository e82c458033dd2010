"""Mastery: how far a person is with a skill, each move kept with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import select

from qa import policy_queries
from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import Refused
from training import skill_keys
from training.generation.skills import SkillKey
from training.models.learning import Mastery, MasteryEvent

#: state -> where it may go from there.
WAYS = {
    "none": ("provisional",),
    "provisional": ("provisional", "retained", "needs_recheck", "retired"),
    "retained": ("provisional", "needs_recheck", "retired"),
    "needs_recheck": ("provisional", "retired"),
    "retired": (),
}
#: Days from one check to the next: a check at each step, a miss goes back one.
LADDER = (3, 10, 30, 90)


def gain(actor: Actor, person_id: int, keys: Iterable[SkillKey], *, because: str) -> None:
    """A quiz was passed on *keys*: provisional, with a check in three days."""
    for key in sorted(keys):
        row = _row(person_id, key)
        if "provisional" in WAYS[row.state]:
            row.step = 0
            row.policy_version = _version(key, clock.now().date())
            row.next_check_on = (clock.now() + timedelta(days=LADDER[0])).date()
            move(actor, row, "provisional", because=because)


def move(actor: Actor, row: Mastery, to: str, *, because: str) -> None:
    """Move a mastery to state *to* and keep why. Raises Refused where that is no way."""
    if to not in WAYS[row.state]:
        raise Refused(f"Mastery cannot go from {row.state} to {to}.")
    db.session.add(
        MasteryEvent(mastery_id=row.id, from_state=row.state, to_state=to, because=because[:300], at=clock.now())
    )
    row.state = to
    db.session.flush()
    audit.note(actor, "moved", "mastery", row.id, state=to)


def _row(person_id: int, key: SkillKey) -> Mastery:
    key_id = skill_keys.stored(key)
    query = select(Mastery).where(Mastery.person_id == person_id, Mastery.skill_key_id == key_id)
    row = db.session.scalar(query.with_for_update())
    if row is None:
        row = Mastery(person_id=person_id, skill_key_id=key_id, policy_version="", state="none")
        db.session.add(row)
        db.session.flush()
    return row


def _version(key: SkillKey, on: date) -> str:
    """The versions under which it was learnt, as "slug version"."""
    slugs = dict.fromkeys(part.partition("/")[0] for part in (key.a, key.b) if part)
    found = (policy_queries.version_in_force(slug, on) for slug in slugs)
    return ", ".join(f"{one.policy_slug} {one.number}" for one in found if one is not None)[:300]
