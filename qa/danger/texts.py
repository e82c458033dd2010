"""What reports of danger say of a case: a line of the grader, and what was done about it. Emptied with the case."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, or_, select, update

from qa import case_addresses
from qa.core.db import db
from qa.core.registries import TextHolder
from qa.models.cases import ClosedCase
from qa.models.danger import Danger
from qa.models.grading import Task

#: What stands where a line was.
GONE = "The text of this case has been taken out."
_RULE = "Not masked: whoever is on call needs the names. Kept until the case is erased."


def holder() -> TextHolder:
    """The reports, for erasure and for the page that says who keeps a copy."""
    return TextHolder("Reports of danger", _RULE, _held, _purge)


def _held() -> int:
    reports = select(func.count(Danger.id)).where(Danger.task_id.is_not(None), Danger.line != GONE)
    return db.session.scalar(reports) or 0


def _purge(cases: Collection[str]) -> int:
    tasks = select(Task.id).join(ClosedCase, ClosedCase.id == Task.case_id).where(case_addresses.among(cases))
    full = or_(Danger.line != GONE, Danger.ended != "")
    emptied = update(Danger).where(Danger.task_id.in_(tasks), full).values(line=GONE, ended="")
    emptied = emptied.execution_options(synchronize_session=False).returning(Danger.id)
    return len(db.session.execute(emptied).all())
