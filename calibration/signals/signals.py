"""Signals: a drop of one agent, found by the scan, and what people do about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update

from calibration.models.signals import CorrectiveAction, Signal
from calibration.queries import agents
from calibration.signals import corrections, more_samples, raising, scanning
from qa import questions
from qa.core import audit, clock
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.jobs import Work
from qa.grading import answers

#: What a person can do about a signal, besides dismissing it.
DEEDS = ("module", "coaching", "sampling", "question")
#: The way of a corrective action: from -> to.
WAY = {"asked": ("under_way", "done", "closed"), "under_way": ("done", "closed"), "done": ("checked", "closed"),
       "checked": ("closed",)}  # fmt: skip
ENDS = ("done", "checked", "closed")
#: What a person says to be done; a module and a question report by themselves.
BY_HAND = ("coaching", "sampling")
#: Weeks from the deed to the look at its outcome.
CHECK_AFTER_WEEKS = 6


def scan(actor: Actor, *, as_of: datetime | None = None, afresh: bool = False) -> list[Signal]:
    """Look for drops over everything graded so far, and keep what is found; what is new. Idempotent."""
    return raising.keep(actor, scanning.look(as_of, afresh=afresh))


def scan_job(work: Work) -> dict[str, int]:
    """The daily scan: it reads outside the writing transaction, and only where something has changed since the last."""
    seen = scanning.look(only_changed=True)
    db.session.rollback()
    work.progress(1, 2, "Keeping what was found")
    return {"raised": write(lambda: len(raising.keep(work.actor, seen)))}


def own(actor: Actor, public_id: str) -> Signal:
    """Take a signal into one's hands."""
    row = _seen_by(actor, public_id)
    if row.state != "acted_on" or row.owner_id is not None:  # the scan may have begun a training before anybody came
        _move(row, "owned", ("raised",), "This alert is in somebody's hands already, or has ended.")
    row.owner_id = actor.id
    audit.note(actor, "owned", "signal", row.public_id)
    return row


def explain(actor: Actor, public_id: str, *, cause: str) -> Signal:
    """Say what is behind a signal, once somebody has looked at its cases."""
    answers.check_reason("root_cause", cause)
    row = _seen_by(actor, public_id)
    row.cause = cause
    audit.note(actor, "explained", "signal", row.public_id, cause=cause)
    db.session.flush()
    return row


def act(
    actor: Actor,
    public_id: str,
    kind: str,
    *,
    section_keys: Sequence[str] = (),
    reason: str = "",
    due_on: date | None = None,
) -> CorrectiveAction:
    """Do something about a signal: assign a module, coach, sample more, or ask about a clause. Each once.

    Due as a training is, unless said otherwise. More samples are asked of each plan's next window at once.
    """
    if kind not in DEEDS:
        raise BadInput(Problem(f"one of {', '.join(DEEDS)}", field="kind", value=kind))
    row = _seen_by(actor, public_id)
    known = select(CorrectiveAction.id).where(CorrectiveAction.signal_id == row.id, CorrectiveAction.kind == kind)
    if db.session.scalar(known) is not None:
        raise Refused("This was done about the alert already.")
    keys = list(section_keys) or concerned(row)
    if kind in ("module", "question") and not keys:
        raise Refused("No clause is known that this could be about.")
    _move(row, "acted_on", ("raised", "owned", "acted_on"), "This alert has ended.")
    made = CorrectiveAction(
        signal_id=row.id, kind=kind, section_keys=keys, reason=reason, owner_id=row.owner_id or actor.id,
        by_id=actor.id, state="asked", due_on=due_on or corrections.due(row.agent_id),
    )  # fmt: skip
    if kind == "sampling":
        if not more_samples.ask(actor, row):
            raise Refused("No live plan that measures draws agent by agent, so that none can draw more of one.")
        made.state = "under_way"
    if kind == "question":
        made.question_id = questions.open_question(
            actor, section_key=keys[0], origin_kind="signal", origin_ref=row.public_id, evidence={"errors": row.errors},
            text=reason,
        ).id  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.note(actor, "acted_on", "signal", row.public_id, kind=kind)
    return made


