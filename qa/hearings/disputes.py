"""An agent contests a result: a blind look by somebody who was not in it, then the argument is read and decided on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, update

from qa import findings, settlement, touches, truths
from qa.core import audit, clock, idempotency, preferences
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.leave import days_off
from qa.core.turns import one_at_a_time
from qa.grading import answers, asking
from qa.hearings import adjudication, challenges, climbing, slips
from qa.models.cases import ClosedCase
from qa.models.grading import Task
from qa.models.policies import Action
from qa.models.truth import Dispute, Finding, Truth
from qa.policies import queries as policy_queries
from qa.policies import section_keys
from qa.standing import Vote, matches

#: Working days within which a dispute is to be decided.
RESOLVE_DAYS = 3
#: A result may be contested this often: the second time one step above.
STEPS = 2
#: So many disputes of one agent wait at a time.
MOST_OPEN = 5
OPEN = ("open", "blind_look", "argument_read")


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the agent says the result should be."""

    verdict: str
    section_key: str | None = None
    action: str | None = None


def open_dispute(
    actor: Actor, finding_id: str, *, kind: str, text: str, proposed: Proposed | None, key: str | None = None
) -> str:
    """Contest an own published result; the dispute's address. A process slip is contested without a proposal.

    Raises NotFound for a result that is not theirs, Refused when it cannot be contested (any more), BadInput for a
    proposal that the policy of that day does not know.
    """
    body = [finding_id, kind, text, *((proposed.verdict, proposed.section_key, proposed.action) if proposed else ())]
    said = idempotency.once(actor, key, body, lambda: {"dispute": _open(actor, finding_id, kind, text, proposed)})
    return str(said["dispute"])


def _open(actor: Actor, finding_id: str, kind: str, text: str, proposed: Proposed | None) -> str:
    one_at_a_time(actor.id)  # how many are open is counted before one more is
    finding = findings.own_published(actor, finding_id)
    step = heard(finding.id) + 1
    late = finding.dispute_until is None or finding.dispute_until < clock.now()
    is_slip = kind == slips.KIND
    contestable = bool(slips.of(finding)) if is_slip else finding.kind != "correct"
    if not contestable or late or step > STEPS:
        raise Refused("This result cannot be disputed (any more).")
    if open_ones(actor) >= MOST_OPEN:
        raise Refused(f"{MOST_OPEN} of your disputes are open. Take one back, or wait until one is decided.")
    answers.check_reason("dispute", kind)
    case = db.session.get_one(ClosedCase, finding.case_id)
    vote = None if is_slip else checked(case, proposed or Proposed(""))
    if not text.strip():
        raise BadInput(Problem("say why", field="text"))
    _move_finding(finding.id, ("published", "acknowledged"), "disputed")
    row = Dispute(
        finding_id=finding.id, step=step, kind=kind, text=text.strip(), state="open" if is_slip else "blind_look",
        due_at=days_off.working_days_after(None, clock.now(), RESOLVE_DAYS),
    )  # fmt: skip
    if vote is not None:
        _ask_blind(row, case.id, vote)
    db.session.add(row)
    db.session.flush()
    audit.note(actor, "disputed", "finding", finding.public_id, kind=kind, step=step)
    return row.public_id


def _ask_blind(row: Dispute, case_id: int, vote: Vote) -> None:
    """Somebody who was not in it looks at the case before the argument is read."""
    row.proposed_verdict, row.proposed_section_key, row.proposed_action = vote.verdict, vote.section_key, vote.action
    challenges.lapse(case_id)
    row.task_id = asking.ask_for(case_id, "dispute", needs_skill=climbing.skill_of(case_id, row.step))


def heard(finding_id: int) -> int:
    """How often a result was contested; one that a dispute has put in its place counts on."""
    steps = db.session.scalar(select(func.max(Dispute.step)).where(Dispute.finding_id == finding_id)) or 0
    basis = select(Finding.replaces_id, Truth.basis).join(Truth, Truth.id == Finding.truth_id)
    row = db.session.execute(basis.where(Finding.id == finding_id)).one()
    return max(steps, heard(row.replaces_id) if row.replaces_id and row.basis == "dispute" else 0)


def open_ones(actor: Actor) -> int:
    """How many disputes of *actor* wait for their end."""
    query = select(func.count()).select_from(Dispute).join(Finding, Finding.id == Dispute.finding_id)
    return db.session.scalar(query.where(Finding.agent_id == actor.id, Dispute.state.in_(OPEN))) or 0


def checked(case: ClosedCase, proposed: Proposed) -> Vote:
    """The proposal as an answer that the policy of the decision day and the workflow know."""
    problems: list[Problem] = []
    key = section_keys.NONE
    if proposed.verdict not in ("violates", "no_violation"):
        problems.append(Problem("choose a verdict", field="proposed_verdict", value=proposed.verdict or None))
    if proposed.verdict == "violates":
        section = policy_queries.section(proposed.section_key or "", case.closed_at.date())
        if section is None:
            problems.append(Problem("choose a clause of the policy of that day", field="proposed_section"))
        else:
            key = section.key
    action = proposed.action or None
    if action is not None:
        known = select(Action.means).where(Action.workflow == case.workflow, Action.key == action)
        if db.session.scalar(known) not in (proposed.verdict, "either"):
            problems.append(Problem("choose an action that fits the verdict", field="proposed_action", value=action))
    if problems:
        raise BadInput(*problems)
    return Vote(proposed.verdict, key, action)


