"""What homes and other rooms' pages show of training."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from training.models.modules import Item, LessonBlock, Module, ModuleVersion
from training.queries import assignments
from training.queries.assignments import Given


@dataclass(frozen=True, slots=True)
class TrainingCard:
    """Own training to do."""

    due: list[Given]


@dataclass(frozen=True, slots=True)
class LeadCard:
    """What waits for a lead."""

    overdue: list[Given]
    waiting: list[Given]


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
    return LeadCard(overdue, waiting) if overdue or waiting else None


def touched_by(section_key: str) -> list[tuple[str, int, str]]:
    """Live modules and questions that cite a section, for the policy's page."""
    found = []
    for what, table, column in (
        ("module", LessonBlock, func.count(func.distinct(ModuleVersion.module_id))),
        ("question", Item, func.count(Item.id)),
    ):
        query = (
            select(column)
            .select_from(table)
            .join(ModuleVersion, ModuleVersion.id == table.module_version_id)
            .join(Module, Module.id == ModuleVersion.module_id)
            .where(ModuleVersion.state == "live", table.citation["section"].as_string() == section_key)
        )
        number = db.session.scalar(query) or 0
        if number:
            found.append((f"{what}s" if number != 1 else what, number, "/modules"))
    return found
