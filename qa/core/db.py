"""The database handle, and the one way to write.

Reading happens in a transaction that cannot write. Writing happens inside `writing()` or `write()` only, which
hold a kernel lock around BEGIN IMMEDIATE on SQLite (its own busy handler is unfair: a second's wait for some while
others pass) and a READ COMMITTED transaction on PostgreSQL, collect the audit's notes, chain them last and commit.
A commit anywhere else raises.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, TypeVar

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import JSON, CursorResult, Date, Engine, Executable, MetaData, Select, Text, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, SessionTransaction, registry

from qa.core import clock
from qa.core.columns import Key, Moment, keeping
from qa.core.errors import Busy
from qa.core.one_writer import alone

T = TypeVar("T")
_writes: ContextVar[bool] = ContextVar("writes", default=False)
#: Under which a transaction remembers its connection: to ask the session for it costs a fifth of a short question.
_LINE = object()

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
#: SQLite's promises to every transaction; to one of a database that is worth nothing until it is full; and what is
#: enough for rows that nobody sees yet: the commit that lets them be seen waits for the disk, and with it for all that
#: was written before. A list of words that a column may hold costs a quarter of all that a row of a case does.
_KEPT = ("foreign_keys=ON", "ignore_check_constraints=OFF", "wal_autocheckpoint=1000", "cache_size=-65536")
_USUAL, _HURRIED = (*_KEPT, "synchronous=FULL"), (*_KEPT, "synchronous=NORMAL")
_STAGING = (
    "foreign_keys=OFF", "ignore_check_constraints=ON", "synchronous=NORMAL", "wal_autocheckpoint=20000",
    "cache_size=-32768",
)  # fmt: skip
_promises: ContextVar[tuple[str, ...]] = ContextVar("promises", default=_USUAL)
_TYPES = {str: Text(), int: Key, datetime: Moment(), date: Date(), dict[str, Any]: JSON(), list[Any]: JSON()}


class Base(DeclarativeBase):
    """All tables: named constraints, so that a migration on either database can speak of them."""

    registry = registry(metadata=MetaData(naming_convention=_NAMES), type_annotation_map=_TYPES)


class WriteOutside(RuntimeError):
    """Code tried to commit or to flush outside the writing transaction: a mistake in the code, never the user's."""


class GuardedSession(FlaskSession):
    """A session that commits and flushes only where the write helper is at work."""

    def commit(self) -> None:
        if not _writes.get():
            raise WriteOutside("commit outside qa.core.db.writing()")
        super().commit()


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={"class_": GuardedSession, "expire_on_commit": False, "autoflush": True},
)


class Row:
    """What every table has: an inside number and the moment it was made."""

    id: Mapped[int] = keeping(Key, primary_key=True, autoincrement=True)
    created_at: Mapped[datetime] = keeping(Moment, default=clock.now)


def is_sqlite() -> bool:
    """Whether the app stands on SQLite."""
    return db.engine.dialect.name == "sqlite"


@contextmanager
def writing(*, staging: bool = False) -> Iterator[None]:
    """One writing transaction: commits at the end, rolls back when something was raised. They do not nest.

    *staging* is for thousands of hidden rows whose keys and words the caller has looked up: on SQLite it does not check
    them again, and loses them, never more, when the power fails before a usual transaction has ended.
    """
    if _writes.get():
        raise WriteOutside("writing() inside writing()")
    db.session.rollback()
    token, promises = _writes.set(True), _promises.set(_STAGING if staging else _promises.get())
    try:
        with alone():
            try:
                yield
                for hook in current_app.extensions["before_commit"]:
                    hook()
                db.session.commit()
            except BaseException:
                db.session.rollback()
                raise
            finally:
                db.session.info.pop("notes", None)
    finally:
        wakes = db.session.info.pop("wakes", [])
        _promises.reset(promises)
        _writes.reset(token)
        db.session.rollback()
    for wake in wakes:
        wake()


@contextmanager
def hurrying() -> Iterator[None]:
    """Let no transaction wait for the disk, while a database is filled that is thrown away unless it is filled to its
    end: the next usual commit waits for all of it."""
    token = _promises.set(_HURRIED)
    try:
        yield
    finally:
        _promises.reset(token)


def write(deed: Callable[[], T], *, tries: int = 5, staging: bool = False) -> T:
    """Run *deed* in a writing transaction (`writing`), again from its start when the database asks for that.

    Raises Busy after *tries*. *deed* must have no effects outside the database, since it may run more than once.
    """
    for turn in range(tries):
        try:
            with writing(staging=staging):
                return deed()
        except DBAPIError as error:
            if not _is_passing(error):
                raise
            time.sleep(random.uniform(0.01, 0.05) * 2**turn)
    raise Busy("The database is busy just now. Nothing was stored; please try again.")


