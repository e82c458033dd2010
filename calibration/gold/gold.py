"""Known-answer cases: closed cases with an answer of their own that measure graders, never agents.

The answer comes from a consensus or an expert, with its reason and the version of the policy; it is never the case's
settled decision. Nobody who may be given blind cases learns which these are. What one counted is counted from the
looks each time: a case that is voided counts for nothing at once, for everybody who ever had it.
"""

from __future__ import annotations

from sqlalchemy import select, update

from calibration import clause_watch, leaning
from calibration.models.gold import Gold
from calibration.models.precedents import Precedent
from calibration.models.sessions import Consensus, SessionCase
from calibration.sessions import consensus, gone
from qa import case_addresses, touches
from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.grading import answers, workflows
from qa.models.cases import ClosedCase
from qa.models.grading import Task, TaskPurpose
from qa.policies import queries as policy_queries
from qa.policies import section_keys

#: States in which a case is put into queues, and in which what it measured counts.
IN_USE = ("live",)
COUNTED = ("live", "stale", "retired", "challenged")


def keep(actor: Actor, session: str, place: int) -> Gold:
    """Make a known-answer case of what a session agreed on."""
    row, case = consensus.of(actor, session, place)
    agreed = consensus.agreed(case.id)
    if agreed is None or row.state == "draft":
        raise Refused("Agree on an answer first.")
    if agreed.unclear or agreed.verdict == "cannot_tell":
        raise Refused("Only a case whose answer is plain can measure anybody.")
    closed = db.session.get_one(ClosedCase, case.case_id)
    given = answers.Checked(agreed.verdict, None, agreed.section_key, agreed.action, "high", {}, "")
    return _add(actor, closed, given, reason=agreed.reason, basis="consensus")


def add(
    actor: Actor, *, case: str, verdict: str, section_key: str | None = None, action: str | None = None, reason: str
) -> Gold:
    """Make a known-answer case of an expert's answer. *case*: its address or id. Raises BadInput, Refused."""
    known = (ClosedCase.external_id == case.strip()) | case_addresses.at(case.strip())
    rows = db.session.scalars(select(ClosedCase).where(known, ClosedCase.replaced_at.is_(None))).all()
    if len(rows) != 1 or not actor.sees_team(rows[0].agent_team_id):
        raise BadInput(Problem("a case of a team that you lead, by its id", field="case", value=case))
    if not reason.strip():
        raise BadInput(Problem("say why", field="reason"))
    given = answers.Given(verdict, section_key, action, "high", {}, "")
    return of_expert(actor, rows[0], given, reason=reason.strip())


def of_expert(actor: Actor, case: ClosedCase, given: answers.Given, *, reason: str, needs_action: bool = True) -> Gold:
    """Make a known-answer case of *case*, whose answer an expert has given. Raises BadInput, Refused."""
    workflow = workflows.ensure(case.workflow)
    checked = answers.checked(case.id, workflow.id, given, closed_at=case.closed_at, needs_action=needs_action)
    if checked.verdict == "cannot_tell":
        raise BadInput(Problem("an answer that can be known", field="verdict", value=given.verdict))
    return _add(actor, case, checked, reason=reason, basis="expert")


