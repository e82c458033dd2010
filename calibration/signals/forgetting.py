"""Streams and signals of a time that is over lose the person and keep their counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select, update
from sqlalchemy.orm import aliased

from calibration.models.signals import Signal, Stream
from qa.core.db import db
from qa.core.registries import PersonHolder


def holders() -> list[PersonHolder]:
    """All that this room holds of people beside what can be computed again."""
    return [
        PersonHolder("Accuracy alerts", "The person is taken out, the counts stay.", _signals_over, _lose_signals),
        PersonHolder("Streams of alerts", "Ended ones lose the person and their course.", _streams_over, _lose_streams),
    ]


def _signals(before: datetime) -> ColumnElement[bool]:
    return and_(Signal.agent_id.is_not(None), Signal.crossed_at < before)


def _signals_over(before: datetime) -> int:
    return db.session.scalar(select(func.count(Signal.id)).where(_signals(before))) or 0


def _lose_signals(before: datetime) -> int:
    return _changed(update(Signal).where(_signals(before)).values(agent_id=None, evidence={}))


def _streams(before: datetime) -> ColumnElement[bool]:
    """Those that another one of the same agent followed before that moment."""
    later = aliased(Stream)
    followed = exists().where(later.agent_id == Stream.agent_id, later.epoch > Stream.epoch, later.opened_at < before)
    return and_(Stream.agent_id.is_not(None), followed.correlate(Stream))


def _streams_over(before: datetime) -> int:
    return db.session.scalar(select(func.count(Stream.id)).where(_streams(before))) or 0


def _lose_streams(before: datetime) -> int:
    ended = db.session.scalars(select(Stream.id).where(_streams(before))).all()
    return _changed(update(Stream).where(Stream.id.in_(ended)).values(agent_id=None, values={}, standing={}))


def _changed(statement: Any) -> int:
    return int(db.session.execute(statement.execution_options(synchronize_session=False)).rowcount)
