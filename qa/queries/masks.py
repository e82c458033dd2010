"""What is covered in cases' texts, for those who look it over: lists without a word of it, and one opened case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from qa import case_addresses, scanning, touches
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.models.cases import CaseText, ClosedCase
from qa.models.grading import Task
from qa.models.texts import Mask
from qa.models.truth import Settlement
from qa.queries import cases
from qa.redaction.spans import LEAK, RULES

PAGE = 50
#: Characters that are shown around what is covered.
AROUND = 60
#: To whoever may be given blind tasks, what was looked through within this time is listed, graded or not.
RECENT = timedelta(days=30)
STATES = {"proposed": "Waits", "applied": "Covered", "harmless": "Shown"}


@dataclass(frozen=True, slots=True)
class MaskedCase:
    """A case in the list: how much is covered, never what."""

    number: int
    public_id: str
    drawn_at: datetime
    waiting: int
    leaks: int
    personal: int
    is_opened: bool


@dataclass(frozen=True, slots=True)
class MaskRow:
    """One mask with the words around it."""

    key: str
    place: str
    rule: str
    is_leak: bool
    state: str
    before: str
    covered: str
    after: str


@dataclass(frozen=True, slots=True)
class MaskPage:
    """An opened case with its masks."""

    public_id: str
    external_id: str
    rows: tuple[MaskRow, ...]
    waits: bool
    is_being_graded: bool


def may_review(actor: Actor) -> ColumnElement[bool]:
    """The cases whose masks *actor* may look over: of teams led, never own ones.

    Whose case it is must not follow from a list for whoever may be given it: of those people only they see any who see
    all teams.
    """
    others: ColumnElement[bool] = or_(ClosedCase.agent_id.is_(None), ClosedCase.agent_id != actor.id)
    if actor.has("admin") or actor.managed_teams is None:
        return others
    if actor.can_be_given_blind_tasks:
        return ClosedCase.id.in_(())
    return and_(others, ClosedCase.agent_team_id.in_(sorted(actor.managed_teams)))


def listed(actor: Actor, *, show: str = "waiting", after: int = 0) -> list[MaskedCase]:
    """Cases with masks, the longest waiting first: those that wait for somebody, or all that nobody graded yet.

    Of whoever may be given blind tasks it is the same list however far others are with a case: see `_in_time`.
    """
    count = func.count().filter
    query = (
        select(
            ClosedCase.id, ClosedCase.public_id, func.min(Mask.created_at).label("drawn_at"),
            count(Mask.state == "proposed").label("waiting"),
            count(Mask.kind == LEAK).label("leaks"), count(Mask.kind != LEAK).label("personal"),
            touches.has_met(actor.id).label("is_opened"),
        )
        .join(Mask, Mask.case_id == ClosedCase.id)
        .where(may_review(actor), _in_time(actor, show))
        .group_by(ClosedCase.id, ClosedCase.public_id, ClosedCase.agent_id)
        .order_by(ClosedCase.id)
        .offset(after).limit(PAGE)
    )  # fmt: skip
    rows = db.session.execute(query)
    return [MaskedCase(number, *row[1:]) for number, row in enumerate(rows, start=after + 1)]


def _in_time(actor: Actor, show: str) -> ColumnElement[bool]:
    """Which cases are listed. A list from which a case goes once it is settled would tell who agrees with whom."""
    waits = exists().where(Mask.case_id == ClosedCase.id, Mask.state == "proposed").correlate(ClosedCase)
    if actor.can_be_given_blind_tasks:
        looked = CaseText.case_id == ClosedCase.id, CaseText.scanned_at >= clock.now() - RECENT
        return waits if show == "waiting" else exists().where(*looked).correlate(ClosedCase)
    open_ = exists().where(Settlement.case_id == ClosedCase.id, Settlement.state == "open").correlate(ClosedCase)
    return and_(open_, waits if show == "waiting" else ~_begun())


def _begun() -> ColumnElement[bool]:
    states = Task.state.not_in(("waiting", "void", "skipped"))
    return exists().where(Task.case_id == ClosedCase.id, states).correlate(ClosedCase)


def waiting(actor: Actor) -> int | None:
    """For the home page: how many cases are kept back until somebody looks at their text; None when there is none."""
    waits = select(Mask.case_id).where(Mask.state == "proposed")
    query = select(func.count()).select_from(ClosedCase).where(ClosedCase.id.in_(waits), may_review(actor))
    return db.session.scalar(query) or None


def reviewable(actor: Actor, case_id: str) -> Any:
    """A case with masks that *actor* may look over. Raises NotFound for every other."""
    query = select(ClosedCase.id, ClosedCase.public_id, ClosedCase.external_id).join(
        CaseText, CaseText.case_id == ClosedCase.id
    )
    query = query.where(case_addresses.at(case_id), may_review(actor), CaseText.scanned_at.is_not(None))
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound("case")
    return row


def is_opened(actor: Actor, case_id: str) -> bool:
    """Whether *actor* has opened the case. Raises NotFound where they may not look it over."""
    return _is_opened(actor, reviewable(actor, case_id).id)


def _is_opened(actor: Actor, number: int) -> bool:
    """Whether *actor* has had to do with the case and is out of it: its name may tell what was decided."""
    query = select(ClosedCase.id).where(ClosedCase.id == number, touches.has_met(actor.id), cases.may_see(actor))
    return db.session.scalar(query) is not None


def opened(actor: Actor, case_id: str) -> Any:
    """A case that *actor* has opened. Raises NotFound before that."""
    row = reviewable(actor, case_id)
    if not _is_opened(actor, row.id):
        raise NotFound("case")
    return row


def key_of(mask: Mask) -> str:
    """What a form calls a mask."""
    return f"{mask.begins}-{mask.ends} {mask.place}"


def case(actor: Actor, case_id: str) -> MaskPage:
    """An opened case with its masks, what could tell first."""
    row = opened(actor, case_id)
    texts = scanning.places_of(row.id)
    masks = db.session.scalars(select(Mask).where(Mask.case_id == row.id).order_by(Mask.place, Mask.begins)).all()
    rows = [_row(mask, texts.get(mask.place, "")) for mask in masks]
    begun = db.session.scalar(select(ClosedCase.id).where(ClosedCase.id == row.id, _begun())) is not None
    return MaskPage(
        row.public_id, row.external_id, tuple(sorted(rows, key=lambda one: not one.is_leak)),
        any(mask.state == "proposed" for mask in masks), begun,
    )  # fmt: skip


def _row(mask: Mask, text: str) -> MaskRow:
    before, after = text[max(mask.begins - AROUND, 0) : mask.begins], text[mask.ends : mask.ends + AROUND]
    return MaskRow(
        key_of(mask), mask.place[:1].upper() + mask.place[1:], RULES[mask.rule], mask.kind == LEAK, mask.state,
        ("…" if mask.begins > AROUND else "") + before, text[mask.begins : mask.ends],
        after + ("…" if mask.ends + AROUND < len(text) else ""),
    )  # fmt: skip
