"""Precedents: a consensus worth keeping, on a clause; cited in discussions, on the policy's page and in training.

What a precedent leans on may change: where its clause changed in substance it is stale until its owner says that it
still holds, and where the clause is gone it is retired with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select, update

from calibration import clause_watch, leaning
from calibration.models.gold import Gold
from calibration.models.precedents import Precedent
from calibration.sessions import consensus, gone
from qa import masking
from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.registries import TextHolder, Touch
from qa.models.cases import CaseText, ClosedCase
from qa.policies import queries as policy_queries
from qa.policies import section_keys

#: What stands where a text was.
GONE = "The text of this case has been taken out."
#: Whoever answers for policies says whether a stale one still holds.
OWNERS = ("policy_owner", "manager", "admin")


def keep(actor: Actor, session: str, place: int, *, title: str, section_key: str = "") -> Precedent:
    """Make a precedent of what a session agreed on. *section_key*: the clause, where the answer names none.

    Refused where nothing was agreed on, the policy is unclear there, or the case is a known-answer one.
    """
    row, case = consensus.of(actor, session, place)
    agreed = consensus.agreed(case.id)
    if agreed is None or row.state == "draft" or agreed.verdict == "cannot_tell":
        raise Refused("Agree on an answer first.")
    if agreed.unclear:
        raise Refused("The policy is unclear here: its owner's answer comes first.")
    if db.session.scalar(select(Gold.id).where(Gold.case_id == case.case_id, Gold.state.in_(("live", "challenged")))):
        raise Refused("This is a known-answer case: everybody could read its answer.")
    if db.session.scalar(select(Precedent.id).where(Precedent.consensus_id == agreed.id)) is not None:
        raise Refused("This is a precedent already.")
    if gone.among([case.case_id]):
        raise Refused("What this case was judged by has been taken out: a precedent without it says nothing.")
    key = agreed.section_key if agreed.section_key != section_keys.NONE else section_key
    section = policy_queries.section(key, clock.now().date())
    if section is None:
        raise BadInput(Problem("a section of a policy in force", field="section", value=key or None))
    if not title.strip():
        raise BadInput(Problem("say in a few words what it is about", field="title"))
    closed = db.session.get_one(ClosedCase, case.case_id)
    text = db.session.scalar(select(CaseText.text).where(CaseText.case_id == closed.id))
    made = Precedent(
        section_key=key, version_id=section.version_id, consensus_id=agreed.id, case_ref=closed.public_id,
        text=masking.for_reuse([(closed.id, text or "")])[closed.id], title=title.strip(), verdict=agreed.verdict,
        action=agreed.action, reason=masking.nameless(agreed.reason), state="live", by_id=actor.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.note(actor, "kept", "precedent", made.public_id, section=key)
    return made


def retire(actor: Actor, public_id: str) -> None:
    """End a precedent; its page stays, marked so."""
    leaning.move(actor, _found(public_id), "retired", ("live", "stale"), "retired", ended_at=clock.now())


def renew(actor: Actor, public_id: str) -> None:
    """Say that a stale precedent holds by today's text too."""
    row = _found(public_id)
    leaning.renew(actor, row, row.section_key)


def follow_policies(actor: Actor) -> int:
    """Let precedents go stale or end with their clauses; how many moved."""
    query = select(Precedent).where(Precedent.state == "live").order_by(Precedent.id)
    rows = db.session.scalars(query).all()
    becomes = clause_watch.states([(row.section_key, row.version_id) for row in rows])
    moved = 0
    for row in rows:
        to = becomes[row.section_key, row.version_id]
        if to == "stale":
            leaning.move(actor, row, "stale", ("live",), "went_stale")
        elif to == "gone":
            leaning.move(actor, row, "retired", ("live",), "retired", ended_at=clock.now())
        moved += to != "same"
    return moved


def touched_by(_reader: Actor, section_keys_wanted: Collection[str]) -> Mapping[str, Sequence[Touch]]:
    """Live precedents of sections: everybody may read them."""
    query = select(Precedent.section_key, func.count()).where(Precedent.state == "live")
    query = query.where(Precedent.section_key.in_(section_keys_wanted)).group_by(Precedent.section_key)
    return {
        key: [Touch("precedent" if count == 1 else "precedents", count, url=f"/precedents?section={key}")]
        for key, count in db.session.execute(query)
    }


def kept_answers(section_key: str) -> Sequence[tuple[str, str]]:
    """(address, title) of the live precedents of a section."""
    query = select(Precedent.public_id, Precedent.title).where(
        Precedent.state == "live", Precedent.section_key == section_key
    )
    return [(f"/precedents/{row[0]}", row[1]) for row in db.session.execute(query.order_by(Precedent.id.desc()))]


def text_holder() -> TextHolder:
    """The masked copies that precedents hold."""
    rule = "Masked; kept with the precedent, so that what was agreed on stays readable."
    return TextHolder("Precedents", rule, _held, _purge)


def _held() -> int:
    return db.session.scalar(select(func.count(Precedent.id)).where(Precedent.text != GONE)) or 0


def _purge(cases: Collection[str]) -> int:
    emptied = update(Precedent).where(Precedent.case_ref.in_(cases), Precedent.text != GONE).values(text=GONE)
    return len(db.session.execute(emptied.returning(Precedent.id)).all())


def _found(public_id: str) -> Precedent:
    row = db.session.scalar(select(Precedent).where(Precedent.public_id == public_id))
    if row is None:
        raise NotFound("precedent")
    return row
