"""Practice before the first real queue: settled cases with immediate answers, until a lead says "ready".

A case that somebody practised on is never given to them. Nobody is made to practise before enough cases are settled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import chain, zip_longest
from typing import Any

from sqlalchemy import Select, bindparam, exists, select, update

from qa import settlement, touches
from qa.core import audit, clock, leading, preferences, released
from qa.core.access import Actor, actor
from qa.core.db import ask, db
from qa.core.errors import NotFound, Refused
from qa.core.models import Person
from qa.core.notices import notify
from qa.grading import answers, conflicts, workflows
from qa.models.cases import CaseText, ClosedCase
from qa.models.grading import CaseHarm, Grade
from qa.models.practice import Practice, PracticeCase
from qa.models.truth import Finding, Truth
from qa.standing import Vote, matches

#: Decisions that two looks or a ruling stand behind.
BASES = ("agreed", "majority", "adjudicated", "audit")
#: Among so many of the newest settled cases the ones to practise on are chosen.
NEWEST = 300
_ME = bindparam("person", type_=Person.id.type)
_WHERE = select(
    select(Practice.state).where(Practice.person_id == _ME).scalar_subquery(),
    exists().where(Grade.person_id == _ME).label("has_graded"),
)


def is_wanted(who: Actor) -> bool:
    """Whether *who* practises before real cases: a new grader, once there are enough settled cases to practise on."""
    state, has_graded = ask(_WHERE, {"person": who.id}).one()
    if state is not None:
        return bool(state == "practising")
    size = int(preferences.get("practice_cases"))
    return bool(size and not has_graded and len(db.session.execute(_suitable(who).limit(size)).all()) >= size)


def begin(who: Actor) -> None:
    """Choose the cases that *who* practises on: as many violations as none, as far as there are."""
    if db.session.scalar(select(Practice.id).where(Practice.person_id == who.id)) is not None:
        raise Refused("You have begun already.")
    size = int(preferences.get("practice_cases"))
    found = db.session.execute(_suitable(who).order_by(Truth.id.desc()).limit(NEWEST)).all()
    chosen = _mixed(found, who.public_id)[:size]
    if not chosen:
        raise Refused("No settled case to practise on yet.")
    db.session.add(Practice(person_id=who.id, state="practising"))
    for no, row in enumerate(chosen, start=1):
        form = workflows.ensure(row.workflow).id
        db.session.add(PracticeCase(person_id=who.id, case_id=row.case_id, workflow_id=form, no=no))
        touches.touch(row.case_id, who.id or 0, "graded")
    db.session.flush()
    audit.note(who, "began", "practice", who.public_id, cases=len(chosen))


def _suitable(who: Actor) -> Select[Any]:
    """Cases that are settled as far as everybody may know, and that *who* reads and had nothing to do with."""
    told = ("published", "acknowledged")
    query = (
        select(Truth.case_id, Truth.verdict, ClosedCase.workflow)
        .join(ClosedCase, ClosedCase.id == Truth.case_id)
        .join(CaseText, CaseText.case_id == Truth.case_id)
        .join(Finding, Finding.truth_id == Truth.id)
        .where(
            Truth.replaced_at.is_(None),
            Truth.basis.in_(BASES),
            Truth.settled_at <= released.last_release(),
            Finding.state.in_(told),
            CaseText.text.is_not(None),
            ~exists().where(CaseHarm.case_id == Truth.case_id),
            ~conflicts.has_conflict(who.id),
        )
    )
    if who.languages:
        query = query.where(CaseText.language.is_(None) | CaseText.language.in_(sorted(who.languages)))
    keys = sorted(skill.split(":", 1)[1] for skill in who.skills if skill.startswith("workflow:"))
    return query.where(ClosedCase.workflow.in_(keys)) if keys else query


def _mixed(rows: Sequence[Any], seed: str) -> list[Any]:
    """Violations and others in turn, each in an order that is one person's own."""

    def own(row: Any) -> bytes:
        return hashlib.sha256(f"{seed}/{row.case_id}".encode()).digest()

    violating = sorted((row for row in rows if row.verdict == "violates"), key=own)
    others = sorted((row for row in rows if row.verdict != "violates"), key=own)
    parts = (violating, others)
    return [row for row in chain.from_iterable(zip_longest(*parts)) if row is not None]


def answer(who: Actor, practice_id: str, given: answers.Given) -> bool:
    """Take an answer, once; whether it is the one that stands.

    Raises NotFound for a case that *who* does not practise on, Refused the second time, BadInput for an answer that the
    form or the policy of that day does not know.
    """
    query = select(PracticeCase).where(PracticeCase.public_id == practice_id, PracticeCase.person_id == who.id)
    row = db.session.scalar(query)
    if row is None:
        raise NotFound("case to practise on")
    checked = answers.checked(row.case_id, row.workflow_id, given)
    truth = db.session.scalars(select(Truth).where(Truth.case_id == row.case_id, Truth.replaced_at.is_(None))).one()
    standing = Vote(truth.verdict, truth.section_key, truth.action)
    mine = Vote(checked.verdict, checked.section_key, checked.action)
    is_same = matches(mine, standing, settlement.levels_of(row.case_id))
    values = {
        "verdict": checked.verdict, "section_key": checked.section_key, "action": checked.action,
        "answers": checked.extra, "confidence": checked.confidence, "note": checked.note,
        "answered_at": clock.now(), "is_same": is_same,
    }  # fmt: skip
    first = update(PracticeCase).where(PracticeCase.id == row.id, PracticeCase.answered_at.is_(None)).values(**values)
    if not db.session.execute(first).rowcount:
        raise Refused("You have answered this case already.")
    audit.note(who, "practised", "practice_case", practice_id)
    return is_same


def spare(lead: Actor, person_id: int) -> None:
    """Let somebody look at the case that is kept for them without practice, as a guest does."""
    row = db.session.scalar(select(Practice).where(Practice.person_id == person_id))
    if row is None:
        row = Practice(person_id=person_id)
        db.session.add(row)
    row.state, row.ready_at, row.by_id = "ready", clock.now(), lead.id
    db.session.flush()


def say_ready(lead: Actor, person_id: str) -> None:
    """A lead lets a grader begin with real cases, whether or not they have practised."""
    number = db.session.scalar(select(Person.id).where(Person.public_id == person_id, leading.in_reach(lead)))
    grader = None if number is None else actor(number)
    if grader is None or grader.id is None or not grader.has("reviewer"):
        raise NotFound("grader")
    row = db.session.scalar(select(Practice).where(Practice.person_id == grader.id))
    if row is None:
        row = Practice(person_id=grader.id, state="practising")
        db.session.add(row)
    if row.state == "ready":
        raise Refused("This grader was said to be ready already.")
    row.state, row.ready_at, row.by_id = "ready", clock.now(), lead.id
    db.session.flush()
    audit.note(lead, "said_ready", "practice", grader.public_id)
    notify.tell(
        person_id=grader.id, kind="practice", object_ref=grader.public_id, line="You may begin with real cases.",
        url="/grade", dedupe_key=f"ready:{grader.public_id}",
    )  # fmt: skip
