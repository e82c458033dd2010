"""One file's way in: begun, moved on batch by batch, published by one row, or taken back without a trace."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import delete, exists, func, insert, literal, or_, select, update
from sqlalchemy.orm import aliased

from qa import number_keys
from qa.core import audit, clock, jobs
from qa.core.access import Actor
from qa.core.columns import Moment
from qa.core.db import db, write
from qa.core.errors import Refused
from qa.grading import workflows
from qa.models.cases import CaseEvent, CaseText, ClosedCase, ImportReject, ImportRun, Message, NumberKey, Touch

#: Rows of one transaction, and how long graders get the database to themselves between two.
BATCH = 2_000
PAUSE = 0.005
FRAMES = "frames.refresh"


@dataclass(slots=True)
class Counts:
    """What became of the rows so far."""

    read: int = 0
    added: int = 0
    unchanged: int = 0
    changed: int = 0
    refused: int = 0
    #: Of cases that were erased, and therefore left out.
    skipped: int = 0

    def as_dict(self) -> dict[str, int]:
        """The figures by name."""
        return {
            "read": self.read, "added": self.added, "unchanged": self.unchanged, "changed": self.changed,
            "refused": self.refused, "skipped": self.skipped,
        }  # fmt: skip


@dataclass(slots=True)
class Run:
    """A run that is under way."""

    id: int
    public_id: str
    key: bytes
    next_offset: int
    counts: Counts
    latest_closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes two imports the same one."""

    source: str
    file_sha256: str
    mapping_hash: str
    file_name: str

    @property
    def same(self) -> Any:
        """The condition on `import_run` for runs of just this file, read just so."""
        return (
            (ImportRun.source == self.source)
            & (ImportRun.file_sha256 == self.file_sha256)
            & (ImportRun.mapping_hash == self.mapping_hash)
        )


def published(identity: Identity) -> Counts | None:
    """What came of this very file when it was taken in before, whole and with nothing refused."""
    query = select(ImportRun.read).where(identity.same, ImportRun.state == "published", ImportRun.refused == 0)
    rows = db.session.scalar(query.order_by(ImportRun.id.desc()).limit(1))
    return None if rows is None else Counts(read=rows, unchanged=rows)


def unended(identity: Identity) -> Run | None:
    """The run of this file that was begun and not ended, if there is one."""
    row = db.session.scalar(select(ImportRun).where(identity.same, ImportRun.state == "loading"))
    return None if row is None else _run(row, _key(row.number_key_id))


def unended_ids() -> frozenset[int]:
    """All runs whose cases are not seen, and may yet be removed."""
    open_states = ("loading", "checked", "refused")
    return frozenset(db.session.scalars(select(ImportRun.id).where(ImportRun.state.in_(open_states))))


