"""Somebody is in danger: a grader says so in one line, and whoever is on call hears of it if nothing was done yet.

The grader is told the same, at the same moment, whatever was decided before: the comparison is made later, by a job.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from qa import touches
from qa.core import audit, clock, jobs, preferences
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.jobs import Work
from qa.core.notices import notify
from qa.danger import on_call, pager
from qa.models.cases import ClosedCase
from qa.models.danger import Danger, DangerCall
from qa.models.grading import Task
from qa.models.policies import Action
from qa.policies import section_keys

JOB = "danger.compare"
#: So long a report can be taken back.
UNDO = timedelta(seconds=10)
LONGEST = 300
#: What a test call came to that the whole rota let ring.
UNANSWERED = "Nobody answered."
#: States of a look after which its holder knows what was decided before.
_OVER = ("revealed", "done", "void")


def report(actor: Actor, task_id: str, *, line: str) -> str:
    """Say that somebody in a case is in danger; the report's address. A second report of a case is the first one.

    Raises NotFound for a case that *actor* does not have or had, BadInput without a line.
    """
    mine = select(Task).where(Task.public_id == task_id, Task.person_id == actor.id, Task.state != "waiting")
    task = db.session.scalar(mine)
    if task is None:
        raise NotFound("case to grade")
    if not line.strip():
        raise BadInput(Problem("say in one line who is in danger, and how", field="line"))
    row = db.session.scalar(select(Danger).where(Danger.task_id == task.id, Danger.person_id == actor.id))
    if row is not None and row.state != "undone":
        return row.public_id
    if row is None:
        row = Danger(task_id=task.id, person_id=actor.id)
        db.session.add(row)
    row.line, row.state, row.raised_at = line.strip()[:LONGEST], "raised", clock.now()
    db.session.flush()
    jobs.enqueue(SYSTEM, JOB, {"danger": row.public_id}, run_after=row.raised_at + UNDO)
    audit.note(actor, "reported", "danger", row.public_id)
    return row.public_id


def undo(actor: Actor, danger_id: str) -> None:
    """Take a report back, within ten seconds."""
    mine = (Danger.public_id == danger_id, Danger.person_id == actor.id)
    if db.session.scalar(select(Danger.id).where(*mine)) is None:
        raise NotFound("report")
    in_time = (*mine, Danger.state == "raised", Danger.raised_at > clock.now() - UNDO)
    if not db.session.execute(update(Danger).where(*in_time).values(state="undone")).rowcount:
        raise Refused("The ten seconds are over. The report has been sent.")
    audit.note(actor, "undid", "danger", danger_id)


def compare(_work: Work, danger: str) -> dict[str, Any]:
    """The job behind a report: what was decided before is looked at, and somebody is called if it ended nothing.

    It answers the same either way, because jobs are listed on a page.
    """
    write(lambda: _compare(danger))
    pager.ring()
    return {}


def _compare(danger_id: str) -> None:
    ripe = (Danger.state == "raised", Danger.raised_at <= clock.now() - UNDO)
    row = db.session.scalar(select(Danger).where(Danger.public_id == danger_id, *ripe))
    if row is None:
        return
    case = case_of(row)
    if case is not None and was_ended(case):
        row.state = "silent"
        audit.note(SYSTEM, "compared", "danger", row.public_id)
        notify.wake()  # as after a call: jobs are listed on a page
    else:
        call_next(row)
    db.session.flush()


def case_of(row: Danger) -> ClosedCase | None:
    """The case that a report is about; None for a test."""
    query = select(ClosedCase).join(Task, Task.case_id == ClosedCase.id)
    return db.session.scalar(query.where(Task.id == row.task_id))


def was_ended(case: ClosedCase) -> bool:
    """Whether what was decided before acted against the danger: a violation, with an action that is enough for it."""
    if case.decided_key == section_keys.NONE:
        return False
    named = {one.strip() for one in str(preferences.get("danger_actions")).split(";") if one.strip()}
    if named != {"any"}:
        return case.action in named
    known = select(Action.means).where(Action.workflow == case.workflow, Action.key == case.action)
    return db.session.scalar(known) == "violates"


def call_next(row: Danger) -> bool:
    """Tell the next person on call, who is out of the case from then on; whether there was one.

    After the last of the rota it begins anew with whoever was told longest ago, until somebody answers. A test that
    nobody answered has shown what it was to show: it ends.
    """
    case = case_of(row)
    told = {one.person_id: one for one in db.session.scalars(select(DangerCall).where(DangerCall.danger_id == row.id))}
    is_first, row.state, row.called_at = row.called_at is None, "paged", clock.now()
    present = [one for one in on_call.rota() if one.id is not None and _may_hear(one, row, case)]
    fresh = [one for one in present if one.id not in told]
    if fresh:
        _call(row, case, fresh[0], None)
        return True
    if case is None and told:
        row.state, row.ended, row.closed_at = "closed", UNANSWERED, clock.now()
        audit.note(SYSTEM, "unanswered", "danger", row.public_id, told=len(told))
        return False
    if present:
        longest_ago = min(present, key=lambda one: (told[one.id or 0].at, told[one.id or 0].id))
        _call(row, case, longest_ago, told[longest_ago.id or 0])
        return True
    if is_first:
        audit.note(SYSTEM, "found_nobody_for", "danger", row.public_id, told=len(told))
    return False


def _call(row: Danger, case: ClosedCase | None, person: Actor, before: DangerCall | None) -> None:
    """Call somebody, or once more."""
    assert person.id is not None
    now = clock.now()
    if before is None:
        db.session.add(DangerCall(danger_id=row.id, person_id=person.id, at=now))
    else:
        before.at, before.rung_at, before.ring_tries = now, None, 0
    if case is not None:
        touches.touch(case.id, person.id, "opened")
    again = "" if before is None else f":{now.isoformat(timespec='seconds')}"
    notify.tell(
        person_id=person.id, kind="danger", object_ref=row.public_id, url=f"/on-call/{row.public_id}",
        line="Test call: please answer it." if case is None else "Danger: a grader asks for somebody at once.",
        dedupe_key=f"danger:{row.public_id}:{person.id}{again}", urgent=True,
    )  # fmt: skip
    audit.note(SYSTEM, "called", "danger", row.public_id, person=person.public_id)
    db.session.flush()


def _may_hear(person: Actor, row: Danger, case: ClosedCase | None) -> bool:
    """Neither whoever reported it, nor the case's agent, nor somebody with a look at it whose answer is still shut."""
    if case is None:
        return True
    shut = select(Task.id).where(Task.case_id == case.id, Task.person_id == person.id, Task.state.not_in(_OVER))
    return person.id not in (row.person_id, case.agent_id) and db.session.scalar(shut.limit(1)) is None


