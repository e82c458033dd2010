"""Fill an empty database with the demonstration: twenty weeks of work, done through the services as people do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from qa import findings
from qa.core import clock, preferences
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import Refused
from qa.draws import drawing
from qa.intake import cases as intake
from qa.models.cases import ClosedCase
from training.demo import calendar, stage
from training.demo.calendar import Calendar
from training.demo.sittings import Room, sit
from training.world import cases as worlds
from training.world.planted import WEEKS

Say = Callable[[str], None]


def build(*, seed: int, size: str, say: Say = lambda _line: None) -> Room:
    """Build the world of *seed*; Refused when the database holds cases already."""
    if db.session.scalar(select(ClosedCase.id).limit(1)) is not None:
        raise Refused("This database holds cases already. The demonstration needs an empty one.")
    days = calendar.of(clock.now(), int(preferences.get("release_hour")))
    db.session.rollback()
    world = worlds.world(seed=seed, size=size, ends_on=days.ends_on)
    with clock.fixed(days.founded):
        cast = stage.set_up(world)
    room = Room(world, cast, {row["case_id"]: row for row in world.cases})
    with TemporaryDirectory() as folder:
        for week in range(1, WEEKS + 1):
            _take_in(room, Path(folder), days, week)
            _week(room, days, week)
            say(f"week {week}")
    return room


def _take_in(room: Room, folder: Path, days: Calendar, week: int) -> None:
    """A week's file comes in and the week's samples are drawn from it."""
    until = days.imported(week).date()
    since = days.imported(week - 1).date() if week > 1 else days.founded.date()
    _import(room, folder / f"week-{week:02d}.jsonl", days.imported(week), since.isoformat(), until.isoformat())


def _import(room: Room, path: Path, moment: datetime, since: str, until: str) -> None:
    rows = tuple(row for row in room.world.cases if since <= row["closed_at"][:10] < until)
    path.write_text("".join(worlds.json_lines(rows)), encoding="utf-8")
    with clock.fixed(moment):
        intake.import_cases(SYSTEM, path, source=room.world.source)
    with clock.fixed(moment + timedelta(minutes=5)):
        for name in stage.plan_names(room.world):
            drawing.draw(SYSTEM, name)


def _week(room: Room, days: Calendar, week: int) -> None:
    """First looks on the day of the import, follow-ups and results on the days after it."""
    start = days.imported(week)
    sit(room, start + timedelta(hours=4))
    for later in (1, 2):
        morning = start + timedelta(days=later, hours=1, minutes=1)
        with clock.fixed(morning):
            write(findings.release_due)
        sit(room, morning + timedelta(hours=3))
