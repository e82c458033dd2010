"""The audit log: whatever is done to it behind the product's back shows, and the first bad entry is named."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from qa.core import audit
from qa.core.access import SYSTEM
from qa.core.audit import GENESIS, Head
from qa.core.db import db, write, writing
from qa.core.models import AuditEntry

LENGTH = 30


@pytest.fixture
def chain(app: Flask) -> Head:
    """Thirty entries; the head as it was kept elsewhere."""
    for number in range(LENGTH):
        with writing():
            audit.note(SYSTEM, "did", "thing", number, count=number)
    return audit.head()


def tamper(*statements: str) -> None:
    """Write to the table as somebody would who has the database but not the product."""
    with writing():
        for statement in statements:
            db.session.execute(text(statement))
    db.session.expire_all()


def chained_anew(first: int, **changed: object) -> None:
    """Change entry *first* and build the chain anew from there, as a careful forger would."""
    rows = [dict(row) for row in audit.entries()]
    prev = rows[first - 2]["hash"] if first > 1 else GENESIS
    rows[first - 1].update(changed)
    with writing():
        for row in rows[first - 1 :]:
            row["prev_hash"] = prev
            row["hash"] = prev = audit.entry_hash(row)
            fields = {key: row[key] for key in ("verb", "prev_hash", "hash")}
            db.session.execute(
                text("UPDATE audit_entry SET verb = :verb, prev_hash = :prev_hash, hash = :hash WHERE seq = :seq"),
                fields | {"seq": row["seq"]},
            )
    db.session.expire_all()


def insert_one() -> None:
    """Make room after entry 12 and put a fitting entry in; the entries behind keep their hashes."""
    rows = [dict(row) for row in audit.entries()]
    new = rows[11] | {"seq": 13, "verb": "forged", "prev_hash": rows[11]["hash"]}
    new["hash"] = audit.entry_hash(new)
    with writing():
        db.session.execute(text("UPDATE audit_entry SET seq = -seq - 1 WHERE seq > 12"))
        db.session.execute(text("UPDATE audit_entry SET seq = -seq WHERE seq < 0"))
        db.session.add(AuditEntry(**new))
        db.session.flush()
    db.session.expire_all()


SWAP = (
    "UPDATE audit_entry SET seq = -1 WHERE seq = 8",
    "UPDATE audit_entry SET seq = 8 WHERE seq = 20",
    "UPDATE audit_entry SET seq = 20 WHERE seq = -1",
)
FORGERIES: dict[str, tuple[Callable[[], None], int]] = {
    "an edited entry": (lambda: tamper("UPDATE audit_entry SET verb = 'undid' WHERE seq = 17"), 17),
    "an edited detail": (lambda: tamper("UPDATE audit_entry SET detail = '{}' WHERE seq = 17"), 17),
    "another moment": (lambda: tamper("UPDATE audit_entry SET at = '2026-11-15 09:00:00' WHERE seq = 5"), 5),
    "a deleted entry": (lambda: tamper("DELETE FROM audit_entry WHERE seq = 9"), 9),
    "two swapped entries": (lambda: tamper(*SWAP), 8),
    "a tail cut off": (lambda: tamper("DELETE FROM audit_entry WHERE seq > 20"), 21),
    "a chain built anew": (lambda: chained_anew(15, verb="undid"), LENGTH),
    "an inserted entry": (insert_one, 14),
    "an older copy": (lambda: tamper("DELETE FROM audit_entry WHERE seq > 3"), 4),
    "nothing left": (lambda: tamper("DELETE FROM audit_entry"), 1),
}


def test_an_untouched_chain_holds(chain: Head) -> None:
    verdict = audit.verify(chain)

    assert (verdict.entries, verdict.bad_seq) == (LENGTH, None)


def test_an_anchor_holds_when_the_chain_has_grown_since(chain: Head) -> None:
    with writing():
        audit.note(SYSTEM, "did", "thing", "later")

    assert audit.verify(chain).bad_seq is None


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_found_and_its_first_bad_entry_named(chain: Head, name: str) -> None:
    forge, first = FORGERIES[name]

    forge()

    verdict = audit.verify(chain)
    assert verdict.bad_seq == first and verdict.why


def test_a_chain_built_anew_is_found_by_the_anchor_that_the_database_kept(chain: Head) -> None:
    with writing():
        audit.keep_anchor("somewhere")

    chained_anew(15, verb="undid")

    assert audit.verify().bad_seq == LENGTH


def test_without_any_anchor_a_chain_built_anew_cannot_be_found(chain: Head) -> None:
    """Why the head has to be kept elsewhere: a chain proves its order, never its end."""
    chained_anew(15, verb="undid")

    assert audit.verify().bad_seq is None


def test_the_hash_is_what_an_outsider_computes_from_the_export(chain: Head, app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"

    app.test_cli_runner().invoke(args=["audit", "export", str(file)])

    prev = GENESIS
    for line in file.read_text().splitlines():
        row = json.loads(line)
        fields = [row[key] for key in ("seq", "at", "actor", "verb", "object_kind", "object_ref", "detail")]
        body = json.dumps(fields, separators=(",", ":"), ensure_ascii=True)
        assert row["hash"] == hashlib.sha256((prev + body).encode()).hexdigest()
        prev = row["hash"]
    assert prev == chain.hash


def test_the_command_proves_and_names(chain: Head, app: Flask, tmp_path: Path) -> None:
    anchor, runner = tmp_path / "head.json", app.test_cli_runner()
    anchor.write_text(runner.invoke(args=["audit", "head", "--json"]).stdout)

    clean = runner.invoke(args=["audit", "verify", "--anchor", str(anchor)])
    tamper("DELETE FROM audit_entry WHERE seq > 20")
    cut = runner.invoke(args=["audit", "verify", "--anchor", str(anchor)])
    anchor.write_text("{}")
    nonsense = runner.invoke(args=["audit", "verify", "--anchor", str(anchor)])

    assert clean.exit_code == 0 and f"{LENGTH} entries" in clean.stderr
    assert cut.exit_code == 1 and "entry 21" in cut.stderr
    assert nonsense.exit_code == 1 and "not an anchor" in nonsense.stderr


def test_what_was_rolled_back_leaves_no_entry(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), writing():
        audit.note(SYSTEM, "did", "thing", 1)
        raise ZeroDivisionError

    with writing():
        audit.note(SYSTEM, "did", "thing", 2)

    assert db.session.execute(select(AuditEntry.seq, AuditEntry.object_ref)).all() == [(1, "2")]


def test_many_at_once_make_one_chain(app: Flask) -> None:
    def work(number: int) -> None:
        with app.app_context():
            for turn in range(5):
                write(lambda turn=turn: audit.note(SYSTEM, "did", "thing", f"{number}/{turn}"))
            db.session.remove()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    verdict = audit.verify()
    assert (verdict.entries, verdict.bad_seq) == (30, None)
