"""A file that was handed in by a page: looked at, its columns and words said, tried, taken in, or put away.

What is chosen is kept as a named mapping at once, so that the next file of its kind begins with it. The file itself
lies aside with its first rows until it was taken in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import IO

from sqlalchemy import Select, select, update

from qa.core import aside, audit, clock, jobs
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.models import Job
from qa.core.tables import signs
from qa.core.tables.reading import ENDINGS
from qa.intake import cases, mappings, uploads
from qa.intake.mapping import Mapping
from qa.models.cases import Sheet
from qa.sheets import survey

JOB = "sheets.read"
#: How long a file lies aside that nobody takes in.
LIES = timedelta(days=14)
#: A pasted table is what a spreadsheet puts on the clipboard.
PASTED = "pasted.tsv"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done with a sheet."""

    dry_run: bool = True
    partial: bool = False
    stub_policies: bool = False
    make_people: bool = False


def take(
    actor: Actor,
    stream: IO[bytes],
    name: str,
    *,
    kind: str = "cases",
    source: str = "default",
    mapping_name: str | None = None,
    files: IO[bytes] | None = None,
) -> str:
    """Put a file aside and look at its first rows; the sheet's address. Opens its own transaction.

    Raises BadInput, with what to do about it, for a file that cannot be read.
    """
    cases.check_source(source)
    token = uploads.put_aside(stream, name, ENDINGS)
    try:
        mended = signs.mend(aside.path(token), name)
        seen = survey.read(aside.path(token), name=name, limits=cases.limits())
        survey.keep(replace(seen, separated_by=mended), rows_path(token))
        beside = None if files is None else uploads.put_aside(files, "files.zip", (".zip",))
        return write(lambda: _keep(actor, Sheet(token=token, beside=beside, file_name=name[-300:], kind=kind,
                                                source=source, mapping_name=_known(mapping_name))))  # fmt: skip
    except BaseException:
        _let_go(token, None)
        raise


def _known(name: str | None) -> str | None:
    if name is not None and mappings.named(name) is None:
        raise BadInput(Problem("the name of a mapping that is kept", field="mapping_name", value=name))
    return name


def _keep(actor: Actor, sheet: Sheet) -> str:
    sheet.by_id = actor.id
    db.session.add(sheet)
    db.session.flush()
    audit.note(actor, "handed_in", "sheet", sheet.public_id)
    return sheet.public_id


def rows_path(token: str) -> Path:
    """Where the first rows of a sheet lie."""
    return aside.path(f"{token}.rows")


def rejects_path(token: str) -> Path:
    """Where the rows lie that its last reading refused."""
    return aside.path(f"{token}.refused")


def _let_go(token: str, beside: str | None) -> None:
    for one in (token, f"{token}.rows", f"{token}.refused", beside):
        if one is not None:
            aside.drop(one)


def open_sheet(public_id: str) -> Sheet:
    """A sheet whose file still lies aside. Raises NotFound."""
    sheet = db.session.scalar(select(Sheet).where(Sheet.public_id == public_id, Sheet.ended_at.is_(None)))
    if sheet is None:
        raise NotFound("file")
    return sheet


def first_rows(sheet: Sheet) -> survey.Survey:
    """The first rows of a sheet. Raises NotFound where its files are gone, as after a database was brought back."""
    try:
        return survey.kept(rows_path(sheet.token))
    except FileNotFoundError:
        raise NotFound("file") from None


def choose(actor: Actor, public_id: str, chosen: Mapping, *, name: str) -> None:
    """Keep what was said of a sheet's columns and words, under a name."""
    sheet = open_sheet(public_id)
    if not name or len(name) > 100:
        raise BadInput(Problem("a name of at most 100 characters for these choices", field="mapping_name"))
    mappings.keep(actor, name, chosen)
    sheet.mapping_name = name
    db.session.flush()


def ask(actor: Actor, public_id: str, wish: Wish) -> None:
    """Have a sheet tried, or taken in. Raises Refused while it is being read."""
    sheet = open_sheet(public_id)
    if sheet.mapping_name is None:
        raise Refused("Say what its columns are first.")
    args = {
        "sheet": public_id, "dry_run": wish.dry_run, "partial": wish.partial, "stub_policies": wish.stub_policies,
        "make_people": wish.make_people, "name": sheet.file_name,
    }  # fmt: skip
    job = jobs.enqueue(actor, JOB, args, dedupe_key=f"sheet:{public_id}")
    if job is None:
        raise Refused("This file is being read just now. Let that end, or cancel it.")
    sheet.job_id = job.id
    db.session.flush()


def put_away(actor: Actor, public_id: str) -> None:
    """Let a sheet go without taking it in. Opens its own transaction."""

    def deed() -> tuple[str, str | None]:
        sheet = open_sheet(public_id)
        reads = select(Job.id).where(Job.id == sheet.job_id, Job.state.in_(("queued", "leased")))
        if db.session.scalar(reads) is not None:
            raise Refused("This file is being read just now. Cancel that first.")
        audit.note(actor, "put_away", "sheet", public_id)
        return _end(sheet)

    _let_go(*write(deed))


def end(public_id: str) -> None:
    """Let a sheet's file go once it was taken in. Opens its own transaction."""
    _let_go(*write(lambda: _end(open_sheet(public_id))))


def _end(sheet: Sheet) -> tuple[str, str | None]:
    sheet.ended_at = clock.now()
    db.session.flush()
    return sheet.token, sheet.beside


def tidy(_work: jobs.Work) -> dict[str, int]:
    """The job that lets go what nobody took in for a fortnight."""

    def deed() -> list[tuple[str, str | None]]:
        now = clock.now()
        old = update(Sheet).where(Sheet.ended_at.is_(None), Sheet.created_at < now - LIES).values(ended_at=now)
        return [(row.token, row.beside) for row in db.session.execute(old.returning(Sheet.token, Sheet.beside))]

    gone = write(deed)
    for token, beside in gone:
        _let_go(token, beside)
    return {"let_go": len(gone)}


def lying(*, limit: int = 20) -> Select[tuple[str, str, str]]:
    """The newest sheets whose files lie aside: address, file, kind."""
    query = select(Sheet.public_id, Sheet.file_name, Sheet.kind).where(Sheet.ended_at.is_(None))
    return query.order_by(Sheet.id.desc()).limit(limit)


def refused_lines(public_id: str) -> list[str]:
    """The lines of the file of rows that the last reading refused; none when it refused none. Raises NotFound."""
    path = rejects_path(open_sheet(public_id).token)
    return path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
