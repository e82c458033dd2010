"""Keeping what a scan saw: epochs, signals raised and withdrawn, and what follows. The same scan twice adds nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
from sqlalchemy import bindparam, select, update

from calibration.models.signals import CorrectiveAction, Scan, Signal, Stream
from calibration.queries.stream_columns import EPOCH
from calibration.signals import clauses, corrections, more_samples, wanted
from calibration.signals.clauses import Matter
from calibration.signals.grounds import LOOK_BACK, StreamCase
from calibration.signals.scanning import Seen
from calibration.signals.streams import Epoch
from calibration.signals.wanted import ALIVE, Wanted
from calibration.stats.drift import expected_false_alarms
from qa import questions
from qa.core import audit, clock, preferences
from qa.core.access import Actor
from qa.core.db import db
from qa.core.notices import notify
from qa.queries import voted


def keep(actor: Actor, seen: Seen) -> list[Signal]:
    """Keep what *seen* found; the signals that are new or went up from watch to act."""
    if seen.is_now:
        db.session.add(Scan(looked_at=seen.as_of, level=seen.level, is_full=seen.is_full))
    _keep_epochs(seen)
    kept = {
        (row.agent_id, row.kind, row.epoch, row.level, row.crossed_case_id): row
        for row in db.session.scalars(select(Signal).order_by(Signal.id))
    }
    found = wanted.wanted(seen, kept.values())
    raised = [row for one in found if (row := _raise(actor, one, kept, seen)) is not None]
    _withdraw(actor, {one.crossing for one in found}, kept, seen)
    _follow(actor, raised, seen)
    _ask_about_clauses(actor, seen)
    db.session.flush()
    return raised


def _keep_epochs(seen: Seen) -> None:
    """Write the epochs as they stand; an epoch whose opening moved is written anew."""
    replayed = [replay.agent_id for replay in seen.replays]
    every = select(Stream) if seen.is_full else select(Stream).where(Stream.agent_id.in_(replayed))
    rows = {(row.agent_id, row.epoch): row for row in db.session.scalars(every)} if replayed else {}
    for replay in seen.replays:
        for epoch in replay.epochs:
            row = rows.get((replay.agent_id, epoch.no))
            if row is None:
                row = Stream(agent_id=replay.agent_id, epoch=epoch.no)
                db.session.add(row)
            for name, value in _epoch_values(epoch, seen).items():
                if getattr(row, name) != value:
                    setattr(row, name, value)
    db.session.flush()
    if seen.carried:
        db.session.execute(_CARRY, [{"agent": agent_id, "number": epoch.no, **_stands(epoch, seen)}
                                    for agent_id, epoch in seen.carried.items()])  # fmt: skip


_CARRY = update(Stream.__table__).where(
    Stream.__table__.c.agent_id == bindparam("agent"), Stream.__table__.c.epoch == bindparam("number")
)


def _epoch_values(epoch: Epoch, seen: Seen) -> dict[str, Any]:
    return {
        "opened_at": epoch.opened_at,
        "cause": epoch.cause,
        "planned_per_week": epoch.planned_per_week,
        "threshold": epoch.threshold,
        "target": epoch.target,
        "level": seen.level,
        "baseline": dict(epoch.baseline),
        **_stands(epoch, seen),
    }


def _stands(epoch: Epoch, seen: Seen) -> dict[str, Any]:
    """How far an epoch is. Later scans go on from a scan as of now alone."""
    standing = epoch.standing if seen.is_now else None
    return {
        "frontier_case_id": epoch.frontier_case_id,
        "values": {"log_evidence": epoch.log_evidence},
        "standing": {} if standing is None else standing.as_json(),
    }


def _raise(actor: Actor, one: Wanted, kept: dict[tuple[int, str, int, str, int], Signal], seen: Seen) -> Signal | None:
    """The signal if it is new; one that is kept stays as it is, a watched one goes up to act."""
    row = kept.get(one.crossing)
    if row is not None and row.state != "withdrawn":
        return None
    watched = [
        other for key, other in kept.items()
        if key[:4] == (one.agent_id, one.kind, one.epoch, "watch") and other.state in ALIVE
    ]  # fmt: skip
    if row is None and one.level == "act" and watched:
        row = watched[0]
        kept.pop((one.agent_id, one.kind, one.epoch, "watch", row.crossed_case_id))
    if row is None:
        row = Signal(agent_id=one.agent_id, kind=one.kind, epoch=one.epoch, state="raised")
        db.session.add(row)
    if row.state == "withdrawn":
        row.state = "raised"
    row.level, row.crossed_case_id, row.crossed_at = one.level, one.case.case_id, one.case.closed_at
    row.lead_key, row.shares, row.n, row.errors = one.lead_key, one.shares, one.n, one.errors
    row.evidence, row.raised_at = one.evidence, clock.now()
    row.expected_false = expected_false_alarms(seen.agents, 13, seen.years) if one.kind == "drop" else None
    kept[one.crossing] = row
    db.session.flush()
    audit.note(actor, "raised", "signal", row.public_id, kind=one.kind, level=one.level, n=one.n, errors=one.errors)
    if one.level == "watch":  # the next windows tell sooner whether there is something
        more_samples.ask(actor, row, until=clock.now() + LOOK_BACK)
    return row


def _withdraw(
    actor: Actor, wanted: set[tuple[int, str, int, str, int]], kept: dict[tuple[int, str, int, str, int], Signal],
    seen: Seen,
) -> None:  # fmt: skip
    """Withdraw what the settled decisions carry no longer; what lies behind the frontier cannot be judged yet."""
    frontier = {replay.agent_id: replay.frontier for replay in seen.replays}
    for key, row in kept.items():
        is_seen = seen.is_full or row.kind == "below_standard" or row.agent_id in frontier
        if key in wanted or row.state not in ALIVE or not is_seen:
            continue
        if _can_be_judged(row, seen, frontier.get(row.agent_id)):
            row.state = "withdrawn"
            audit.note(actor, "withdrew", "signal", row.public_id)
            more_samples.end(actor, row)
            _tell_owner(row)
    db.session.flush()


def _tell_owner(row: Signal) -> None:
    """Whoever had it in hand learns that it is gone; what it led to, upper rooms follow up."""
    if row.owner_id is not None:
        notify.tell(
            person_id=row.owner_id, kind="alert_withdrawn", object_ref=row.public_id,
            line="An accuracy alert in your hands was withdrawn: settled decisions have changed.",
            url=f"/signals/{row.public_id}", dedupe_key=f"alert_withdrawn:{row.public_id}:{row.raised_at.isoformat()}",
        )  # fmt: skip


def _can_be_judged(row: Signal, seen: Seen, frontier: StreamCase | None) -> bool:
    """Whether this scan saw all that a kept signal rests on."""
    if row.crossed_at > seen.as_of:
        return False
    if row.kind == "critical":
        return row.crossed_at >= seen.as_of - LOOK_BACK
    if row.kind == "below_standard":
        return row.state == "raised"
    if row.crossed_case_id not in seen.ground.cases or frontier is None:
        return True
    crossed = seen.ground.cases.one(row.crossed_case_id)
    return (crossed.closed_at, crossed.number, crossed.case_id) <= frontier.place


def _follow(actor: Actor, raised: list[Signal], seen: Seen) -> None:
    """Whose matter each clause among the errors is; of a drop also what it leads to."""
    acts = [row for row in raised if row.level == "act"]
    if not acts:
        return
    agreement = clauses.grader_agreement(voted.looks())
    for row in acts:
        mine = seen.ground.of_agent(row.agent_id, EPOCH)
        errors = mine.met(np.isin(mine.case, row.evidence["cases"]))
        found = clauses.matters(
            errors, seen.recent(row.crossed_at), agent_id=row.agent_id, target=seen.target, agreement=agreement
        )
        row.evidence = {**row.evidence, "matters": [one.as_json() for one in found]}
        if row.kind == "drop":
            _ask_for(actor, row, found)
    db.session.flush()


def _ask_for(actor: Actor, row: Signal, found: list[Matter]) -> None:
    """One module on all that is the person's matter, unless leads confirm first; a question for each other clause."""
    asked = [ask(actor, one, "signal", row.public_id) for one in found if one.why]
    if asked:
        _once(row, "question", [one.section_key for one in found if one.why], asked[0])
    own = [one.section_key for one in found if not one.why]
    if own and not preferences.get("confirm_assignments"):
        _once(row, "module", own)


def _once(row: Signal, kind: str, section_keys: list[str], question_id: int | None = None) -> None:
    known = select(CorrectiveAction.id).where(CorrectiveAction.signal_id == row.id, CorrectiveAction.kind == kind)
    if db.session.scalar(known) is None:
        db.session.add(
            CorrectiveAction(
                signal_id=row.id,
                kind=kind,
                section_keys=section_keys,
                question_id=question_id,
                state="asked",
                owner_id=row.owner_id,
                due_on=corrections.due(row.agent_id),
            )
        )


def ask(actor: Actor, matter: Matter, origin_kind: str, origin_ref: str) -> int:
    """Ask the clause's owner; the inside number of the question."""
    question = questions.open_question(
        actor, section_key=matter.section_key, origin_kind=origin_kind, origin_ref=origin_ref,
        evidence=matter.as_json(),
    )  # fmt: skip
    return question.id


def _ask_about_clauses(actor: Actor, seen: Seen) -> None:
    """A clause that everybody misreads is asked about though nobody stands out, once in 13 weeks."""
    quarter = f"{seen.as_of.year}-{(seen.as_of.month - 1) // 3 + 1}"
    for matter in seen.misread:
        ask(actor, matter, "scan", quarter)
