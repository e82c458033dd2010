"""Who must not look at a case: whoever had to do with it, works beside its agent, or is disputed with by its agent.

Each rule stands here once, for a person or a column of people; `qa.touches` knows who had to do with what.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select, text

from qa import touches
from qa.core import preferences
from qa.core.db import ask
from qa.core.models import TeamMember
from qa.models.cases import ClosedCase, Touch
from qa.models.truth import Dispute, Finding

#: Written out, so that the index of open disputes serves.
_IS_OPEN = text("dispute.state IN ('open', 'blind_look', 'argument_read')")
_LOOKED = text("touch.how IN ('graded', 'adjudicated', 'disputed')")


def has_conflict(person: Any) -> ColumnElement[bool]:
    """In a query over `ClosedCase`: *person*, an id or a column, must not be given the case."""
    return _conflict(person, spares_own_team())


def _conflict(person: Any, spares_own: bool) -> ColumnElement[bool]:
    found = [touches.has_met(person), disputed_by_agent(person)]
    return or_(*found, in_own_team(person)) if spares_own else or_(*found)


def spares_own_team() -> bool:
    """Whether nobody grades cases of the own team here."""
    return bool(preferences.get("spare_own_team"))


def in_own_team(person: Any) -> ColumnElement[bool]:
    """In a query over `ClosedCase`: when the case was closed, *person* was in the team of whoever decided it.

    Whoever has left that team since has worked beside its agent all the same, and whoever came later has not.
    """
    mine = exists().where(
        TeamMember.person_id == person,
        TeamMember.team_id == ClosedCase.agent_team_id,
        TeamMember.from_on <= ClosedCase.closed_at,
        or_(TeamMember.to_on.is_(None), TeamMember.to_on > ClosedCase.closed_at),
    )
    return and_(ClosedCase.agent_team_id.is_not(None), mine.correlate_except(TeamMember))


def disputed_by_agent(person: Any) -> ColumnElement[bool]:
    """In a query over `ClosedCase`: its agent has an open dispute about what *person* had graded or ruled."""
    return ClosedCase.agent_id.in_(against(person).correlate_except(Dispute, Finding, Touch))


def against(person: Any) -> Select[tuple[int | None]]:
    """The agents who have an open dispute about a case that *person* had graded or ruled on before they disputed."""
    return (
        select(Finding.agent_id)
        .join(Dispute, Dispute.finding_id == Finding.id)
        .join(Touch, Touch.case_id == Finding.case_id)
        .where(
            _IS_OPEN,
            Finding.agent_id.is_not(None),
            Touch.person_id == person,
            _LOOKED,
            Touch.created_at <= Dispute.created_at,
        )
    )


def among(person_id: int | None, case_ids: Collection[int]) -> set[int]:
    """Those of *case_ids* that a person must not be given."""
    wanted = {"person": person_id, "case_ids": list(case_ids)}
    return set(ask(_among(spares_own_team()), wanted).scalars())


@cache
def _among(spares_own: bool) -> Select[tuple[int]]:
    """person, case_ids -> those of the cases that the person must not be given; made once."""
    barred = _conflict(bindparam("person", type_=Touch.person_id.type), spares_own)
    return select(ClosedCase.id).where(ClosedCase.id.in_(bindparam("case_ids", expanding=True)), barred)
