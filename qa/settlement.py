"""Where a drawn case stands: votes in, one rule, and what follows, all in the transaction of the last commit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from qa import truths
from qa.core import audit, clock
from qa.core.access import SYSTEM, Actor
from qa.core.db import ask, db, is_sqlite
from qa.core.errors import NotFound
from qa.grading import asking, queue, workflows
from qa.models.cases import ClosedCase
from qa.models.grading import Grade, Skip, Task, TaskPurpose
from qa.models.truth import Settlement, Truth
from qa.policies import merging, section_keys
from qa.standing import Standing, Vote, standing
from qa.tallies import tallies

#: Purposes whose committed grades are votes.
VOTING = ("first", "overlap", "second", "audit")
#: Purposes whose looks are revealed like any other.
ORDINARY = (*VOTING, "gold", "repeat")
#: What stands because somebody ruled so.
RULINGS = ("adjudicated", "both_defensible", "dispute", "not_blind")
#: Purposes of looks that no decision waits for: nobody else is asked when one is passed on.
APART = ("gold", "repeat", "calibration", "practice")
#: Any number that no other advisory lock of ours has.
_SETTLE_LOCK = 7_266_002
#: How often a case may be skipped before nobody is asked any more.
SKIPS = 2
_TASK, _GRADE, _PURPOSE = Task.__table__.c, Grade.__table__.c, TaskPurpose.__table__.c
_CASES = bindparam("case_ids", expanding=True)
_ALONE = select(func.pg_advisory_xact_lock(_SETTLE_LOCK))
#: Locked in one order by everybody.
_TO_MOVE = (
    select(Settlement, ClosedCase)
    .join(ClosedCase, ClosedCase.id == Settlement.case_id)
    .where(Settlement.case_id.in_(_CASES))
    .order_by(Settlement.case_id)
    .with_for_update(of=Settlement)
)
_LOOKS = (
    select(
        _TASK.case_id, _GRADE.id, _GRADE.person_id, _GRADE.committed_at, _GRADE.verdict, _GRADE.section_key,
        _GRADE.action,
    )
    .join_from(Grade.__table__, Task.__table__, _TASK.id == _GRADE.task_id)
    .join(TaskPurpose.__table__, _PURPOSE.task_id == _TASK.id)
    .where(_TASK.case_id.in_(_CASES), _GRADE.committed_at.is_not(None), _PURPOSE.purpose.in_(VOTING))
    .order_by(_GRADE.committed_at, _GRADE.id)
)  # fmt: skip
_PINNED = select(_TASK.case_id, _TASK.workflow_id).where(_TASK.case_id.in_(_CASES)).order_by(_TASK.id)


@dataclass(frozen=True, slots=True)
class Look:
    """A committed vote with who cast it."""

    grade_id: int
    person_id: int
    committed_at: datetime
    vote: Vote


def settle(case_id: int) -> str:
    """Look at a case's committed votes and move its settlement to where the rule says; the state it is in then."""
    return settle_all([case_id])[case_id]


def settle_all(case_ids: Collection[int]) -> dict[int, str]:
    """The same for several cases, in the order given: asked about and stored together, each judged for itself."""
    rows, looks, levels = _locked_all(case_ids), _looks_of(case_ids), _levels_of(case_ids)
    standing_now, made = truths.current_of(case_ids), []
    for case_id in case_ids:
        row, case = rows[case_id]
        if _is_ruled(standing_now.get(case_id), row):
            continue
        votes = [decision_of(case), *(look.vote for look in looks[case_id])]
        result = standing(votes, row.looks_planned, levels[case_id])
        row.looks_in = len(looks[case_id])
        if _stands(row, result) and result.answer is not None and result.basis is not None:
            before = standing_now.get(case_id)
            basis = result.basis if before is None else "audit"  # what settled is moved by a further look alone
            settled = truths.Settled(case, result.answer, basis, looks[case_id][-1].person_id, levels[case_id])
            made.append(truths.prepared(settled, before))
            _state(row, "settled")
        else:
            _follow(row, case, result)
    truths.store([one for one in made if one is not None])
    return {case_id: rows[case_id][0].state for case_id in case_ids}


def _is_ruled(truth: Truth | None, row: Settlement) -> bool:
    """Whether somebody ruled on the case: votes that come later do not undo that."""
    return truth is not None and row.state == "settled" and truth.basis in RULINGS


def _stands(row: Settlement, result: Standing) -> bool:
    """Whether an answer stands. What was given up stays so."""
    return result.state == "settled" and row.state not in ("ungradable", "unreached")


def _follow(row: Settlement, case: ClosedCase, result: Standing) -> None:
    """Move to where votes lead that let nothing stand; what was settled moves by a tie only."""
    if row.state in ("ungradable", "unreached"):
        return
    if result.state == "adjudication" or (row.state == "settled" and result.state == "difference"):
        _state(row, "adjudication")
        asking.ask_for_adjudication(case.id)
    elif row.state == "settled":
        return
    elif result.state == "ungradable":
        _state(row, "ungradable", "two could not tell")
    elif result.state == "difference":
        _state(row, "difference")
        asking.ask_for(case.id, "second")


