"""Who must be shown what a policy's new version changed, and why: whoever learnt it, and whoever decides by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, or_, select

from qa.core.db import db
from qa.core.models import Person
from qa.models.cases import ClosedCase
from qa.policies import queries as policy_queries
from qa.policies import section_changes
from qa.policies.queries import VersionRow
from training.models.learning import Mastery, MasteryEvent
from training.models.modules import SkillKey

#: Whoever decided a case in a section within these days before the change works by it.
WORKS_IN = timedelta(days=90)
#: A version that came into force longer ago asks nobody any more.
STILL_NEW = timedelta(days=30)
LEARNT = ("provisional", "retained", "needs_recheck")


@dataclass(frozen=True, slots=True)
class Change:
    """A version that is in force, the one before it, and the sections that it changed in substance."""

    slug: str
    title: str
    before: str
    after: str
    since: date
    sections: frozenset[str]


@dataclass(slots=True)
class Owing:
    """One person with the changed sections that concern them."""

    person_id: int
    #: Changed section -> when it was learnt last.
    learnt: dict[str, datetime] = field(default_factory=dict)
    #: Changed section -> cases decided in it lately.
    decided: dict[str, int] = field(default_factory=dict)

    @property
    def sections(self) -> tuple[str, ...]:
        """The changed sections that concern the person."""
        return tuple(sorted({*self.learnt, *self.decided}))


def changes(today: date) -> list[Change]:
    """What changed in substance in versions that came into force lately; a rewording only once its owner said so."""
    found = []
    by_slug: dict[str, list[VersionRow]] = {}
    for row in policy_queries.versions():
        if row.state == "published" and not row.stub and (row.effective_from or date.min) <= today:
            by_slug.setdefault(row.policy_slug, []).append(row)
    for newest, *older in by_slug.values():
        since = newest.effective_from
        if not older or since is None or since < today - STILL_NEW:
            continue
        meant = section_changes.meanings(older[0].id, newest.id).values()
        grave = frozenset(one.key for one in meant if one.counts_as == "material" and _is_said(one))
        if grave:
            found.append(Change(newest.policy_slug, newest.title, older[0].number, newest.number, since, grave))
    return found


def _is_said(change: section_changes.Meaning) -> bool:
    return not change.needs_ruling or change.ruling == "material"


def owing(change: Change) -> list[Owing]:
    """Everybody active whom *change* concerns, by inside number."""
    found: dict[int, Owing] = {}
    for person_id, key, at in _learnt(change.sections):
        found.setdefault(person_id, Owing(person_id)).learnt[key] = at
    for person_id, key, cases in _decided(change):
        found.setdefault(person_id, Owing(person_id)).decided[key] = cases
    active = set(db.session.scalars(select(Person.id).where(Person.id.in_(found), Person.active)))
    return [found[person_id] for person_id in sorted(active)]


def _learnt(sections: Collection[str]) -> list[tuple[int, str, datetime]]:
    """(person, section, when it was last learnt or shown)."""
    rows = []
    for column in (SkillKey.section_key_a, SkillKey.section_key_b):
        query = (
            select(Mastery.person_id, column, func.max(MasteryEvent.at))
            .join(SkillKey, SkillKey.id == Mastery.skill_key_id)
            .join(MasteryEvent, MasteryEvent.mastery_id == Mastery.id)
            .where(Mastery.state.in_(LEARNT), column.in_(sections))
            .where(MasteryEvent.to_state.in_(("provisional", "retained")))
            .group_by(Mastery.person_id, column)
        )
        rows += [(row[0], row[1], row[2]) for row in db.session.execute(query)]
    return rows


def _decided(change: Change) -> list[tuple[int, str, int]]:
    """(agent, section, cases that they decided under it, or that came in under it) of the ninety days before."""
    first = datetime.combine(change.since, time(), UTC) - WORKS_IN
    query = (
        select(ClosedCase.agent_id, ClosedCase.decided_key, ClosedCase.play_key, func.count(ClosedCase.id))
        .where(or_(ClosedCase.decided_key.in_(change.sections), ClosedCase.play_key.in_(change.sections)))
        .where(ClosedCase.closed_at >= first, ClosedCase.agent_id.is_not(None), ClosedCase.replaced_at.is_(None))
        .group_by(ClosedCase.agent_id, ClosedCase.decided_key, ClosedCase.play_key)
    )
    cases: Counter[tuple[int, str]] = Counter()
    for agent_id, decided, play, number in db.session.execute(query):
        cases.update({(agent_id, key): number for key in {decided, play} & change.sections})
    return [(agent_id, key, number) for (agent_id, key), number in sorted(cases.items())]
