"""Taking a whole import back: while no sample was drawn among its cases, and nobody met one of them.

People and stand-in sections that the import made stay: others may have begun to use them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from flask import current_app
from sqlalchemy import Select, Table, delete, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from qa.core import audit, clock, jobs
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import NotFound, Refused
from qa.draws import frames
from qa.intake import events, runs, undoing_events
from qa.models.cases import CaseEvent, CaseText, ClosedCase, ImportRun, Message, Touch
from qa.models.plans import Draw, FrameState
from qa.models.policies import Action

JOB = "imports.undo"
#: Rows about a case that its own import wrote, and that go with it.
OWN = {CaseText.__tablename__, Message.__tablename__, Touch.__tablename__, CaseEvent.__tablename__}
OWN_TOUCHES = ("decided", "handled")


def why_not_of(public_id: str) -> str | None:
    """Why the import at an address cannot be taken back any more; None when it can. Raises NotFound."""
    return why_not(_run(public_id))


def _run(public_id: str) -> ImportRun:
    run = db.session.scalar(select(ImportRun).where(ImportRun.public_id == public_id))
    if run is None:
        raise NotFound("import")
    return run


def why_not(run: ImportRun) -> str | None:
    """Why an import cannot be taken back any more; None when it can."""
    if run.state != "published" or run.published_at is None:
        return "Its cases are not seen, so there is nothing to take back."
    if run.kind == events.KIND:
        return undoing_events.why_not(run.id, run.published_at)
    begins = or_(Draw.window_from.is_(None), Draw.window_from < run.published_at)
    if db.session.scalar(select(Draw.id).where(begins, Draw.window_to >= run.published_at).limit(1)):
        return "A sample was drawn from cases among which these were. What was drawn stays, and so do they."
    earlier, later = aliased(ClosedCase), aliased(ClosedCase)
    again = select(later.id).join(
        earlier,
        (later.source == earlier.source) & (later.external_id == earlier.external_id) & (later.no > earlier.no),
    )
    if db.session.scalar(again.where(earlier.run_id == run.id, later.run_id != run.id).limit(1)):
        return "A later import corrected some of its cases. Take that one back first."
    if db.session.scalar(_later_events(run.id)):
        return "A file of what happened later was handed in about its cases. Take that one back first."
    if any(db.session.scalar(query) for query in _uses(run.id)):
        return (
            "Somebody has worked with one of its cases already: graded, opened, discussed or attached something to it."
        )
    return None


def _uses(run_id: int) -> Iterator[object]:
    """Questions for rows about a case of the import that the import did not write."""
    ours = select(ClosedCase.id).where(ClosedCase.run_id == run_id)
    yield select(Touch.id).where(Touch.case_id.in_(ours), Touch.how.not_in(OWN_TOUCHES)).limit(1)
    yield _later_events(run_id)
    for table in db.metadata.tables.values():
        for column in _references(table):
            yield select(column).where(column.in_(ours)).limit(1)


def _later_events(run_id: int) -> Select[tuple[int]]:
    ours = select(ClosedCase.id).where(ClosedCase.run_id == run_id)
    event = CaseEvent.case_id.in_(ours) & CaseEvent.run_id.is_distinct_from(run_id)
    return select(CaseEvent.id).where(event).limit(1)


def _references(table: Table) -> Iterator[object]:
    if table.name not in OWN:
        yield from (key.parent for key in table.foreign_keys if key.column.table.name == "closed_case")


def undo(actor: Actor, public_id: str) -> None:
    """Take an import back: its cases are hidden at once, and removed by a job. Raises NotFound, Refused."""
    run = _run(public_id)
    refused = why_not(run)
    if refused is not None:
        raise Refused(refused)
    if run.kind == events.KIND:
        undoing_events.undo(actor, run)
        return
    _restore(run)
    moved = db.session.execute(
        update(ImportRun)
        .where(ImportRun.id == run.id, ImportRun.state == "published")
        .values(state="refused")
        .returning(ImportRun.id)
    ).all()
    if not moved:
        raise Refused("This import was ended by somebody else.")
    for version_id in db.session.scalars(select(FrameState.plan_version_id)).all():
        frames.drop(version_id)
    audit.note(actor, "took_back", "import_run", public_id, added=run.added, changed=run.changed)
    db.session.flush()
    workflows = db.session.scalars(select(ClosedCase.workflow).where(ClosedCase.run_id == run.id).distinct()).all()
    jobs.enqueue(actor, JOB, {"run": public_id, "workflows": sorted(workflows)}, dedupe_key=f"{JOB}:{public_id}")


def _restore(run: ImportRun) -> None:
    """Let the rows stand again that the import's own had replaced."""
    if not run.changed:
        return
    later, earlier = aliased(ClosedCase), aliased(ClosedCase)
    same = (later.source == earlier.source) & (later.external_id == earlier.external_id)
    query = select(earlier.id).join(later, same & (later.no == earlier.no + 1)).where(later.run_id == run.id)
    ids = list(db.session.scalars(query))
    db.session.execute(delete(CaseEvent).where(CaseEvent.run_id == run.id))
    ours = update(ClosedCase).where(ClosedCase.run_id == run.id)
    db.session.execute(ours.values(replaced_at=clock.now()))
    for start in range(0, len(ids), runs.BATCH):
        some = ClosedCase.id.in_(ids[start : start + runs.BATCH])
        db.session.execute(update(ClosedCase).where(some).values(replaced_at=None))


def remove(work: jobs.Work, run: str, workflows: list[str]) -> dict[str, int]:
    """The job: remove what an import that was taken back had stored, in small batches; safe to repeat."""
    run_id = db.session.scalar(select(ImportRun.id).where(ImportRun.public_id == run, ImportRun.state == "refused"))
    if run_id is None:
        return {"removed": 0}
    total = db.session.scalar(select(func.count()).where(ClosedCase.run_id == run_id)) or 0
    db.session.rollback()
    done = 0
    while removed := write(lambda: runs.remove_some(run_id)):
        done += removed
        work.progress(done, total, "Removing cases")
        time.sleep(runs.PAUSE)
    write(lambda: _end(work.actor, run_id, workflows))
    return {"removed": done}


def _end(actor: Actor, run_id: int, workflows: list[str]) -> None:
    # The first file names a workflow's actions; where no case of it is left, another file is the first again.
    unused = Action.workflow.in_(workflows) & ~exists().where(ClosedCase.workflow == Action.workflow)
    db.session.execute(delete(Action).where(unused))
    db.session.execute(
        update(ImportRun).where(ImportRun.id == run_id, ImportRun.state == "refused").values(state="withdrawn")
    )
    if runs.FRAMES in current_app.extensions["job_kinds"]:
        jobs.enqueue(actor, runs.FRAMES, dedupe_key=runs.FRAMES)
