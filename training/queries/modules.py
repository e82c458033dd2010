"""Modules on pages of those who answer for them: content, keys, coverage, what is short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.policies import queries as policy_queries
from training import editing
from training.generation.item_statistics import ItemFigures
from training.models.learning import Assignment
from training.models.modules import Item, Module, ModuleVersion, QuizForm
from training.queries import checks, citations, item_figures
from training.queries.citations import Chip
from training.queries.item_figures import Flag
from training.queries.lessons import LessonPart, lessons_of


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """A module in the list, in its newest version."""

    public_id: str
    title: str
    no: int
    state: str
    minutes: int
    items: int
    assigned: int
    shortage: str | None
    built_at: datetime


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A question with its key, or without it for whoever may be asked it."""

    kind: str
    stem: str
    #: (text, whether it is right; None: not told)
    options: tuple[tuple[str, bool | None], ...]
    chips: tuple[Chip, ...]
    checks: int
    failed: tuple[str, ...]
    is_covered: bool
    public_id: str
    state: str
    origin: str
    reason: str
    figures: ItemFigures | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class ModulePage:
    """All that the page of a module shows."""

    line: ModuleLine
    policies: tuple[dict[str, Any], ...]
    #: (section's name, questions, kinds, what is short)
    coverage: tuple[tuple[str, int, str, str | None], ...]
    #: (purpose, questions)
    forms: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]
    lessons: tuple[LessonPart, ...]
    items: tuple[ItemLine, ...]
    keys_told: bool
    #: Cases that are not shown, since the reader may be asked to judge them blind.
    hidden_cases: int
    #: Where its newest version may go by somebody's word.
    ways: tuple[str, ...]
    has_full_form: bool
    may_see_sittings: bool


def _newest() -> Any:
    return select(func.max(ModuleVersion.id)).group_by(ModuleVersion.module_id)


def listed() -> list[ModuleLine]:
    """All modules, by title."""
    return _lines()


def title_of(public_id: str) -> str:
    """What a module is called. NotFound where there is none."""
    title = db.session.scalar(select(Module.title).where(Module.public_id == public_id))
    if title is None:
        raise NotFound("module")
    return title


def _lines(public_id: str | None = None) -> list[ModuleLine]:
    items = select(func.count(Item.id)).where(Item.module_version_id == ModuleVersion.id).scalar_subquery()
    assigned = (
        select(func.count(Assignment.id))
        .where(Assignment.module_version_id == ModuleVersion.id, Assignment.state != "withdrawn")
        .scalar_subquery()
    )
    query = (
        select(
            Module.public_id, Module.title, ModuleVersion.no, ModuleVersion.state, ModuleVersion.minutes, items,
            assigned, ModuleVersion.shortage, ModuleVersion.created_at,
        )
        .join(ModuleVersion, ModuleVersion.module_id == Module.id)
        .where(ModuleVersion.id.in_(_newest()))
        .order_by(Module.title, Module.id)
    )  # fmt: skip
    if public_id is not None:
        query = query.where(Module.public_id == public_id)
    return [ModuleLine(*row) for row in db.session.execute(query)]


def shown(actor: Actor, public_id: str) -> ModulePage:
    """One module. Its keys are not told to somebody who is to sit its quiz, its cases not to whoever grades blind."""
    lines = _lines(public_id)
    if not lines:
        raise NotFound("module")
    query = select(ModuleVersion).join(Module, Module.id == ModuleVersion.module_id)
    version = db.session.scalars(
        query.where(Module.public_id == public_id).order_by(ModuleVersion.id.desc()).limit(1)
    ).one()
    keys_told = not is_learner(actor, version.module_id)
    cases = not actor.can_be_given_blind_tasks
    rows = list(db.session.scalars(select(Item).where(Item.module_version_id == version.id).order_by(Item.id)))
    told = [item for item in rows if cases or item.case_ref is None]
    figures, flags = item_figures.of_version(version.id), item_figures.flags_of(version.id)
    names = policy_queries.labels([row["section"] for row in version.coverage])
    forms = db.session.execute(
        select(QuizForm.purpose, QuizForm.items).where(QuizForm.module_version_id == version.id).order_by(QuizForm.id)
    )
    return ModulePage(
        line=lines[0],
        policies=tuple(version.policy_versions),
        coverage=tuple(
            (names[row["section"]], row["items"], ", ".join(row["kinds"]), row["shortage"]) for row in version.coverage
        ),
        forms=tuple((row.purpose, len(row.items)) for row in forms),
        kinds=tuple(sorted(Counter(item.kind for item in rows).items())),
        lessons=lessons_of(version.id, cases=cases),
        items=tuple(_item(item, keys_told, figures, flags) for item in told),
        keys_told=keys_told,
        hidden_cases=len({item.case_ref for item in rows} - {item.case_ref for item in told}),
        ways=editing.WAYS[version.state],
        has_full_form=editing.has_full_form(version),
        may_see_sittings=actor.has("manager"),
    )


def is_learner(actor: Actor, module_id: int) -> bool:
    """Whether the reader has this module to do, in whatever version, or is still checked on what it taught."""
    states = ("proposed", "assigned", "begun", "coaching", *(("passed",) if checks.is_checked(actor) else ()))
    query = (
        select(Assignment.id)
        .join(ModuleVersion, ModuleVersion.id == Assignment.module_version_id)
        .where(Assignment.person_id == actor.id, ModuleVersion.module_id == module_id)
        .where(Assignment.state.in_(states))
    )
    return db.session.scalar(query.limit(1)) is not None


def _item(item: Item, keys_told: bool, figures: Mapping[str, ItemFigures], flags: Mapping[int, list[Flag]]) -> ItemLine:
    return ItemLine(
        kind=item.kind.replace("_", " "),
        stem=item.stem,
        options=tuple((option["text"], (option["id"] in item.key) if keys_told else None) for option in item.options),
        chips=tuple(citations.chips([item.citation])) if keys_told else (),
        checks=len(item.checks),
        failed=tuple(name for name, passed in item.checks.items() if not passed),
        is_covered=item.sensitive,
        public_id=item.public_id,
        state=item.state,
        origin=item.origin,
        reason=item.reason,
        figures=figures.get(item.ref) if keys_told else None,
        flags=tuple(flags.get(item.id, ())),
    )
