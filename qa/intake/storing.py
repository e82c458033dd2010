"""Putting prepared rows into the database, thousands at a time, by the quickest way that each database has."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any, NamedTuple

from qa.core.db import db, is_sqlite
from qa.intake.rows import BODY, Prepared

HEAD = ("id", "created_at", "public_id", "source", "external_id", "no", "run_id", "number", "replaced_at")
TEXT = ("created_at", "case_id", "text", "language", "translation")
TOUCH = ("created_at", "case_id", "person_id", "how")
MESSAGE = ("created_at", "case_id", "ordinal", "at", "author_role", "text", "language", "translation", "withheld")
#: Rows of one statement on SQLite.
TOGETHER = 100
#: Ids that one question names.
ASKED = 500
#: The join must begin at the ids that are asked for: the database knows nothing of how few they are.
KNOWN_SQLITE = """
    SELECT c.external_id, c.id, c.no, c.content_hash, c.run_id
    FROM json_each(?) AS asked CROSS JOIN closed_case AS c ON c.external_id = asked.value AND c.source = ?
    ORDER BY c.no"""
KNOWN_POSTGRESQL = """
    SELECT c.external_id, c.id, c.no, c.content_hash, c.run_id
    FROM unnest(%s::text[]) AS asked (external_id) JOIN closed_case AS c USING (external_id) WHERE c.source = %s
    ORDER BY c.no"""


class Stored(NamedTuple):
    """A case that is stored already: its newest row, visible or not."""

    external_id: str
    case_id: int
    no: int
    content_hash: str
    run_id: int


def zone() -> str:
    """What follows the wall time of a UTC moment: nothing on SQLite, which knows no offsets."""
    return "" if is_sqlite() else "+00"


def stamp(moment: datetime) -> str:
    """A UTC moment as the present database wants it."""
    return moment.isoformat(" ", "microseconds")[:26] + zone()


def moment(stamped: str) -> datetime:
    """The moment of a stamp."""
    return datetime.fromisoformat(stamped[:26]).replace(tzinfo=UTC)


def known_cases(source: str, external_ids: Sequence[str]) -> dict[str, Stored]:
    """External id -> newest row, of those that are stored already, visible or not."""
    return {row[0]: Stored._make(row) for row in _ask_known(source, external_ids)}


def _ask_known(source: str, external_ids: Sequence[str]) -> Sequence[tuple[Any, ...]]:
    cursor = db.session.connection().connection.cursor()
    asked: Any = json.dumps(external_ids) if is_sqlite() else list(external_ids)
    cursor.execute(KNOWN_SQLITE if is_sqlite() else KNOWN_POSTGRESQL, (asked, source))
    found = cursor.fetchall()
    cursor.close()
    return found


def known_hashes(source: str, external_ids: Sequence[str]) -> dict[str, tuple[str, int]]:
    """External id -> content and run of the newest row, of those that are stored already, visible or not."""
    return {row[0]: (row[3], row[4]) for row in _ask_known(source, external_ids)}


def store(rows: Sequence[tuple[Prepared, int, int]], *, source: str, run_id: int, now: datetime) -> None:
    """Store rows, each with its `no` and its number; one that corrects an earlier row waits for the run's end."""
    present = stamp(now)
    case_ids = _case_ids(len(rows))
    ids = _public_ids(len(rows))
    cases, texts = [], []
    touches: list[tuple[Any, ...]] = []
    notes: list[tuple[Any, ...]] = []
    for case_id, public_id, (row, no, number) in zip(case_ids, ids, rows, strict=True):
        waits = present if no > 1 else None
        cases.append((case_id, present, public_id, source, row.external_id, no, run_id, number, waits, *row.body))
        texts.append((present, case_id, row.text, row.language, row.translation))
        if row.handlers:
            touches += [(present, case_id, person_id, "handled") for person_id in row.handlers]
        if row.notes:
            notes += _notes(row, case_id, present)
    _insert("closed_case", (*HEAD, *BODY), cases)
    _insert("case_text", TEXT, texts)
    _insert("touch", TOUCH, touches)
    _insert("message", MESSAGE, notes)


def _notes(row: Prepared, case_id: int, present: str) -> Iterable[tuple[Any, ...]]:
    """A case's messages. What agents or the system wrote, or nobody can place before the decision, is withheld."""
    for ordinal, note in enumerate(row.notes, start=1):
        withheld = note.author_role in ("agent", "system") or note.at is None or note.at > moment(row.closed_at)
        at = None if note.at is None else stamp(note.at)
        text, language, translation = note.text, note.language, note.translation
        yield present, case_id, ordinal, at, note.author_role, text, language, translation, withheld


def _case_ids(count: int) -> Sequence[int]:
    """As many inside numbers for cases that nobody else will use."""
    connection = db.session.connection()
    if is_sqlite():
        last = int(connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM closed_case").scalar_one())
        return range(last + 1, last + 1 + count)
    sequence = "SELECT nextval(pg_get_serial_sequence('closed_case', 'id')) FROM generate_series(1, %s)"
    return list(connection.exec_driver_sql(sequence, (count,)).scalars())


def _public_ids(count: int) -> list[str]:
    """Addresses for cases: 128 random bits each, so that none tells which cases came together."""
    drawn = os.urandom(16 * count).hex()
    return [drawn[at : at + 32] for at in range(0, 32 * count, 32)]


def _insert(table: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    connection = db.session.connection()
    names = ", ".join(f'"{column}"' for column in columns)
    if is_sqlite():
        # Many rows in a statement: opening the table and its indexes costs as much as filling in a row.
        marks = "(" + ", ".join("?" * len(columns)) + ")"
        statement = f"INSERT INTO {table} ({names}) VALUES "
        whole = len(rows) - len(rows) % TOGETHER
        if whole:
            parts = [tuple(chain.from_iterable(rows[at : at + TOGETHER])) for at in range(0, whole, TOGETHER)]
            connection.exec_driver_sql(statement + ", ".join([marks] * TOGETHER), parts)
        if rows[whole:]:
            connection.exec_driver_sql(statement + marks, rows[whole:])
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
