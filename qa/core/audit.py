"""The audit log: append-only, each entry chained by hash to the one before.

Notes are collected while a transaction runs and chained last thing before its commit, under the head lock, so that the
lock is held for a moment only and order never depends on a clock. An entry holds ids, hashes, counts; never text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, text

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import ask, db, is_sqlite
from qa.core.models import AuditAnchor, AuditEntry

GENESIS = "0" * 64
#: Any number that no other advisory lock of ours has.
_HEAD_LOCK = 7_266_001
_ENTRY = AuditEntry.__table__.c
_LAST = select(_ENTRY.seq, _ENTRY.hash).order_by(_ENTRY.seq.desc()).limit(1)
_APPEND = insert(AuditEntry.__table__)


@dataclass(frozen=True, slots=True)
class Head:
    """Number and hash of the last entry."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found: how many entries hold, and the first that does not."""

    entries: int
    bad_seq: int | None = None
    why: str = ""


def note(actor: Actor, verb: str, object_kind: str, object_ref: object, **detail: Any) -> None:
    """Remember that *actor* did *verb* to an object; it is chained when the transaction commits."""
    notes = db.session.info.setdefault("notes", [])
    notes.append((clock.now(), actor.public_id, verb, object_kind, str(object_ref), canonical(detail)))


def chain_notes() -> None:
    """Chain what was collected; the write helper calls this right before it commits."""
    notes = db.session.info.pop("notes", [])
    if not notes:
        return
    db.session.flush()
    if not is_sqlite():
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _HEAD_LOCK})
    last = head()
    rows = []
    for at, actor, verb, kind, ref, detail in notes:
        seq, prev = last.seq + 1, last.hash
        row = {
            "seq": seq,
            "at": at,
            "actor": actor,
            "verb": verb,
            "object_kind": kind,
            "object_ref": ref,
            "detail": detail,
            "prev_hash": prev,
        }
        row["hash"] = entry_hash(row)
        rows.append(row)
        last = Head(seq, row["hash"])
    ask(_APPEND, rows)


def head(*, before: datetime | None = None) -> Head:
    """The last entry, of those *before* a moment if given, or the beginning when there is none."""
    if before is None:
        row = ask(_LAST).first()
    else:
        columns = select(AuditEntry.seq, AuditEntry.hash).where(AuditEntry.at < before)
        row = db.session.execute(columns.order_by(AuditEntry.seq.desc()).limit(1)).first()
    return Head(row.seq, row.hash) if row else Head(0, GENESIS)


def canonical(value: Any) -> str:
    """JSON with one possible form: sorted keys, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def entry_hash(row: dict[str, Any]) -> str:
    """SHA-256 over the previous hash and the entry's canonical JSON."""
    body = canonical(
        [
            row["seq"],
            row["at"].isoformat(),
            row["actor"],
            row["verb"],
            row["object_kind"],
            row["object_ref"],
            row["detail"],
        ]
    )
    return hashlib.sha256((row["prev_hash"] + body).encode()).hexdigest()


def entries(after: int = 0) -> Generator[dict[str, Any], None, None]:
    """All entries in order, streamed."""
    columns = AuditEntry.__table__.c
    query = select(columns).where(columns.seq > after).order_by(columns.seq).execution_options(yield_per=5000)
    with closing(db.session.execute(query)) as rows:
        for row in rows:
            yield dict(row._mapping)


def verify(anchor: Head | None = None) -> Verdict:
    """Walk the chain from its start; with *anchor*, also prove that it still holds that head.

    Finds an edited, removed, added or swapped entry, a chain built anew from some entry on (by the anchor), and a tail
    that was cut (by the anchor, and by the anchors that the database itself kept).
    """
    anchors = {row.seq: row.hash for row in db.session.execute(select(AuditAnchor.seq, AuditAnchor.hash))}
    if anchor is not None:
        if anchors.get(anchor.seq, anchor.hash) != anchor.hash:
            return Verdict(0, anchor.seq, "the anchor in the file differs from the one in the database")
        anchors[anchor.seq] = anchor.hash
    with closing(entries()) as rows:
        held = _walk(rows, anchors)
    if held.bad_seq is not None:
        return held
    beyond = [number for number in anchors if number > held.entries]
    if beyond:
        why = f"the chain ends at {held.entries}, but an anchor was kept of entry {max(beyond)}"
        return Verdict(held.entries, held.entries + 1, why)
    return held


def _walk(rows: Iterable[dict[str, Any]], anchors: dict[int, str]) -> Verdict:
    """Follow the chain from its start to the first entry that does not fit."""
    prev, seq = GENESIS, 0
    for row in rows:
        if row["seq"] != seq + 1:
            return Verdict(seq, seq + 1, f"entry {seq + 1} is missing")
        if row["prev_hash"] != prev or entry_hash(row) != row["hash"]:
            return Verdict(seq, row["seq"], "the entry does not match its hash or the entry before it")
        if anchors.get(row["seq"], row["hash"]) != row["hash"]:
            return Verdict(seq, row["seq"], "the entry differs from the anchor that was kept of it")
        prev, seq = row["hash"], row["seq"]
    return Verdict(seq)


def keep_anchor(written_to: str, *, before: datetime | None = None) -> Head:
    """Remember the present head, or that *before* a moment, as an anchor that was also written to *written_to*."""
    present = head(before=before)
    known = db.session.scalar(select(func.count()).select_from(AuditAnchor).where(AuditAnchor.seq == present.seq))
    if present.seq and not known:
        db.session.add(AuditAnchor(seq=present.seq, hash=present.hash, written_to=written_to))
    return present
