"""What the lesson page shows: why it was given, and the blocks with their clauses."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import select

from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.core.markup import policy_html
from training.models.learning import Assignment, BlockRead
from training.models.modules import LessonBlock
from training.own_words import LABELS
from training.queries import assignments, citations
from training.queries.assignments import Given
from training.queries.citations import Chip

KINDS = {
    "why": "Your case",
    "quote": "The policy says",
    "contrast": "Side by side",
    "example": "Worked case",
    "ladder": "Ladder",
    "definition": "Term",
}


@dataclass(frozen=True, slots=True)
class BlockPart:
    """One block of a lesson."""

    label: str
    kind: str
    html: Markup
    chips: tuple[Chip, ...]
    is_covered: bool


@dataclass(frozen=True, slots=True)
class LessonPart:
    """One lesson."""

    id: str
    title: str
    is_read: bool
    blocks: tuple[BlockPart, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The page of one assignment."""

    given: Given
    lessons: tuple[LessonPart, ...]

    @property
    def is_started(self) -> bool:
        """Whether the lessons were opened."""
        return self.given.state != "assigned"

    @property
    def read(self) -> int:
        """How many lessons were read."""
        return sum(lesson.is_read for lesson in self.lessons)


def reading(actor: Actor, public_id: str) -> Reading:
    """An own assignment; its lessons once it was started. Raises NotFound for every other."""
    given = assignments.one(actor, public_id)
    if given is None:
        raise NotFound("training")
    if given.state == "assigned":
        return Reading(given, ())
    row = db.session.execute(
        select(Assignment.id, Assignment.module_version_id).where(Assignment.public_id == public_id)
    ).one()
    read = frozenset(db.session.scalars(select(BlockRead.block_id).where(BlockRead.assignment_id == row.id)))
    return Reading(given, lessons_of(row.module_version_id, read))


def lessons_of(version_id: int, read: frozenset[int] = frozenset(), *, cases: bool = True) -> tuple[LessonPart, ...]:
    """The lessons of a module's version; without its *cases* for whoever may be asked to judge them."""
    query = select(LessonBlock).where(LessonBlock.module_version_id == version_id).order_by(LessonBlock.ordinal)
    by_lesson: dict[str, list[LessonBlock]] = {}
    for block in db.session.scalars(query):
        if cases or block.case_ref is None:
            by_lesson.setdefault(block.lesson, []).append(block)
    return tuple(
        LessonPart(
            id=lesson,
            title=blocks[0].lesson_title,
            is_read=all(block.id in read for block in blocks),
            blocks=tuple(_part(block) for block in blocks),
        )
        for lesson, blocks in by_lesson.items()
    )


def _part(block: LessonBlock) -> BlockPart:
    return BlockPart(
        label=LABELS.get(block.lesson, KINDS[block.kind]),
        kind=block.kind,
        html=policy_html(block.markdown, anchors={}),
        chips=tuple(citations.chips([block.citation, *block.citations])),
        is_covered=block.sensitive,
    )
