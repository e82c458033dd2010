"""Would today's text lead elsewhere? Asked apart, after a grade is locked; it is no grade and touches none."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from qa.core.columns import outcome, refers, words
from qa.core.db import Row, db


class TodayAnswer(Row, db.Model):
    """Whether a grader would answer a case otherwise by the text of another day than the case's own."""

    __tablename__ = "today_answer"

    task_id: Mapped[int] = refers("task.id", unique=True, index=False)
    #: Empty once figures lose people.
    person_id: Mapped[int | None] = refers("person.id", "person", nullable=True)
    #: The clause that has changed: the own answer's, the decision's, or the one that was in play.
    section_key: Mapped[str] = outcome(String(400), index=True)
    #: The text that the case was graded by, and the one in force when this was asked.
    then_id: Mapped[int] = refers("policy_version.id", index=False)
    now_id: Mapped[int] = refers("policy_version.id", index=False)
    answer: Mapped[str] = words("answer", "same", "other", "cannot_tell", kind="outcome")
