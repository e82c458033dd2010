"""Copies of cases' texts that training keeps, masked: in lessons, in questions, and in what was asked of somebody."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import func, select, update

from qa.core.db import db
from qa.core.registries import TextHolder
from training.models.learning import Assignment, Attempt
from training.models.modules import Item, LessonBlock
from training.models.retention import RetentionCheck

#: What stands where a text was.
GONE = "The text of this case has been taken out."
_LESSONS = "Masked; kept with the module's version, so that what was taught stays readable."
_ITEMS = "Masked; kept with the module's version. A question without its case is never asked again."
_SITTINGS = "Masked; kept as it was asked, so that a score can be explained."


def holders() -> list[TextHolder]:
    """All that this room holds."""
    return [
        TextHolder("Lessons of training modules", _LESSONS, _blocks_held, _purge_blocks),
        TextHolder("Questions of training modules", _ITEMS, _items_held, _purge_items),
        TextHolder("Quizzes and checks that were sat", _SITTINGS, _sittings_held, _purge_sittings),
    ]


def _blocks_held() -> int:
    held = select(func.count(LessonBlock.id)).where(LessonBlock.case_ref.is_not(None), LessonBlock.markdown != GONE)
    return db.session.scalar(held) or 0


def _purge_blocks(cases: Collection[str]) -> int:
    emptied = update(LessonBlock).where(LessonBlock.case_ref.in_(cases), LessonBlock.markdown != GONE)
    return len(db.session.execute(emptied.values(markdown=GONE).returning(LessonBlock.id)).all())


def _items_held() -> int:
    held = select(func.count(Item.id)).where(Item.case_ref.is_not(None), Item.stem != GONE)
    return db.session.scalar(held) or 0


def _purge_items(cases: Collection[str]) -> int:
    emptied = update(Item).where(Item.case_ref.in_(cases), Item.stem != GONE)
    values = {"stem": GONE, "case_text": None, "state": "void"}
    return len(db.session.execute(emptied.values(**values).returning(Item.id)).all())


def _sittings_held() -> int:
    every = (*_sat(None), *_checked())
    return sum(_holds(one) for row in every for one in row.snapshot)


def _purge_sittings(cases: Collection[str]) -> int:
    count = 0
    for row in (*_sat(cases), *_checked()):
        wanted = [_holds(one) and one["case"] in cases for one in row.snapshot]
        if any(wanted):
            row.snapshot = [
                {**one, "stem": GONE, "case_text": None} if gone else one
                for one, gone in zip(row.snapshot, wanted, strict=True)
            ]
            count += sum(wanted)
    db.session.flush()
    return count


def _holds(asked: dict[str, Any]) -> bool:
    return bool(asked.get("case")) and asked["stem"] != GONE


def _sat(cases: Collection[str] | None) -> Iterator[Attempt]:
    """Sittings of quizzes; of those with questions about *cases* when some are named."""
    query = select(Attempt).order_by(Attempt.id)
    if cases is not None:
        versions = select(Item.module_version_id).where(Item.case_ref.in_(cases))
        query = query.join(Assignment, Assignment.id == Attempt.assignment_id)
        query = query.where(Assignment.module_version_id.in_(versions))
    yield from db.session.scalars(query)


def _checked() -> Iterator[RetentionCheck]:
    yield from db.session.scalars(select(RetentionCheck).order_by(RetentionCheck.id))
