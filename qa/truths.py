"""The decision that stands, and the finding that the agent gets of it: written together, replaced together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import bindparam, insert, select

from qa import release
from qa.core import audit, clock
from qa.core.access import SYSTEM, Actor
from qa.core.columns import new_public_id
from qa.core.db import ask, db
from qa.models.cases import ClosedCase
from qa.models.truth import Finding, Truth
from qa.policies import merging, section_keys
from qa.policies import queries as policy_queries
from qa.standing import Vote, matches
from qa.tallies import tallies

_KEEP, _FIND = insert(Truth.__table__), insert(Finding.__table__)
_TRUTH = Truth.__table__.c
_IDS = select(_TRUTH.case_id, _TRUTH.id).where(
    _TRUTH.case_id.in_(bindparam("case_ids", expanding=True)), _TRUTH.replaced_at.is_(None)
)
_CURRENT = select(Truth).where(Truth.case_id.in_(bindparam("case_ids", expanding=True)), Truth.replaced_at.is_(None))


@dataclass(frozen=True, slots=True)
class Settled:
    """An answer that is to stand as the truth of a case."""

    case: ClosedCase
    answer: Vote
    basis: str
    settler_id: int | None
    levels: Collection[str]


def stand(
    case: ClosedCase, answer: Vote, *, basis: str, settler_id: int | None, levels: Collection[str], by: Actor = SYSTEM
) -> Truth:
    """Let *answer* stand as the truth of *case*; an earlier truth is closed, its finding replaced, its roll-up moved.

    When the same answer stands already, nothing changes.
    """
    before = current(case.id)
    made = prepared(Settled(case, answer, basis, settler_id, levels), before, by=by)
    if made is None:
        return cast(Truth, before)
    store([made])
    return cast(Truth, current(case.id))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A truth that is noted and not stored yet, and whose look made it."""

    case: ClosedCase
    #: The row to be.
    values: dict[str, Any]
    settler_id: int | None
    replacing: bool


def prepared(one: Settled, before: Truth | None, *, by: Actor = SYSTEM) -> Prepared | None:
    """The truth that follows *before*, to be stored by `store` with others; None when the same stands already."""
    case, answer = one.case, one.answer
    settled_action = answer.action if "action" in one.levels else None
    if before is not None:
        said = (before.verdict, before.section_key, before.action)
        same = said == (answer.verdict, answer.section_key, settled_action)
        if same and one.basis not in ("both_defensible", "dispute"):
            return None
        before.replaced_at = clock.now()
        db.session.flush()
    defensible = one.basis == "both_defensible"
    verdict = "no_violation" if case.decided_key == section_keys.NONE else "violates"
    decided = Vote(verdict, merging.resolved(case.decided_key), case.action)
    values = {
        "case_id": case.id, "no": (before.no if before else 0) + 1, "verdict": answer.verdict,
        "section_id": _section_id(case, answer.section_key), "section_key": answer.section_key,
        "action": settled_action, "basis": one.basis, "settled_at": clock.now(), "by_id": by.id,
        "right_verdict": defensible or matches(decided, answer, {"verdict"}),
        "right_policy": _right(decided, answer, ("verdict", "policy"), one.levels, defensible),
        "right_action": _right(decided, answer, ("verdict", "policy", "action"), one.levels, defensible),
        "created_at": clock.now(),
    }  # fmt: skip
    tallies.changed(case.id)
    audit.note(by, "settled", "case", case.public_id, no=values["no"], basis=one.basis)
    return Prepared(case, values, one.settler_id, replacing=before is not None)


def store(made: Sequence[Prepared]) -> None:
    """Store prepared truths, each with the finding that its agent gets: all at once, in a few statements."""
    if not made:
        return
    ask(_KEEP, [one.values for one in made])
    stored = ask(_IDS, {"case_ids": [one.case.id for one in made]}).all()
    truth_ids = {row.case_id: row.id for row in stored}
    publish_at = release.next_release()
    ask(_FIND, [_finding(one, truth_ids[one.case.id], publish_at) for one in made])


def current(case_id: int) -> Truth | None:
    """The truth of a case as it stands."""
    return current_of([case_id]).get(case_id)


def current_of(case_ids: Collection[int]) -> dict[int, Truth]:
    """Case -> its truth as it stands."""
    return {row.case_id: row for row in db.session.scalars(_CURRENT, {"case_ids": list(case_ids)})}


def kind_of(case: ClosedCase, truth: Mapping[str, Any]) -> str:
    """Which of the four outcomes the decision has against the truth; computed, never chosen."""
    if truth["right_verdict"]:
        right = truth["right_policy"] is not False and truth["right_action"] is not False
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


def _finding(made: Prepared, truth_id: int, publish_at: datetime) -> dict[str, Any]:
    """The row of what the agent gets of a truth; the finding of an earlier one is replaced."""
    case, before = made.case, None
    if made.replacing:
        standing = select(Finding).where(Finding.case_id == case.id, Finding.state != "replaced")
        before = db.session.scalar(standing.order_by(Finding.id.desc()).limit(1))
    if before is not None:
        before.state = "replaced"
    return {
        "public_id": new_public_id(), "case_id": case.id, "truth_id": truth_id, "agent_id": case.agent_id,
        "kind": kind_of(case, made.values), "settler_id": made.settler_id, "state": "held", "publish_at": publish_at,
        "replaces_id": before.id if before else None, "created_at": clock.now(),
    }  # fmt: skip
