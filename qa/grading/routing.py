"""What one person is held to when the next case is given out: languages, work, leave, conflicts, and what they bear.

Read with each claim, so it is one statement for all that lies in rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnClause, String, bindparam, cast, literal_column, select, union_all

from qa.core import preferences
from qa.core.access import Actor
from qa.core.db import ask
from qa.core.leave import local_day
from qa.core.models import DayOff, Person
from qa.grading import conflicts, exposure
from qa.models.grading import Exposure

#: Kind and name of the one thing that guests and peers work on: no workflow is called so.
KEPT_ALONE = ("workflow", "kept for them alone")


def _says(word: str) -> ColumnClause[str]:
    """A word of our own, written out: a parameter less with each claim."""
    return literal_column(f"'{word}'", String)


_ME = bindparam("person", type_=Person.id.type)
_TODAY = bindparam("today", type_=DayOff.off_on.type)
_LEAVE = DayOff.person_id == _ME, DayOff.off_on == _TODAY, literal_column("day_off.kind") == _says("leave")
_AGAINST = conflicts.against(_ME).subquery()
#: person, today -> (what, value, number) of all that holds a person back today.
_ROWS = union_all(
    select(_says("leave"), _says(""), literal_column("1")).where(*_LEAVE),
    select(_says("against"), cast(_AGAINST.c.agent_id, String), literal_column("0")).select_from(_AGAINST),
    select(_says("own"), _says(""), Person.sensitive_a_day).where(
        Person.id == _ME, Person.sensitive_a_day.is_not(None)
    ),
    select(_says("shown"), Exposure.harm_class, Exposure.shown).where(
        Exposure.person_id == _ME, Exposure.shown_on == _TODAY
    ),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be given to somebody now. An empty list of languages, workflows or kinds of harm holds nobody back."""

    languages: tuple[str, ...]
    workflows: tuple[str, ...]
    harms: tuple[str, ...]
    #: Skills that stand alone, like "adjudicate".
    skills: tuple[str, ...]
    #: Agents who have an open dispute against this person.
    against: tuple[int, ...]
    #: Kinds of harm of which the day's budget is used up.
    spent: tuple[str, ...]
    #: The kinds of harm that alone may be shown; None: any that is not used up.
    only: tuple[str, ...] | None
    on_leave: bool
    own_team: bool
    translations: bool

    @property
    def kinds(self) -> frozenset[str]:
        """Which limits hold at all: a claim's statement is made once for each set."""
        flags = {"own_team": self.own_team, "translations": self.translations}
        return frozenset({*self._lists(), *(name for name, holds in flags.items() if holds)})

    @property
    def values(self) -> dict[str, Any]:
        """What the statement is asked with, besides who and when."""
        return {"skills": list(self.skills), **self._lists()}

    def _lists(self) -> dict[str, list[Any]]:
        named: dict[str, tuple[Any, ...]] = {
            "languages": self.languages, "keys": self.workflows, "harms": self.harms, "against": self.against,
            "spent": self.spent,
        }  # fmt: skip
        lists = {name: list(values) for name, values in named.items() if values}
        return lists if self.only is None else {**lists, "only": list(self.only)}


def limits_of(actor: Actor) -> Limits:
    """What *actor* is held to now."""
    rows: list[Any] = list(ask(_ROWS, {"person": actor.id, "today": local_day.today(actor)}))
    shown = {value: int(number) for what, value, number in rows if what == "shown"}
    own = next((int(number) for what, _, number in rows if what == "own"), None)
    spent, only = exposure.left(shown, own)
    return Limits(
        languages=tuple(sorted(actor.languages)),
        workflows=_named(actor, "workflow"),
        harms=_named(actor, "harm_class"),
        skills=tuple(sorted(skill for skill in actor.skills if ":" not in skill)),
        against=tuple(sorted({int(value) for what, value, _ in rows if what == "against"})),
        spent=spent,
        only=only,
        on_leave=any(what == "leave" for what, _, _ in rows),
        own_team=conflicts.spares_own_team(),
        translations=bool(preferences.get("grade_translations")),
    )


def why_none(actor: Actor) -> str:
    """What to say to somebody who is given nothing; nothing of the queue or of others."""
    limits = limits_of(actor)
    if limits.on_leave:
        return (
            "You are on leave today by the calendar, so you are given no cases. If you work after all, say so under "
            "Days off, on the page of your account."
        )
    if limits.spent or limits.only is not None:
        return "No case waits for you now, beside sensitive ones of which you have seen enough for today."
    return "No case waits for you now. New ones are released once a day."


def _named(actor: Actor, kind: str) -> tuple[str, ...]:
    return tuple(sorted(skill.split(":", 1)[1] for skill in actor.skills if skill.startswith(f"{kind}:")))


def reads(actor: Actor) -> list[str]:
    """The languages that *actor* is known to read: those listed, else that of their own pages."""
    return sorted(actor.languages) or [actor.locale.split("-")[0]]
