"""Sheets of earlier QA that are kept: what they say is told again, and nothing of them enters any accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update

from calibration.earlier import matching
from calibration.earlier.reading import Result, Sheet
from calibration.models.earlier import EarlierResult, EarlierSheet
from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.models import Person
from qa.core.registries import PersonHolder

#: Rows of one sheet, at most; larger ones are shares of what is imported, and are measured there.
MOST = 50_000
BATCH, SHOWN = 1000, 50
#: What stands where figures lost the person, and where a case's words were erased.
NOBODY = "no longer known"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A kept sheet in a list."""

    public_id: str
    name: str
    rows: int
    kept_at: datetime
    by: str | None
    has_check: bool


def why_not(actor: Actor) -> str | None:
    """Why *actor* keeps no earlier QA; None where they do."""
    if actor.can_be_given_blind_tasks:
        return "You may be given cases to grade, and a kept sheet tells what was said of cases."
    if not actor.has("admin") and actor.managed_teams is not None:
        return "A sheet may name agents of every team, so it is kept by those who look after all of them."
    return None


def refuse(actor: Actor) -> None:
    """Raise Refused for who keeps no earlier QA."""
    said = why_not(actor)
    if said is not None:
        raise Refused(said)


def keep(actor: Actor, sheet: Sheet) -> EarlierSheet:
    """Keep a sheet, and see which of its cases are imported."""
    refuse(actor)
    if len(sheet.results) > MOST:
        raise BadInput(Problem(f"at most {MOST} rows to keep", sheet.name, value=str(len(sheet.results))))
    row = EarlierSheet(
        name=sheet.name[:300], columns=dict(sheet.columns), blank=list(sheet.blank), undated=list(sheet.undated),
        by_id=actor.id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    for start in range(0, len(sheet.results), BATCH):
        part = sheet.results[start : start + BATCH]
        db.session.execute(insert(EarlierResult), [_stored(row.id, one) for one in part])
    matching.match(row.id)
    audit.note(actor, "kept", "earlier_qa", row.public_id, rows=len(sheet.results))
    return row


def _stored(sheet_id: int, one: Result) -> dict[str, object]:
    return {
        "sheet_id": sheet_id, "case_ref": one.case and one.case[:200], "agent": one.agent[:200],
        "decision": one.decision, "qa": one.qa, "decided_on": one.on, "created_at": clock.now(),
    }  # fmt: skip


def listed(actor: Actor) -> list[SheetRow]:
    """The newest kept sheets; none for who keeps none."""
    if why_not(actor):
        return []
    rows = select(func.count(EarlierResult.id)).where(EarlierResult.sheet_id == EarlierSheet.id).scalar_subquery()
    query = (
        select(
            EarlierSheet.public_id, EarlierSheet.name, rows, EarlierSheet.created_at, Person.name,
            EarlierSheet.plan_id.is_not(None),
        )
        .outerjoin(Person, Person.id == EarlierSheet.by_id)
        .order_by(EarlierSheet.id.desc())
        .limit(SHOWN)
    )  # fmt: skip
    return [SheetRow(*row) for row in db.session.execute(query)]


def found(actor: Actor, public_id: str) -> EarlierSheet:
    """The kept sheet at this address. Raises NotFound, for who keeps none too."""
    row = db.session.scalar(select(EarlierSheet).where(EarlierSheet.public_id == public_id))
    if row is None or why_not(actor):
        raise NotFound("sheet of earlier QA")
    return row


def sheet_of(row: EarlierSheet) -> Sheet:
    """A kept sheet as it was read; results whose words were erased are left out."""
    columns = (
        EarlierResult.agent, EarlierResult.decision, EarlierResult.qa, EarlierResult.decided_on, EarlierResult.case_ref
    )  # fmt: skip
    query = select(*columns).where(EarlierResult.sheet_id == row.id, *said()).order_by(EarlierResult.id)
    results = [Result(agent or NOBODY, *rest) for agent, *rest in db.session.execute(query)]
    return Sheet(row.name, dict(row.columns), results, list(row.blank), list(row.undated))


def said() -> Sequence[ColumnElement[bool]]:
    """Of results: those that still say something."""
    return EarlierResult.decision != "", EarlierResult.qa != ""


def remove(actor: Actor, public_id: str) -> None:
    """Let go of a sheet; the cases of its blind check stay what they are. Raises NotFound."""
    row = found(actor, public_id)
    db.session.execute(delete(EarlierResult).where(EarlierResult.sheet_id == row.id))
    db.session.delete(row)
    audit.note(actor, "removed", "earlier_qa", public_id)
    db.session.flush()


def holders() -> list[PersonHolder]:
    """What is held here of people: names as sheets write them."""
    return [PersonHolder("Earlier QA", "The person is taken out, the results stay.", _over, _lose)]


def _old(before: datetime) -> ColumnElement[bool]:
    day = EarlierResult.decided_on
    over = or_(and_(day.is_not(None), day < before.date()), and_(day.is_(None), EarlierResult.created_at < before))
    return and_(EarlierResult.agent.is_not(None), over)


def _over(before: datetime) -> int:
    return db.session.scalar(select(func.count(EarlierResult.id)).where(_old(before))) or 0


def _lose(before: datetime) -> int:
    gone = update(EarlierResult).where(_old(before)).values(agent=None)
    return int(db.session.execute(gone.execution_options(synchronize_session=False)).rowcount)
