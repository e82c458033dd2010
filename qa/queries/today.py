"""How many cases would have ended otherwise by the text in force, as graders said after their reveals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import case, func, select, true

from qa.core import released
from qa.core.access import Actor
from qa.core.db import db
from qa.core.registries import Touch
from qa.models.today import TodayAnswer
from qa.questions import OWNERS


def touched_by(reader: Actor, keys: Collection[str]) -> Mapping[str, Sequence[Touch]]:
    """For whoever answers for policies, of each clause's last text that was asked about: counts, no rates."""
    if not reader.has(*OWNERS):
        return {}
    until = released.known_at(reader)
    newest = select(TodayAnswer.section_key, func.max(TodayAnswer.now_id).label("now_id"))
    newest = newest.where(TodayAnswer.section_key.in_(keys)).group_by(TodayAnswer.section_key).subquery()
    query = (
        select(
            TodayAnswer.section_key,
            func.sum(case((TodayAnswer.answer == "other", 1), else_=0)),
            func.sum(case((TodayAnswer.answer == "cannot_tell", 0), else_=1)),
        )
        .join(newest, (newest.c.section_key == TodayAnswer.section_key) & (newest.c.now_id == TodayAnswer.now_id))
        .where(true() if until is None else TodayAnswer.created_at < until)
        .group_by(TodayAnswer.section_key)
    )  # fmt: skip
    return {
        key: (Touch(f"of {told} graded {_cases(told)} would end otherwise by today's text", int(other)),)
        for key, other, told in db.session.execute(query)
        if told
    }


def _cases(count: int) -> str:
    return "case" if count == 1 else "cases"