def looked(task_id: int) -> None:
    """The blind look at a disputed case is committed: from now on the argument may be read."""
    done = update(Dispute).where(Dispute.task_id == task_id, Dispute.state == "blind_look")
    holder = select(Task.person_id).where(Task.id == task_id).scalar_subquery()
    db.session.execute(done.values(state="argument_read", by_id=holder))


def moved(task_id: int, to_task_id: int) -> None:
    """The look was passed on: the dispute waits for the next one."""
    db.session.execute(update(Dispute).where(Dispute.task_id == task_id).values(task_id=to_task_id))


def own(actor: Actor, dispute_id: str) -> Dispute:
    """The dispute of *actor*'s committed look; every other is not there."""
    row = db.session.scalar(select(Dispute).where(Dispute.public_id == dispute_id))
    if row is None or row.by_id != actor.id or row.state not in ("argument_read", "decided"):
        raise NotFound("dispute")
    return row


def decide(actor: Actor, dispute_id: str, *, choice: str, reason: str) -> str:
    """End a dispute: "standing" (the result stays), "own" (the blind look), "proposed", or "amended" (the result stays,
    the reason that was given for it does not); how it ended.

    Raises NotFound for a dispute that is not theirs, Refused when it is decided already, BadInput for another word.
    """
    row = own(actor, dispute_id)
    finding = db.session.get_one(Finding, row.finding_id)
    case = db.session.get_one(ClosedCase, finding.case_id)
    answer = _chosen(row, case, "standing" if choice == "amended" else choice)
    levels = settlement.levels_of(case.id)
    result = "partly" if choice == "amended" else _result(case, answer, levels)
    values = {"state": "decided", "result": result, "reason": reason.strip(), "decided_at": clock.now()}
    decided = update(Dispute).where(Dispute.id == row.id, Dispute.state == "argument_read").values(**values)
    if not db.session.execute(decided).rowcount:
        raise Refused("This dispute was decided already.")
    touches.touch(case.id, actor.id or 0, "disputed")
    if result == "upheld" or choice == "amended":
        goes_back(finding, reason if choice == "amended" else None)
    else:
        settlement.ruled(case.id, answer, basis="dispute", by=actor)
        _explain_anew(case.id, finding, reason)
    audit.note(actor, "decided", "dispute", row.public_id, result=result)
    return result


def withdraw(actor: Actor, finding_id: str) -> None:
    """The agent takes a dispute back; the result stands."""
    finding = findings.own_published(actor, finding_id)
    open_one = update(Dispute).where(Dispute.finding_id == finding.id, Dispute.state.in_(("open", "blind_look")))
    taken_back = db.session.execute(open_one.values(state="withdrawn").returning(Dispute.id, Dispute.task_id)).first()
    if taken_back is None:
        raise Refused("There is no dispute that could be taken back.")
    _move_finding(finding.id, ("disputed",), "published")
    db.session.execute(update(Task).where(Task.id == taken_back.task_id, Task.state == "waiting").values(state="void"))
    audit.note(actor, "withdrew", "finding", finding.public_id)


def _chosen(row: Dispute, case: ClosedCase, choice: str) -> Vote:
    if choice == "own" and row.task_id is not None:
        answer = adjudication.own_answer(row.task_id)
        if answer.verdict != "cannot_tell":
            return answer
    if choice == "proposed" and row.proposed_verdict is not None:
        return Vote(row.proposed_verdict, row.proposed_section_key or section_keys.NONE, row.proposed_action)
    truth = truths.current(case.id)
    if choice == "standing" and truth is not None:
        return standing_answer(truth)
    raise BadInput(Problem("choose one of the answers", field="choice", value=choice or None))


def standing_answer(truth: Truth) -> Vote:
    """The decision that stands, as an answer."""
    return Vote(truth.verdict, truth.section_key, truth.action)


def _result(case: ClosedCase, answer: Vote, levels: list[str]) -> str:
    """How a dispute ends when *answer* stands: the result upheld, overturned (the agent was right) or in part."""
    truth = truths.current(case.id)
    settled = [level for level in levels if level != "action" or (truth is not None and truth.action is not None)]
    if truth is not None and matches(standing_answer(truth), answer, settled):
        return "upheld"
    return "overturned" if matches(settlement.decision_of(case), answer, levels) else "partly"


def goes_back(finding: Finding, amended: str | None = None) -> None:
    """The result goes back to its agent, maybe with another reason, and can be contested anew from today."""
    _move_finding(finding.id, ("disputed",), "published")
    until = days_off.working_days_after(finding.agent_id, clock.now(), preferences.get("dispute_days"))
    values: dict[str, object] = {"dispute_until": until}
    if amended is not None:
        values |= {"feedback": amended.strip(), "process_slip": None, "root_cause": None}
    db.session.execute(update(Finding).where(Finding.id == finding.id).values(**values))


def _explain_anew(case_id: int, before: Finding, reason: str) -> None:
    """The result that takes the contested one's place says why, so it waits for no further explanation."""
    newest = select(Finding).where(Finding.case_id == case_id, Finding.state == "held").order_by(Finding.id.desc())
    finding = db.session.scalars(newest.limit(1)).one()
    finding.feedback, finding.explained_at = reason.strip(), clock.now()
    if finding.kind != "correct":
        finding.root_cause = before.root_cause
    db.session.flush()


def _move_finding(finding_id: int, before: tuple[str, ...], after: str) -> None:
    moved_one = update(Finding).where(Finding.id == finding_id, Finding.state.in_(before)).values(state=after)
    if not db.session.execute(moved_one).rowcount:
        raise Refused("This result was changed meanwhile. Look at it again.")
