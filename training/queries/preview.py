"""A module as an agent will meet it, for whoever answers for it before it is given out."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from training import stored_items
from training.models.modules import Item, Module, QuizForm
from training.queries import modules
from training.queries.lessons import LessonPart, lessons_of


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as its screen has it; what is told after the answer, for whom that is no secret."""

    stem: str
    case_text: str | None
    is_covered: bool
    options: tuple[str, ...]
    told: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The lessons, and the questions of the first sitting."""

    public_id: str
    title: str
    minutes: int
    lessons: tuple[LessonPart, ...]
    asked: tuple[Asked, ...]
    #: Questions on settled cases that the reader must not see.
    hidden: int


def preview(actor: Actor, public_id: str) -> Preview:
    """The newest version of a module. Its cases are not shown to whoever grades blind, its keys to no learner of it."""
    version = stored_items.newest_version(public_id)
    if version is None:
        raise NotFound("module")
    cases, keys = not actor.can_be_given_blind_tasks, not modules.is_learner(actor, version.module_id)
    title = db.session.scalars(select(Module.title).where(Module.id == version.module_id)).one()
    forms = select(QuizForm.purpose, QuizForm.items).where(QuizForm.module_version_id == version.id)
    by_purpose = dict(db.session.execute(forms).all())
    refs = by_purpose.get("initial") or by_purpose.get("delta") or []
    items = {one.ref: one for one in stored_items.of_version(version.id)}
    form = [items[ref] for ref in refs if ref in items]
    shown = [one for one in form if cases or one.case_ref is None]
    return Preview(
        public_id, title, version.minutes, lessons_of(version.id, cases=cases),
        tuple(_asked(one, keys) for one in shown), len(form) - len(shown),
    )  # fmt: skip


def _asked(item: Item, keys: bool) -> Asked:
    stem = item.stem.removeprefix(f"Case: {item.case_text} ") if item.case_text else item.stem
    options = tuple(option["text"] for option in item.options)
    told = tuple((option["text"], option["feedback"]) for option in item.options) if keys else ()
    return Asked(stem, item.case_text, item.sensitive, options, told)