def _add(actor: Actor, case: ClosedCase, given: answers.Checked, *, reason: str, basis: str) -> Gold:
    if case.decided_by != "person" or case.agent_id is None:
        raise Refused(
            "Its reveal would show that it is none of the usual: only cases that a person decided can be used."
        )
    if gone.among([case.id]):
        raise Refused("What this case was judged by has been taken out.")
    if db.session.scalar(select(Gold.id).where(Gold.case_id == case.id, Gold.state.not_in(("retired", "voided")))):
        raise Refused("This is a known-answer case already.")
    if db.session.scalar(select(Precedent.id).where(Precedent.case_ref == case.public_id, Precedent.state == "live")):
        raise Refused("This is a precedent: everybody can read its answer.")
    key = given.section_key if given.section_key != section_keys.NONE else case.play_key
    section = policy_queries.section(key, case.closed_at.date())
    row = Gold(
        case_id=case.id, verdict=given.verdict, section_key=given.section_key, action=given.action, reason=reason,
        basis=basis, version_id=section.version_id if section else None, clause_key=key, state="live", by_id=actor.id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    # A file's answer is nobody's here: its case leaves later frames all the same, by a mark of who may never grade it.
    touches.touch(case.id, actor.id or case.agent_id, "voted")
    audit.note(actor, "added", "gold", row.public_id, basis=basis)
    return row


def retire(actor: Actor, public_id: str) -> None:
    """Use it no more; what it measured stays."""
    leaning.move(actor, found(public_id), "retired", ("live", "stale"), "retired")
    _take_out(public_id)


def renew(actor: Actor, public_id: str) -> None:
    """Say that a stale one's answer is right by today's text too."""
    row = found(public_id)
    leaning.renew(actor, row, row.clause_key)


def challenge(actor: Actor, public_id: str, *, text: str) -> None:
    """Say that its answer is wrong; until that is ruled on it is not given out."""
    if not text.strip():
        raise BadInput(Problem("say what is wrong with it", field="text"))
    who = {"challenge": text.strip(), "challenged_by_id": actor.id}
    leaning.move(actor, found(public_id), "challenged", ("live", "stale"), "challenged", **who)
    _take_out(public_id)


def uphold(actor: Actor, public_id: str) -> None:
    """Rule that a challenged answer stands."""
    _rules(actor, public_id)
    leaning.move(actor, found(public_id), "live", ("challenged",), "upheld", ruled_at=clock.now())


def void(actor: Actor, public_id: str) -> None:
    """Rule that a challenged answer is wrong: nothing that it measured counts any more."""
    _rules(actor, public_id)
    leaning.move(actor, found(public_id), "voided", ("challenged",), "voided", ruled_at=clock.now())


def follow_policies(actor: Actor) -> int:
    """Let known answers go stale with their clauses, and out of the queues; how many moved."""
    rows = db.session.scalars(select(Gold).where(Gold.state == "live").order_by(Gold.id)).all()
    becomes = clause_watch.states([(row.clause_key, row.version_id) for row in rows if row.version_id is not None])
    moved = 0
    for row in rows:
        if becomes.get((row.clause_key, row.version_id), "same") != "same":
            leaning.move(actor, row, "stale", ("live",), "went_stale")
            _take_out(row.public_id)
            moved += 1
    return moved


def found(public_id: str) -> Gold:
    """The known-answer case with this address. Raises NotFound."""
    row = db.session.scalar(select(Gold).where(Gold.public_id == public_id))
    if row is None:
        raise NotFound("known-answer case")
    return row


def _rules(actor: Actor, public_id: str) -> None:
    """Whoever challenged it does not rule on it, and neither does whoever made it."""
    row = found(public_id)
    if actor.id is not None and actor.id in (row.challenged_by_id, row.by_id) and not _is_alone(row):
        raise Refused("Somebody else rules on this: you made it or challenged it.")


def _is_alone(row: Gold) -> bool:
    """Whether one person both made and challenged it: who finds the own mistake may take it back."""
    return row.by_id == row.challenged_by_id


def _take_out(public_id: str) -> None:
    """Take looks that nobody has taken up out of the queues."""
    mine = select(TaskPurpose.task_id).where(TaskPurpose.purpose == "gold", TaskPurpose.origin == public_id)
    gone = update(Task).where(Task.id.in_(mine), Task.state == "waiting").values(state="void")
    db.session.execute(gone.execution_options(synchronize_session=False))


def of_case(consensus_id: int) -> Gold | None:
    """The known-answer case that was made of a consensus's case."""
    query = select(Gold).join(SessionCase, SessionCase.case_id == Gold.case_id)
    query = query.join(Consensus, Consensus.session_case_id == SessionCase.id).where(Consensus.id == consensus_id)
    return db.session.scalar(query.order_by(Gold.id.desc()).limit(1))