def ask(statement: Executable, parameters: Any = None) -> CursorResult[Any]:
    """Run a statement over tables that was made once, as a constant, with its parameters bound now.

    Where the same question is asked a thousand times: making a statement anew costs ten times what asking it does.
    """
    session = db.session()
    session.flush()
    memory = session.info.setdefault("memory", {})
    line = memory.get(_LINE)
    if line is None:
        line = memory[_LINE] = session.connection()
    found: CursorResult[Any] = line.execute(statement, parameters)
    return found


def remembered(what: Hashable, load: Callable[[], T]) -> T:
    """What *load* gives, asked once in the present transaction; whoever changes it says `forget`."""
    memory: dict[Hashable, Any] = db.session.info.setdefault("memory", {})
    if what not in memory:
        memory[what] = load()
    found: T = memory[what]
    return found


def forget(what: Hashable) -> None:
    """Let the present transaction ask again."""
    db.session.info.get("memory", {}).pop(what, None)


@event.listens_for(GuardedSession, "after_transaction_end")
def _forget_all(session: FlaskSession, transaction: SessionTransaction) -> None:
    """What a transaction, or a part that can be undone, remembers ends with it: another one may see something else.

    A flush is a part too, which is never undone alone: whoever stores what is remembered says `forget`.
    """
    if transaction.nested or transaction.parent is None:
        session.info.pop("memory", None)


def after_commit(wake: Callable[[], None]) -> None:
    """Call *wake* once the present writing transaction is safely stored; forget it when it is not."""
    db.session.info.setdefault("wakes", []).append(wake)


def raw_rows(query: Select[Any], size: int) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of *query* as the driver gives them, in batches of *size*: texts, integers and bytes only.

    For the few reads of a million rows, where turning each into an object costs more than reading it. In the present
    transaction; PostgreSQL streams them from a cursor on the server.
    """
    statement, bind = _raw(query)
    streamed = {} if is_sqlite() else {"name": "raw_rows"}
    cursor = db.session.connection().connection.cursor(**streamed)
    try:
        cursor.execute(statement, bind({}))
        while rows := cursor.fetchmany(size):
            yield rows
    finally:
        cursor.close()


def raw_asker(query: Select[Any]) -> Callable[..., list[tuple[Any, ...]]]:
    """A function that asks *query* with other bound parameters each time: for a thousand short reads in a row."""
    statement, bind = _raw(query)
    cursor = db.session.connection().connection.cursor()

    def ask(**given: Any) -> list[tuple[Any, ...]]:
        cursor.execute(statement, bind(given))
        return cursor.fetchall()

    return ask


def _raw(query: Select[Any]) -> tuple[str, Callable[[dict[str, Any]], Any]]:
    """*query* as the driver takes it: its text, and its bound parameters with some of them given anew."""
    dialect = db.engine.dialect
    compiled = query.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    turned = dict(compiled.params)
    for name, parameter in compiled.binds.items():
        turn = parameter.type.dialect_impl(dialect).bind_processor(dialect)
        if turn is not None and turned.get(name) is not None:
            turned[name] = turn(turned[name])
    order = compiled.positiontup

    def bind(given: dict[str, Any]) -> Any:
        bound = {**turned, **given}
        return bound if order is None else [bound[name] for name in order]

    return str(compiled), bind


def is_writing() -> bool:
    """Whether the caller stands inside a writing transaction."""
    return _writes.get()


def configure(engine: Engine) -> None:
    """Set up *engine*'s connections: pragmas and own BEGINs on SQLite, read-only readers on both databases."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _begin)


def _sqlite_connect(connection: Any, _record: Any) -> None:
    """The driver must emit no BEGIN of its own: it would come too late and be deferred."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "busy_timeout=5000", "secure_delete=ON", *_USUAL):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    writes = _writes.get()
    if connection.dialect.name == "sqlite":
        # Whoever used the connection before: each transaction begins with the promises that it was made.
        if connection.info.get("promises", _USUAL) is not _promises.get():
            connection.info["promises"] = _promises.get()
            for pragma in _promises.get():
                connection.exec_driver_sql(f"PRAGMA {pragma}")
        # To the driver itself: comes with each transaction, and only a writer's beginning could wait or fail.
        driver = connection.connection.driver_connection
        driver.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        if writes:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            driver.execute("BEGIN")
    elif not writes:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    elif _promises.get() is _HURRIED:
        connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")


def _is_passing(error: DBAPIError) -> bool:
    """Whether the same transaction may well succeed if it is run again."""
    code = getattr(error.orig, "sqlstate", None)
    text = str(error.orig)
    return code in ("40001", "40P01", "55P03") or "database is locked" in text or "database table is locked" in text
