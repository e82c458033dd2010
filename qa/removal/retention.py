"""How long texts of cases and the people in figures are kept; what is over is taken out, and the numbers stay."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, delete, func, null, or_, select, true, update

from qa.attachments import attachments
from qa.core import audit, clock, jobs, preferences, scrubbing
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.jobs import Work
from qa.core.registries import registries
from qa.draws import former_agents, frames
from qa.models.cases import CaseText, ClosedCase, ImportReject, Message, Touch
from qa.models.texts import Attachment, Mask
from qa.models.truth import Finding, Truth
from qa.redaction import personal
from qa.removal import erasing
from qa.tallies import tallies

JOB = "retention.run"
#: Cases of one transaction.
SOME = 500
#: A fact of more characters is a text; a shorter one stays, because plans are verified by it.
LONGEST_FACT = 60
_MONTH = timedelta(days=365.25 / 12)


@dataclass(frozen=True, slots=True)
class Limits:
    """The moments before which something is over."""

    texts: datetime
    people: datetime
    #: Results that came out later are not counted; None: all are.
    told: datetime | None = None


def limits(as_of: datetime) -> Limits:
    """What is over at *as_of*, by the settings that hold now."""
    return Limits(
        as_of - timedelta(days=preferences.get("case_text_days")), as_of - preferences.get("person_months") * _MONTH
    )


def run(
    actor: Actor, *, as_of: datetime | None = None, dry_run: bool = False, work: Work | None = None
) -> dict[str, Any]:
    """Take out what is over at *as_of* (now); counts by where it stood. Opens its own transactions, some cases each.

    *dry_run* only counts. What was taken out is gone from the files too, once it is all done.
    """
    over = limits(as_of or clock.now())
    db.session.rollback()
    counts = _due(over)
    db.session.rollback()
    if dry_run or not any(counts.values()):
        return {"as_of": (as_of or clock.now()).isoformat(), "dry_run": dry_run, "counts": counts}
    done: Counter[str] = Counter()
    for step in (_purge_texts, _lose_people):
        while more := _one(step, over):
            done += more
            if work is not None:
                work.progress(sum(done.values()))
    done += write(lambda: _lose_elsewhere(over))
    found = {name: int(done[name]) for name in counts}
    said = scrubbing.scrub({"case_text", "message", "closed_case", "attachment", "finding", "import_reject"})
    write(lambda: audit.note(actor, "kept_to_retention", "retention", over.texts.date(), **found))
    return {"as_of": (as_of or clock.now()).isoformat(), "dry_run": False, "counts": found, **said}


def due(as_of: datetime, *, told: datetime | None = None) -> dict[str, int]:
    """How much is over at that moment, by where it stands; of results those that came out by *told*."""
    return _due(replace(limits(as_of), told=told))


def known_people(*, told: datetime | None = None) -> dict[str, int]:
    """How much knows somebody now, by where it stands; of results those that came out by *told*."""
    now = clock.now()
    found = _due(Limits(now, now, told))
    return {name: count for name, count in found.items() if name not in ("case_text", "attachment", "import_reject")}


def ask_for(actor: Actor) -> None:
    """Have the job run now instead of at night."""
    jobs.enqueue(actor, JOB, dedupe_key=JOB)


def job(work: Work) -> dict[str, Any]:
    """The nightly job."""
    return run(work.actor, work=work)


def _one(step: Any, over: Limits) -> Counter[str]:
    counts, gone = write(lambda: step(over))
    attachments.remove(gone)
    found: Counter[str] = counts
    return found


def _due(over: Limits) -> dict[str, int]:
    """How much is over, by where it stands."""
    queries = {
        "case_text": _texts_over(over),
        "attachment": _files_over(over),
        "import_reject": select(ImportReject.id).where(_rejects_over(over)),
        "closed_case": _people_over(over),
        "finding": select(Finding.id).where(_findings_over(over)),
    }
    found = {
        name: db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
        for name, query in queries.items()
    }
    return found | {holder.name: holder.count(over.people) for holder in registries().person_holders}


def _texts_over(over: Limits) -> Select[tuple[int]]:
    query = select(CaseText.case_id).where(CaseText.created_at < over.texts, CaseText.purged_at.is_(None))
    return query.order_by(CaseText.case_id)


def _files_over(over: Limits) -> Select[tuple[int]]:
    old = select(CaseText.case_id).where(CaseText.created_at < over.texts)
    return select(Attachment.id).where(Attachment.case_id.in_(old), Attachment.purged_at.is_(None))


def _rejects_over(over: Limits) -> ColumnElement[bool]:
    return and_(ImportReject.created_at < over.texts, ImportReject.value_start.is_not(None))


def _people_over(over: Limits) -> Select[tuple[int]]:
    named = or_(ClosedCase.agent_id.is_not(None), cast(ClosedCase.handled_by, Text) != "null")
    return select(ClosedCase.id).where(ClosedCase.closed_at < over.people, named).order_by(ClosedCase.id)


def _findings_over(over: Limits) -> ColumnElement[bool]:
    old = select(ClosedCase.id).where(ClosedCase.closed_at < over.people)
    named = or_(Finding.agent_id.is_not(None), Finding.settler_id.is_not(None), Finding.feedback != "")
    told = true() if over.told is None else Finding.created_at <= over.told
    return and_(Finding.case_id.in_(old), named, told)


def _purge_texts(over: Limits) -> tuple[Counter[str], list[str]]:
    """The texts of some cases: what was not decided by now is not asked any more."""
    counts: Counter[str] = Counter()
    rejects = update(ImportReject).where(_rejects_over(over)).values(value_start=None)
    counts["import_reject"] += int(db.session.execute(rejects).rowcount)
    case_ids = list(db.session.scalars(_texts_over(over).limit(SOME)))
    if not case_ids:
        return +counts, []
    counts["unreached"] += erasing.let_go(case_ids, "the text was kept no longer")
    gone = attachments.let_go(case_ids)
    counts["attachment"] += len(gone)
    emptied = {"text": None, "translation": None, "purged_at": clock.now()}
    for statement in (
        update(CaseText).where(CaseText.case_id.in_(case_ids)).values(emptied),
        update(Message).where(Message.case_id.in_(case_ids)).values(text="", translation=None),
        delete(Mask).where(Mask.case_id.in_(case_ids)),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
    _shorten_facts(case_ids)
    counts["case_text"] += len(case_ids)
    return counts, gone


def _shorten_facts(case_ids: list[int]) -> None:
    """Of what came in other columns only short words stay."""
    query = select(ClosedCase.id, ClosedCase.evidence, ClosedCase.withheld).where(ClosedCase.id.in_(case_ids))
    for case_id, *facts in db.session.execute(query).all():
        kept = [{name: value for name, value in held.items() if is_short(value)} for held in facts]
        if kept != facts:
            shorter = update(ClosedCase).where(ClosedCase.id == case_id)
            db.session.execute(shorter.values(evidence=kept[0], withheld=kept[1]))


def is_short(value: Any) -> bool:
    """Whether a fact is no text, and may stay."""
    said = str(value)
    return len(said) <= LONGEST_FACT and not personal.found_for_reuse(said)


def _lose_people(over: Limits) -> tuple[Counter[str], list[str]]:
    """The people of some cases: who decided, who handled, who had to do with it, who settled."""
    counts: Counter[str] = Counter()
    case_ids = list(db.session.scalars(_people_over(over).limit(SOME)))
    if case_ids:
        counts["closed_case"] += len(case_ids)
        _lose_deciders(case_ids)
        about = Touch.case_id.in_(case_ids)
        db.session.execute(delete(Touch).where(about, Touch.how.not_in(frames.SPENT)))
        db.session.execute(update(Touch).where(about).values(person_id=None))
        db.session.execute(update(Truth).where(Truth.case_id.in_(case_ids)).values(by_id=None))
    findings = list(db.session.scalars(select(Finding.id).where(_findings_over(over)).limit(SOME)))
    if findings:
        counts["finding"] += len(findings)
        values = {"agent_id": None, "settler_id": None, "feedback": ""}
        db.session.execute(update(Finding).where(Finding.id.in_(findings)).values(values))
    return counts, []


def _lose_deciders(case_ids: list[int]) -> None:
    """Who decided these cases: a word that stands for nobody known is left, by which draws are repeated."""
    known = former_agents.words_for(case_ids)
    lost: dict[str, Any] = {"agent_id": None, "handled_by": null()}
    if known is not None:
        since = case((ClosedCase.agent_id.is_not(None), clock.now()), else_=ClosedCase.agent_lost_at)
        lost |= {"former_agent": known, "agent_lost_at": since}
    nobody = update(ClosedCase).where(ClosedCase.id.in_(case_ids)).values(lost)
    db.session.execute(nobody.execution_options(synchronize_session=False))


def _lose_elsewhere(over: Limits) -> Counter[str]:
    """The roll-ups, and what rooms above hold of people."""
    tallies.forget_agents(before=over.people)
    return Counter({holder.name: holder.lose(over.people) for holder in registries().person_holders})
