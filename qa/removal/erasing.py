"""Erasing a person or a case on request: out of every row, every file and the log, with counts and nothing else kept.

What a person decided, graded or passed stays, as somebody's of whom nothing is known; what was found about a case
stays without its words. Repeated, it finds nothing left to do.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import or_, select, update

from qa import case_addresses, settlement
from qa.attachments import attachments
from qa.core import audit, clock, jobs, scrubbing
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import NotFound, ProductError, Refused
from qa.core.models import Notice, Person
from qa.core.people import people
from qa.core.registries import registries
from qa.draws import former_agents
from qa.models.cases import ClosedCase
from qa.models.grading import Task
from qa.models.policies import PolicyQuestion, QuestionVoice
from qa.models.texts import Erasure, Mask
from qa.models.truth import Settlement
from qa.removal import free_texts
from qa.removal import names as erasing_names

JOB = "erasure.run"
OPEN = ("open", "difference", "adjudication")


def ask(actor: Actor, kind: str, reference: str) -> str:
    """Ask for a person or a case to be erased, by the job; the request's address. In the caller's transaction.

    *reference*: the id in files (of a case also `source:id`), or the address. Raises NotFound, or Refused for oneself.
    """
    return _asked(actor, kind, reference).public_id


def ask_for_job(actor: Actor, kind: str, reference: str) -> None:
    """The same, with the job that does it."""
    public_id = ask(actor, kind, reference)
    jobs.enqueue(actor, JOB, {"erasure": public_id}, dedupe_key=f"{JOB}:{public_id}")


def _asked(actor: Actor, kind: str, reference: str) -> Erasure:
    ref = _subject(kind, reference.strip())
    if kind == "person" and ref == actor.public_id:
        raise Refused("Nobody erases themselves: ask another admin.")
    row = db.session.scalar(select(Erasure).where(Erasure.subject_kind == kind, Erasure.subject_ref == ref))
    if row is None:
        row = Erasure(subject_kind=kind, subject_ref=ref, by_id=actor.id, state="asked", mark=_mark(kind, reference))
        db.session.add(row)
    row.state = "asked"
    db.session.flush()
    audit.note(actor, "asked_to_erase", kind, ref)
    return row


def _mark(kind: str, reference: str) -> str:
    """By what a repeated request knows its subject, whose id is gone: nobody without the installation's key can."""
    said = f"{kind}:{reference.strip()}".encode()
    return hmac.new(current_app.config["SECRET_KEY"].encode(), said, hashlib.sha256).hexdigest()


def _subject(kind: str, reference: str) -> str:
    """The address of whoever or whatever is meant. Raises NotFound."""
    if kind == "person":
        query = select(Person.public_id).where(or_(Person.external_id == reference, Person.public_id == reference))
        found = db.session.scalars(query).all()
    else:
        source, colon, name = reference.partition(":")
        by_name = [ClosedCase.external_id == reference, *([ClosedCase.external_id == name] if colon else [])]
        query = select(ClosedCase.public_id, ClosedCase.source, ClosedCase.external_id).where(
            ClosedCase.replaced_at.is_(None), or_(case_addresses.at(reference), *by_name)
        )
        rows = db.session.execute(query).all()
        found = [row.public_id for row in rows if row.external_id != name or not colon or row.source == source]
    if not found:
        done = select(Erasure.subject_ref).where(Erasure.subject_kind == kind, Erasure.mark == _mark(kind, reference))
        found = db.session.scalars(done).all()
    if len(found) != 1:
        raise NotFound(kind if not found else f"{kind} of that name alone: name its source too (SOURCE:ID)")
    return found[0]


def run(actor: Actor, public_id: str, *, also: Sequence[str] = ()) -> dict[str, Any]:
    """Do what was asked, and write the files anew; counts by where it stood. Opens its own transactions.

    *also*: further requests, for which the files are written anew together with this one.
    """
    kind, counts, changed = _one(actor, public_id)
    done = {public_id: counts}
    for other in also:
        try:
            _kind, done[other], more = _one(actor, other)
        except ProductError:
            continue  # its own job says why it cannot be
        changed |= more
    said = scrubbing.scrub(changed)
    for one, found in done.items():
        write(lambda one=one, found=found: _end(actor, one, found))
    return {"subject": kind, "counts": dict(sorted(counts.items())), **said}