def climb(_work: Work) -> dict[str, Any]:
    """The job of each minute: a call that nobody answered in time goes to the next person."""

    def late() -> None:
        limit = clock.now() - timedelta(minutes=int(preferences.get("on_call_minutes")))
        waiting = select(Danger).where(Danger.state == "paged", Danger.called_at <= limit)
        for row in db.session.scalars(waiting.order_by(Danger.id)).all():
            call_next(row)

    write(late)
    pager.ring()
    return {}


def call_as_test(actor: Actor) -> str:
    """See whether somebody answers: call the first person of the rota, as for a danger; the call's address."""
    row = Danger(task_id=None, person_id=actor.id, line="This is a test.", state="raised", raised_at=clock.now())
    db.session.add(row)
    db.session.flush()
    audit.note(actor, "tested", "danger", row.public_id)
    if not call_next(row):
        raise Refused("There is nobody who could be called.")
    return row.public_id


def acknowledge(actor: Actor, danger_id: str) -> None:
    """Whoever was called says that they are looking after it; the first one to say so has it."""
    row = _called(actor, danger_id)
    taken = update(Danger).where(Danger.id == row.id, Danger.state == "paged")
    values = {"state": "acknowledged", "acknowledged_at": clock.now(), "answered_by_id": actor.id}
    if not db.session.execute(taken.values(**values)).rowcount:
        raise Refused("Somebody looks after it already.")
    audit.note(actor, "acknowledged", "danger", row.public_id)


def close(actor: Actor, danger_id: str, *, ended: str) -> None:
    """Say what came of it, by whoever looked after it."""
    row = _called(actor, danger_id)
    if not ended.strip():
        raise BadInput(Problem("say what was done", field="ended"))
    mine = update(Danger).where(Danger.id == row.id, Danger.state == "acknowledged", Danger.answered_by_id == actor.id)
    if not db.session.execute(mine.values(state="closed", ended=ended.strip(), closed_at=clock.now())).rowcount:
        raise Refused("Answer the call first.")
    audit.note(actor, "closed", "danger", row.public_id)


def _called(actor: Actor, danger_id: str) -> Danger:
    """A report that *actor* was called for; every other is not there."""
    query = select(Danger).join(DangerCall, DangerCall.danger_id == Danger.id)
    row = db.session.scalar(query.where(Danger.public_id == danger_id, DangerCall.person_id == actor.id))
    if row is None:
        raise NotFound("call")
    return row
