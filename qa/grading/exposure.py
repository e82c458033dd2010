"""What a person bears: how many cases of each kind of harm were shown to them today, and how many may be.

A case counts when it is taken up, because it is on the page from then on. Nobody but the person is shown the counts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from qa.core import audit, preferences
from qa.core.access import Actor
from qa.core.db import ask, db
from qa.core.errors import BadInput, Problem
from qa.core.leave import local_day
from qa.core.models import Person
from qa.models.cases import ClosedCase
from qa.models.grading import CaseHarm, Exposure, Task

#: Of kinds that the setting does not name.
OTHER = "other"
#: The most that somebody may choose for themselves; the budget of the site holds anyhow.
MOST = 500
SOME = 500
_CASE = ClosedCase.__table__.c
_NAMED = select(_CASE.id, _CASE.sensitivity).where(
    _CASE.id.in_(bindparam("case_ids", expanding=True)), _CASE.sensitivity.is_not(None)
)
_PART = re.compile(r"\s*([^=;]+?)\s*=\s*(\d{1,3})\s*")


@dataclass(frozen=True, slots=True)
class Shown:
    """How many cases of one kind of harm somebody was shown today, and how many they may be."""

    harm_class: str
    shown: int
    budget: int


def remember(case_ids: Collection[int]) -> None:
    """Keep which kinds of harm the cases of new tasks hold, where the queue can ask for them."""
    wanted = sorted(set(case_ids))
    for start in range(0, len(wanted), SOME):
        part = wanted[start : start + SOME]
        found = {row.id: _classes(row.sensitivity) for row in ask(_NAMED, {"case_ids": part})}
        rows = [{"case_id": case_id, "harm_class": one} for case_id, classes in found.items() for one in classes]
        if rows:
            ask(_insert().values(rows).on_conflict_do_nothing())


def _classes(written: list[object] | None) -> set[str]:
    return {word for one in written or [] if (word := str(one).strip().casefold()[:100])}


def _insert() -> sqlite.Insert | postgresql.Insert:
    return (sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert)(CaseHarm.__table__)


def show(actor: Actor, task_id: str) -> None:
    """Count a case that *actor* has taken up."""
    ask(_counting(db.engine.dialect.name), {"person": actor.id, "today": local_day.today(actor), "task": task_id})


@cache
def _counting(dialect: str) -> sqlite.Insert | postgresql.Insert:
    """One more of each kind that the case of a task holds; made once for each database."""
    person, today = (bindparam(name, type_=kind) for name, kind in _WHOSE)
    held = select(person, today, CaseHarm.harm_class, 1).join(Task, Task.case_id == CaseHarm.case_id)
    names = ["person_id", "shown_on", "harm_class", "shown"]
    insert = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(Exposure.__table__)
    counted = insert.from_select(names, held.where(Task.public_id == bindparam("task")))
    more = {"shown": Exposure.__table__.c.shown + 1}
    return counted.on_conflict_do_update(index_elements=names[:3], set_=more)


_WHOSE = (("person", Exposure.__table__.c.person_id.type), ("today", Exposure.__table__.c.shown_on.type))


def budgets() -> dict[str, int]:
    """Kind of harm -> how many cases of it somebody may be shown in a day; what is not named stands under "other"."""
    read = _PART.findall(str(preferences.get("sensitive_a_day")))
    return {OTHER: 40} | {name.casefold(): int(number) for name, number in read}


def budget_of(harm_class: str, own: int | None) -> int:
    """How many cases of a kind of harm may be shown in a day to somebody who chose *own* for themselves."""
    known = budgets()
    site = known.get(harm_class, known[OTHER])
    return site if own is None else min(site, own)


def left(shown: Mapping[str, int], own: int | None) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """The kinds of harm of which nothing more may be shown today; and, where kinds that were not met yet may not be
    shown either, the kinds that alone may be."""
    named = {*shown, *budgets()} - {OTHER}
    spent = {name for name in named if shown.get(name, 0) >= budget_of(name, own)}
    only = None if budget_of(OTHER, own) else tuple(sorted(named - spent))
    return tuple(sorted(spent)), only


def today(actor: Actor) -> list[Shown]:
    """What *actor* was shown today: for their own eyes."""
    query = select(Exposure.harm_class, Exposure.shown).where(
        Exposure.person_id == actor.id, Exposure.shown_on == local_day.today(actor)
    )
    own = own_budget(actor)
    rows = db.session.execute(query.order_by(Exposure.harm_class))
    return [Shown(row.harm_class, row.shown, budget_of(row.harm_class, own)) for row in rows]


def own_budget(actor: Actor) -> int | None:
    """How many cases of each kind *actor* chose to see in a day at most; None: as many as the site allows."""
    return db.session.scalar(select(Person.sensitive_a_day).where(Person.id == actor.id))


def choose(actor: Actor, most: int | None) -> None:
    """Let *actor* see fewer sensitive cases than the site allows, or again as many. Raises BadInput."""
    if most is not None and not 0 <= most <= MOST:
        raise BadInput(Problem(f"a whole number from 0 to {MOST}", field="most", value=str(most)))
    db.session.execute(update(Person).where(Person.id == actor.id).values(sensitive_a_day=most))
    audit.note(actor, "chose_exposure", "person", actor.public_id)
