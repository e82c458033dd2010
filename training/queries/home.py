"""What homes and other rooms' pages show of training."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.registries import Touch
from training.models.modules import Item, LessonBlock, Module, ModuleVersion
from training.queries import assignments, checks
from training.queries.assignments import Given
from training.queries.checks import CheckLine, MissedTwice, ReadAgain

#: Who may open the list of modules.
MODULE_READERS = ("manager", "policy_owner", "admin")


@dataclass(frozen=True, slots=True)
class TrainingCard:
    """Own training to do."""

    due: list[Given]


@dataclass(frozen=True, slots=True)
class LeadCard:
    """What waits for a lead."""

    overdue: list[Given]
    waiting: list[Given]
    missed: list[MissedTwice]
    #: Not begun, and the alert behind it was withdrawn.
    groundless: list[Given]


@dataclass(frozen=True, slots=True)
class ChecksCard:
    """Own check to do, and sections to read again."""

    check: CheckLine | None
    again: list[ReadAgain]


def training_card(person: Actor) -> TrainingCard | None:
    """Own training that is due; None when there is none."""
    due = [row for row in assignments.own(person) if row.is_open]
    return TrainingCard(due) if due else None


def lead_card(person: Actor) -> LeadCard | None:
    """Overdue and proposed training of the people whom *person* leads; None when there is none."""
    rows = assignments.of_led(person)
    today = clock.now().date()
    overdue = [row for row in rows if row.is_overdue(today)]
    waiting = [row for row in rows if row.state in ("proposed", "coaching")]
    missed = checks.missed_twice(person)
    groundless = [row for row in rows if row.is_groundless]
    card = LeadCard(overdue, waiting, missed, groundless)
    return card if overdue or waiting or missed or groundless else None


def checks_card(person: Actor) -> ChecksCard | None:
    """The check that is before *person*, and what a missed one has opened again; None when there is neither."""
    check, again = checks.waiting(person), checks.to_read_again(person)
    return ChecksCard(check, again) if check or again else None


def touched_by(reader: Actor, section_keys: Collection[str]) -> dict[str, list[Touch]]:
    """Live modules and questions that cite sections, for the policy's page of whoever answers for modules."""
    if not reader.has(*MODULE_READERS):
        return {}
    found: dict[str, list[Touch]] = {}
    for one, many, table, what in (
        ("module", "modules", LessonBlock, ModuleVersion.module_id),
        ("quiz question", "quiz questions", Item, Item.id),
    ):
        cited = (
            select(table.citation["section"].as_string().label("key"), what.label("what"), Module.public_id)
            .join(ModuleVersion, ModuleVersion.id == table.module_version_id)
            .join(Module, Module.id == ModuleVersion.module_id)
            .where(ModuleVersion.state == "live", table.citation["section"].as_string().in_(section_keys))
            .subquery()
        )
        counted = select(
            cited.c.key,
            func.count(func.distinct(cited.c.what)),
            func.min(cited.c.public_id),
            func.max(cited.c.public_id),
        ).group_by(cited.c.key)
        for key, number, first, last in db.session.execute(counted):
            url = f"/modules/{first}" if first == last else "/modules"
            found.setdefault(key, []).append(Touch(one if number == 1 else many, number, url=url))
    return found
