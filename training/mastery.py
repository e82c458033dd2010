"""Mastery: how far a person is with a skill, each move kept with its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import Refused
from qa.policies import queries as policy_queries
from training import skill_keys
from training.generation.skills import SkillKey
from training.models.learning import Mastery, MasteryEvent
from training.models.modules import SkillKey as SkillKeyRow

#: state -> where it may go from there.
WAYS = {
    "none": ("provisional",),
    "provisional": ("provisional", "retained", "needs_recheck", "retired"),
    "retained": ("provisional", "needs_recheck", "retired"),
    "needs_recheck": ("provisional", "needs_recheck", "retired"),
    "retired": (),
}
#: Days after the quiz was passed on which a check is due.
LADDER = (3, 10, 30, 90)
#: With so many misses a skill waits for a person; that it is missed again may be the clause's fault.
LEECH = 2
#: What questions about a change were to ask is asked by a check so long after they were due.
AFTER_DUE = timedelta(days=14)


def gap(step: int) -> timedelta:
    """From the check before (at first: from the pass) to the check of *step*, 0 to 3.

    >>> [gap(step).days for step in range(4)]
    [3, 7, 20, 60]
    """
    return timedelta(days=LADDER[step] - (LADDER[step - 1] if step else 0))


def gain(actor: Actor, person_id: int, keys: Iterable[SkillKey], *, because: str) -> None:
    """A quiz was passed on *keys*: provisional, with a check in three days."""
    for key in sorted(keys):
        row = _row(person_id, key)
        if "provisional" in WAYS[row.state]:
            move(
                actor, row, "provisional", because=because, step=0, misses=0, cases_right=0, reopened_at=None,
                policy_version=_version(key, clock.now().date()), next_check_on=_on(gap(0)),
            )  # fmt: skip


def hit(actor: Actor, row: Mastery, *, on_case: bool) -> None:
    """A check was answered right. After the last one it is retained, if ever a case that was new was judged right."""
    cases = row.cases_right + on_case
    if row.step + 1 < len(LADDER):
        move(
            actor, row, "provisional", because="answered a check right", step=row.step + 1, cases_right=cases,
            next_check_on=_on(gap(row.step + 1)),
        )  # fmt: skip
    elif cases:
        move(actor, row, "retained", because="answered the last check right", step=len(LADDER), cases_right=cases,
             next_check_on=None)  # fmt: skip
    else:
        move(actor, row, "provisional", because="no case was judged yet", next_check_on=_on(gap(row.step)))


def show_again(actor: Actor, person_id: int, sections: Collection[str]) -> set[SkillKey]:
    """What a new version changed in *sections* was answered: what was owed for it goes on where it stood; those keys.

    What was missed too often stays with the lead.
    """
    query = select(Mastery, SkillKeyRow).join(SkillKeyRow, SkillKeyRow.id == Mastery.skill_key_id)
    query = query.where(Mastery.person_id == person_id, Mastery.state == "needs_recheck", Mastery.misses < LEECH)
    query = query.where(SkillKeyRow.section_key_a.in_(sections) | SkillKeyRow.section_key_b.in_(sections))
    shown = set()
    for row, key in db.session.execute(query.with_for_update(of=Mastery)).all():
        step = min(row.step, len(LADDER) - 1)
        move(actor, row, "provisional", because="answered what changed", step=step, reopened_at=None,
             next_check_on=_on(gap(step)))  # fmt: skip
        shown.add(SkillKey(key.kind, key.section_key_a, key.section_key_b, key.side))
    return shown


def put_off(person_id: int, sections: Collection[str], until: date) -> None:
    """What is owed for a change is asked by the questions about it; a check asks again if they are not answered."""
    keys = select(SkillKeyRow.id).where(
        SkillKeyRow.section_key_a.in_(sections) | SkillKeyRow.section_key_b.in_(sections)
    )
    owed = update(Mastery).where(Mastery.person_id == person_id, Mastery.skill_key_id.in_(keys))
    owed = owed.where(Mastery.state == "needs_recheck", Mastery.misses < LEECH)
    db.session.execute(owed.values(next_check_on=until + AFTER_DUE).execution_options(synchronize_session="fetch"))


def miss(actor: Actor, row: Mastery) -> bool:
    """A check was answered wrong: one step back, the section is to be read again. Whether it was once too often."""
    misses, step = row.misses + 1, max(row.step - 1, 0)
    is_leech = misses >= LEECH
    move(
        actor, row, "needs_recheck", because="missed a check again" if is_leech else "missed a check", step=step,
        misses=misses, reopened_at=clock.now(), next_check_on=None if is_leech else _on(gap(step)),
    )  # fmt: skip
    return is_leech


def start_over(actor: Actor, row: Mastery) -> None:
    """It was talked over with the lead: the ladder begins anew."""
    move(actor, row, "needs_recheck", because="talked over with the lead", step=0, misses=0, next_check_on=_on(gap(0)))


def move(actor: Actor, row: Mastery, to: str, *, because: str, **values: Any) -> None:
    """Move a mastery to state *to*, with what else changes, and keep why. Raises Refused where that is no way."""
    before, step = row.state, row.step
    if to not in WAYS[before]:
        raise Refused(f"Mastery cannot go from {before} to {to}.")
    guarded = update(Mastery).where(Mastery.id == row.id, Mastery.state == before, Mastery.step == step)
    if not db.session.execute(guarded.values(state=to, **values).returning(Mastery.id)).all():
        raise Refused("This mastery was moved by something else meanwhile.")
    db.session.add(
        MasteryEvent(mastery_id=row.id, from_state=before, to_state=to, because=because[:300], at=clock.now())
    )
    db.session.flush()
    db.session.refresh(row)
    audit.note(actor, "moved", "mastery", row.id, state=to)


def _on(after: timedelta) -> date:
    return (clock.now() + after).date()


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
