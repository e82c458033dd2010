"""What sessions say to those who take part: a line each on their start page, and what it says when it is sent on."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from calibration.models.sessions import CalibrationSession, Consensus, SessionCase, SessionPerson
from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import Person
from qa.core.notices import notify

KIND = "session"
_OPEN, _REVEALED = "A calibration session waits for your votes", "A calibration session is revealed"
_STUCK = "A weekly session could not be opened; its draft waits for you"
#: What happened -> what is said of it.
SAID = {"opened": _OPEN, "reminded": "Votes are missing; voting ends soon", "revealed": _REVEALED}


def tell(row: CalibrationSession, happened: str, people: Collection[int] | None = None) -> None:
    """Leave a line for whoever takes part (of *people*, if given) but the host, who is reminded only."""
    taking_part = select(SessionPerson.person_id).where(SessionPerson.session_id == row.id)
    if people is not None:
        taking_part = taking_part.where(SessionPerson.person_id.in_(people))
    told = [one for one in db.session.scalars(taking_part) if one != row.host_id or happened == "reminded"]
    _leave(row, told, happened, SAID[happened])


def tell_host(row: CalibrationSession) -> None:
    """Tell the host of a session that should have been opened by itself and could not be."""
    _leave(row, [row.host_id], "stuck", _STUCK)


def _leave(row: CalibrationSession, people: Collection[int], happened: str, said: str) -> None:
    """A line for each, once for each deadline: where voting is longer, those who are late are reminded again."""
    when = f":{row.deadline_at:%Y%m%d%H%M}" if happened == "reminded" else ""
    notify.tell_all(
        people, kind=KIND, object_ref=row.public_id, line=f"{said}: {row.title}", url=f"/sessions/{row.public_id}",
        dedupe_key=f"session:{row.public_id}:{happened}{when}",
    )  # fmt: skip


def concerned(question_id: int) -> set[int]:
    """Who took part in the session that led to a question, guests not: they are told of its answer."""
    taking_part = (
        select(SessionPerson.person_id)
        .join(SessionCase, SessionCase.session_id == SessionPerson.session_id)
        .join(Consensus, Consensus.session_case_id == SessionCase.id)
        .join(Person, Person.id == SessionPerson.person_id)
    )
    mine = Consensus.question_id == question_id, SessionPerson.part == "voter", Person.active.is_(True)
    return set(db.session.scalars(taking_part.where(*mine)))


def said_now(reader: Actor, public_id: str) -> str | None:
    """What a line about this session says now; None to whoever takes no part in it any more, or when it is over."""
    one, mine = CalibrationSession, SessionPerson
    query = select(one.state, one.title, one.host_id, mine.id).where(one.public_id == public_id)
    own = (mine.session_id == one.id) & (mine.person_id == reader.id)
    row = db.session.execute(query.outerjoin(mine, own)).first()
    if row is None:
        return None
    state, title, host_id, takes_part = row
    said = {"voting": _OPEN, "revealed": _REVEALED, "agreed": _REVEALED}.get(state) if takes_part is not None else None
    if state == "draft" and host_id == reader.id:
        said = _STUCK
    return f"{said}: {title}" if said else None
