"""What the room does by itself, in the background."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from qa.core.db import db, write
from qa.core.jobs import Work
from training import assigning, effects, rebuilding, rechecks, reminders, retention, skill_keys, versions, withdrawing
from training.paths import walking


def assign(work: Work) -> dict[str, Any]:
    """Give out what open alerts ask for; evidence follows its findings."""
    write(skill_keys.follow_findings)
    write(withdrawing.follow_signals)
    return {"assigned": len(assigning.assign(work.actor))}


def remind(_work: Work) -> dict[str, Any]:
    """Tell in the morning of each person what is due, overdue, to be looked at again, or still to be read."""
    return {"told": write(reminders.remind)}


def walk(work: Work) -> dict[str, Any]:
    """Move on whoever passed a step of a path, and give out what opens."""
    return {"assigned": walking.follow(work.actor)}


def assign_by_hand(work: Work, person_id: int, sections: list[str], why: str, ref: str) -> dict[str, Any]:
    """Build what a lead asked for and give it out."""
    made = assigning.by_hand(work.actor, person_id=person_id, sections=sections, why=why, ref=ref)
    return {"assigned": int(made is not None)}


def follow_versions(work: Work) -> dict[str, Any]:
    """End what a policy's new version has overtaken, and ask again for what it changed."""
    return asdict(versions.follow(work.actor))


def recheck(work: Work) -> dict[str, Any]:
    """Ask whom a new version concerns about what it changed; build anew what somebody has to do and it overtook."""
    versions.follow(work.actor)
    asked = len(rechecks.assign(work.actor))
    return {"asked": asked, "rebuilt": rebuilding.follow(work.actor)}


def measure(_work: Work) -> dict[str, Any]:
    """Measure what changed after training, and keep what is new."""
    rows = effects.measure()
    db.session.rollback()
    return {"measured": len(rows), "new": write(lambda: effects.store(rows))}


def check(work: Work) -> dict[str, Any]:
    """Put checks before those to whom one is due; close what was begun and left. Nothing overtaken is asked."""
    versions.follow(work.actor)
    expired = write(lambda: retention.expire(work.actor))
    return {"offered": retention.offer_due(work.actor), "expired": expired}
