"""Process slips of a result: what its explanation names, and critical criteria of its scorecards that were not met."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, select, update

from qa.core import clock
from qa.core.db import db
from qa.grading import scorecards
from qa.models.grading import Task, TaskPurpose
from qa.models.scorecards import Score, ScoreMark
from qa.models.truth import Finding
from qa.settlement import VOTING

#: What is wrong, when an agent contests a slip and not the decision.
KIND = "process"


def of(finding: Finding) -> tuple[str, ...]:
    """The slips that the agent is shown beside a result."""
    named = [finding.process_slip] if finding.process_slip else []
    return (*named, *(line for row in _scores(finding.case_id) for line in _missed(row, finding.case_id)))


def scorers(case_ids: Collection[int]) -> dict[int, set[int]]:
    """Case -> whoever marked a scorecard that shows a slip of it."""
    found: dict[int, set[int]] = {case_id: set() for case_id in case_ids}
    query = select(Task.case_id, Score.person_id).join(Score, Score.task_id == Task.id)
    for case_id, person_id in db.session.execute(query.where(Task.case_id.in_(list(case_ids)), *_shown())):
        found[case_id].add(person_id)
    return found


def take_back(finding: Finding) -> None:
    """Let the slips of a result count no more; the scorecards stay, marked so."""
    finding.process_slip = None
    void = update(Score).where(Score.id.in_([row.id for row in _scores(finding.case_id)]))
    db.session.execute(void.values(voided_at=clock.now()).execution_options(synchronize_session="fetch"))
    db.session.flush()


def _scores(case_id: int) -> Sequence[Score]:
    query = select(Score).join(Task, Task.id == Score.task_id).join(TaskPurpose, TaskPurpose.task_id == Task.id)
    query = query.where(Task.case_id == case_id, *_shown(), TaskPurpose.purpose.in_(VOTING))
    return db.session.scalars(query.order_by(Score.id)).all()


def _shown() -> tuple[ColumnElement[bool], ...]:
    """Scorecards that the agent may see by now, and that show a slip."""
    return (Score.state == "given", Score.publish_at <= clock.now(), Score.voided_at.is_(None), Score.critical_missed)


def _missed(row: Score, case_id: int) -> list[str]:
    missed = set(
        db.session.scalars(select(ScoreMark.key).where(ScoreMark.score_id == row.id, ScoreMark.mark == "missed"))
    )
    criteria = scorecards.criteria_of(row.scorecard_id, case_id)
    return [f"Not met: {one.label}" for one in criteria if one.critical and one.key in missed]
