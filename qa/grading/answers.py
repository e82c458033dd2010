"""What a grader may answer: checked against the workflow's form and the policy of the decision day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from qa.core.db import ask, db
from qa.core.errors import BadInput, Problem
from qa.grading import workflows
from qa.models.cases import ClosedCase
from qa.models.grading import VERDICTS
from qa.models.policies import Reason
from qa.policies import queries as policy_queries
from qa.policies import section_keys

CONFIDENCE = ("low", "medium", "high")
Find = Callable[[str, date], policy_queries.SectionRow | None]
_CASE = ClosedCase.__table__.c
_CLOSED = select(_CASE.closed_at).where(_CASE.id == bindparam("case_id"))


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it came in."""

    verdict: str
    section_key: str | None
    action: str | None
    confidence: str
    extra: dict[str, Any]
    note: str


@dataclass(frozen=True, slots=True)
class Checked:
    """An answer that can be stored."""

    verdict: str
    section_id: int | None
    section_key: str
    action: str | None
    confidence: str
    extra: dict[str, Any]
    note: str


def checked(
    case_id: int,
    workflow_id: int,
    given: Given,
    *,
    find: Find = policy_queries.section,
    closed_at: datetime | None = None,
    needs_action: bool = True,
) -> Checked:
    """*given* as it can be stored. Raises BadInput with everything that is missing or unknown.

    *find* looks a section up; whoever checks many answers hands in one that remembers. *closed_at*: where it is known.
    *needs_action* is False where an answer may say nothing of the action, as one from a file may.
    """
    workflow = workflows.form_of(workflow_id)
    problems: list[Problem] = []
    if given.verdict not in VERDICTS:
        problems.append(Problem("choose a verdict", field="verdict", value=given.verdict or None))
    if given.confidence not in CONFIDENCE:
        problems.append(Problem("choose low, medium or high", field="confidence", value=given.confidence or None))
    section_id, key = None, section_keys.NONE
    if given.verdict == "violates":
        decided_at = closed_at or ask(_CLOSED, {"case_id": case_id}).scalar_one()
        section = find(given.section_key or "", decided_at.date())
        if section is None:
            wanted = "choose a section of the policy in force on the day of the decision"
            problems.append(Problem(wanted, field="section", value=given.section_key or None))
        else:
            section_id, key = section.id, section.key
    action = _action(workflow, given, problems) if needs_action or given.action else None
    if problems:
        raise BadInput(*problems)
    return Checked(
        given.verdict, section_id, key, action, given.confidence, _known(workflow, given.extra), given.note.strip()
    )


def _action(workflow: workflows.Form, given: Given, problems: list[Problem]) -> str | None:
    """The action that fits the verdict; no violation ends without one unless the workflow asks for one always."""
    if given.verdict == "cannot_tell" or given.verdict not in VERDICTS:
        return None
    if given.verdict == "no_violation" and not workflow.form.get("action_for_all"):
        return None
    fitting = {action.key for action in workflows.actions_of(workflow.key) if action.means in (given.verdict, "either")}
    if given.action in fitting:
        return given.action
    if fitting:
        problems.append(Problem("choose an action that fits the verdict", field="action", value=given.action or None))
    return None


def _known(workflow: workflows.Form, extra: dict[str, Any]) -> dict[str, Any]:
    """Of the extra answers, those that the form asks for, and of choices those that it offers."""
    kept: dict[str, Any] = {}
    for field in workflow.form.get("fields", []):
        value = extra.get(field["name"])
        offered = {option[0] for option in field["options"]}
        if field["kind"] == "many":
            value = [one for one in value or [] if one in offered]
        elif field["kind"] == "one" and value not in offered:
            value = None
        if value not in (None, "", []):
            kept[field["name"]] = value
    return kept


def check_reason(kind: str, key: str) -> None:
    """Refuse a reason that the list does not hold."""
    known = db.session.scalar(select(Reason.id).where(Reason.kind == kind, Reason.key == key, Reason.active))
    if known is None:
        raise BadInput(Problem("choose a reason from the list", field="reason", value=key or None))
