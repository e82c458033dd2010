"""Taking in the files that a sheet names beside its cases: copied, hashed, pictures painted anew.

Comes after the import of the sheet, which keeps the names with each case. Run again it takes what is still missing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Text, cast, delete, func, select

from qa.attachments import attachments, beside
from qa.core import audit, preferences
from qa.core.access import Actor
from qa.core.columns import new_public_id
from qa.core.db import db, write
from qa.core.tables import reading as tables
from qa.core.tables.limits import Limits
from qa.intake.mapping import Mapping
from qa.models.cases import ClosedCase, ImportRun
from qa.models.texts import Attachment

COLUMN = "attachments"
#: Files of one case, and cases of one question.
MOST_OF_A_CASE, SOME = 50, 200
_LINK = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)


@dataclass(slots=True)
class Taken:
    """What came of the files of a sheet."""

    images: int = 0
    files: int = 0
    links: int = 0
    missing: int = 0

    def as_dict(self) -> dict[str, int]:
        """The figures by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Read:
    """One file or link, ready to be stored."""

    ordinal: int
    kind: str
    named: str
    data: bytes | None = None
    media_type: str | None = None
    sha256: str | None = None


def are_named_in(path: Path, *, name: str, mapping: Mapping | None) -> bool:
    """Whether a sheet has a column of attachments."""
    how = mapping or Mapping()
    with tables.rows_as_lists(path, name=name, limits=Limits()) as table:
        return any(how.ours(theirs) == COLUMN and how.kind(theirs) != "drop" for theirs in table.header)


def run_of(path: Path) -> str | None:
    """The newest import of just this file, if there was one."""
    with path.open("rb") as plain:
        digest = hashlib.file_digest(plain, "sha256").hexdigest()
    query = select(ImportRun.public_id).where(ImportRun.file_sha256 == digest, ImportRun.state == "published")
    found = db.session.scalar(query.order_by(ImportRun.id.desc()).limit(1))
    db.session.rollback()
    return found


def take_in(actor: Actor, run_public_id: str, where: Path | None, *, name: str = "") -> Taken:
    """Take in what the cases of an import name, from the folder or zip *where*; links need neither.

    Opens its own transactions, one for some cases. Raises BadInput for a zip that is not to be trusted.
    """
    taken = Taken()
    most = preferences.get("attachment_mb") * 1_000_000
    unpacked = preferences.get("attachments_unpacked_mb") * 1_000_000
    db.session.rollback()
    source = beside.opened(where, name=name or where.name, most_unpacked=unpacked) if where else None
    try:
        for some in _named(run_public_id):
            read = {case_id: _read(names, source, most) for case_id, names in some.items()}
            for one in write(lambda read=read: _keep(read)):
                _count(taken, one)
    finally:
        if isinstance(source, beside.Zip):
            source.zip.close()
    if taken != Taken():
        write(lambda: audit.note(actor, "took_in_files", "import_run", run_public_id, **taken.as_dict()))
    return taken


def _named(run_public_id: str) -> Iterator[dict[int, list[str]]]:
    """Case -> what it names, some cases at a time: of those that have not got all of it yet."""
    last = 0
    here = select(func.count()).where(Attachment.case_id == ClosedCase.id, Attachment.kind != "missing")
    while True:
        query = (
            select(ClosedCase.id, ClosedCase.withheld, here.scalar_subquery().label("here"))
            .join(ImportRun, ImportRun.id == ClosedCase.run_id)
            .where(ImportRun.public_id == run_public_id, ImportRun.state == "published", ClosedCase.id > last)
            .where(cast(ClosedCase.withheld, Text).contains(f'"{COLUMN}"'))
        )
        rows = db.session.execute(query.order_by(ClosedCase.id).limit(SOME)).all()
        db.session.rollback()
        if not rows:
            return
        last = rows[-1].id
        named = {row.id: _split(row.withheld.get(COLUMN)) for row in rows}
        yield {row.id: named[row.id] for row in rows if row.here < len(named[row.id])}


def _split(said: Any) -> list[str]:
    parts = (part.strip() for part in str(said or "").split(";"))
    return [part for part in parts if part][:MOST_OF_A_CASE]


def _read(names: list[str], source: beside.Folder | beside.Zip | None, most: int) -> list[Read]:
    found = []
    for ordinal, name in enumerate(names, start=1):
        if _LINK.fullmatch(name):
            found.append(Read(ordinal, "link", name[:2000]))
            continue
        data = source.read(name, most=most) if source else None
        found.append(Read(ordinal, "missing", name[:2000]) if data is None else _weighed(ordinal, name, data))
    return found


def _weighed(ordinal: int, name: str, data: bytes) -> Read:
    """What is kept of a file: a picture painted anew, or the file as it came, as a download."""
    digest = hashlib.sha256(data).hexdigest()
    picture = import_module("qa.attachments.images").painted_anew(data)
    if picture is None:
        return Read(ordinal, "file", name[:2000], data, "application/octet-stream", digest)
    return Read(ordinal, "image", name[:2000], *picture, digest)


def _keep(read: dict[int, list[Read]]) -> list[str]:
    """Store what is not there yet; the kinds of what was. The bytes come first: a row never leads to nothing."""
    there = select(Attachment.case_id, Attachment.ordinal).where(
        Attachment.case_id.in_(read), Attachment.kind != "missing"
    )
    known = {tuple(row) for row in db.session.execute(there)}
    db.session.execute(delete(Attachment).where(Attachment.case_id.in_(read), Attachment.kind == "missing"))
    kinds = []
    for case_id, files in read.items():
        for one in files:
            if (case_id, one.ordinal) not in known:
                kinds.append(one.kind)
                _store(case_id, one)
    db.session.flush()
    return kinds


def _store(case_id: int, one: Read) -> None:
    row = Attachment(
        public_id=new_public_id(), case_id=case_id, ordinal=one.ordinal, kind=one.kind, sha256=one.sha256,
        media_type=one.media_type, size=None if one.data is None else len(one.data), named=one.named,
    )  # fmt: skip
    if one.data is not None:
        attachments.path(row.public_id).write_bytes(one.data)
    db.session.add(row)


def _count(taken: Taken, kind: str) -> None:
    match kind:
        case "image":
            taken.images += 1
        case "file":
            taken.files += 1
        case "link":
            taken.links += 1
        case _:
            taken.missing += 1
