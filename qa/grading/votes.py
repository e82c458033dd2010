"""Roll-up of the looks that graders are compared by: packed in the transaction that commits them, never changed after.

Only looks that were planned at random count, first and overlap: a further one is asked for because two differed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import bindparam, delete, insert, select, update

from qa.core.db import ask, db
from qa.models.cases import ClosedCase
from qa.models.grading import Grade, Task, TaskPurpose
from qa.models.truth import VotePart
from qa.tallies import words as tally_words

#: Votes of a part: closing a batch rewrites as many at most.
SIZE = 512
#: What is asked of a vote. `committed` and `closed`: seconds since 1970; `team`: of the case's agent, 0 for none;
#: `section` to `workflow`: numbers of words; `verdict`: place in VERDICTS.
RECORD = np.dtype([
    ("case", "<i8"), ("grader", "<i4"), ("team", "<i4"), ("committed", "<u4"), ("closed", "<u4"), ("section", "<u2"),
    ("action", "<u2"), ("play", "<u2"), ("locale", "<u2"), ("workflow", "<u2"), ("verdict", "u1"),
])  # fmt: skip
VERDICTS = ("violates", "no_violation", "cannot_tell")
AT_RANDOM = ("first", "overlap")
_COMMITTED = "votes"
#: batch_ids -> the cases that were looked at in them.
_LOOKED_AT = (
    select(Task.case_id)
    .join(Grade, Grade.task_id == Task.id)
    .where(Grade.batch_id.in_(bindparam("batch_ids", expanding=True)), Grade.committed_at.is_not(None))
)


@dataclass(frozen=True, slots=True)
class Vote:
    """A committed look as the rows tell it."""

    case_id: int
    grader: int
    team: int | None
    committed_at: datetime
    closed_at: datetime
    section: str
    action: str | None
    play: str
    locale: str | None
    workflow: str
    verdict: str

    @property
    def words(self) -> tuple[str, str, str, str, str]:
        """What it holds as numbers of words."""
        return self.section, self.action or "", self.play, self.locale or "", self.workflow


def committed(batch_id: int) -> None:
    """Say that a batch is committed in this transaction; the roll-up follows before the database is told to commit."""
    db.session.info.setdefault(_COMMITTED, set()).add(batch_id)


def touched() -> frozenset[int]:
    """The cases of all batches that were committed in this transaction: for roll-ups of upper rooms."""
    batches = sorted(db.session.info.get(_COMMITTED, ()))
    if not batches:
        return frozenset()
    return frozenset(ask(_LOOKED_AT, {"batch_ids": batches}).scalars())


def keep_up() -> None:
    """Add the looks of all batches that were committed in this transaction: called before a commit."""
    batches = sorted(db.session.info.pop(_COMMITTED, ()))
    if batches:
        db.session.flush()
        _append(list(_rows(Grade.batch_id.in_(batches))))


def rebuild() -> None:
    """Write the roll-up anew from the rows."""
    db.session.flush()
    db.session.execute(delete(VotePart))
    _append(list(_rows()))


def kept() -> list[tuple[Any, ...]]:
    """The votes as they are kept, by case and grader."""
    parts = db.session.scalars(select(VotePart.records).order_by(VotePart.id))
    return sorted(row for part in parts for row in np.frombuffer(part, RECORD).tolist())


def recomputed() -> list[tuple[Any, ...]]:
    """The same from the rows themselves: what `kept` must equal."""
    return sorted(_records(list(_rows()), tally_words.known()).tolist())


def _rows(*wanted: Any) -> Iterable[Vote]:
    """Committed looks that were planned at random, in the order of their commit."""
    query = (
        select(
            Task.case_id, Grade.person_id, ClosedCase.agent_team_id, Grade.committed_at, ClosedCase.closed_at,
            Grade.section_key, Grade.action, ClosedCase.play_key, ClosedCase.locale, ClosedCase.workflow, Grade.verdict,
        )
        .select_from(Grade)
        .join(Task, Task.id == Grade.task_id)
        .join(TaskPurpose, TaskPurpose.task_id == Task.id)
        .join(ClosedCase, ClosedCase.id == Task.case_id)
        .where(Grade.committed_at.is_not(None), TaskPurpose.purpose.in_(AT_RANDOM), *wanted)
        .order_by(Grade.committed_at, Grade.id)
    )  # fmt: skip
    return (Vote(*row) for row in db.session.execute(query))


def _records(rows: Sequence[Vote], codes: dict[str, int]) -> npt.NDArray[np.void]:
    return np.array(
        [
            (
                row.case_id, row.grader, row.team or 0, int(row.committed_at.timestamp()),
                int(row.closed_at.timestamp()), *(codes[word] for word in row.words), VERDICTS.index(row.verdict),
            )
            for row in rows
        ],
        dtype=RECORD,
    )  # fmt: skip


def _append(rows: Sequence[Vote]) -> None:
    """Fill the last part up, and begin new ones for the rest."""
    if not rows:
        return
    records = _records(rows, tally_words.numbered({word for row in rows for word in row.words}))
    newest = select(VotePart.id, VotePart.votes, VotePart.records).order_by(VotePart.id.desc()).limit(1)
    last = db.session.execute(newest.with_for_update()).first()
    taken = 0
    if last is not None and last.votes < SIZE:
        taken = min(SIZE - last.votes, len(rows))
        filled = np.concatenate([np.frombuffer(last.records, RECORD), records[:taken]])
        change = update(VotePart).where(VotePart.id == last.id).values(**_part(filled))
        db.session.execute(change.execution_options(synchronize_session=False))
    for start in range(taken, len(rows), SIZE):
        db.session.execute(insert(VotePart).values(**_part(records[start : start + SIZE])))


def _part(records: npt.NDArray[np.void]) -> dict[str, Any]:
    return {
        "votes": len(records),
        "first_closed": int(records["closed"].min()),
        "last_closed": int(records["closed"].max()),
        "records": records.tobytes(),
    }
