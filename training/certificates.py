"""Certificates: who passed what, under which versions of which policies, and until when that holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from sqlalchemy import select

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.policies import queries as policy_queries
from qa.policies import section_changes, section_keys
from training.generation.material import Source
from training.models.learning import Assignment, Certificate
from training.models.modules import Module, ModuleVersion

#: So long holds what was passed; a change of its policy may end it sooner.
HOLDS = timedelta(days=365)
#: Changes of a section that end it.
GRAVE = ("material", "removed")


def issue(actor: Actor, row: Assignment) -> Certificate:
    """Keep that an assignment was passed, once."""
    known = db.session.scalar(select(Certificate).where(Certificate.assignment_id == row.id))
    if known is not None:
        return known
    version = db.session.get_one(ModuleVersion, row.module_version_id)
    today = clock.now().date()
    made = Certificate(
        assignment_id=row.id, person_id=row.person_id, module_version_id=version.id, issued_on=today,
        expires_on=today + HOLDS,
        policies=[{name: one[name] for name in ("slug", "version", "title")} for one in version.policy_versions],
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.note(actor, "issued", "certificate", made.public_id, expires=made.expires_on.isoformat())
    _renew(actor, row, version)
    return made


def _renew(actor: Actor, row: Assignment, version: ModuleVersion) -> None:
    """What a change had ended holds again once the questions about all that changed of it were passed."""
    focus = db.session.scalars(select(Module.focus).where(Module.id == version.module_id)).one()
    if not focus.get("since"):
        return
    now = {one["slug"]: one["version"] for one in version.policy_versions}
    query = select(Certificate, Module.focus).join(ModuleVersion, ModuleVersion.id == Certificate.module_version_id)
    query = query.join(Module, Module.id == ModuleVersion.module_id)
    ended = query.where(Certificate.person_id == row.person_id, Certificate.ended_on.is_not(None))
    for held, about in db.session.execute(ended.order_by(Certificate.id)).all():
        there = [{**one, "version": now.get(one["slug"], one["version"])} for one in held.policies]
        changed = {key for one in held.policies if one["slug"] in now
                   for key in _changed(about["sections"], one["slug"], one["version"], now[one["slug"]])}  # fmt: skip
        if changed and changed <= set(focus["sections"]):
            held.ended_on, held.ended_because, held.policies = None, "", there
            audit.note(actor, "renewed", "certificate", held.public_id)
    db.session.flush()


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A certificate of which a section has changed in substance."""

    id: int
    because: str


def overtaken(known: Mapping[str, Source]) -> list[Overtaken]:
    """The certificates in date of whose sections some changed in substance in the versions in force. Reads only."""
    query = select(Certificate.id, Certificate.policies, Module.focus)
    query = query.join(ModuleVersion, ModuleVersion.id == Certificate.module_version_id)
    query = query.join(Module, Module.id == ModuleVersion.module_id)
    alive = query.where(Certificate.ended_on.is_(None), Certificate.expires_on >= clock.now().date())
    changed = cache(_changed_since)
    found = []
    for number, policies, focus in db.session.execute(alive.order_by(Certificate.id)).all():
        keys: list[str] = []
        titles = []
        for one in policies:
            now = known.get(one["slug"])
            if now is not None and now.version != one["version"]:
                keys += _about(focus["sections"], changed(one["slug"], one["version"], now.version))
                titles.append(f"version {now.version} of “{one['title']}”")
        if keys:
            names = ", ".join(f"“{name}”" for name in policy_queries.labels(sorted(set(keys))).values())
            found.append(Overtaken(number, f"{' and '.join(titles)} changed {names}"[:300]))
    return found


def end(actor: Actor, found: Sequence[Overtaken]) -> int:
    """End what *found* names, in the caller's transaction; how many ended by this."""
    ended = 0
    for one in found:
        row = db.session.scalars(select(Certificate).where(Certificate.id == one.id).with_for_update()).one()
        if row.ended_on is None:
            row.ended_on, row.ended_because = clock.now().date(), one.because
            audit.note(actor, "ended", "certificate", row.public_id)
            ended += 1
    db.session.flush()
    return ended


def _changed_since(slug: str, older: str, newer: str) -> frozenset[str]:
    return frozenset(key for key, kind in section_changes.since(slug, older, newer).items() if kind in GRAVE)


def _changed(sections: Collection[str], slug: str, older: str, newer: str) -> list[str]:
    return _about(sections, _changed_since(slug, older, newer)) if older != newer else []


def _about(sections: Collection[str], changed: Collection[str]) -> list[str]:
    """Of the sections that *changed* those that a module on *sections* is about; a bare policy stands for all of it."""
    wanted = set(sections)
    return [key for key in sorted(changed) if key in wanted or section_keys.policy_of(key) in wanted]