def ruled(case_id: int, answer: Vote, *, basis: str, by: Actor) -> str:
    """Let *answer* stand because somebody ruled so; the settlement's state then."""
    row = _locked(case_id)
    case = db.session.get_one(ClosedCase, case_id)
    truths.stand(case, answer, basis=basis, settler_id=by.id, levels=levels_of(case_id), by=by)
    _state(row, "settled")
    row.needs_person = False
    db.session.flush()
    return row.state


def give_up(case_id: int, state: str, why: str) -> str:
    """Let a case that is not settled be non-response of its stratum; nobody is asked any more."""
    row = _locked(case_id)
    asking.drop(case_id)
    if row.state == "adjudication" and truths.current(case_id) is not None:
        _state(row, "settled")  # a further look led there, and nothing came of it: what stood stands
        row.needs_person = False
    elif row.state in ("open", "difference", "adjudication"):
        _state(row, state, why)
        row.needs_person = False
        void = update(Task).where(Task.case_id == case_id, Task.state == "waiting").values(state="void")
        db.session.execute(void.execution_options(synchronize_session=False))
        db.session.flush()
    return row.state


def left_open(case_id: int, *, needs_person: bool) -> str:
    """Leave a case where it is, for a lead to look at if nobody else will; the settlement's state."""
    row = _locked(case_id)
    row.needs_person = needs_person
    db.session.flush()
    return row.state


def _locked(case_id: int) -> Settlement:
    """The settlement to be moved."""
    return _locked_all([case_id])[case_id][0]


def _locked_all(case_ids: Collection[int]) -> dict[int, tuple[Settlement, ClosedCase]]:
    """The settlements to be moved, with their cases. One transaction moves settlements at a time: two batches that
    touch the same roll-ups and cases in different orders would otherwise wait for each other for ever."""
    if not is_sqlite():
        ask(_ALONE)
    rows = {row.case_id: (row, case) for row, case in db.session.execute(_TO_MOVE, {"case_ids": list(case_ids)})}
    if len(rows) < len(set(case_ids)):
        raise NotFound("settlement")
    return rows


def _state(row: Settlement, state: str, reason: str | None = None) -> None:
    if row.state != state:
        audit.note(SYSTEM, "settlement_moved", "case", row.case_id, state=state)
        row.state, row.reason, row.changed_at = state, reason, clock.now()
        tallies.changed(row.case_id)


def decision_of(case: ClosedCase) -> Vote:
    """The case's own decision as a vote."""
    verdict = "no_violation" if case.decided_key == section_keys.NONE else "violates"
    return Vote(verdict, merging.resolved(case.decided_key), case.action, is_decision=True)


def committed_looks(case_id: int) -> list[Look]:
    """The committed votes on a case, oldest first."""
    return _looks_of([case_id])[case_id]


def _looks_of(case_ids: Collection[int]) -> dict[int, list[Look]]:
    """Case -> its committed votes, oldest first."""
    found: dict[int, list[Look]] = {case_id: [] for case_id in case_ids}
    for case_id, grade_id, person_id, at, *answer in ask(_LOOKS, {"case_ids": list(case_ids)}):
        found[case_id].append(Look(grade_id, person_id, at, Vote(*answer)))
    return found


def levels_of(case_id: int) -> list[str]:
    """The levels that a look at this case settles, by the form that its tasks were made with."""
    return _levels_of([case_id])[case_id]


def _levels_of(case_ids: Collection[int]) -> dict[int, list[str]]:
    """Case -> the levels that a look at it settles: those of the form that its first task was made with."""
    pinned: dict[int, int] = {}
    for case_id, workflow_id in ask(_PINNED, {"case_ids": list(case_ids)}):
        pinned.setdefault(case_id, workflow_id)
    levels = {case_id: workflows.form_of(workflow_id).settle_levels for case_id, workflow_id in pinned.items()}
    return {case_id: list(levels.get(case_id) or ("verdict", "policy")) for case_id in case_ids}


def after_skip(task_id: int) -> int | None:
    """The skipped case goes to another person, at most twice: that task. After that nobody is asked any more: None."""
    task = db.session.get_one(Task, task_id)
    purpose = db.session.get_one(TaskPurpose, task_id)
    if purpose.purpose in APART:
        return None
    same_line = asking.tasks_for(task.case_id, purpose.purpose).join(Skip, Skip.task_id == Task.id).order_by(None)
    skips = db.session.scalar(select(func.count()).select_from(same_line.subquery())) or 0
    row = _locked(task.case_id)
    lines = max(row.looks_planned - 1, 1) if purpose.purpose == "overlap" else asking.seats_of(task_id)
    if skips > SKIPS * lines:
        if give_up(task.case_id, "unreached", "passed on three times") == "settled":
            row.needs_person = purpose.purpose != "audit"  # nobody waits for a look that chance asked for
        return None
    wanted = {
        "case_id": task.case_id, "workflow_id": task.workflow_id, "purpose": purpose.purpose,
        "needs_skill": task.needs_skill, "origin": purpose.origin,
    }  # fmt: skip
    queue.add_tasks([wanted], release_at=clock.now())
    return db.session.scalars(asking.tasks_for(task.case_id, purpose.purpose).limit(1)).one()
