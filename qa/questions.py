"""Questions to policy owners: a clause that people misread is asked about, and nobody is trained on it meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, update

from qa import voices
from qa.core import audit, clock, jobs, registries
from qa.core.access import Actor
from qa.core.columns import new_public_id
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.jobs import Work
from qa.core.models import Person, RoleGrant
from qa.core.notices import notify
from qa.models.cases import ClosedCase
from qa.models.grading import Grade
from qa.models.policies import PolicyQuestion
from qa.policies import queries as policy_queries

#: States in which an answer is still awaited.
WAITING = ("open", "with_owner")
#: Who asks, answers and closes.
OWNERS = ("policy_owner", "manager", "admin")
#: What a process question is about.
ABOUT = ("tool", "step", "translation")
JOB_TELL = "questions.tell"
#: Whoever worked by a clause in these days is told of an answer about it.
CONCERNED = timedelta(days=90)
_BATCH = 200


def open_question(
    actor: Actor,
    *,
    section_key: str,
    origin_kind: str,
    origin_ref: str,
    evidence: dict[str, Any],
    about: str | None = None,
    text: str = "",
    is_named: bool = True,
) -> PolicyQuestion:
    """Ask about a section, or find the question about it that still waits, and add *text* to that: one matter is asked
    once.

    *about*: the tool, the step or the translation that a process question is about; None: the policy itself.
    *is_named*: whether it stands on the question that *actor* asked.
    """
    waiting = waiting_question(section_key, about)
    if waiting is not None:
        if text.strip() and actor.id is not None:
            voices.add(actor, waiting, text=text)
        return waiting
    same = select(PolicyQuestion).where(
        PolicyQuestion.origin_kind == origin_kind,
        PolicyQuestion.origin_ref == origin_ref,
        PolicyQuestion.section_key == section_key,
    )
    asked = db.session.scalar(same)
    if asked is not None:
        return asked
    section = policy_queries.section(section_key, clock.now().date())
    row = PolicyQuestion(
        section_key=section_key,
        version_id=section.version_id if section else None,
        kind="process" if about else "policy",
        about=about,
        origin_kind=origin_kind,
        origin_ref=origin_ref,
        evidence=evidence,
        text=text,
        state="open",
        asked_by_id=actor.id if is_named else None,
    )
    db.session.add(row)
    db.session.flush()
    audit.note(actor, "asked", "policy_question", row.public_id, origin=origin_kind)
    return row


def ask(
    actor: Actor,
    *,
    section_key: str,
    text: str,
    about: str | None = None,
    origin: tuple[str, str] = ("hand", ""),
) -> PolicyQuestion:
    """Ask about a section by hand; anybody may, and where it is asked about already their words are added.

    *origin*: beside what it is asked (`voices.ORIGINS`), and the address of that. Raises BadInput for a section that no
    version in force has, NotFound for an origin that is not the actor's, Refused for one question too many.
    """
    if about is not None and about not in ABOUT:
        raise BadInput(Problem("one of " + ", ".join(ABOUT), field="about", value=about))
    if policy_queries.section(section_key, clock.now().date()) is None:
        raise BadInput(Problem("a section of a policy in force", field="section", value=section_key))
    answers = actor.has(*OWNERS)
    if not answers:
        voices.check(actor, origin)
    is_asked = waiting_question(section_key, about) is not None
    row = open_question(
        actor, section_key=section_key, origin_kind="hand", origin_ref=new_public_id(), evidence={},
        about=about, text=text if answers else "", is_named=answers,
    )  # fmt: skip
    if is_asked or not answers:
        voices.add(actor, row, text=text, origin=origin)
        audit.note(actor, "asked_too", "policy_question", row.public_id, origin=origin[0])
    return row


def waiting_question(section_key: str, about: str | None = None) -> PolicyQuestion | None:
    """The question about a section, or about the work by it, that nobody has answered yet."""
    query = select(PolicyQuestion).where(PolicyQuestion.section_key == section_key, PolicyQuestion.state.in_(WAITING))
    query = query.where(PolicyQuestion.about.is_(None) if about is None else PolicyQuestion.about == about)
    return db.session.scalar(query.order_by(PolicyQuestion.id).limit(1))


def hand(actor: Actor, public_id: str, *, owner: str = "") -> PolicyQuestion:
    """Take a question in hand, or give it to whoever has the address *owner*; until it is answered."""
    row = _question(public_id)
    holder = (
        actor.id if not owner else db.session.scalar(select(Person.id).where(_may_own(), Person.public_id == owner))
    )
    if holder is None:
        raise BadInput(Problem("somebody who answers for policies", field="owner", value=owner))
    _move(row, "with_owner", WAITING, "This question was answered already.", owner_id=holder)
    audit.note(actor, "handed", "policy_question", row.public_id)
    if holder != actor.id:
        _tell(row, [holder], "A policy question is yours to answer", "handed")
    return row


def answer(actor: Actor, public_id: str, *, wording: str, answer: str) -> PolicyQuestion:
    """Answer a question; one that nobody has in hand is taken first. Whoever works by the clause is told."""
    row = _question(public_id)
    if row.state == "open":
        hand(actor, public_id)
    _move(
        row, "answered", ("with_owner",), "This question was answered already.", wording=wording, answer=answer,
        answered_at=clock.now(),
    )  # fmt: skip
    audit.note(actor, "answered", "policy_question", row.public_id)
    _tell(row, sorted(_askers(row) - {actor.id}), "Your policy question is answered", "answered")
    jobs.enqueue(actor, JOB_TELL, {"question": row.public_id}, dedupe_key=f"{JOB_TELL}:{row.public_id}")
    return row


def close(actor: Actor, public_id: str, *, number: str = "", kept: str = "") -> PolicyQuestion:
    """End an answered question. *number*: the version of the policy that the answer led to, *kept*: the address of
    what an upper room keeps of it, a precedent; if to any."""
    row = _question(public_id)
    led_to = None
    titles = dict(registries.kept_answers(row.section_key))
    if kept and kept not in titles:
        raise BadInput(Problem("a precedent on this clause", field="kept", value=kept))
    if number:
        version = policy_queries.version(row.section_key.partition("/")[0], number)
        if version is None:
            raise BadInput(Problem("a version of this policy", field="number", value=number))
        led_to = version.id
    _move(row, "closed", ("answered",), "Only an answered question can be closed.", led_to_id=led_to,
          led_to_url=kept or None, led_to_title=titles.get(kept), closed_at=clock.now())  # fmt: skip
    audit.note(actor, "closed", "policy_question", row.public_id)
    return row


def tell_concerned(work: Work, *, question: str) -> dict[str, Any]:
    """Leave a line for everybody who worked by the clause of an answered question, or took part in what led to it (a
    job, safe to run twice)."""
    row = _question(question)
    people = sorted((_concerned(row.section_key) | registries.concerned(row.id)) - _askers(row))
    for at in range(0, len(people), _BATCH):
        write(
            lambda at=at: _tell(_question(question), people[at : at + _BATCH], "A policy question is answered", "told")
        )
        work.progress(min(at + _BATCH, len(people)), len(people), "telling whoever works by the clause")
    return {"told": len(people)}


def _askers(row: PolicyQuestion) -> set[int | None]:
    """Whoever asked it, by whatever way."""
    return {one for one in (row.asked_by_id, *voices.people(row)) if one is not None}


def _concerned(section_key: str) -> set[int | None]:
    """Who decided a case by this section, or named it in a grade, of late; of truths nobody learns by this."""
    since = clock.now() - CONCERNED
    decided = select(ClosedCase.agent_id).where(
        ClosedCase.closed_at >= since,
        or_(ClosedCase.decided_key == section_key, ClosedCase.play_key == section_key),
    )
    graded = select(Grade.person_id).where(Grade.section_key == section_key, Grade.committed_at >= since)
    active = select(Person.id).where(Person.active.is_(True), Person.erased_at.is_(None))
    return set(db.session.scalars(active.where(or_(Person.id.in_(decided), Person.id.in_(graded)))))


def _tell(row: PolicyQuestion, people: Iterable[int | None], said: str, kind: str) -> None:
    where = policy_queries.labels([row.section_key])[row.section_key]
    notify.tell_all(
        [one for one in people if one is not None], kind="question", object_ref=row.public_id, line=f"{said}: {where}",
        url=f"/questions/{row.public_id}", dedupe_key=f"question:{row.public_id}:{kind}",
    )  # fmt: skip


def said_now(reader: Actor, public_id: str) -> str | None:
    """What a notice about this question says now; None when it is neither answered nor *reader*'s to answer."""
    row = db.session.scalar(select(PolicyQuestion).where(PolicyQuestion.public_id == public_id))
    if row is None:
        return None
    said = "A policy question is answered" if row.state in ("answered", "closed") else None
    if row.state == "with_owner" and row.owner_id == reader.id:
        said = "A policy question is yours to answer"
    return f"{said}: {policy_queries.labels([row.section_key])[row.section_key]}" if said else None


def _question(public_id: str) -> PolicyQuestion:
    row = db.session.scalar(select(PolicyQuestion).where(PolicyQuestion.public_id == public_id))
    if row is None:
        raise NotFound("question")
    return row


def _may_own() -> Any:
    """Whoever is active and answers for policies."""
    roles = select(RoleGrant.person_id).where(RoleGrant.role.in_(OWNERS), RoleGrant.to_at.is_(None))
    return Person.id.in_(roles) & Person.active.is_(True)


def _move(row: PolicyQuestion, to: str, froms: tuple[str, ...], refusal: str, **changed: Any) -> None:
    """Move a question's state from one of *froms*, with what else changes; Refused from any other."""
    moved = db.session.execute(
        update(PolicyQuestion)
        .where(PolicyQuestion.id == row.id, PolicyQuestion.state.in_(froms))
        .values(state=to, **changed)
    ).rowcount
    if not moved:
        raise Refused(refusal)
    db.session.refresh(row)
