"""The statements of a blind look, made once: what a person has in hand, and how a grade of it is stored.

Asked with each grade of each grader, where making a statement anew costs ten times what asking it does.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import ScalarSelect, Select, Update, and_, bindparam, exists, func, insert, select, update

from qa.models.cases import CaseText, ClosedCase
from qa.models.grading import Batch, Grade, Task

_TASK, _GRADE, _BATCH, _CASE = Task.__table__.c, Grade.__table__.c, Batch.__table__.c, ClosedCase.__table__.c
_TEXT = CaseText.__table__.c


def _held(*conditions: Any) -> Select[Any]:
    """The tasks in a person's hands: what was taken back last first, then in the order in which they were taken up."""
    other, before = Task.__table__.alias(), Grade.__table__.alias()
    taken_back = select(func.max(before.c.taken_back_at)).where(before.c.task_id == other.c.id).scalar_subquery()
    query = select(other.c.public_id).where(other.c.person_id == bindparam("person"), other.c.state == "held")
    query = query.where(*(condition(other.c) for condition in conditions))
    return query.order_by(taken_back.desc().nulls_last(), other.c.held_at, other.c.id)


def _count(*conditions: Any) -> ScalarSelect[int]:
    """How many grades stand."""
    standing = Grade.__table__.alias()
    query = select(func.count()).select_from(standing).where(standing.c.taken_back_at.is_(None))
    return query.where(*(condition(standing.c) for condition in conditions)).scalar_subquery()


def _today(grade: Any) -> Any:
    since = bindparam("midnight", type_=_GRADE.graded_at.type)
    return and_(grade.person_id == bindparam("person"), grade.graded_at >= since)


#: A text that comes with a translation, in a language that is none of `reads`.
_TRANSLATED = exists().where(
    _TEXT.case_id == _TASK.case_id, _TEXT.translation.is_not(None),
    func.coalesce(_TEXT.language, "").not_in(bindparam("reads", expanding=True)),
)  # fmt: skip

#: person -> address of the task in hand.
HELD = _held().limit(1)
#: person -> addresses of all tasks in hand, in the order in which they are to be looked at.
ALL_HELD = _held()
#: person, midnight -> how many grades were given since.
GRADED = select(_count(_today))
#: task, person, midnight, reads (languages) -> a person's own task with all that putting a grade down has to know.
TASK = (
    select(
        _TASK.id, _TASK.public_id, _TASK.case_id, _TASK.workflow_id, _TASK.state, _CASE.closed_at,
        _BATCH.id.label("batch_id"),
        select(func.max(_GRADE.no)).where(_GRADE.task_id == _TASK.id).scalar_subquery().label("last_no"),
        _count(lambda grade: grade.batch_id == _BATCH.id).label("in_batch"),
        _count(_today).label("graded_today"),
        _held(lambda other: other.id != _TASK.id).limit(1).scalar_subquery().label("also_held"),
        _TRANSLATED.label("is_translated"),
    )
    .join_from(Task.__table__, ClosedCase.__table__, _CASE.id == _TASK.case_id)
    .outerjoin(Batch.__table__, and_(_BATCH.person_id == _TASK.person_id, _BATCH.state == "open"))
    .where(_TASK.public_id == bindparam("task"), _TASK.person_id == bindparam("person"))
)  # fmt: skip
#: A batch was used just now.
STAMP = update(Batch.__table__).where(_BATCH.id == bindparam("batch")).values(last_at=bindparam("now"))
KEEP = insert(Grade.__table__)


@cache
def moving(changed: frozenset[str]) -> Update:
    """Move a task from the state `before` to `after`, if it is there; *changed*: what else is set, by its own name."""
    stands = _TASK.id == bindparam("task"), _TASK.state == bindparam("before", type_=_TASK.state.type)
    values = {name: bindparam(name) for name in sorted(changed)}
    return update(Task.__table__).where(*stands).values(state=bindparam("after"), **values)
