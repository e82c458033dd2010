"""What every committed look counts for its grader, kept with what it follows from."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, outcome
from qa.core.db import db


class LookPart(db.Model):
    """Some looks at cases that were closed on one day, packed by `calibration.graders.keeping`.

    A grader's inside number stands in it without a foreign key, as in all roll-ups.
    """

    __tablename__ = "look_part"

    id: Mapped[int] = keeping(primary_key=True, autoincrement=True)
    #: Days since 1970, in UTC.
    closed_day: Mapped[int] = keeping(index=True)
    looks: Mapped[int] = keeping()
    #: Inside numbers of the grades, each 8 bytes, in the order of their coming.
    grades: Mapped[bytes] = keeping(LargeBinary)
    #: `keeping.RECORD` by look, in the same order: who, on what, how long.
    records: Mapped[bytes] = keeping(LargeBinary)
    #: `counting.COUNTS` by look: what it counts for its grader, anew with every settlement of the case.
    counts: Mapped[bytes] = outcome(LargeBinary)


class LooksKept(db.Model):
    """One row says that all committed looks stand in the parts, and by which readings of sections they were counted."""

    __tablename__ = "looks_kept"

    id: Mapped[int] = keeping(primary_key=True, autoincrement=False)
    #: SHA-256 of what keys of merged sections are read as.
    merges: Mapped[str] = keeping()

    __table_args__ = (CheckConstraint("id = 1", name="one"),)
