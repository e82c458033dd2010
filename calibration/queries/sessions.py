"""What the pages of sessions show, each viewer what they may know at that moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased

from calibration.models.sessions import CalibrationSession, Consensus, SessionCase, SessionPerson, SessionVote
from calibration.paged import PAGE, Paged
from calibration.sessions import gone, severity, voting
from qa import masking, touches
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.core.models import Person, Team
from qa.models.cases import CaseText, ClosedCase
from qa.models.grading import Task

SHOWN = ("revealed", "agreed", "archived")
#: The discussion is over.
ENDED = ("agreed", "archived")
#: Characters of a case's text by which its host knows it again.
START = 90


@dataclass(frozen=True, slots=True)
class Line:
    """A session in the list."""

    public_id: str
    title: str
    kind: str
    state: str
    host: str
    deadline_at: datetime
    cases: int
    #: Cases that the reader is still asked about; None: they are not, or not any more.
    waiting: int | None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who takes part; `voted`: on how many cases, for the host alone."""

    public_id: str
    name: str
    part: str
    is_expert: bool
    voted: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A case of a session; `start`: how its text begins, for the host."""

    place: int
    code: str
    how: str
    start: str
    voted: bool
    #: Not so where the reader had to do with the case before.
    asked: bool
    agreed: bool
    #: Its text was taken out meanwhile.
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Head:
    """A session as its page begins, whatever its state."""

    id: int
    public_id: str
    title: str
    kind: str
    state: str
    host: str
    deadline_at: datetime
    names_shown: bool
    tolerance: dict[str, str]
    step: int
    changes: int
    cases: int
    people: int
    expert_id: int | None
    #: Leads the session now.
    leads: bool
    takes_part: bool
    is_guest: bool

    @property
    def is_shown(self) -> bool:
        """Whether its votes may be seen."""
        return self.state in SHOWN

    @property
    def compares_severity(self) -> bool:
        """Whether votes say a severity."""
        return severity.is_compared(self.tolerance)

    @property
    def has_minutes(self) -> bool:
        """Whether its minutes may be read: by guests once all is agreed."""
        return self.is_shown and (not self.is_guest or self.state in ENDED)


def listed(reader: Actor) -> Sequence[Line]:
    """The sessions that *reader* takes part in or may lead, those that wait first, then the newest."""
    return sorted(_lines(reader), key=lambda line: not line.waiting)


def page_of(reader: Actor, first: int) -> tuple[Sequence[Line], Paged]:
    """A page of `listed`, from the line numbered *first* on."""
    rows = listed(reader)
    return rows[first : first + PAGE], Paged(len(rows), first)


def _lines(reader: Actor) -> list[Line]:
    host, mine = aliased(Person), aliased(SessionPerson)
    cases = select(func.count()).where(SessionCase.session_id == CalibrationSession.id).scalar_subquery()
    voted = exists().where(
        SessionVote.session_case_id == SessionCase.id, SessionVote.person_id == reader.id,
        SessionVote.replaced_at.is_(None),
    )  # fmt: skip
    missing = (
        select(func.count())
        .select_from(SessionCase)
        .join(ClosedCase, ClosedCase.id == SessionCase.case_id)
        .where(SessionCase.session_id == CalibrationSession.id, ~voted, ~touches.has_met(reader.id), ~gone.is_gone())
        .correlate(CalibrationSession)
        .scalar_subquery()
    )
    query = (
        select(CalibrationSession, host.name, mine.id, cases, missing)
        .join(host, host.id == CalibrationSession.host_id)
        .outerjoin(mine, (mine.session_id == CalibrationSession.id) & (mine.person_id == reader.id))
        .where(_may_see(reader, mine))
        .order_by(CalibrationSession.deadline_at.desc(), CalibrationSession.id.desc())
    )
    return [_line(*row) for row in db.session.execute(query)]


def waiting(reader: Actor) -> Sequence[Line] | None:
    """The card of somebody whose votes are missing: None when none is."""
    return [line for line in _lines(reader) if line.waiting] or None


def _may_see(reader: Actor, mine: Any) -> Any:
    """Own ones and those taken part in; a covert one is told to nobody before its reveal."""
    told = (CalibrationSession.state != "draft") & (
        (CalibrationSession.kind == "open") | CalibrationSession.state.in_(SHOWN)
    )
    seen = or_(CalibrationSession.host_id == reader.id, mine.id.is_not(None) & told)
    return or_(seen, True) if _leads_all(reader) else seen


def _leads_all(reader: Actor) -> bool:
    return reader.has("manager", "admin") and not reader.can_be_given_blind_tasks


def _line(row: CalibrationSession, host: str, mine: int | None, cases: int, missing: int) -> Line:
    asked = mine is not None and row.state == "voting" and row.kind == "open"
    return Line(row.public_id, row.title, row.kind, row.state, host, row.deadline_at, cases,
                missing if asked else None)  # fmt: skip


def head(reader: Actor, public_id: str) -> Head:
    """A session that *reader* may know of. Raises NotFound for every other."""
    mine = aliased(SessionPerson)
    people = select(func.count()).where(SessionPerson.session_id == CalibrationSession.id).scalar_subquery()
    cases = select(func.count()).where(SessionCase.session_id == CalibrationSession.id).scalar_subquery()
    query = (
        select(CalibrationSession, Person.name, mine.part, cases, people)
        .join(Person, Person.id == CalibrationSession.host_id)
        .outerjoin(mine, (mine.session_id == CalibrationSession.id) & (mine.person_id == reader.id))
        .where(CalibrationSession.public_id == public_id, _may_see(reader, mine))
    )
    found = db.session.execute(query).first()
    if found is None:
        raise NotFound("session")
    row, host, part, cases_in, people_in = found
    return Head(
        row.id, row.public_id, row.title, row.kind, row.state, host, row.deadline_at, row.names_shown, row.tolerance,
        row.step, row.changes, cases_in, people_in, row.expert_id,
        leads=reader.has("manager", "admin") and (row.host_id == reader.id or _leads_all(reader)),
        takes_part=part is not None, is_guest=part == "guest",
    )  # fmt: skip


def members(one: Head) -> Sequence[Member]:
    """Who takes part, by name."""
    query = select(Person.id, Person.public_id, Person.name, SessionPerson.part)
    query = query.join(SessionPerson, SessionPerson.person_id == Person.id).where(SessionPerson.session_id == one.id)
    rows = db.session.execute(query.order_by(Person.name, Person.id)).all()
    done = voting.cast_by([row.id for row in rows], one.id)
    return [Member(row.public_id, row.name, row.part, row.id == one.expert_id, done.get(row.id, 0)) for row in rows]


def cases_of(reader: Actor, one: Head) -> Sequence[Listed]:
    """The cases of a session in their order; how a text begins is told to whoever leads it."""
    own = select(SessionVote.session_case_id).where(
        SessionVote.person_id == reader.id, SessionVote.replaced_at.is_(None)
    )
    query = (
        select(
            SessionCase.case_id, SessionCase.place, SessionCase.code, SessionCase.how, CaseText.text,
            SessionCase.id.in_(own), Consensus.id.is_not(None), touches.has_met(reader.id), gone.is_gone(),
        )
        .join(ClosedCase, ClosedCase.id == SessionCase.case_id)
        .outerjoin(CaseText, CaseText.case_id == SessionCase.case_id)
        .outerjoin(Consensus, Consensus.session_case_id == SessionCase.id)
        .where(SessionCase.session_id == one.id)
        .order_by(SessionCase.place)
    )  # fmt: skip
    rows = db.session.execute(query).all()
    covers = masking.covers([row[0] for row in rows]) if one.leads else {}
    return [
        Listed(
            place, code, how, beginning(covers[case_id].text(masking.TEXT, text)) if one.leads else "", bool(voted),
            not is_gone and (bool(voted) or not met), bool(agreed) and one.is_shown, bool(is_gone),
        )
        for case_id, place, code, how, text, voted, agreed, met, is_gone in rows
    ]  # fmt: skip


def beginning(text: str | None) -> str:
    """How a case's text begins, covered as it came, so that somebody knows the case again."""
    words = " ".join((text or "").split())
    return words if len(words) <= START else words[: START - 1].rstrip() + "…"


def has_in_hand(reader: Actor, case_id: int) -> bool:
    """Whether *reader* still has this case to grade: until they have committed it, nobody's vote on it is shown."""
    mine = select(Task.id).where(Task.case_id == case_id, Task.person_id == reader.id, Task.state.in_(voting.IN_HAND))
    return db.session.scalar(mine.limit(1)) is not None


def teams() -> Sequence[tuple[str, str]]:
    """(address, name) of every team, by name."""
    return [
        (row.public_id, row.name) for row in db.session.execute(select(Team.public_id, Team.name).order_by(Team.name))
    ]
