"""Sheets that are kept under a name: what was shown stays as it was shown, whatever the figures become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from calibration.periods import Period
from calibration.reports import keeping as reports
from qa.core import audit
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.models import Person
from training.business.sheet import Line, Sheet
from training.models.business import BusinessSheet

#: Kept sheets that the page lists, and characters of a name.
SHOWN, LONGEST = 30, 100


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A kept sheet in a list."""

    public_id: str
    name: str
    since: date
    until: date
    made_at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept sheet, with the parts that the page of a sheet shows."""

    row: KeptRow
    money: str
    asked: Mapping[str, str]
    assumed: Mapping[str, float]
    put_in: Sequence[Line]
    came_out: Sequence[Line]
    saved: Sequence[Line]
    balance: Sequence[float] | None


def why_not(reader: Actor) -> str | None:
    """Why a reader sees no sheet; None where they do. Observers read what names nobody."""
    if reader.can_be_given_blind_tasks:
        return "You may be given cases to grade, and this sheet tells what came out of cases."
    if reader.has("manager", "admin") and reports.why_not(reader):
        return "This sheet holds the figures of every team, so it is for those who look after all of them."
    return None


def keeps(reader: Actor) -> bool:
    """Whether a reader keeps sheets and lets go of them."""
    return reader.has("manager", "admin") and why_not(reader) is None


def keep(
    by: Actor, seen: Sheet, period: Period, *, name: str, money: str, asked: Mapping[str, str]
) -> BusinessSheet:  # fmt: skip
    """Keep a sheet as it is now. Raises Refused for who keeps none, BadInput for a name that is none."""
    if not keeps(by):
        raise Refused(why_not(by) or "Sheets are kept by those who lead.")
    said = " ".join(name.split())
    if not said or len(said) > LONGEST:
        raise BadInput(Problem(f"a name of at most {LONGEST} characters", field="name"))
    parts = {part: [asdict(line) for line in getattr(seen, part)] for part in ("put_in", "came_out", "saved")}
    row = BusinessSheet(
        name=said, days_from=period.since, days_to=period.until, money=money, asked=dict(asked),
        assumed=dict(seen.assumed), balance=None if seen.balance is None else list(seen.balance), by_id=by.id, **parts,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.note(by, "kept", "business_sheet", row.public_id)
    return row


def listed(reader: Actor) -> list[KeptRow]:
    """The newest kept sheets; none for who sees none."""
    if why_not(reader):
        return []
    query = select(BusinessSheet, Person.name).outerjoin(Person, Person.id == BusinessSheet.by_id)
    return [_row(*found) for found in db.session.execute(query.order_by(BusinessSheet.id.desc()).limit(SHOWN))]


def _row(row: BusinessSheet, by: str | None) -> KeptRow:
    return KeptRow(row.public_id, row.name, row.days_from, row.days_to, row.created_at, by)


def one(reader: Actor, public_id: str) -> Kept:
    """A kept sheet. Raises NotFound, for who sees none too."""
    query = select(BusinessSheet, Person.name).outerjoin(Person, Person.id == BusinessSheet.by_id)
    found = db.session.execute(query.where(BusinessSheet.public_id == public_id)).first()
    if found is None or why_not(reader):
        raise NotFound("sheet")
    row, by = found
    parts = [[_line(line) for line in part] for part in (row.put_in, row.came_out, row.saved)]
    return Kept(_row(row, by), row.money, row.asked, row.assumed, *parts, row.balance)


def _line(stored: Mapping[str, Any]) -> Line:
    return Line(**stored)


def remove(by: Actor, public_id: str) -> None:
    """Let a kept sheet go. Raises NotFound, for who keeps none too."""
    row = db.session.scalar(select(BusinessSheet).where(BusinessSheet.public_id == public_id))
    if row is None or not keeps(by):
        raise NotFound("sheet")
    audit.note(by, "removed", "business_sheet", public_id)
    db.session.delete(row)
    db.session.flush()
