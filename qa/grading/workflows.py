"""The workflows and what each one's decision form asks. Versions append: a task pins the one it was made with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from qa.core import audit
from qa.core.access import Actor
from qa.core.db import ask, db, forget, remembered
from qa.models.policies import Action, Reason, Workflow

_VERDICTS = [
    {"key": "violates", "label": "Violates a policy", "help": "A section of the policy of that day forbids it"},
    {"key": "no_violation", "label": "No violation", "help": "Nothing in the policy of that day forbids it"},
    {"key": "cannot_tell", "label": "Cannot tell", "help": "The evidence here does not allow a decision"},
]
_URGENCY = [
    {"key": "violates", "label": "Urgent step needed", "help": "A section of the policy of that day asks for one"},
    {"key": "no_violation", "label": "Nothing urgent", "help": "Nothing in the policy of that day asks for one"},
    _VERDICTS[2],
]
_STEPS = [["restricted", "Account restricted first"], ["evidence_kept", "Evidence kept"], ["handed_on", "Handed on"]]
_TOLD = [["safety_lead", "Safety lead"], ["legal", "Legal"], ["authorities", "Authorities"], ["nobody", "Nobody"]]

#: key -> (label, form, levels that a look settles)
DEFAULTS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "abuse_report": ("Abuse report", {"verdicts": _VERDICTS, "fields": []}, ["verdict", "policy"]),
    "escalation": (
        "Escalation",
        {
            "question": "Does the policy ask for an urgent step?",
            "verdicts": _URGENCY,
            "fields": [
                {
                    "name": "steps",
                    "label": "Steps that the case needs",
                    "kind": "many",
                    "options": _STEPS,
                    "required": False,
                },
                {"name": "told", "label": "Who has to be told", "kind": "many", "options": _TOLD, "required": False},
            ],
        },
        ["verdict", "policy"],
    ),
    "legal_request": (
        "Legal request",
        {
            "question": "Is the request valid?",
            "verdicts": [
                {"key": "violates", "label": "Not valid as it stands", "help": "A section of the policy is not met"},
                {"key": "no_violation", "label": "Valid", "help": "The request meets every section of the policy"},
                _VERDICTS[2],
            ],
            "action_for_all": True,
            "fields": [
                {
                    "name": "scope",
                    "label": "Scope",
                    "kind": "one",
                    "required": False,
                    "options": [["as_asked", "As asked"], ["narrower", "Narrower than asked"], ["none", "Nothing"]],
                },
                {
                    "name": "deadline",
                    "label": "Deadline for the answer",
                    "kind": "date",
                    "options": [],
                    "required": False,
                },
            ],
        },
        ["verdict", "policy", "action"],
    ),
}

REASONS: dict[str, list[tuple[str, str]]] = {
    "skip": [
        ("know_them", "I know somebody in it"),
        ("not_my_language", "Not my language"),
        ("broken", "The case does not show as it should"),
        ("too_hard_on_me", "I would rather not see this today"),
        ("other", "Another reason"),
    ],
    "root_cause": [
        ("clause_misread", "Clause misread"),
        ("evidence_missed", "Evidence missed"),
        ("step_missed", "Step missed"),
        ("tool", "Tool"),
        ("policy_unclear", "Policy unclear"),
        ("translation", "Translation"),
    ],
    "dispute": [
        ("verdict", "The verdict is wrong"),
        ("section", "The clause is wrong"),
        ("action", "The action is wrong"),
        ("evidence", "Evidence was not seen"),
        ("process", "The process slip is none"),
    ],
    "dismiss": [
        ("chance", "Looks like chance"),
        ("known_cause", "The cause is known and has ended"),
        ("data_fault", "The data is at fault"),
        ("other", "Another reason"),
    ],
}


_WORKFLOW, _ACTION = Workflow.__table__.c, Action.__table__.c
_FORM = select(_WORKFLOW.key, _WORKFLOW.form, _WORKFLOW.settle_levels).where(_WORKFLOW.id == bindparam("id"))
_ACTIONS = (
    select(_ACTION.key, _ACTION.label, _ACTION.means, _ACTION.rank)
    .where(_ACTION.workflow == bindparam("workflow"))
    .order_by(_ACTION.rank)
)


@dataclass(frozen=True, slots=True)
class Form:
    """One version of a workflow: what its form asks, and the levels that a look settles."""

    key: str
    form: dict[str, Any]
    settle_levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownAction:
    """An action as somebody describes it; *means* is the verdict that it goes with, *rank* its step on the ladder."""

    key: str
    label: str
    means: str
    rank: int


def form_of(workflow_id: int) -> Form:
    """A version of a workflow by its inside number."""
    return remembered(("form", workflow_id), lambda: _form(workflow_id))


def _form(workflow_id: int) -> Form:
    row = ask(_FORM, {"id": workflow_id}).one()
    return Form(row.key, row.form, tuple(row.settle_levels))


def actions_of(key: str) -> tuple[KnownAction, ...]:
    """The actions of a workflow in the order of their ladder."""
    return remembered(("actions", key), lambda: tuple(KnownAction(*row) for row in ask(_ACTIONS, {"workflow": key})))


def set_up() -> None:
    """Put in the workflows and reasons that every installation begins with; what is there stays."""
    for key in DEFAULTS:
        ensure(key)
    known = {(row.kind, row.key) for row in db.session.execute(select(Reason.kind, Reason.key))}
    for kind, choices in REASONS.items():
        for key, label in choices:
            if (kind, key) not in known:
                db.session.add(Reason(kind=kind, key=key, label=label, active=True))
    db.session.flush()


def ensure(key: str) -> Workflow:
    """The newest version of workflow *key*; one that nobody knew gets the form of an abuse report."""
    newest = select(Workflow).where(Workflow.key == key).order_by(Workflow.version.desc()).limit(1)
    found = db.session.scalar(newest)
    if found is not None:
        return found
    label, form, levels = DEFAULTS.get(key, (key.replace("_", " ").capitalize(), *DEFAULTS["abuse_report"][1:]))
    made = Workflow(key=key, version=1, label=label, form=form, settle_levels=levels)
    db.session.add(made)
    db.session.flush()
    return made


def ensure_actions(key: str, met: Iterable[tuple[str, bool]]) -> list[str]:
    """Fill the actions of workflow *key* from its first import; the names that a filled workflow does not know.

    *met*: (action, whether it stood beside a violation) of each decision. One that was met beside both means either.
    """
    means: dict[str, set[bool]] = {}
    for action, violates in met:
        means.setdefault(action, set()).add(violates)
    known = set(db.session.scalars(select(Action.key).where(Action.workflow == key)))
    if known:
        return sorted(set(means) - known)
    for rank, (action, beside) in enumerate(sorted(means.items())):
        meant = "either" if len(beside) == 2 else "violates" if beside == {True} else "no_violation"
        db.session.add(
            Action(workflow=key, key=action, label=action.replace("_", " ").capitalize(), means=meant, rank=rank)
        )
    db.session.flush()
    forget(("actions", key))
    return []


def lay_down(
    actor: Actor, key: str, *, label: str, says: Mapping[str, str], actions: Sequence[KnownAction]
) -> Workflow:
    """Name workflow *key*, its verdicts (verdict -> words) and its actions; what other words there were stays.

    Another name or other words of the verdicts make the next version. An action that is known is described anew.
    """
    row = ensure(key)
    verdicts = [{**one, "label": says.get(one["key"], one["label"])} for one in row.form["verdicts"]]
    if (row.label, row.form["verdicts"]) != (label, verdicts):
        form = {**row.form, "verdicts": verdicts}
        row = Workflow(key=key, version=row.version + 1, label=label, form=form, settle_levels=row.settle_levels)
        db.session.add(row)
    known = {one.key: one for one in db.session.scalars(select(Action).where(Action.workflow == key))}
    for one in actions:
        found = known.get(one.key)
        if found is None:
            db.session.add(Action(workflow=key, key=one.key, label=one.label, means=one.means, rank=one.rank))
        else:
            found.label, found.means, found.rank = one.label, one.means, one.rank
    db.session.flush()
    forget(("actions", key))
    audit.note(actor, "described", "workflow", key, version=row.version, actions=len(actions))
    return row
