"""Which target held when: of a policy, else of a workflow, else of everything, else the setting of that day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from calibration.models.goals import DatedTarget
from qa.core import audit, preferences
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.models import Person
from qa.policies import queries as policy_queries

KINDS = {"all": "Everything", "workflow": "Workflow", "policy": "Policy"}
#: The least and the most that a target may be.
LEAST, MOST = 0.5, 0.999


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target in a list."""

    public_id: str
    kind: str
    key: str
    name: str
    share: float
    from_on: date
    by: str | None


class Targets:
    """All targets, read once; `on` says which one held."""

    def __init__(self) -> None:
        query = select(DatedTarget.kind, DatedTarget.key, DatedTarget.from_on, DatedTarget.share)
        self._rows = db.session.execute(query.order_by(DatedTarget.from_on.desc())).all()

    def on(self, day: date, *, workflow: str = "", policy: str = "") -> float:
        """The target of *day*, of one policy or one workflow where either is named and has its own."""
        for kind, key in (("policy", policy), ("workflow", workflow), ("all", "")):
            if kind == "all" or key:
                held = (row.share for row in self._rows if (row.kind, row.key) == (kind, key) and row.from_on <= day)
                found = next(held, None)
                if found is not None:
                    return float(found)
        midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC)
        return float(preferences.get("target_accuracy", at=midnight))


def why_not(actor: Actor) -> str | None:
    """Why *actor* sets no target and writes no event; None where they do."""
    if not actor.has("manager", "admin") or (not actor.has("admin") and actor.managed_teams is not None):
        return "Targets and events are for everybody, so those set them who look after all teams."
    return None


def refuse(actor: Actor) -> None:
    """Raise Refused for who sets none."""
    said = why_not(actor)
    if said is not None:
        raise Refused(said)


def put(actor: Actor, *, about: str, share: float, from_on: date) -> DatedTarget:
    """Let a target hold from a day on, instead of one of the same day; *about*: "all", "workflow:KEY", "policy:KEY"."""
    refuse(actor)
    kind, _, key = about.partition(":")
    if kind not in KINDS or bool(key) != (kind != "all"):
        raise BadInput(Problem("everything, a workflow or a policy", field="about", value=about))
    if not LEAST <= share <= MOST:
        raise BadInput(Problem(f"a share from {LEAST:g} to {MOST:g}", field="share", value=f"{share:g}"))
    same = select(DatedTarget).where(DatedTarget.kind == kind, DatedTarget.key == key, DatedTarget.from_on == from_on)
    row = db.session.scalar(same)
    if row is None:
        row = DatedTarget(kind=kind, key=key, from_on=from_on, share=share)
        db.session.add(row)
    row.share, row.by_id = share, actor.id
    db.session.flush()
    audit.note(actor, "set", "target", row.public_id, kind=kind, share=share, from_on=from_on.isoformat())
    return row


def remove(actor: Actor, public_id: str) -> None:
    """Take a target back. Raises NotFound, for who sets none too."""
    row = db.session.scalar(select(DatedTarget).where(DatedTarget.public_id == public_id))
    if row is None or why_not(actor):
        raise NotFound("target")
    audit.note(actor, "removed", "target", public_id, kind=row.kind, share=row.share)
    db.session.delete(row)
    db.session.flush()


def listed() -> Sequence[TargetRow]:
    """All targets, the latest first."""
    query = select(DatedTarget, Person.name).outerjoin(Person, Person.id == DatedTarget.by_id)
    rows = db.session.execute(query.order_by(DatedTarget.from_on.desc(), DatedTarget.id.desc())).all()
    labels = policy_queries.labels([row.key for row, _ in rows if row.kind == "policy"])
    return [
        TargetRow(row.public_id, row.kind, row.key, _named(row, labels), row.share, row.from_on, by) for row, by in rows
    ]


def _named(row: DatedTarget, labels: dict[str, str]) -> str:
    if row.kind == "policy":
        return labels.get(row.key, row.key)
    return row.key.replace("_", " ") if row.key else KINDS["all"]
