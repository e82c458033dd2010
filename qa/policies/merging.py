"""Stand-in sections that turned out to be real ones: from then on their keys are read as those.

Cases that were imported keep the key of their file. What is read as another key is the decision of a case when it is
compared with an answer, and the label of a file that comes later; a merged stand-in is not offered to graders any more.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, select

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db, forget, remembered
from qa.core.errors import BadInput, Problem, Refused
from qa.models.cases import ClosedCase
from qa.models.drafting import SectionMerge
from qa.models.policies import Policy, PolicyVersion, Section
from qa.policies import queries as policy_queries
from qa.policies import section_keys


@dataclass(frozen=True, slots=True)
class StandIn:
    """A section that an import made, how many cases name it, and what it was merged into."""

    key: str
    policy_slug: str
    policy_title: str
    title: str
    cases: int
    merged_into: str | None


def merged() -> dict[str, str]:
    """Key of a merged stand-in -> the key that it is read as."""
    rows = db.session.execute(select(SectionMerge.from_key, SectionMerge.to_key))
    return {row.from_key: row.to_key for row in rows}


def resolved(key: str) -> str:
    """*key*, or the key that it is read as."""
    return remembered("merged", merged).get(key, key)


def compared_keys() -> dict[str, str]:
    """The key of a decision -> that by which it is compared, of those that are not compared by their own."""
    return {row[0]: row[1] for row in db.session.execute(select(SectionMerge.from_key, SectionMerge.to_key))}


def compared_key() -> ColumnElement[str]:
    """The key that a case's decision is compared by, for a query that has the case."""
    read_as = select(SectionMerge.to_key).where(SectionMerge.from_key == ClosedCase.decided_key)
    return func.coalesce(read_as.correlate(ClosedCase).scalar_subquery(), ClosedCase.decided_key)


def merge(actor: Actor, *, from_key: str, to_key: str) -> None:
    """Read a stand-in's key as a real section's. Raises BadInput for keys that are not these."""
    stub = select(Policy.id).where(Policy.slug == section_keys.policy_of(from_key), Policy.stub)
    known = select(Section.id).join(PolicyVersion).where(Section.key == from_key)
    if db.session.scalar(stub) is None or db.session.scalar(known.limit(1)) is None:
        raise BadInput(Problem("a section of a stand-in", field="from_key", value=from_key))
    if to_key not in {key for key, _ in targets()}:
        raise BadInput(Problem("a section of a policy with a text", field="to_key", value=to_key))
    if db.session.scalar(select(SectionMerge.id).where(SectionMerge.from_key == from_key)) is not None:
        raise Refused("This stand-in was merged already. Take that back first.")
    db.session.add(SectionMerge(from_key=from_key, to_key=to_key, by_id=actor.id))
    db.session.flush()
    forget("merged")
    audit.note(actor, "merged", "section", from_key, into=to_key)


def part(actor: Actor, from_key: str) -> None:
    """Take a merge back. What was settled meanwhile stays settled."""
    done = delete(SectionMerge).where(SectionMerge.from_key == from_key)
    if not db.session.execute(done.execution_options(synchronize_session=False)).rowcount:
        raise Refused("This stand-in is not merged.")
    forget("merged")
    audit.note(actor, "parted", "section", from_key)


def targets() -> list[tuple[str, str]]:
    """The sections that a stand-in can be merged into: key and label."""
    stubs = set(db.session.scalars(select(Policy.slug).where(Policy.stub)))
    rows = policy_queries.sections_in_force(clock.now().date())
    return [(row.key, policy_queries.label(row)) for row in rows if row.policy_slug not in stubs]


def stand_ins() -> list[StandIn]:
    """The sections of all stand-ins, those that most cases name first."""
    query = (
        select(Section.key, Policy.slug, Policy.title.label("policy"), Section.title)
        .join(PolicyVersion, PolicyVersion.id == Section.version_id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(Policy.stub)
    )
    rows = db.session.execute(query).all()
    keys = [row.key for row in rows]
    counted = (
        select(ClosedCase.decided_key, func.count().label("cases"))
        .where(ClosedCase.decided_key.in_(keys))
        .group_by(ClosedCase.decided_key)
    )
    cases = {row.decided_key: row.cases for row in db.session.execute(counted)}
    into = merged()
    labels = policy_queries.labels(sorted(set(into.values())))
    found = [
        StandIn(row.key, row.slug, row.policy, row.title, cases.get(row.key, 0), labels.get(into.get(row.key, "")))
        for row in rows
        if row.key != row.slug or cases.get(row.key)
    ]
    return sorted(found, key=lambda one: (one.merged_into is not None, -one.cases, one.key))
