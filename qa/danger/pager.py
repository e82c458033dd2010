"""The hook for phones: each call on call is posted to the address of a pager or a phone service, if one is named.

What is posted says who is called, where to answer and until when, and nothing of the case. It is tried again each
minute until the other side takes it, somebody answers, or the call has gone to the next person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from qa.core import clock, preferences
from qa.core.db import db, write
from qa.core.models import Person
from qa.core.notices import webhook
from qa.core.notices.webhook import NotTaken
from qa.models.danger import Danger, DangerCall

MOST_TRIES = 10


@dataclass(frozen=True, slots=True)
class _Call:
    """One call that is to ring."""

    id: int
    said: dict[str, Any]


def ring() -> int:
    """Post what waits; how many calls were taken. Opens its own transactions, one after each call.

    Called after every comparison and each minute, whether anybody is to be called or not: when it runs tells nothing.
    """
    url: str = current_app.config["SETTINGS"].on_call_hook
    calls = _waiting() if url else []
    db.session.rollback()
    taken = 0
    for one in calls:
        try:
            webhook.post(url, one.said)
        except NotTaken:
            write(lambda one=one: _keep(one, None))
        else:
            write(lambda one=one: _keep(one, clock.now()))
            taken += 1
    return taken


def _waiting() -> list[_Call]:
    """The newest calls of dangers that nobody looks after yet."""
    minutes = int(preferences.get("on_call_minutes"))
    base = current_app.config["SETTINGS"].public_url.rstrip("/")
    query = select(DangerCall.id, Danger.public_id, Danger.task_id, Person.external_id, DangerCall.at)
    query = query.join(Danger, Danger.id == DangerCall.danger_id).join(Person, Person.id == DangerCall.person_id)
    open_ones = (Danger.state == "paged", DangerCall.rung_at.is_(None), DangerCall.ring_tries < MOST_TRIES)
    since = clock.now() - timedelta(minutes=minutes)
    rows = db.session.execute(query.where(*open_ones, DangerCall.at >= since).order_by(DangerCall.id))
    return [
        _Call(
            row.id,
            {
                "event": "call", "call": row.public_id, "person": row.external_id, "test": row.task_id is None,
                "text": "Test call: please answer it." if row.task_id is None else "Danger: please answer at once.",
                "url": f"{base}/on-call/{row.public_id}",
                "answer_before": (row.at + timedelta(minutes=minutes)).isoformat(),
            },
        )
        for row in rows
    ]  # fmt: skip


def _keep(one: _Call, rung_at: Any) -> None:
    changed = {"rung_at": rung_at, "ring_tries": DangerCall.ring_tries + 1}
    db.session.execute(update(DangerCall).where(DangerCall.id == one.id).values(changed))
