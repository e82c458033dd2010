"""One app and one database of each kind for all tests of a process, as good as new before each of them.

To make both anew takes thirty times as long as to take out what a test put in: the rows, what was registered or set
in the app, the files of the instance, the queue.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import psycopg
from flask import Config, Flask
from jinja2.bccache import Bucket, BytecodeCache
from psycopg import sql
from sqlalchemy import event
from sqlalchemy.engine import make_url

from qa.core.db import db
from qa.core.registries import Registries
from tests.databases import Databases, execute
from wsgi import create_app


class SqliteGround:
    """A SQLite database that is always found under the same name."""

    def __init__(self, databases: Databases) -> None:
        self.template = databases.sqlite_template()
        self.settings = databases.sqlite()
        self.path = Path(make_url(self.settings.database_url).database or "")

    def watch(self) -> None:
        """Nothing to know: an open file harms nobody."""

    def clear(self) -> None:
        """Put a new file under the name; whoever still holds the old one is left alone with it."""
        db.engine.dispose()
        for ending in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        shutil.copy(self.template, self.path)

    def close(self) -> None:
        """Nothing is open."""


#: What tells one schema from another: each deed that changes it writes some of these rows anew.
_SCHEMA = """
SELECT array_agg(mark) FROM (
    SELECT sum(xmin::text::bigint) + count(*) AS mark FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT sum(a.xmin::text::bigint) + count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL SELECT sum(xmin::text::bigint) + count(*) FROM pg_constraint
    UNION ALL SELECT sum(xmin::text::bigint) + count(*) FROM pg_trigger
) marks
"""
_NUMBERS = """
SELECT sequencename::text, coalesce(last_value, 1), last_value IS NOT NULL FROM pg_sequences WHERE schemaname = 'public'
"""
_STRANGERS = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND NOT pid = ANY(%s) AND backend_type = 'client backend'
"""


