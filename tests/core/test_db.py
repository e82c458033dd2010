"""The one way to write is right on both databases, also when many write at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from qa.core import audit, clock, jobs, preferences
from qa.core.access import SYSTEM
from qa.core.db import WriteOutside, db, forget, hurrying, is_sqlite, remembered, write, writing
from qa.core.models import AuditEntry, Job, Throttle


def in_threads(app: Flask, count: int, deed: Callable[[int], object]) -> list[BaseException]:
    """Run *deed* in *count* threads at once, each with its own session; what was raised."""
    raised: list[BaseException] = []
    barrier = threading.Barrier(count)

    def work(number: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                deed(number)
            except BaseException as error:  # noqa: BLE001  (a test must see whatever came)
                raised.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_a_reader_cannot_write(app: Flask) -> None:
    with pytest.raises(DBAPIError):
        db.session.execute(text("DELETE FROM person"))

    db.session.rollback()


def test_a_commit_outside_the_helper_is_a_mistake_that_shows(app: Flask) -> None:
    with pytest.raises(WriteOutside):
        db.session.commit()


def test_writing_does_not_nest(app: Flask) -> None:
    with pytest.raises(WriteOutside), writing(), writing():
        pass


def test_a_transaction_after_one_of_staging_refuses_wrong_keys_and_words_and_waits_for_the_disk(
    app: Flask,
) -> None:
    columns = "(created_at, person_id, role, from_at)"
    nobody = f"INSERT INTO role_grant {columns} VALUES ('2026-11-01', 999, 'agent', '2026-11-01')"
    promises = []
    no_role = f"INSERT INTO role_grant {columns} VALUES ('2026-11-01', 1, 'king', '2026-11-01')"
    pragmas = ("foreign_keys", "ignore_check_constraints", "synchronous", "wal_autocheckpoint", "query_only")

    for staging in (True, False, True):
        with writing(staging=staging):
            if is_sqlite():
                promises.append([db.session.scalar(text(f"PRAGMA {name}")) for name in pragmas])
    if is_sqlite():
        promises.append([db.session.scalar(text(f"PRAGMA {name}")) for name in pragmas])
    db.session.rollback()

    for wrong, said in ((nobody, "(?i)foreign key"), (no_role, "(?i)check constraint")):
        with pytest.raises(IntegrityError, match=said):
            write(lambda wrong=wrong: db.session.execute(text(wrong)))
    hidden, usual, read = [0, 1, 1, 20_000, 0], [1, 0, 2, 1_000, 0], [1, 0, 2, 1_000, 1]
    assert promises == ([hidden, usual, hidden, read] if is_sqlite() else [])


def test_only_what_is_written_in_a_hurry_does_not_wait_for_the_disk(app: Flask) -> None:
    asked = text("PRAGMA synchronous") if is_sqlite() else text("SELECT current_setting('synchronous_commit')")
    waits, hurries = (2, 1) if is_sqlite() else ("on", "off")

    with hurrying():
        hurried = write(lambda: db.session.scalar(asked))
        if is_sqlite():
            write(lambda: None, staging=True)
        again = write(lambda: db.session.scalar(asked))
    usual = write(lambda: db.session.scalar(asked))

    assert (hurried, again, usual) == (hurries, hurries, waits)


def test_what_raises_leaves_nothing_behind(app: Flask) -> None:
    def deed() -> None:
        db.session.add(Throttle(bucket="b", window_start=datetime(2026, 1, 1, tzinfo=UTC), count=1))
        audit.note(SYSTEM, "tried", "throttle", "b")
        db.session.flush()
        raise ValueError("no")

    with pytest.raises(ValueError):
        write(deed)

    assert db.session.scalar(select(func.count()).select_from(Throttle)) == 0
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_sixteen_writers_that_read_then_write_lose_no_update(app: Flask) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    write(lambda: db.session.add(Throttle(bucket="n", window_start=moment, count=0)))

    def add_one() -> None:
        row = db.session.scalar(select(Throttle).where(Throttle.bucket == "n").with_for_update())
        row.count = row.count + 1
        audit.note(SYSTEM, "counted", "throttle", "n")

    raised = in_threads(app, 16, lambda _n: [write(add_one) for _ in range(5)])

    assert raised == []
    assert db.session.scalar(select(Throttle.count)) == 80
    assert audit.verify().entries == 80


def test_one_open_job_of_a_kind_stands_however_many_ask(app: Flask) -> None:
    jobs.register("nothing", lambda _work: None)

    raised = in_threads(app, 8, lambda _n: write(lambda: jobs.enqueue(SYSTEM, "nothing", dedupe_key="one") and None))

    assert raised == []
    assert db.session.scalar(select(func.count()).select_from(Job)) == 1


def test_an_error_of_the_data_is_not_tried_again(app: Flask) -> None:
    tries = []

    def deed() -> None:
        tries.append(1)
        for _ in range(2):
            db.session.execute(
                text("INSERT INTO throttle (bucket, window_start, count) VALUES ('x', '2026-01-01 00:00:00', 1)")
            )

    with pytest.raises(IntegrityError):
        write(deed)

    assert len(tries) == 1


def test_what_a_transaction_remembers_ends_with_it_and_with_what_changes_it(app: Flask) -> None:
    asked: list[int] = []

    def ask_once() -> int:
        return remembered("number", lambda: asked.append(0) or len(asked))

    def deed() -> list[int]:
        seen = [ask_once(), ask_once()]
        forget("number")
        return [*seen, ask_once()]

    first, again = write(deed), write(ask_once)

    assert (first, again) == ([1, 1, 2], 3)


def test_what_a_transaction_remembers_outlives_what_it_stores(app: Flask) -> None:
    asked: list[int] = []

    def deed() -> None:
        for number in range(3):
            remembered("number", lambda: asked.append(0) or len(asked))
            preferences.put(SYSTEM, "batch_size", 5 + number)

    write(deed)

    assert asked == [0]


def test_what_a_part_of_a_transaction_remembers_is_forgotten_when_that_part_is_undone(app: Flask) -> None:
    def deed() -> str:
        outer = preferences.get("batch_size")
        part = db.session.begin_nested()
        preferences.put(SYSTEM, "batch_size", outer + 1)
        assert preferences.get("batch_size") == outer + 1
        part.rollback()
        return f"{preferences.get('batch_size') - outer} more"

    found = write(deed)

    assert found == "0 more"


def test_days_are_counted_in_utc_whatever_zone_the_server_has(app: Flask) -> None:
    with clock.fixed(datetime(2026, 11, 16, 23, 30, tzinfo=UTC)):
        write(lambda: audit.note(SYSTEM, "did", "thing", 1))

    day = db.session.scalar(select(func.date(AuditEntry.at)).order_by(AuditEntry.seq.desc()))
    zone = text("SELECT setting || ' by ' || source FROM pg_settings WHERE name = 'TimeZone'")

    assert str(day) == "2026-11-16"
    assert is_sqlite() or db.session.scalar(zone) == "UTC by client"
