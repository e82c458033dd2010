"""Questions that a person has not met yet, on the skills that a check asks about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from qa.core.db import db
from training import skill_keys
from training.generation import choice
from training.generation.material import NAVIGATION_KINDS, SITUATION_KINDS
from training.generation.quiz_forms import WARM_UP_KINDS
from training.generation.skills import SkillKey
from training.mastery import LADDER, gap
from training.models.learning import Assignment, Attempt, Mastery
from training.models.modules import Item, LessonBlock, ModuleVersion
from training.models.modules import SkillKey as SkillKeyRow
from training.models.retention import RetentionCheck
from training.queries import evidence

#: Questions of a check.
SIZE = 3
#: What falls due within these days is asked together.
TOGETHER = timedelta(days=14)
CHECKED = ("provisional", "needs_recheck")


@dataclass(frozen=True, slots=True)
class DueSkill:
    """A skill of a person whose check is due, or soon due."""

    mastery_id: int
    written: str
    next_check_on: date


def due_skills(person_id: int, today: date) -> list[DueSkill]:
    """What is due today, the longest overdue first, then what is due within a fortnight and has half its wait behind
    it; nothing while nothing is due today."""
    query = (
        select(Mastery.id, SkillKeyRow, Mastery.next_check_on, Mastery.step)
        .join(SkillKeyRow, SkillKeyRow.id == Mastery.skill_key_id)
        .where(Mastery.person_id == person_id, Mastery.state.in_(CHECKED))
        .where(Mastery.next_check_on < today + TOGETHER)
        .order_by(Mastery.next_check_on, Mastery.id)
    )
    rows = db.session.execute(query).all()
    if not any(on <= today for _, _, on, _ in rows):
        return []
    near = [row for row in rows if row[2] - gap(min(row[3], len(LADDER) - 1)) / 2 <= today]
    return [DueSkill(id_, _written(key), on) for id_, key, on, _ in near]


def _written(row: SkillKeyRow) -> str:
    return skill_keys.written(SkillKey(row.kind, row.section_key_a, row.section_key_b, row.side))


def people_due(today: date) -> list[int]:
    """Inside numbers of the people to whom a check is due and who have none before them."""
    has_one = select(RetentionCheck.person_id).where(RetentionCheck.state.in_(("due", "open")))
    query = select(Mastery.person_id).where(Mastery.state.in_(CHECKED), Mastery.next_check_on <= today)
    query = query.where(Mastery.person_id.not_in(has_one))
    return list(db.session.scalars(query.distinct().order_by(Mastery.person_id)))


def questions(person_id: int, due: Sequence[DueSkill]) -> list[Item]:
    """At most three items that the person has not met, a skill each while there are skills; no case twice."""
    bank = _bank(person_id, [one.written for one in due])
    chosen: list[Item] = []
    while len(chosen) < SIZE:
        before = len(chosen)
        for one in due:
            fitting = [item for item in bank if item.skill == one.written and _is_new(item, chosen)]
            if len(chosen) < SIZE and fitting:
                chosen.append(min(fitting, key=lambda item: _wish(item, person_id)))
        if len(chosen) == before:
            break
    return chosen


def _is_new(item: Item, chosen: Iterable[Item]) -> bool:
    """Whether an item is neither one of *chosen* nor on the case or the rule of one."""
    return not any(
        item.stem == one.stem
        or (item.case_ref is not None and item.case_ref == one.case_ref)
        or (item.case_ref is None and one.case_ref is None and item.unit_hash == one.unit_hash)
        for one in chosen
    )


def _wish(item: Item, person_id: int) -> tuple[bool, bool, int]:
    """Cases and quoted examples first, what only asks for a place last; else by a fixed lot."""
    return item.kind not in SITUATION_KINDS, item.kind in NAVIGATION_KINDS, choice.number(person_id, item.public_id)


def _bank(person_id: int, skills: Collection[str]) -> list[Item]:
    """Live items on *skills*: of modules that the person was given, and what is not about a case of any module.

    A module that a policy's new version made stale still holds the items whose clauses stand as they did.
    """
    own = select(Assignment.module_version_id).where(Assignment.person_id == person_id)
    query = (
        select(Item)
        .join(ModuleVersion, ModuleVersion.id == Item.module_version_id)
        .where(ModuleVersion.state.in_(("live", "stale")), Item.state.in_(("approved", "live")), Item.skill.in_(skills))
        .where(Item.kind.not_in(WARM_UP_KINDS))
        .where(or_(Item.case_ref.is_(None), Item.module_version_id.in_(own)))
        .order_by(Item.id)
    )
    stems, cases = _met(person_id)
    items = [one for one in db.session.scalars(query) if one.stem not in stems and one.case_ref not in cases]
    standing = evidence.still_teaching({one.case_ref for one in items if one.case_ref is not None})
    return [
        one for one in items
        if one.case_ref is None or (one.case_ref in standing and standing[one.case_ref] <= one.created_at)
    ]  # fmt: skip


def _met(person_id: int) -> tuple[set[str], set[str]]:
    """Stems and cases that the person was asked about, and cases that lessons showed."""
    asked: list[dict[str, Any]] = []
    sat = select(Attempt.snapshot).join(Assignment, Assignment.id == Attempt.assignment_id)
    for snapshot in db.session.scalars(sat.where(Assignment.person_id == person_id)):
        asked += snapshot
    for snapshot in db.session.scalars(select(RetentionCheck.snapshot).where(RetentionCheck.person_id == person_id)):
        asked += snapshot
    told = select(LessonBlock.case_ref).join(Assignment, Assignment.module_version_id == LessonBlock.module_version_id)
    shown = set(db.session.scalars(told.where(Assignment.person_id == person_id, LessonBlock.case_ref.is_not(None))))
    cases = {str(one["case"]) for one in asked if one.get("case")}
    return {str(one["stem"]) for one in asked}, cases | {ref for ref in shown if ref is not None}
