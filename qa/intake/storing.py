"""Putting prepared rows into the database, thousands at a time, by the quickest way that each database has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from qa import case_addresses, sealing
from qa.core.db import db, is_sqlite
from qa.intake.prepared import Prepared

HEAD = ("id", "public_id", "external_id", "number")
TOUCH = ("case_id", "person_id", "how")
MESSAGE = ("case_id", "ordinal", "at", "author_role", "text", "language", "translation", "withheld")
#: Rows of one statement on SQLite: opening the table and its indexes costs as much as filling in a row.
TOGETHER = 100
#: Ids that one question names.
ASKED = 500
#: The join must begin at the ids that are asked for: the database knows nothing of how few they are.
KNOWN_SQLITE = """
    SELECT c.external_id, c.id, c.no, c.content_hash, c.run_id
    FROM json_each(?) AS asked CROSS JOIN closed_case AS c ON c.external_id = asked.value AND c.source = ?
    WHERE c.replaced_at IS {which}"""
LAST_SQLITE = "SELECT max(external_id) FROM closed_case WHERE source = ? AND replaced_at IS NULL"
KNOWN_POSTGRESQL = """
    SELECT c.external_id, c.id, c.no, c.content_hash, c.run_id
    FROM unnest(%s::text[]) AS asked (external_id) JOIN closed_case AS c USING (external_id)
    WHERE c.source = %s AND c.replaced_at IS {which}"""


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
    """A case's rows come in the order of their `no`."""
    cursor = db.session.connection().connection.cursor()
    if is_sqlite() and external_ids:
        # A ticket system counts up: what comes after all that is stored need not be looked for.
        cursor.execute(LAST_SQLITE, (source,))
        (last,) = cursor.fetchone()
        if last is None or min(external_ids) > last:
            return ()
    asked: Any = json.dumps(external_ids) if is_sqlite() else list(external_ids)
    known = KNOWN_SQLITE if is_sqlite() else KNOWN_POSTGRESQL
    # Apart, because each half has an index of its own.
    cursor.execute(known.format(which="NULL"), (asked, source))
    found = cursor.fetchall()
    cursor.execute(known.format(which="NOT NULL"), (asked, source))
    earlier = cursor.fetchall()
    cursor.close()
    return sorted(found + earlier, key=itemgetter(2)) if earlier else found


def known_hashes(source: str, external_ids: Sequence[str]) -> dict[str, tuple[str, int]]:
    """External id -> content and run of the newest row, of those that are stored already, visible or not."""
    return {row[0]: (row[3], row[4]) for row in _ask_known(source, external_ids)}


def store(
    rows: Sequence[Prepared],
    *,
    earlier: Sequence[int] = (),
    filled: Sequence[str],
    worded: Sequence[str],
    source: str,
    run_id: int,
    now: datetime,
    masks: Sequence[sealing.Mask] = (),
) -> None:
    """Store numbered rows; such as correct an earlier one, whose `no` is in *earlier*, wait for the run's end.

    *filled* and *worded* name what the body and the words of each row hold; nothing is said of the other columns.
    """
    if not rows:
        return
    present = stamp(now)
    new = case_addresses.new(len(rows), masks)
    made: dict[str, Any] = {"created_at": present}
    same: dict[str, Any] = {**made, "source": source, "run_id": run_id, "replaced_at": present if earlier else None}
    same |= {name: "{}" for name in ("evidence", "withheld") if name not in filled}
    if earlier:
        numbered = zip(new, rows, earlier, strict=True)
        cases = [(*one, row.external_id, row.number, *row.body, no + 1) for one, row, no in numbered]
        columns = (*HEAD, *filled, "no")
    else:
        # What all rows have in common is not handed over with each: the driver takes long for nothings.
        same["no"] = 1
        pairs = zip(new, rows, strict=True)
        cases = [(case_id, address, row.external_id, row.number, *row.body) for (case_id, address), row in pairs]
        columns = (*HEAD, *filled)
    _insert("closed_case", same, columns, cases)
    texts = [(case_id, *row.words) for (case_id, _), row in zip(new, rows, strict=True)]
    _insert("case_text", made, ("case_id", *worded), texts)
    _store_beside(
        [(case_id, row) for (case_id, _), row in zip(new, rows, strict=True) if row.handlers or row.notes], made
    )


def _store_beside(rows: Iterable[tuple[int, Prepared]], made: dict[str, Any]) -> None:
    """Store who handled cases, and their messages."""
    touches: list[tuple[Any, ...]] = []
    notes: list[tuple[Any, ...]] = []
    for case_id, row in rows:
        touches += [(case_id, person_id, "handled") for person_id in row.handlers]
        notes += _notes(row, case_id)
    _insert("touch", made, TOUCH, touches)
    _insert("message", made, MESSAGE, notes)


def _notes(row: Prepared, case_id: int) -> Iterable[tuple[Any, ...]]:
    """A case's messages. What agents or the system wrote, or nobody can place before the decision, is withheld."""
    for ordinal, note in enumerate(row.notes, start=1):
        withheld = note.author_role in ("agent", "system") or note.at is None or note.at > moment(row.closed_at)
        at = None if note.at is None else stamp(note.at)
        yield case_id, ordinal, at, note.author_role, note.text, note.language, note.translation, withheld


def _insert(table: str, same: Mapping[str, Any], columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Insert *rows* of *columns*; *same* holds what all of them have in common."""
    if not rows:
        return
    connection, common = db.session.connection(), tuple(same.values())
    names = ", ".join(f'"{column}"' for column in (*same, *columns))
    if not is_sqlite():
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(common + row)
        return
    # What all rows have in common is handed over once a statement, under numbers of its own.
    marks = ", ".join([f"?{place}" for place in range(1, len(common) + 1)] + ["?"] * len(columns))
    whole = len(rows) - len(rows) % TOGETHER
    for size, some in ((TOGETHER, rows[:whole]), (1, rows[whole:])):
        parts = [(*common, *chain.from_iterable(some[at : at + size])) for at in range(0, len(some), size)]
        if parts:
            connection.exec_driver_sql(
                f"INSERT INTO {table} ({names}) VALUES " + ", ".join([f"({marks})"] * size), parts
            )
