"""All reads of imports: runs, and the rows that were refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, null, select

from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.core.models import Job, Person
from qa.models.cases import ImportReject, ImportRun, Mapping

#: Files as they are, and files whose columns were said on a page.
JOB, SHEET_JOB = "cases.import", "sheets.read"
COUNTS = ("read", "added", "unchanged", "changed", "refused", "skipped", "images", "files", "links", "missing")


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
    skipped: int
    created_at: datetime
    published_at: datetime | None
    by_name: str | None
    kind: str = "cases"

    def as_dict(self) -> dict[str, Any]:
        """What the command prints."""
        return {
            "id": self.public_id, "kind": self.kind, "source": self.source, "file": self.file_name, "state": self.state,
            "read": self.read, "added": self.added, "unchanged": self.unchanged, "changed": self.changed,
            "refused": self.refused, "skipped": self.skipped, "begun_at": self.created_at.isoformat(),
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
    error: str | None
    run_public_id: str | None
    dry_run: bool
    counts: dict[str, int]
    problems: tuple[str, ...]
    #: Whether the file was refused, and the sheet that it came as.
    kept_out: bool = False
    sheet: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it can still be cancelled."""
        return self.state in ("queued", "leased")


_RUN = (
    ImportRun.id, ImportRun.public_id, ImportRun.source, ImportRun.file_name, ImportRun.state, ImportRun.read,
    ImportRun.added, ImportRun.unchanged, ImportRun.changed, ImportRun.refused, ImportRun.skipped,
    ImportRun.created_at, ImportRun.published_at, Person.name, ImportRun.kind,
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


def rejects(reader: Actor, run_id: int, *, limit: int) -> tuple[RejectRow, ...]:
    """The first rows of an import that were refused."""
    return tuple(RejectRow(*row) for row in db.session.execute(_rejects(reader, run_id).limit(limit)))


def _rejects(reader: Actor, run_id: int) -> Select[tuple[int, str | None, str | None, str]]:
    """What a row said can tell a decision: whoever may be given blind cases sees only where it stands."""
    value = null().label("value") if reader.can_be_given_blind_tasks else ImportReject.value_start
    columns = ImportReject.line, ImportReject.field, value, ImportReject.expected
    return select(*columns).where(ImportReject.run_id == run_id).order_by(ImportReject.line, ImportReject.id)


def uploads(reader: Actor, *, limit: int = 10) -> tuple[JobRow, ...]:
    """The newest uploads."""
    kinds = Job.kind.in_((JOB, SHEET_JOB))
    rows = db.session.scalars(select(Job).where(kinds).order_by(Job.id.desc()).limit(limit)).all()
    return tuple(_job_row(job, reader) for job in rows)


def upload_id(public_id: str) -> str:
    """The address of an upload, which is no other kind of job. Raises NotFound."""
    if db.session.scalar(select(Job.id).where(Job.public_id == public_id, Job.kind.in_((JOB, SHEET_JOB)))) is None:
        raise NotFound("upload")
    return public_id


def sheet_job(reader: Actor, job_id: int | None) -> JobRow | None:
    """What came of the last reading of a sheet, if it was read."""
    job = None if job_id is None else db.session.get(Job, job_id)
    return None if job is None else _job_row(job, reader)


def _job_row(job: Job, reader: Actor) -> JobRow:
    result = job.result or {}
    told = not reader.can_be_given_blind_tasks
    problems = tuple(result.get("problems" if told else "bare_problems", ()))
    counts = {name: int(result[name]) for name in COUNTS if name in result}
    error = job.error if told or job.error is None else "The file was refused."
    return JobRow(
        job.public_id, job.state, str(job.args.get("name", "")), job.done, job.total, error, result.get("run"),
        bool(result.get("dry_run")), counts, problems, bool(result.get("kept_out")), job.args.get("sheet"),
    )  # fmt: skip


def mapping_names() -> tuple[str, ...]:
    """The mappings that are kept."""
    return tuple(db.session.scalars(select(Mapping.name).order_by(Mapping.name)))