def begin(actor: Actor, identity: Identity) -> Run:
    """A new run, under the key of the present month; in the transaction of its first batch."""
    key = number_keys.current(actor)
    row = ImportRun(
        source=identity.source, file_name=identity.file_name, file_sha256=identity.file_sha256,
        mapping_hash=identity.mapping_hash, number_key_id=key.id, state="loading", by_id=actor.id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return _run(row, bytes.fromhex(key.key))


def _run(row: ImportRun, key: bytes) -> Run:
    counts = Counts(row.read, row.added, row.unchanged, row.changed, row.refused, row.skipped)
    return Run(row.id, row.public_id, key, row.next_offset, counts, row.latest_closed_at)


def _key(key_id: int | None) -> bytes:
    return bytes.fromhex(db.session.scalars(select(NumberKey.key).where(NumberKey.id == key_id)).one())


def move_on(run: Run, offset: int, counts: Counts, latest: datetime | None) -> None:
    """Set the checkpoint, in the transaction of the rows before it. Raises Refused when somebody else moved it."""
    moved = db.session.execute(
        update(ImportRun)
        .where(ImportRun.id == run.id, ImportRun.state == "loading", ImportRun.next_offset == run.next_offset)
        .values(next_offset=offset, latest_closed_at=latest, **counts.as_dict())
        .returning(ImportRun.id)
    ).all()
    if not moved:
        raise Refused("Another import of this file is under way. Let it end.")


def publish(actor: Actor, run: Run, met: set[tuple[str, str, bool]]) -> None:
    """Let the run's cases be seen: one row, and the few that correct earlier ones."""
    _set_up_workflows(run, met)
    if run.counts.changed:
        _correct(run)
    now = clock.now()
    moved = db.session.execute(
        update(ImportRun)
        .where(ImportRun.id == run.id, ImportRun.state == "loading")
        .values(state="published", published_at=now, latest_closed_at=run.latest_closed_at, **run.counts.as_dict())
        .returning(ImportRun.file_sha256)
    ).all()
    if not moved:
        raise Refused("This import was ended by somebody else.")
    audit.note(actor, "published", "import_run", run.public_id, sha256=moved[0][0], **run.counts.as_dict())
    if FRAMES in current_app.extensions["job_kinds"]:
        jobs.enqueue(actor, FRAMES, dedupe_key=FRAMES)


def _set_up_workflows(run: Run, met: set[tuple[str, str, bool]]) -> None:
    by_workflow: dict[str, list[tuple[str, bool]]] = {}
    for workflow, action, violates in sorted(met):
        by_workflow.setdefault(workflow, []).append((action, violates))
    for workflow, actions in by_workflow.items():
        workflows.ensure(workflow)
        unknown = workflows.ensure_actions(workflow, actions)
        if unknown:
            said = f"Meanwhile another import named the actions of {workflow}, without {', '.join(unknown)}."
            raise Refused(f"{said} Nothing of this file is seen yet.")


def met_in(run: Run) -> set[tuple[str, str, bool]]:
    """(workflow, action, beside a violation) of what is stored of a run."""
    violates = ClosedCase.decided_key != "none"
    query = select(ClosedCase.workflow, ClosedCase.action, violates).where(ClosedCase.run_id == run.id).distinct()
    return {(workflow, action, bool(beside)) for workflow, action, beside in db.session.execute(query)}


def _correct(run: Run) -> None:
    """Let the run's later rows stand in the place of the earlier ones, which get an event and keep all they had."""
    now = clock.now()
    moment = literal(now, Moment())
    later, earlier = aliased(ClosedCase), aliased(ClosedCase)
    pair = (later.source == earlier.source) & (later.external_id == earlier.external_id) & (later.no == earlier.no + 1)
    pair &= earlier.replaced_at.is_(None)
    ours = (later.run_id == run.id) & (later.no > 1)
    detail = literal({"by": "import"}, CaseEvent.detail.type)
    events = select(moment, earlier.id, moment, literal("corrected"), detail, later.content_hash, literal(run.id)).join(
        later, pair
    )
    columns = ["created_at", "case_id", "at", "kind", "detail", "detail_hash", "run_id"]
    db.session.execute(insert(CaseEvent).from_select(columns, events.where(ours), include_defaults=False))
    met = select(moment, later.id, Touch.person_id, Touch.how).join(earlier, earlier.id == Touch.case_id)
    decided = select(moment, later.id, earlier.agent_id, literal("decided")).select_from(earlier)
    other = earlier.agent_id.is_not(None) & earlier.agent_id.is_distinct_from(later.agent_id)
    for known in (met.join(later, pair).where(ours), decided.join(later, pair).where(ours, other)):
        there, (_, case_id, person_id, how) = aliased(Touch), known.selected_columns
        again = exists().where(there.case_id == case_id, there.person_id == person_id, there.how == how)
        columns = ["created_at", "case_id", "person_id", "how"]
        missing = known.where(~again.correlate_except(there))
        db.session.execute(insert(Touch).from_select(columns, missing, include_defaults=False))
    old = select(earlier.id).join(later, pair).where(ours)
    db.session.execute(update(ClosedCase).where(ClosedCase.id.in_(old)).values(replaced_at=now))
    db.session.execute(
        update(ClosedCase).where(ClosedCase.run_id == run.id, ClosedCase.no > 1).values(replaced_at=None)
    )


def give_up(run_id: int, *, keep_report: bool) -> None:
    """Take a run back: mark it refused, then remove what it stored in small batches, then its own row."""
    write(lambda: _refuse(run_id))
    while write(lambda: remove_some(run_id)):
        time.sleep(PAUSE)
    write(lambda: _end(run_id, keep_report))


def _refuse(run_id: int) -> None:
    unpublished = or_(ImportRun.state == "loading", ImportRun.state == "checked")
    db.session.execute(update(ImportRun).where(ImportRun.id == run_id, unpublished).values(state="refused"))


def remove_some(run_id: int) -> int:
    """Remove some of the cases of a run that was refused or taken back; how many, in the caller's transaction."""
    first = db.session.scalar(select(func.min(ClosedCase.id)).where(ClosedCase.run_id == run_id))
    if first is None:
        return 0
    some = select(ClosedCase.id).join(ImportRun, ImportRun.id == ClosedCase.run_id)
    some = some.where(ClosedCase.run_id == run_id, ImportRun.state == "refused").order_by(ClosedCase.id).limit(BATCH)
    ids = db.session.scalars(some).all()
    for table in (Message, CaseText, Touch):
        db.session.execute(delete(table).where(table.case_id >= first, table.case_id.in_(some)))
    db.session.execute(delete(ClosedCase).where(ClosedCase.id.in_(ids)))
    return len(ids)


def _end(run_id: int, keep_report: bool) -> None:
    if keep_report:
        db.session.execute(
            update(ImportRun)
            .where(ImportRun.id == run_id, ImportRun.state == "refused")
            .values(state="removed", added=0, changed=0, unchanged=0)
        )
        return
    db.session.execute(delete(ImportReject).where(ImportReject.run_id == run_id))
    db.session.execute(delete(ImportRun).where(ImportRun.id == run_id, ImportRun.state == "refused"))


def remove_refused(source: str) -> None:
    """End the removal of refused runs that was itself interrupted."""
    refused = select(ImportRun.id).where(ImportRun.source == source, ImportRun.state == "refused")
    ids = db.session.scalars(refused).all()
    db.session.rollback()
    for run_id in ids:
        give_up(run_id, keep_report=False)


def keep_rejects(run: Run, problems: list[Any]) -> None:
    """Remember rows that were refused, in the transaction of the batch that they were met in."""
    rows = [
        {
            "run_id": run.id, "line": problem.line or 0, "field": problem.field, "expected": problem.expected[:500],
            "value_start": None if problem.value is None else problem.value[:100],
        }
        for problem in problems
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(ImportReject), rows)
