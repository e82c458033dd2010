"""The days of a policy's versions: which one comes before another, and from which day on there may be a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from qa.core import formats
from qa.core.db import db
from qa.core.errors import BadInput, Problem
from qa.models.cases import ClosedCase, ImportRun
from qa.models.policies import Policy, PolicyVersion
from qa.policies import queries as policy_queries
from qa.policies.front import Dated
from qa.policies.queries import VersionRow


def is_before(one: date | None, other: date | None) -> bool:
    """Whether a version from day *one* on comes before one from *other* on; None is since ever."""
    return one is None or (other is not None and one < other)


def version_before(slug: str, effective: date | None) -> VersionRow | None:
    """The version that is in force right before a day; without a day there is none."""
    before = [row for row in policy_queries.versions(slug) if is_before(row.effective_from, effective)]
    return before[0] if before and effective is not None else None


@dataclass(frozen=True, slots=True)
class Head:
    """A version without its text, which may be long."""

    id: int
    sha256: str
    effective: date | None


def head_before(slug: str, effective: date | None) -> Head | None:
    """`version_before` without the texts of the versions."""
    if effective is None:
        return None
    version = PolicyVersion
    query = (
        select(version.id, version.sha256, version.effective_from)
        .join(Policy, Policy.id == version.policy_id)
        .where(Policy.slug == slug, or_(version.effective_from.is_(None), version.effective_from < effective))
        .order_by(version.effective_from.desc().nulls_last(), version.id.desc())
        .limit(1)
    )
    row = db.session.execute(query).first()
    return None if row is None else Head(*row)


def is_latest(policy: Policy, effective: date | None) -> bool:
    """Whether no other version of the policy begins after a day."""
    days = db.session.scalars(select(PolicyVersion.effective_from).where(PolicyVersion.policy_id == policy.id))
    return all(is_before(day, effective) for day in days)


def same_text(slug: str, digest: str, effective: date | None) -> PolicyVersion | None:
    """The version of a policy that holds the very same text for the same day."""
    same = select(PolicyVersion).join(Policy, Policy.id == PolicyVersion.policy_id)
    same = same.where(Policy.slug == slug, PolicyVersion.sha256 == digest)
    if effective is not None:
        same = same.where(PolicyVersion.effective_from == effective)
    return db.session.scalar(same.limit(1))


def check_day(policy: Policy, dated: Dated, file: str) -> None:
    """Refuse a day that has a version, or that imported cases were decided on, and a number that is taken."""
    if dated.effective is None:
        raise BadInput(Problem(f"an effective date: {policy.slug} has a version already", file=file, field="effective"))
    taken = select(PolicyVersion.id).where(
        PolicyVersion.policy_id == policy.id, PolicyVersion.effective_from == dated.effective
    )
    if db.session.scalar(taken) is not None:
        wanted = f"a day on which no other version of {policy.slug} begins"
        raise BadInput(Problem(wanted, file=file, field="effective", value=str(dated.effective)))
    named = select(PolicyVersion.id).where(PolicyVersion.policy_id == policy.id, PolicyVersion.number == dated.number)
    if dated.number is not None and db.session.scalar(named) is not None:
        wanted = f"a version that {policy.slug} does not have yet"
        raise BadInput(Problem(wanted, file=file, field="version", value=dated.number))
    used = last_use(policy.slug)
    if used is not None and dated.effective <= used:
        last = formats.day(used)
        wanted = f"a day after {last}: cases that were decided up to then are graded by the version they had"
        raise BadInput(Problem(wanted, file=file, field="effective", value=str(dated.effective)))


def last_use(slug: str) -> date | None:
    """The last day on which a visible case was decided or reported under the policy."""
    names = or_(
        ClosedCase.decided_key == slug,
        ClosedCase.decided_key.startswith(slug + "/", autoescape=True),
        ClosedCase.reported_key == slug,
        ClosedCase.reported_key.startswith(slug + "/", autoescape=True),
    )
    query = select(func.max(ClosedCase.closed_at)).join(ImportRun, ImportRun.id == ClosedCase.run_id)
    last = db.session.scalar(query.where(ImportRun.state == "published", names))
    return last.date() if last else None