def dismiss(actor: Actor, public_id: str, *, reason: str, text: str = "") -> Signal:
    """End a signal without doing anything about it, with a reason. What was asked for and not begun is closed."""
    answers.check_reason("dismiss", reason)
    row = _seen_by(actor, public_id)
    _move(row, "dismissed", ("raised", "owned"), "This alert has been acted on, or has ended.")
    db.session.execute(
        update(CorrectiveAction)
        .where(CorrectiveAction.signal_id == row.id, CorrectiveAction.state == "asked")
        .values(state="closed", check_result="the alert was dismissed")
    )
    said = f"{reason}: {text}" if text else reason
    more_samples.end(actor, row)
    db.session.add(
        CorrectiveAction(
            signal_id=row.id, kind="dismissed", section_keys=[], reason=said, owner_id=actor.id, by_id=actor.id,
            state="closed",
        )
    )  # fmt: skip
    db.session.flush()
    audit.note(actor, "dismissed", "signal", row.public_id, reason=reason)
    return row


def report(actor: Actor, action_public_id: str, *, state: str, result: str | None = None) -> CorrectiveAction:
    """Say how far a corrective action is; an upper room's work comes back here. Done ends the stream's epoch."""
    row = db.session.scalar(select(CorrectiveAction).where(CorrectiveAction.public_id == action_public_id))
    if row is None:
        raise NotFound("corrective action")
    moved = db.session.execute(
        update(CorrectiveAction)
        .where(CorrectiveAction.id == row.id)
        .where(CorrectiveAction.state.in_([now for now, then in WAY.items() if state in then]))
        .values(state=state)
    ).rowcount
    if not moved:
        raise Refused("This cannot be said of the corrective action now.")
    if state == "done":
        row.done_at = clock.now()
        row.check_on = row.check_on or (row.done_at + timedelta(weeks=CHECK_AFTER_WEEKS)).date()
    if result is not None:
        row.check_result = result
    audit.note(actor, "reported", "corrective_action", row.public_id, state=state)
    db.session.flush()
    if row.signal_id is not None:
        _after_report(row.signal_id)
    return row


def finish(actor: Actor, public_id: str, action: str) -> CorrectiveAction:
    """Say that coaching has taken place, or that enough was sampled."""
    found = _action(actor, public_id, action)
    if found.kind not in BY_HAND:
        raise Refused("This reports by itself when it is done.")
    if found.kind == "sampling":
        more_samples.end(actor, _seen_by(actor, public_id))
    return report(actor, found.public_id, state="done")


def check(actor: Actor, public_id: str, action: str, *, result: str) -> CorrectiveAction:
    """Write down what became of it and close it; with the last one the signal is closed."""
    found = _action(actor, public_id, action)
    if not result:
        raise BadInput(Problem("what the check found", field="result"))
    if found.state not in ("done", "checked"):
        raise Refused("This is not done yet, or was closed already.")
    return report(actor, found.public_id, state="closed", result=result)


def concerned(row: Signal) -> list[str]:
    """The clauses that a signal is about: those that are the person's matter, else the leading one."""
    found = [one["section"] for one in row.evidence.get("matters", []) if one["matter"] == "person"]
    return found or ([row.lead_key] if row.lead_key else [])


def _after_report(signal_id: int) -> None:
    """A signal in which something is under way is acted on; when all of it is closed, so is the signal."""
    db.session.execute(
        update(Signal).where(Signal.id == signal_id, Signal.state.in_(("raised", "owned"))).values(state="acted_on")
    )
    still = select(func.count()).select_from(CorrectiveAction)
    still = still.where(CorrectiveAction.signal_id == signal_id, CorrectiveAction.state != "closed")
    if not db.session.scalar(still):
        closed = update(Signal).where(Signal.id == signal_id, Signal.state == "acted_on").values(state="closed")
        if db.session.execute(closed).rowcount:
            more_samples.end(SYSTEM, db.session.get_one(Signal, signal_id))


def _action(actor: Actor, public_id: str, action: str) -> CorrectiveAction:
    """One corrective action of a signal that *actor* looks after."""
    row = _seen_by(actor, public_id)
    query = select(CorrectiveAction).where(CorrectiveAction.public_id == action, CorrectiveAction.signal_id == row.id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("corrective action")
    return found


def _seen_by(actor: Actor, public_id: str) -> Signal:
    """The signal, for those who look after its agent; for others it is not there."""
    row = db.session.scalar(select(Signal).where(Signal.public_id == public_id))
    if row is None or row.agent_id not in agents.led_by(actor):
        raise NotFound("alert")
    return row


def _move(row: Signal, state: str, allowed: tuple[str, ...], refusal: str) -> None:
    moved = db.session.execute(
        update(Signal).where(Signal.id == row.id, Signal.state.in_(allowed)).values(state=state)
    ).rowcount
    if not moved:
        raise Refused(refusal)
    db.session.refresh(row)
