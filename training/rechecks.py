"""What a policy's new version changed, given to whom it concerns: three or four questions, not the whole module.

Whoever imports this waits for all that builds modules; pages import `training.giving` instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sqlalchemy import select

from qa.core import clock, formats
from qa.core.access import Actor
from qa.core.db import db, write
from qa.policies import queries as policy_queries
from training import assigning, mastery, modules, rebuilding, sources, titles
from training.assigning import Cause
from training.generation.material import Source
from training.models.learning import Assignment, AssignmentCause
from training.models.modules import Module, ModuleVersion
from training.modules import Draft
from training.queries import owing
from training.queries.owing import Change, Owing
from training.targeting import Target

#: Sections that a reason names; the others are counted.
NAMED = 3


def assign(actor: Actor) -> list[str]:
    """Give out what new versions changed, once to each whom it concerns; the addresses of what was given out.

    Opens its own transactions, one for each person, and builds the modules between them. Whoever still has the change
    before to do is asked about both in one.
    """
    today = clock.now().date()
    known: tuple[Source, ...] = ()
    made: list[str] = []
    for change in owing.changes(today):
        told = _told(change)
        waiting = [one for one in owing.owing(change) if one.person_id not in told]
        known = known or (sources.in_force(today) if waiting else ())
        drafts: dict[tuple[str, tuple[str, ...]], Draft] = {}
        for one in waiting:
            before, sections, open_one = _reach(one, change)
            if (before, sections) not in drafts:
                drafts[before, sections] = _draft(change, before, sections, known)
            deed = partial(_place, actor, one, change, drafts[before, sections], open_one)
            placed = write(deed)
            made += [placed] if placed else []
    return made


def ref_of(change: Change) -> str:
    """The address of a change, as the cause of assignments."""
    return f"{change.slug} {change.after}"


def _told(change: Change) -> frozenset[int]:
    query = select(AssignmentCause.person_id).where(AssignmentCause.kind == "policy")
    return frozenset(db.session.scalars(query.where(AssignmentCause.ref == ref_of(change))))


def _reach(one: Owing, change: Change) -> tuple[str, tuple[str, ...], int | None]:
    """From which version on the person is to be shown what changed, where, and the assignment that says so already."""
    query = (
        select(Assignment.id, Module.focus)
        .join(ModuleVersion, ModuleVersion.id == Assignment.module_version_id)
        .join(Module, Module.id == ModuleVersion.module_id)
        .where(Assignment.person_id == one.person_id, Assignment.state.in_(("proposed", "assigned", "begun")))
        .order_by(Assignment.id)
    )
    there = {row.key for row in policy_queries.sections_in_force(clock.now().date())}
    for assignment_id, focus in db.session.execute(query):
        slug, before = focus.get("since") or ("", "")
        if slug == change.slug:
            return before, tuple(sorted({*one.sections, *focus["sections"]} & there)), assignment_id
    return change.before, one.sections, None


def _draft(change: Change, before: str, sections: tuple[str, ...], known: tuple[Source, ...]) -> Draft:
    older = sources.of_version(change.slug, before)
    if older is None:
        raise ValueError(f"version {before} of {change.slug} is not there")
    return modules.draft_change(f"What changed: {titles.of_module(sections, None)}", known, older, sections)


def _place(actor: Actor, one: Owing, change: Change, drafted: Draft, open_one: int | None) -> str | None:
    cause = Cause("policy", ref_of(change), why(one, change))
    if open_one is not None:
        row = rebuilding.move(actor, open_one, drafted)
        if row is not None:
            row.why = f"{row.why} {cause.why}"
            db.session.add(AssignmentCause(assignment_id=row.id, person_id=one.person_id, kind="policy", ref=cause.ref))
            db.session.flush()
            return None
    placed = assigning.place(actor, Target(one.person_id, one.sections), drafted, cause)
    if placed is not None:
        due = db.session.scalars(select(Assignment.due_on).where(Assignment.public_id == placed)).one()
        mastery.put_off(one.person_id, one.sections, due)
    return placed


def why(one: Owing, change: Change) -> str:
    """In words for whom it concerns: what changed, and whether it was learnt before or never."""
    names = policy_queries.labels(list(one.sections))
    told = [f"Version {change.after} of “{change.title}” changed what {_listed([*names.values()])} says."]
    if one.learnt:
        last = max(one.learnt.values())
        told.append(f"You passed this, last on {formats.day(last)}, under an earlier version.")
    cases = sum(one.decided.values())
    if cases and one.learnt:
        told.append(f"You also decided {cases} cases there in the 90 days before.")
    elif cases:
        told.append(f"You decided {cases} cases there in the 90 days before, and never had training on it.")
    return " ".join(told)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:NAMED])
    return f"{shown} and {len(names) - NAMED} more" if len(names) > NAMED else shown
