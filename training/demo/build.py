"""Fill an empty database with the demonstration: twenty weeks of work, done through the services as people do it.

What there is to find is listed in `training.world.planted`. The world ends this morning, so that everything is fresh:
the last sample waits for its graders, second looks and an adjudication are due, a dispute is open, somebody has to
sit a quiz again, and somebody else's training is overdue, a check on what was passed is due, and an alert of a critical
error waits for its manager. Yesterday's cases wait for the next sample.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from calibration.signals import signals
from qa import findings
from qa.core import clock, preferences
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import Refused
from qa.draws import drawing, frames
from qa.grading import needs_person
from qa.intake import cases as intake
from qa.models.cases import ClosedCase
from training import assigning, retention
from training.demo import absences, agents, calendar, leads, meetings, stage, waiting
from training.demo.calendar import Calendar
from training.demo.sittings import Room, hard_case, sit
from training.demo.waiting import Look
from training.world import cases as worlds
from training.world.chance import key_number
from training.world.people import GRADERS
from training.world.planted import WEEKS

Say = Callable[[str], None]
#: Weeks in which a result is contested, and heard in the week after.
DISPUTED = (6, 11, 15)
#: The first scan for drops comes once the teams have had their four weeks.
SCANNED_FROM = 6
#: Who was given a module by hand: (agent, by whom, section, week).
TAUGHT = ("ag03", "mg01", "scams/phishing-and-account-theft", 11)
OVERDUE = ("ag11", "mg02", "harassment/harassment", 18)
#: Weeks whose first looks are graded on the page, where graders are asked to guess, and how many of the looks.
BEFORE_PAGES, GUESSED_ON = (17, 18), 0.6
#: When a calibration session was held.
MET = 18
#: When the dropping agent does the first training that an alert led to; it does not help.
FIRST_LESSON = 16


@dataclass(frozen=True, slots=True)
class Built:
    """The demonstration as it stands, and who has a dispute open."""

    room: Room
    days: Calendar
    disputing: str | None


def build(*, seed: int, size: str, weeks: int = WEEKS, say: Say = lambda _line: None) -> Built:
    """Build the world of *seed*; Refused when the database holds cases already. Opens its own transactions.

    With fewer *weeks* it ends in the middle of things: the same cases, and what was done about them up to then.
    """
    if db.session.scalar(select(ClosedCase.id).limit(1)) is not None:
        raise Refused("This database holds cases already. The demonstration needs an empty one.")
    days = calendar.of(clock.now(), int(preferences.get("release_hour")))
    db.session.rollback()
    world = worlds.world(seed=seed, size=size, ends_on=days.ends_on)
    with clock.fixed(days.founded):
        cast = stage.set_up(world)
    room = Room(world, cast, {row["case_id"]: row for row in world.cases})
    say("People, policies and plans are there.")
    with TemporaryDirectory() as folder:
        for week in range(1, min(weeks + 1, WEEKS)):
            _take_in(room, Path(folder), days, week)
            _week(room, days, week)
            if week % 5 == 0:
                say(f"{week} weeks have passed.")
        if weeks < WEEKS:
            return Built(room, days, None)
        _take_in(room, Path(folder), days, WEEKS)
        disputing = _last_days(room, days)
        _this_morning(room, Path(folder), days)
    say("The demonstration is ready.")
    return Built(room, days, disputing)


def _take_in(room: Room, folder: Path, days: Calendar, week: int) -> None:
    """A week's file comes in, and the week's samples are drawn from it."""
    since = days.imported(week - 1) if week > 1 else days.founded
    moment = days.imported(week)
    _import(room, folder / f"week-{week:02d}.jsonl", since.date(), moment.date(), moment)
    _draw(room, moment + timedelta(minutes=5))


def _import(room: Room, path: Path, first: date, until: date, moment: datetime) -> None:
    """The cases of the days from *first* to the one before *until* come in as one file."""
    since, end = first.isoformat(), until.isoformat()
    rows = tuple(row for row in room.world.cases if since <= row["closed_at"][:10] < end)
    path.write_text("".join(worlds.json_lines(rows)), encoding="utf-8")
    with clock.fixed(moment):
        intake.import_cases(SYSTEM, path, source=room.world.source)


def _draw(room: Room, moment: datetime) -> None:
    """Draw from every plan; one for which no eligible cases have come refuses."""
    with clock.fixed(moment):
        for name in stage.plan_names(room.world):
            with suppress(Refused):
                drawing.draw(SYSTEM, name)


def _week(room: Room, days: Calendar, week: int) -> None:
    """First looks on the day of the import, follow-ups and results on the days after it, then the scan."""
    start = days.imported(week)
    before_pages = GRADERS if week in BEFORE_PAGES else ()
    if week in (BEFORE_PAGES[0], BEFORE_PAGES[-1] + 1):
        _ask_to_guess(room, start, GUESSED_ON if before_pages else None)
    sit(room, start + timedelta(hours=4), before_pages=before_pages)
    for later in (1, 2):
        sit(room, _morning(start, later) + timedelta(hours=3))
    _morning(start, 3)
    agents.answer_results(room, start + timedelta(days=3, hours=5), contest=week in DISPUTED)
    if week >= SCANNED_FROM:
        _scan(start + timedelta(days=3, hours=20))
        leads.answer_alerts(room, start + timedelta(days=3, hours=21))
        agents.sit_checks(room.cast[TAUGHT[0]], start + timedelta(days=3, hours=21))
    for person, lead, section, in_week in (TAUGHT, OVERDUE):
        if week == in_week:
            _teach(room, person, lead, section, start + timedelta(days=3, hours=22))
    if week == TAUGHT[3] + 1:
        _learn(room, TAUGHT[0], start + timedelta(hours=8), wrong=agents.UNDERSTOOD)
    if week == MET:
        meetings.hold(room, start + timedelta(days=3, hours=21))
    if week == FIRST_LESSON:
        _learn(room, room.world.planted.drop.agent_id, start + timedelta(days=3, hours=23), wrong=0)


def _morning(start: datetime, later: int) -> datetime:
    """The daily release some days after *start*."""
    moment = start + timedelta(days=later, hours=1, minutes=1)
    with clock.fixed(moment):
        write(findings.release_due)
    return moment


def _scan(moment: datetime) -> None:
    """Look for drops, give out the training that they ask for, and the checks that are due."""
    with clock.fixed(moment):
        write(lambda: len(signals.scan(SYSTEM)))
        assigning.assign(SYSTEM)
        retention.offer_due(SYSTEM)


def _ask_to_guess(room: Room, moment: datetime, share: float | None) -> None:
    """Ask for more guesses than usual for some time, and then for as many as before."""
    usual = preferences.KNOWN["guess_share"].default
    with clock.fixed(moment):
        write(lambda: preferences.put(room.cast["ad01"], "guess_share", usual if share is None else share))


def _teach(room: Room, person: str, lead: str, section: str, moment: datetime) -> None:
    with clock.fixed(moment):
        assigning.by_hand(
            room.cast[lead], person_id=room.cast[person].id or 0, sections=[section], ref=f"hand-{person}",
            why="New in this queue; please read the section before you begin.",
        )  # fmt: skip


def _learn(room: Room, person: str, moment: datetime, *, wrong: int) -> None:
    """Begin the oldest training that waits for a person."""
    actor = room.cast[person]
    for assignment in agents.assignments(actor, "assigned", "begun")[:1]:
        agents.learn(actor, assignment, moment, wrong=wrong)


def _last_days(room: Room, days: Calendar) -> str | None:
    """The last week up to this morning, with some of its work left undone; who disputed a result."""
    start = days.imported(WEEKS)
    with clock.fixed(start + timedelta(hours=4)):
        hard_case(room, waiting.looks())
        db.session.rollback()

    settled = (*room.hard, room.world.critical_miss)

    def at_once(look: Look) -> bool:
        return look.case in settled or key_number(room.world.seed, "late", look.case) % 3 > 0

    def not_hard(look: Look) -> bool:
        return look.case not in room.hard

    sit(room, start + timedelta(hours=4), at_once)
    sit(room, _morning(start, 1) + timedelta(hours=3), at_once)
    _learn(room, room.world.planted.drop.agent_id, start + timedelta(days=1, hours=10), wrong=agents.GUESSED)
    sit(room, _morning(start, 2) + timedelta(hours=3), not_hard)
    return agents.answer_results(room, start + timedelta(days=2, hours=10), contest=True, read=False)


def _this_morning(room: Room, folder: Path, days: Calendar) -> None:
    """The last file and its samples; yesterday's cases, which wait for the next samples; the daily release, a scan."""
    _import(room, folder / "last-days.jsonl", days.imported(WEEKS).date(), days.ends_on, days.last_import)
    _draw(room, days.last_import + timedelta(minutes=5))
    today = days.ends_on + timedelta(days=1)
    _import(room, folder / "yesterday.jsonl", days.ends_on, today, days.last_import + timedelta(minutes=10))
    meetings.begin(room, days.morning - timedelta(days=1))
    absences.enter(room.cast["ad01"], folder / "days-off.csv", days.morning)
    with clock.fixed(days.morning):
        frames.refresh_live()
        write(findings.release_due)
        write(needs_person.mark)
        write(lambda: len(signals.scan(SYSTEM)))
        assigning.assign(SYSTEM)
        retention.offer_due(SYSTEM)
