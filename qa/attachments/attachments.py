"""Files that came beside cases: what of them is shown, to whom, and where their bytes lie."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import ColumnElement, and_, exists, false, or_, select, update

from qa import touches
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.models.cases import ClosedCase
from qa.models.grading import Task
from qa.models.texts import Attachment
from qa.models.truth import Finding

#: What each kind is called on a page, with its place; the name that it came with may tell the outcome.
LABELS = {"image": "Image", "file": "File", "link": "Link", "missing": "File"}
#: States of a task whose holder sees, or has seen, the case's evidence.
_IN_SIGHT = ("held", "graded", "committed", "revealed", "done")


@dataclass(frozen=True, slots=True)
class Media:
    """One file of a case, as any page may show it."""

    public_id: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that may be handed out: where it lies, what it is, and a name that tells nothing."""

    path: Path
    media_type: str
    file_name: str
    is_image: bool


def of(case_id: int) -> tuple[Media, ...]:
    """What came beside a case and is still there, in its order."""
    query = select(Attachment.public_id, Attachment.kind, Attachment.ordinal).where(
        Attachment.case_id == case_id, Attachment.purged_at.is_(None)
    )
    rows = db.session.execute(query.order_by(Attachment.ordinal))
    return tuple(Media(row.public_id, row.kind, f"{LABELS[row.kind]} {row.ordinal}") for row in rows)


def links_of(case_id: int) -> tuple[str, ...]:
    """Where a case's links lead, for whoever has the decision in sight: they are written out, and never fetched."""
    query = select(Attachment.named).where(
        Attachment.case_id == case_id, Attachment.kind == "link", Attachment.purged_at.is_(None)
    )
    return tuple(db.session.scalars(query.order_by(Attachment.ordinal)))


def stored(actor: Actor, public_id: str) -> Stored:
    """A file, for whoever has its case in hand, leads it or was told of it. Raises NotFound for everybody else."""
    query = select(Attachment).join(ClosedCase, ClosedCase.id == Attachment.case_id)
    query = query.where(Attachment.public_id == public_id, Attachment.kind.in_(("image", "file")))
    row = db.session.scalar(query.where(Attachment.purged_at.is_(None), _may_see(actor)))
    place = row and path(row.public_id)
    if row is None or place is None or not place.is_file():
        raise NotFound("file")
    ending = (row.media_type or "").partition("/")[2] if row.kind == "image" else "bin"
    return Stored(
        place, row.media_type or "application/octet-stream", f"{LABELS[row.kind].lower()}-{row.ordinal}.{ending}",
        row.kind == "image",
    )  # fmt: skip


def _may_see(actor: Actor) -> ColumnElement[bool]:
    """The cases whose evidence *actor* sees on some page: an own look, an own result, or one opened as a lead."""
    looks = exists().where(Task.case_id == ClosedCase.id, Task.person_id == actor.id, Task.state.in_(_IN_SIGHT))
    told = exists().where(
        Finding.case_id == ClosedCase.id, Finding.agent_id == actor.id, Finding.published_at.is_not(None)
    )
    return or_(looks, told, _leads(actor))


def _leads(actor: Actor) -> ColumnElement[bool]:
    """The cases of teams led; whoever may be given blind tasks sees those that were opened, as on the case's page."""
    if not actor.has("manager", "admin"):
        return false()
    led = or_(ClosedCase.agent_id.is_(None), ClosedCase.agent_id != actor.id)
    if not actor.has("admin") and actor.managed_teams is not None:
        led = and_(led, ClosedCase.agent_team_id.in_(sorted(actor.managed_teams)))
    return and_(led, touches.has_met(actor.id)) if actor.can_be_given_blind_tasks else led


def path(public_id: str) -> Path:
    """Where the bytes of a file lie."""
    folder = Path(current_app.config["SETTINGS"].instance) / "attachments" / public_id[:2]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / public_id


def let_go(case_ids: Collection[int]) -> list[str]:
    """Take the files of these cases out of the database, in the caller's transaction; what `remove` is to be told."""
    gone = update(Attachment).where(Attachment.case_id.in_(case_ids), Attachment.purged_at.is_(None))
    values = {"purged_at": clock.now(), "named": "", "sha256": None}
    return list(db.session.scalars(gone.values(**values).returning(Attachment.public_id)))


def remove(public_ids: Collection[str]) -> int:
    """Remove the bytes of files that were let go; how many were there. Never inside a transaction."""
    there = [place for place in map(path, public_ids) if place.is_file()]
    for place in there:
        # Overwritten first: a file system may keep the blocks of a file that is only unlinked.
        place.write_bytes(bytes(place.stat().st_size))
        place.unlink()
    return len(there)