def _one(actor: Actor, public_id: str) -> tuple[str, Counter[str], set[str]]:
    """Take out what one request is about: what kind, counts by where it stood, and the tables that changed."""
    kind, ref = write(lambda: _begin(public_id))
    counts, gone, changed = write(lambda: _take_out(actor, kind, ref))
    counts["files"] += attachments.remove(gone)
    return kind, +counts, changed


def _take_out(actor: Actor, kind: str, ref: str) -> tuple[Counter[str], list[str], set[str]]:
    """What was taken out, the files to be removed once that is stored, and the tables that changed."""
    counts, gone = (_forget_person(actor, ref), []) if kind == "person" else _empty_case(actor, ref)
    return counts, gone, scrubbing.changed_here()


def job(work: jobs.Work, *, erasure: str) -> dict[str, Any]:
    """The job behind a request of the page. It does whatever else waits too: of a million cases, writing the files anew
    once takes longer than all the rest."""
    waiting = db.session.execute(select(Erasure.public_id, Erasure.state).order_by(Erasure.id)).all()
    db.session.rollback()
    if (erasure, "done") in map(tuple, waiting):
        return {"done": "with another request"}
    others = [one.public_id for one in waiting if one.state == "asked" and one.public_id != erasure]
    return run(work.actor, erasure, also=others)


def _begin(public_id: str) -> tuple[str, str]:
    row = db.session.scalar(select(Erasure).where(Erasure.public_id == public_id))
    if row is None:
        raise NotFound("request")
    row.state = "running"
    return row.subject_kind, row.subject_ref


def _end(actor: Actor, public_id: str, counts: Counter[str]) -> None:
    row = db.session.scalars(select(Erasure).where(Erasure.public_id == public_id)).one()
    row.state, row.ended_at = "done", clock.now()
    row.counts = {name: row.counts.get(name, 0) + count for name, count in counts.items()} | {
        name: count for name, count in row.counts.items() if name not in counts
    }
    audit.note(actor, "erased", row.subject_kind, row.subject_ref, **counts)


def _forget_person(actor: Actor, ref: str) -> Counter[str]:
    """Take a person's name out of everything; who they were is not known any more."""
    person = db.session.scalars(select(Person).where(Person.public_id == ref)).one()
    if person.erased_at is not None:
        return Counter()
    with people.an_admin_stays():
        names = erasing_names.Names.of(person)
        strata = former_agents.renamed(person.external_id, erasing_names.left_as(person))
        counts = Counter({"draw_stratum": strata}) + erasing_names.sweep(names)
        counts += erasing_names.own_rows(actor, person)
    return counts


def _empty_case(actor: Actor, ref: str) -> tuple[Counter[str], list[str]]:
    """Take every word about a case out; what it came to, and the files to be removed once this is stored."""
    one = db.session.scalars(select(ClosedCase).where(case_addresses.at(ref))).one()
    same = ClosedCase.source == one.source, ClosedCase.external_id == one.external_id
    case_ids = list(db.session.scalars(select(ClosedCase.id).where(*same)))
    known = free_texts.addresses(case_ids)
    let_go(case_ids, "erased")
    gone = attachments.let_go(case_ids)
    counts = free_texts.blank(case_ids)
    counts["mask"] += int(db.session.execute(Mask.__table__.delete().where(Mask.case_id.in_(case_ids))).rowcount)
    notices = update(Notice).where(Notice.object_ref.in_(known), Notice.line != "").values(line="")
    counts["notice"] += int(db.session.execute(notices).rowcount)
    asked = update(PolicyQuestion).where(PolicyQuestion.origin_ref.in_(known), PolicyQuestion.text != "")
    counts["policy_question"] += int(db.session.execute(asked.values(text="")).rowcount)
    beside = update(QuestionVoice).where(QuestionVoice.origin_ref.in_(known), QuestionVoice.text != "")
    counts["question_voice"] += int(db.session.execute(beside.values(text="")).rowcount)
    for holder in registries().text_holders:
        counts[holder.name] += holder.purge(sorted(known))
    return +counts, gone


def let_go(case_ids: list[int], why: str) -> int:
    """Let cases that are not settled be non-response: nobody is asked any more what cannot be read; how many."""
    states = select(Settlement.case_id).where(Settlement.case_id.in_(case_ids), Settlement.state.in_(OPEN))
    still_open = db.session.scalars(states.order_by(Settlement.case_id)).all()
    for case_id in still_open:
        settlement.give_up(case_id, "unreached", why)
    void = update(Task).where(Task.case_id.in_(case_ids), Task.state.in_(("waiting", "held"))).values(state="void")
    db.session.execute(void.execution_options(synchronize_session=False))
    return len(still_open)
