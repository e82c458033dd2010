"""Findings: what a settled case says to its agent. Until a case is settled nobody calls it an error."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select, update

from qa.core import audit, clock, preferences
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound, Refused
from qa.core.leave import days_off
from qa.core.models import DayOff
from qa.grading import answers
from qa.models.truth import Finding

#: Windows that ended longer ago stay as they were, whatever is entered.
LONG_AGO = timedelta(days=60)
#: How long an error waits for its explanation before the agent sees it without.
EXPLAIN_WITHIN = timedelta(days=2)


def explain(actor: Actor, finding_id: str, *, root_cause: str, feedback: str, process_slip: str = "") -> None:
    """Write cause and feedback; by whoever's look settled it, once."""
    finding = db.session.scalar(select(Finding).where(Finding.public_id == finding_id))
    if finding is None or finding.settler_id != actor.id:
        raise NotFound("difference")
    answers.check_reason("root_cause", root_cause)
    if finding.explained_at is not None or finding.state == "replaced":
        raise Refused("This difference has been explained already.")
    finding.root_cause, finding.feedback = root_cause, feedback.strip()
    finding.process_slip = process_slip.strip() or None
    finding.explained_at = clock.now()
    db.session.flush()
    audit.note(actor, "explained", "finding", finding.public_id, cause=root_cause)


def acknowledge(actor: Actor, finding_id: str) -> None:
    """The agent has read a published finding."""
    finding = own_published(actor, finding_id)
    moved = db.session.execute(
        update(Finding)
        .where(Finding.id == finding.id, Finding.state == "published")
        .values(state="acknowledged", acknowledged_at=clock.now())
    ).rowcount
    if not moved:
        raise Refused("This result cannot be acknowledged now.")
    audit.note(actor, "acknowledged", "finding", finding.public_id)


def own_published(actor: Actor, finding_id: str) -> Finding:
    """The agent's own finding, once it is published; otherwise it is not there."""
    finding = db.session.scalar(select(Finding).where(Finding.public_id == finding_id, Finding.agent_id == actor.id))
    if finding is None or finding.published_at is None:
        raise NotFound("result")
    return finding


def release_due() -> int:
    """Publish what is due: correct results at the release hour, errors once they are explained or two days later."""
    now = clock.now()
    waits = Finding.explained_at.is_(None) & (Finding.kind != "correct") & (Finding.publish_at > now - EXPLAIN_WITHIN)
    due = (Finding.state == "held", Finding.publish_at <= now, ~waits)
    agents = db.session.scalars(select(Finding.agent_id).where(*due).distinct()).all()
    windows: dict[datetime, list[int | None]] = defaultdict(list)
    for agent_id, until in days_off.ends(agents, now, preferences.get("dispute_days")).items():
        windows[until].append(agent_id)
    published = 0
    for until, theirs in windows.items():
        whose = Finding.agent_id.in_([one for one in theirs if one is not None])
        whose = or_(whose, Finding.agent_id.is_(None)) if None in theirs else whose
        moved = update(Finding).where(*due, whose).values(state="published", published_at=now, dispute_until=until)
        published += db.session.execute(moved.execution_options(synchronize_session="fetch")).rowcount
    return published


def stretch_windows() -> int:
    """Let the time to dispute rest while an agent is on leave that was entered after the result came; how many grew.

    A window is never made shorter.
    """
    now = clock.now()
    later = exists().where(
        DayOff.person_id == Finding.agent_id, DayOff.kind == "leave", DayOff.created_at > Finding.published_at,
        DayOff.off_on >= (now - LONG_AGO).date(),
    )  # fmt: skip
    running = Finding.state.in_(("published", "acknowledged")) & (Finding.dispute_until >= now - LONG_AGO)
    grown = 0
    for row in db.session.scalars(select(Finding).where(running, later).order_by(Finding.id)).all():
        assert row.published_at is not None and row.dispute_until is not None
        until = days_off.working_days_after(row.agent_id, row.published_at, preferences.get("dispute_days"))
        if until > max(row.dispute_until, now):
            row.dispute_until, grown = until, grown + 1
    db.session.flush()
    return grown
