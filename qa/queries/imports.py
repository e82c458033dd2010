"""All reads of imports: runs, and the rows that were refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.core.models import Job, Person
from qa.models.cases import ImportReject, ImportRun, Mapping

JOB = "cases.import"


@dataclass(frozen=True, slots=True)
class RunRow:
    """One import."""

    id: int
    public_id: str
    source: str
    file_name: str
    state: str
    read: int
    added: int
    unchanged: int
    changed: int
    refused: int
    created_at: datetime
    published_at: datetime | None
    by_name: str | None

    def as_dict(self) -> dict[str, Any]:
        """What the command prints."""
        return {
            "id": self.public_id, "source": self.source, "file": self.file_name, "state": self.state,
            "read": self.read, "added": self.added, "unchanged": self.unchanged, "changed": self.changed,
            "refused": self.refused, "begun_at": self.created_at.isoformat(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class RejectRow:
    """A row that was refused."""

    line: int
    field: str | None
    value_start: str | None
    expected: str


@dataclass(frozen=True, slots=True)
class JobRow:
    """An upload that waits, is under way, or came to its end."""

    public_id: str
    state: str
    file_name: str
    done: int
    total: int | None
    line: str
    error: str | None
    run_public_id: str | None

    @property
    def is_open(self) -> bool:
        """Whether it can still be cancelled."""
        return self.state in ("queued", "leased")


_RUN = (
    ImportRun.id, ImportRun.public_id, ImportRun.source, ImportRun.file_name, ImportRun.state, ImportRun.read,
    ImportRun.added, ImportRun.unchanged, ImportRun.changed, ImportRun.refused, ImportRun.created_at,
    ImportRun.published_at, Person.name,
)  # fmt: skip


def listed(*, limit: int = 50) -> tuple[RunRow, ...]:
    """The newest imports."""
    query = select(*_RUN).outerjoin(Person, Person.id == ImportRun.by_id).order_by(ImportRun.id.desc()).limit(limit)
    return tuple(RunRow(*row) for row in db.session.execute(query))


def run(public_id: str) -> RunRow:
    """One import. Raises NotFound."""
    query = select(*_RUN).outerjoin(Person, Person.id == ImportRun.by_id).where(ImportRun.public_id == public_id)
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound("import")
    return RunRow(*row)


def unended_id(start: str) -> int:
    """The import under way whose address begins like this. Raises NotFound unless there is just one."""
    begins = ImportRun.public_id.startswith(start, autoescape=True)
    query = select(ImportRun.id).where(begins, ImportRun.state.in_(("loading", "checked", "refused"))).limit(2)
    ids = db.session.scalars(query).all()
    if len(ids) != 1 or len(start) < 4:
        raise NotFound("import that has not ended")
    return ids[0]


def rejects(run_id: int, *, limit: int) -> tuple[RejectRow, ...]:
    """The first rows of an import that were refused."""
    return tuple(RejectRow(*row) for row in db.session.execute(_rejects(run_id).limit(limit)))


def all_rejects(run_id: int) -> Iterator[tuple[Any, ...]]:
    """Every refused row of an import, streamed."""
    for row in db.session.execute(_rejects(run_id).execution_options(yield_per=1000)):
        yield tuple(row)


def _rejects(run_id: int) -> Any:
    columns = ImportReject.line, ImportReject.field, ImportReject.value_start, ImportReject.expected
    return select(*columns).where(ImportReject.run_id == run_id).order_by(ImportReject.line, ImportReject.id)


def uploads(*, limit: int = 10) -> tuple[JobRow, ...]:
    """The newest uploads."""
    rows = db.session.scalars(select(Job).where(Job.kind == JOB).order_by(Job.id.desc()).limit(limit)).all()
    return tuple(_job_row(job) for job in rows)


def has_open_uploads() -> bool:
    """Whether an upload waits or is under way."""
    query = select(func.count()).select_from(Job).where(Job.kind == JOB, Job.state.in_(("queued", "leased")))
    return bool(db.session.scalar(query))


def _job_row(job: Job) -> JobRow:
    run_public_id = (job.result or {}).get("run")
    name = str(job.args.get("name", ""))
    return JobRow(job.public_id, job.state, name, job.done, job.total, job.line, job.error, run_public_id)


def mapping_names() -> tuple[str, ...]:
    """The mappings that are kept."""
    return tuple(db.session.scalars(select(Mapping.name).order_by(Mapping.name)))


def freshness() -> str | None:
    """How fresh the cases are, in words."""
    latest = db.session.scalar(select(func.max(ImportRun.latest_closed_at)).where(ImportRun.state == "published"))
    return None if latest is None else f"cases up to {latest.day} {latest:%b %Y, %H:%M} UTC"


def is_readable(actor: Actor) -> bool:
    """Whether somebody may see what a file said: a refused row's value can tell a decision."""
    return not actor.can_be_given_blind_tasks
