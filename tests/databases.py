"""New databases for tests: set up once of each kind, then copied."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from sqlalchemy import create_engine, text

from qa.core.db import db, write
from qa.core.settings import Settings
from wsgi import create_app

MEMORY, LEAST_FREE = Path("/dev/shm"), 2 * 1024**3
TEMPLATE = "second_look_template"
_OURS = "second-look-tests-"


def quick_folder(kind: str) -> Path:
    """A new folder, in memory where the machine has much of it: no test proves that a disk keeps what it was given,
    and nearly all waiting was for that."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= LEAST_FREE
    place = MEMORY if roomy else Path(tempfile.gettempdir())
    for left in place.glob(f"{_OURS}*-*"):
        owner = left.name.removeprefix(_OURS).partition("-")[0]
        if owner.isdigit() and not _is_alive(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{_OURS}{os.getpid()}-{kind}-", dir=place))


def _is_alive(process: int) -> bool:
    """Whether there is such a process, be it ours or not: a run that was killed could not tidy up."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Databases:
    """Hands out empty databases that are set up, by copying a template of each kind."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        self.has_template = False

    def settings(self, url: str) -> Settings:
        """Settings on *url* with an instance folder of their own."""
        self.count += 1
        instance = self.folder / f"instance-{self.count}"
        instance.mkdir()
        return Settings(database_url=url, instance=instance, secret_key="k" * 64, environment="development")

    def sqlite_template(self) -> Path:
        """The file that all SQLite databases are copies of."""
        template = self.folder / "template.sqlite3"
        if not template.exists():
            _set_up(self.settings(f"sqlite:///{template}"))
        return template

    def sqlite(self) -> Settings:
        """An empty SQLite database."""
        self.count += 1
        target = self.folder / f"db-{self.count}.sqlite3"
        shutil.copy(self.sqlite_template(), target)
        return self.settings(f"sqlite:///{target}")

    def postgresql(self, server: str) -> Settings:
        """An empty PostgreSQL database."""
        if not self.has_template:
            execute(server, f"CREATE DATABASE {TEMPLATE}")
            _set_up(self.settings(server.format(TEMPLATE)))
            self.has_template = True
        self.count += 1
        name = f"second_look_{self.count}"
        execute(server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self.settings(server.format(name))


def execute(server: str, *statements: str) -> None:
    """Send *statements* to the server itself, outside transactions."""
    engine = create_engine(server.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _set_up(settings: Settings) -> None:
    """Make the tables and what `flask setup` puts into them."""
    app = create_app(settings)
    with app.app_context():
        with db.engine.connect() as connection:
            if settings.is_sqlite:
                connection.exec_driver_sql("PRAGMA query_only=OFF")
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.exec_driver_sql("SET TRANSACTION READ WRITE")
            db.metadata.create_all(connection)
            connection.commit()
        for step in app.extensions["setup_steps"]:
            write(step)
        if settings.is_sqlite:
            with db.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
        db.session.remove()
        db.engine.dispose()
