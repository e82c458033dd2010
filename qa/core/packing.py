"""The evidence pack as a file: every part that a room has put in, read in one transaction, with its hash beside it."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from qa.core import audit, clock, preferences
from qa.core.db import db, is_sqlite
from qa.core.models import Person
from qa.core.registries import PackPart, PersonCode, registries
from qa.core.tables.writing import csv_lines

FORMAT = 1
MANIFEST = "manifest.json"


def table(
    file: str, about: str, header: Sequence[str], rows: Callable[[PersonCode], Iterable[Sequence[object]]]
) -> PackPart:
    """A part that is a table: CSV, safe to open in a spreadsheet."""
    return PackPart(file, about, lambda code: csv_lines(header, (_plain(row) for row in rows(code))))


def _plain(row: Sequence[object]) -> list[object]:
    """Moments as ISO 8601, and whatever has parts as JSON with one possible form."""
    return [
        value.isoformat() if isinstance(value, datetime)
        else audit.canonical(value) if isinstance(value, dict | list | tuple)
        else value
        for value in row
    ]  # fmt: skip


def codes() -> PersonCode:
    """What persons are called in one pack: always the same there, and never the same in another one."""
    key = secrets.token_bytes(32)

    def code(person_id: int | None) -> str:
        if person_id is None:
            return ""
        return "p-" + hmac.new(key, str(person_id).encode(), hashlib.sha256).hexdigest()[:12]

    return code


def _people(code: PersonCode) -> Iterator[Sequence[object]]:
    """Who stands behind the codes; nobody unless the setting says so."""
    if preferences.get("pack_names") and not preferences.get("team_level_only"):
        query = select(Person.id, Person.external_id, Person.name).where(Person.erased_at.is_(None))
        for person_id, external_id, name in db.session.execute(query.order_by(Person.id)):
            yield code(person_id), external_id, name


def parts() -> list[PackPart]:
    """The files of the kernel."""
    return [
        table("people.csv", "who stands behind the codes, where the setting says so", ("code", "id", "name"), _people),
        PackPart("audit.jsonl", "the audit log: every deed, chained", _audit_lines),
    ]


def _audit_lines(_code: PersonCode) -> Iterator[str]:
    """The audit log as `flask audit export` writes it."""
    for row in audit.entries():
        yield json.dumps({**row, "at": row["at"].isoformat()}) + "\n"


def write_pack(target: Path, say: Callable[[int, int, str], None] = lambda done, of, line: None) -> dict[str, Any]:
    """Write the pack to *target*, which stands there whole or not at all; what its manifest says.

    Everything is read as it stood at one moment. *say* is told how far the work is; it must not end the present
    transaction.
    """
    parts, code = list(registries().pack_parts), codes()
    half = target.with_name(f".{target.name}.{os.getpid()}.part")
    manifest: dict[str, Any] = {"format": FORMAT, "made_at": clock.now().isoformat(), "files": {}}
    try:
        with half.open("xb") as handle, zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED) as packed:
            os.chmod(half, 0o600)
            _one_moment()
            for done, part in enumerate(parts):
                say(done, len(parts), part.file)
                manifest["files"][part.file] = {"holds": part.about, **_add(packed, part, code)}
            head = audit.head()
            manifest |= {"audit_head": {"seq": head.seq, "hash": head.hash}}
            packed.writestr(MANIFEST, json.dumps(manifest, indent=1))
        os.replace(half, target)
    finally:
        db.session.rollback()
        half.unlink(missing_ok=True)
    return manifest


def _one_moment() -> None:
    """From here on the present transaction reads the database as it stands now."""
    db.session.rollback()
    if not is_sqlite():
        db.session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


def _add(packed: zipfile.ZipFile, part: PackPart, code: PersonCode) -> dict[str, Any]:
    seen, size = hashlib.sha256(), 0
    with packed.open(part.file, "w", force_zip64=True) as entry:
        for line in part.lines(code):
            written = line.encode()
            seen.update(written)
            size += entry.write(written)
    return {"bytes": size, "sha256": seen.hexdigest()}
