"""Precedents as their pages show them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from calibration.models.precedents import Precedent
from calibration.models.sessions import CalibrationSession, Consensus, SessionCase
from calibration.paged import PAGE, Paged
from calibration.precedents import GONE
from qa.core.db import db
from qa.core.errors import NotFound
from qa.models.cases import CaseText, ClosedCase
from qa.models.policies import Action, PolicyVersion
from qa.policies import queries as policy_queries
from qa.policies import section_keys


@dataclass(frozen=True, slots=True)
class Kept:
    """One precedent."""

    public_id: str
    title: str
    section_key: str
    label: str
    place: str
    verdict: str
    action: str
    reason: str
    text: str
    state: str
    version: str | None
    session: str
    session_id: str
    kept_at: datetime


_QUERY = (
    select(
        Precedent, PolicyVersion.number, CalibrationSession.title.label("session"),
        CalibrationSession.public_id.label("session_id"),
    )
    .join(Consensus, Consensus.id == Precedent.consensus_id)
    .join(SessionCase, SessionCase.id == Consensus.session_case_id)
    .join(CalibrationSession, CalibrationSession.id == SessionCase.session_id)
    .outerjoin(PolicyVersion, PolicyVersion.id == Precedent.version_id)
)  # fmt: skip


def listed(*, section: str = "", words: str = "", first: int = 0) -> tuple[Sequence[Kept], Paged]:
    """Precedents on a clause or a whole policy, with all of *words* somewhere in title, reason or text: a page of them
    from the one numbered *first* on, those that hold first, then the newest."""
    query = _QUERY
    if section:
        under = Precedent.section_key.startswith(f"{section}/", autoescape=True)
        query = query.where(or_(Precedent.section_key == section, under))
    for word in words.split():
        every = func.lower(Precedent.title + " " + Precedent.reason + " " + Precedent.text)
        query = query.where(every.contains(word.lower(), autoescape=True))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Precedent.state != "live", Precedent.state, Precedent.id.desc())
    return _rows(ordered.offset(first).limit(PAGE)), Paged(total, first)


def one(public_id: str) -> Kept:
    """One precedent. Raises NotFound."""
    rows = _rows(_QUERY.where(Precedent.public_id == public_id))
    if not rows:
        raise NotFound("precedent")
    return rows[0]


@dataclass(frozen=True, slots=True)
class Exemplar:
    """A live precedent as an example of its clause."""

    case_ref: str
    agent_id: int | None
    text: str
    language: str | None
    verdict: str
    section_key: str
    action: str | None


def exemplars(section_keys_wanted: Collection[str]) -> Sequence[Exemplar]:
    """The live precedents on these sections whose text is still there, the newest first."""
    query = (
        select(
            Precedent.case_ref, ClosedCase.agent_id, Precedent.text, CaseText.language, Precedent.verdict,
            Precedent.section_key, Precedent.action,
        )
        .join(Consensus, Consensus.id == Precedent.consensus_id)
        .join(SessionCase, SessionCase.id == Consensus.session_case_id)
        .join(ClosedCase, ClosedCase.id == SessionCase.case_id)
        .outerjoin(CaseText, CaseText.case_id == ClosedCase.id)
        .where(Precedent.state == "live", Precedent.section_key.in_(list(section_keys_wanted)))
        .where(Precedent.text.not_in(("", GONE)))
        .order_by(Precedent.id.desc())
    )  # fmt: skip
    return [Exemplar(*row) for row in db.session.execute(query)]


def label(section: str) -> str:
    """How a section is called on pages; empty for none."""
    return policy_queries.labels([section])[section] if section else ""


def _rows(query: Any) -> Sequence[Kept]:
    rows = db.session.execute(query).all()
    labels = policy_queries.labels(sorted({row[0].section_key for row in rows}))
    actions = {row.key: row.label for row in db.session.execute(select(Action.key, Action.label))} if rows else {}
    return [
        Kept(
            row[0].public_id, row[0].title, row[0].section_key, labels[row[0].section_key],
            section_keys.address(row[0].section_key), row[0].verdict, actions.get(row[0].action, row[0].action or ""),
            row[0].reason, row[0].text, row[0].state, row.number, row.session, row.session_id, row[0].created_at,
        )
        for row in rows
    ]  # fmt: skip