class PostgresGround:
    """A PostgreSQL database that is emptied row by row; one whose schema was changed is made anew."""

    def __init__(self, databases: Databases, server: str) -> None:
        self.server, self.databases = server, databases
        self.settings = databases.postgresql(server)
        #: The numbers of the app's own connections; whoever else is there at the end is sent away.
        self.own: set[int] = set()
        self._learn()

    def watch(self) -> None:
        """Know the connections of the present app."""
        event.listen(db.engine, "connect", lambda line, _record: self.own.add(line.info.backend_pid))

    def _learn(self) -> None:
        """Remember what a database that is set up holds."""
        url = make_url(self.settings.database_url)
        # No reference is checked and no trigger asked on this connection, and it waits for nobody.
        options = "-c session_replication_role=replica -c lock_timeout=3s"
        address = {"host": str(url.query["host"]), "user": url.username, "dbname": url.database}
        self.line = psycopg.connect(**address, options=options)
        self.schema = self._ask(_SCHEMA)
        named = self._ask("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        self.tables = [row[0] for row in named]
        #: Asked after every test, so it is put together once: that took longer than its answer.
        self.which_are_filled = self._asking_for_filled()
        self.rows = {table: self._copied_out(table) for table in self._filled()}
        self.numbers = set(self._ask(_NUMBERS))
        self.line.commit()

    def clear(self) -> None:
        """Take out what is there and put in what a setup leaves."""
        if db.engine.pool.checkedout():
            db.engine.dispose()
            self.own.clear()
        try:
            self._ask(_STRANGERS, (list(self.own),))
            is_same = self._ask(_SCHEMA) == self.schema
            if is_same:
                self._take_out()
            self.line.commit()
        except psycopg.errors.LockNotAvailable:
            is_same = False
        if not is_same:
            self._make_anew()

    def close(self) -> None:
        """Hang up."""
        self.line.close()

    def _take_out(self) -> None:
        filled = self._filled()
        for table in filled:
            self.line.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        for table, rows in self.rows.items():
            with self.line.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                copy.write(rows)
        for name, last, is_called in self.numbers - set(self._ask(_NUMBERS)):
            self.line.execute("SELECT setval(%s, %s, %s)", (f'public."{name}"', last, is_called))

    def _make_anew(self) -> None:
        """Away with the database; a copy of the template takes its name."""
        db.engine.dispose()
        self.own.clear()
        self.line.close()
        old = make_url(self.settings.database_url).database
        fresh = make_url(self.databases.postgresql(self.server).database_url).database
        execute(
            self.server, f"DROP DATABASE {old} WITH (FORCE)", f"ALTER DATABASE {fresh} RENAME TO {old}",
        )  # fmt: skip
        self._learn()

    def _asking_for_filled(self) -> str:
        """The question which tables hold any row."""
        asked = [
            sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(sql.Literal(name), sql.Identifier(name))
            for name in self.tables
        ]
        return sql.SQL(" UNION ALL ").join(asked).as_string(self.line)

    def _filled(self) -> list[str]:
        """The tables that hold any row."""
        return [row[0] for row in self._ask(self.which_are_filled)]

    def _copied_out(self, table: str) -> bytes:
        with self.line.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
            return b"".join(bytes(part) for part in copy)

    def _ask(self, question: str, given: tuple[Any, ...] | None = None) -> list[tuple[Any, ...]]:
        return self.line.execute(question.encode(), given).fetchall()


class CompiledPages(BytecodeCache):
    """What pages were compiled to, by what they say: for all apps of this process."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, Any]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self.known.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key] = (bucket.checksum, bucket.code)


class Ground:
    """The app on such a database."""

    def __init__(self, place: SqliteGround | PostgresGround) -> None:
        self.place = place
        self.is_taken = False
        self._build()

    def _build(self) -> None:
        self.app = create_app(self.place.settings)
        with self.app.app_context():
            self.place.watch()
        self.app.config["PROPAGATE_EXCEPTIONS"] = True
        self.was_set = _copied(_memory(self.app))
        self.rules = len(list(self.app.url_map.iter_rules()))

    @contextmanager
    def taken(self) -> Iterator[Flask]:
        """The app, its context pushed; nothing that is done with it is left afterwards."""
        assert not self.is_taken, "one test takes one app of a kind; make_app gives further ones"
        self.is_taken = True
        try:
            with self.app.app_context():
                yield self.app
                db.session.remove()
        finally:
            with self.app.app_context():
                self.place.clear()
            self._forget()
            self.is_taken = False

    def close(self) -> None:
        """Hang up; the databases go with their folders."""
        with self.app.app_context():
            db.engine.dispose()
        self.place.close()

    def _forget(self) -> None:
        """Let the app be as it was made."""
        queue = self.app.extensions.get("queue")
        if queue is not None:
            queue.huey.storage.close()
        _put_back(_memory(self.app), self.was_set)
        for path in self.place.settings.instance.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        if len(list(self.app.url_map.iter_rules())) != self.rules:
            self._build()


def _memory(app: Flask) -> dict[str, Any]:
    """All that can be set or registered in an app, apart from its addresses."""
    names = (
        "config", "extensions", "view_functions", "before_request_funcs", "after_request_funcs",
        "teardown_request_funcs", "teardown_appcontext_funcs", "template_context_processors", "error_handler_spec",
    )  # fmt: skip
    held: Registries = app.extensions["registries"]
    inner = {field.name: getattr(held, field.name) for field in fields(held)}
    jinja = {name: getattr(app.jinja_env, name) for name in ("globals", "filters", "tests")}
    return {name: getattr(app, name) for name in names} | inner | jinja


def _copied(kept: Any) -> Any:
    """The same containers once more, with the same things in them."""
    if isinstance(kept, dict):
        return {key: _copied(value) for key, value in kept.items()}
    return list(kept) if isinstance(kept, list) else kept


def _put_back(present: Any, kept: Any) -> None:
    """Let containers hold what they held; each stays the object that it is."""
    if isinstance(kept, list):
        present[:] = kept
    elif isinstance(kept, dict):
        for key in present.keys() - kept.keys():
            del present[key]
        for key, value in kept.items():
            if isinstance(value, dict | list) and type(present.get(key)) in (dict, defaultdict, list, Config):
                _put_back(present[key], value)
            else:
                present[key] = value
