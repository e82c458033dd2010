"""Which cases a session is about: named by hand, those that graders differed on most, of one clause, or by chance."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, distinct, exists, func, or_, select

from calibration.models.sessions import CalibrationSession, SessionCase
from calibration.sessions import gone, sessions
from qa import case_addresses
from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, Problem, Refused
from qa.draws.frames import SPENT
from qa.grading import queue
from qa.models.cases import ClosedCase, ImportRun, Touch
from qa.models.grading import Grade, Task
from qa.models.truth import Settlement
from qa.policies import section_keys
from qa.queries.measured import ENDED

#: Cases picked by the product were closed in these days.
RECENT = timedelta(days=91)
WAYS = ("hand", "disagreement", "clause", "random")


def add(
    actor: Actor, public_id: str, *, how: str, names: Iterable[str] = (), size: int = 5, section_key: str = ""
) -> int:
    """Add cases to a draft; how many are new. *names*: addresses or ids of cases, for those named by hand.

    Raises BadInput with every name that no case of the teams led has, and Refused beyond twenty cases.
    """
    row = _draft(actor, public_id)
    held = set(db.session.scalars(select(SessionCase.case_id).where(SessionCase.session_id == row.id)))
    found = named(actor, names) if how == "hand" else _picked(actor, row, how, size, section_key, held)
    fresh = [case_id for case_id in dict.fromkeys(found) if case_id not in held]
    if len(held) + len(fresh) > sessions.MOST_CASES:
        raise Refused(f"A session has at most {sessions.MOST_CASES} cases.")
    db.session.add_all(
        SessionCase(session_id=row.id, case_id=case_id, place=place, code=queue.new_code(), how=how)
        for place, case_id in enumerate(fresh, start=len(held) + 1)
    )
    db.session.flush()
    audit.note(actor, "chose_cases", "session", public_id, how=how, cases=len(fresh))
    return len(fresh)


def drop(actor: Actor, public_id: str, *, place: int) -> None:
    """Take a case out of a draft; those after it move up."""
    row = _draft(actor, public_id)
    db.session.execute(delete(SessionCase).where(SessionCase.session_id == row.id, SessionCase.place == place))
    rest = select(SessionCase).where(SessionCase.session_id == row.id).order_by(SessionCase.place)
    for new_place, one in enumerate(db.session.scalars(rest).all(), start=1):
        one.place = new_place
        db.session.flush()


def named(actor: Actor, names: Iterable[str]) -> list[int]:
    """The cases behind *names*, in their order. Raises BadInput with every name that leads to none."""
    found, problems = [], []
    for name in (one.strip() for one in names):
        if not name:
            continue
        known = or_(ClosedCase.external_id == name, case_addresses.at(name))
        rows = db.session.execute(_usable(actor, select(ClosedCase.id)).where(known)).all()
        if len(rows) == 1:
            found.append(rows[0].id)
        else:
            problems.append(Problem("a case of a team that you lead, by its id", field="names", value=name))
    if problems:
        raise BadInput(*problems)
    return found


def _picked(
    actor: Actor, row: CalibrationSession, how: str, size: int, section_key: str, held: set[int]
) -> Sequence[int]:
    """Cases that nobody looks at just now. The same session picks the same ones among the same cases."""
    recent = _usable(actor, select(ClosedCase.id)).where(
        ClosedCase.closed_at >= clock.now() - RECENT, ClosedCase.id.not_in(held), _is_quiet()
    )
    if how == "disagreement":
        if actor.can_be_given_blind_tasks:
            raise Refused("You may be given cases to grade, so you are not told on which of them others differ.")
        return db.session.scalars(_most_disagreement(recent).limit(size)).all()
    if how == "clause":
        under = ClosedCase.play_key.startswith(f"{section_key}/", autoescape=True)
        by_it = ClosedCase.decided_key == section_key
        recent = recent.where(or_(ClosedCase.play_key == section_key, by_it, under))
    ids = db.session.scalars(recent.order_by(ClosedCase.id)).all()
    return random.Random(f"{row.public_id}:{how}:{len(held)}").sample(ids, min(size, len(ids)))


def _usable(actor: Actor, query: Select[Any]) -> Select[Any]:
    """Visible cases that stand and can be read, of teams that *actor* leads."""
    query = query.join(ImportRun, ImportRun.id == ClosedCase.run_id)
    query = query.where(ImportRun.state == "published", ClosedCase.replaced_at.is_(None), ~gone.is_gone())
    if actor.has("admin") or actor.managed_teams is None:
        return query
    return query.where(ClosedCase.agent_team_id.in_(sorted(actor.managed_teams)))


def _is_quiet() -> ColumnElement[bool]:
    """Nobody has it to grade, no look at it is expected, and it was not used for calibration or training before."""
    waits = exists().where(Settlement.case_id == ClosedCase.id, Settlement.state.not_in(ENDED))
    in_hand = exists().where(Task.case_id == ClosedCase.id, Task.state.in_(("waiting", "held", "graded")))
    used = exists().where(Touch.case_id == ClosedCase.id, Touch.how.in_(SPENT))
    return ~waits & ~in_hand & ~used


def _most_disagreement(recent: Select[Any]) -> Select[Any]:
    """Those with the most different answers among committed looks, the decision counted; ties by the later closing."""
    graded = exists().where(Task.case_id == ClosedCase.id, Grade.task_id == Task.id, Grade.committed_at.is_not(None))
    answers = (
        select(func.count(distinct(Grade.section_key)))
        .join(Task, Task.id == Grade.task_id)
        .where(Task.case_id == ClosedCase.id, Grade.committed_at.is_not(None), Grade.verdict != "cannot_tell")
        .correlate(ClosedCase)
        .scalar_subquery()
    )
    differs = exists().where(
        Task.case_id == ClosedCase.id, Grade.task_id == Task.id, Grade.committed_at.is_not(None),
        func.coalesce(Grade.section_key, section_keys.NONE) != ClosedCase.decided_key,
    )  # fmt: skip
    query = recent.where(graded, or_(answers > 1, differs))
    return query.order_by(answers.desc(), ClosedCase.closed_at.desc(), ClosedCase.id)


def _draft(actor: Actor, public_id: str) -> CalibrationSession:
    row = sessions.led(actor, public_id)
    if row.state != "draft":
        raise Refused("Voting has begun: cases and people stay as they are.")
    return row
