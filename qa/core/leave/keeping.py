"""How long it is known who was on leave: as long as figures know people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select

from qa.core.db import db
from qa.core.leave.models import LeaveRequest
from qa.core.models import DayOff
from qa.core.registries import PersonHolder

_RULE = "Taken out when they are over."


def holders() -> list[PersonHolder]:
    """What was asked for, and what stands in the calendar; holidays of teams and of everybody stay."""
    return [
        PersonHolder("Requests for leave", _RULE, _count(LeaveRequest, _requests), _taken_out(LeaveRequest, _requests)),
        PersonHolder("Days of leave", _RULE, _count(DayOff, _days), _taken_out(DayOff, _days)),
    ]


def _requests(before: datetime) -> ColumnElement[bool]:
    return LeaveRequest.to_on < before.date()


def _days(before: datetime) -> ColumnElement[bool]:
    return DayOff.person_id.is_not(None) & (DayOff.off_on < before.date())


def _count(table: Any, over: Any) -> Any:
    return lambda before: db.session.scalar(select(func.count(table.id)).where(over(before))) or 0


def _taken_out(table: Any, over: Any) -> Any:
    def take_out(before: datetime) -> int:
        gone = delete(table).where(over(before)).execution_options(synchronize_session=False)
        return int(db.session.execute(gone).rowcount)

    return take_out
