"""What sessions say to those who take part: a line each on their start page, and what it says when it is sent on."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from calibration.models.sessions import CalibrationSession, SessionPerson
from qa.core.access import Actor
from qa.core.db import db
from qa.core.notices import notify

KIND = "session"
_OPEN, _REVEALED = "A calibration session waits for your votes", "A calibration session is revealed"
#: What happened -> what is said of it.
SAID = {"opened": _OPEN, "reminded": "Votes are missing; voting ends soon", "revealed": _REVEALED}


def tell(row: CalibrationSession, happened: str, people: Collection[int] | None = None) -> None:
    """Leave a line for whoever takes part (of *people*, if given) but the host, who is reminded only."""
    taking_part = select(SessionPerson.person_id).where(SessionPerson.session_id == row.id)
    if people is not None:
        taking_part = taking_part.where(SessionPerson.person_id.in_(people))
    for person_id in db.session.scalars(taking_part.order_by(SessionPerson.person_id)):
        if person_id != row.host_id or happened == "reminded":
            notify.tell(
                person_id=person_id, kind=KIND, object_ref=row.public_id, line=f"{SAID[happened]}: {row.title}",
                url=f"/sessions/{row.public_id}", dedupe_key=f"session:{row.public_id}:{happened}:{person_id}",
            )  # fmt: skip


def said_now(reader: Actor, public_id: str) -> str | None:
    """What a line about this session says now; None to whoever takes no part in it any more, or when it is over."""
    mine = SessionPerson.session_id == CalibrationSession.id, SessionPerson.person_id == reader.id
    query = select(CalibrationSession.state, CalibrationSession.title).join(SessionPerson, mine[0])
    row = db.session.execute(query.where(CalibrationSession.public_id == public_id, mine[1])).first()
    said = {"voting": _OPEN, "revealed": _REVEALED, "agreed": _REVEALED}.get(row.state) if row else None
    return f"{said}: {row.title}" if row and said else None
