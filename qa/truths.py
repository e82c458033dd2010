"""The decision that stands, and the finding that the agent gets of it: written together, replaced together."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from qa import merging, policy_queries, release, section_keys, tallies
from qa.core import audit, clock
from qa.core.access import SYSTEM, Actor
from qa.core.db import db
from qa.models.cases import ClosedCase
from qa.models.truth import Finding, Truth
from qa.standing import Vote, matches


def stand(
    case: ClosedCase, answer: Vote, *, basis: str, settler_id: int | None, levels: Collection[str], by: Actor = SYSTEM
) -> Truth:
    """Let *answer* stand as the truth of *case*; an earlier truth is closed, its finding replaced, its roll-up moved.

    When the same answer stands already, nothing changes.
    """
    before = current(case.id)
    settled_action = answer.action if "action" in levels else None
    if before is not None:
        same = (before.verdict, before.section_key, before.action) == (
            answer.verdict,
            answer.section_key,
            settled_action,
        )
        if same and basis not in ("both_defensible", "dispute"):
            return before
        before.replaced_at = clock.now()
        db.session.flush()
    defensible = basis == "both_defensible"
    verdict = "no_violation" if case.decided_key == section_keys.NONE else "violates"
    decided = Vote(verdict, merging.resolved(case.decided_key), case.action)
    row = Truth(
        case_id=case.id,
        no=(before.no if before else 0) + 1,
        verdict=answer.verdict,
        section_id=_section_id(case, answer.section_key),
        section_key=answer.section_key,
        action=settled_action,
        basis=basis,
        settled_at=clock.now(),
        by_id=by.id,
        right_verdict=defensible or matches(decided, answer, {"verdict"}),
        right_policy=_right(decided, answer, ("verdict", "policy"), levels, defensible),
        right_action=_right(decided, answer, ("verdict", "policy", "action"), levels, defensible),
    )
    db.session.add(row)
    db.session.flush()
    tallies.changed(case.id)
    _give_finding(case, row, settler_id, replacing=before is not None)
    audit.note(by, "settled", "case", case.public_id, no=row.no, basis=basis)
    return row


def current(case_id: int) -> Truth | None:
    """The truth of a case as it stands."""
    return db.session.scalar(select(Truth).where(Truth.case_id == case_id, Truth.replaced_at.is_(None)))


def kind_of(case: ClosedCase, truth: Truth) -> str:
    """Which of the four outcomes the decision has against the truth; computed, never chosen."""
    if truth.right_verdict:
        right = truth.right_policy is not False and truth.right_action is not False
        return "correct" if right else "wrong_selection"
    return "false_negative" if case.decided_key == section_keys.NONE else "false_positive"


def _right(
    decided: Vote, answer: Vote, needed: Collection[str], levels: Collection[str], defensible: bool
) -> bool | None:
    """Whether the decision matches up to a level; None where the workflow does not settle that level."""
    if not set(needed) <= set(levels):
        return None
    return defensible or matches(decided, answer, needed)


def _section_id(case: ClosedCase, key: str) -> int | None:
    """The section row of *key*: the decision's own, or the one that was in force on the day of the decision."""
    if key == section_keys.NONE:
        return None
    if key == case.decided_key and case.decided_section_id is not None:
        return case.decided_section_id
    section = policy_queries.section(key, case.closed_at.date())
    return section.id if section else None


def _give_finding(case: ClosedCase, truth: Truth, settler_id: int | None, *, replacing: bool) -> None:
    standing = select(Finding).where(Finding.case_id == case.id, Finding.state != "replaced")
    before = db.session.scalar(standing.order_by(Finding.id.desc()).limit(1)) if replacing else None
    if before is not None:
        before.state = "replaced"
    kind = kind_of(case, truth)
    db.session.add(
        Finding(
            case_id=case.id,
            truth_id=truth.id,
            agent_id=case.agent_id,
            kind=kind,
            settler_id=settler_id,
            state="held",
            publish_at=release.next_release(),
            replaces_id=before.id if before else None,
        )
    )
    db.session.flush()
