"""Blocks of lessons that people wrote: words of their own, and good replies for the tone. They outlive a rebuild."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from qa.core.db import db
from qa.policytext.hashing import text_hash
from training.models.modules import LessonBlock

#: What the lesson is called inside the module -> its title, and what each of its blocks is called.
WORDS, REPLIES = "own", "own-replies"
TITLES = {WORDS: "From whoever answers for the policy", REPLIES: "Good replies"}
LABELS = {WORDS: "A word on it", REPLIES: "A good reply"}


def add(version_id: int, lesson: str, markdown: str, citation: dict[str, Any]) -> None:
    """Put a block at the end of a version's lessons."""
    last = select(func.max(LessonBlock.ordinal)).where(LessonBlock.module_version_id == version_id)
    db.session.add(
        LessonBlock(
            module_version_id=version_id, lesson=lesson, lesson_title=TITLES[lesson],
            ordinal=(db.session.scalar(last) or 0) + 1, kind="example", markdown=markdown, citation=citation,
            citations=[citation], unit_hash=text_hash(citation["quote"]),
        )
    )  # fmt: skip
    db.session.flush()


def carry(before: int, after: int, cited: Callable[[str, str], dict[str, Any] | None]) -> int:
    """Take them along into the next version where their clause still stands; how many. *cited*: where it stands now."""
    there = set(db.session.scalars(select(LessonBlock.markdown).where(LessonBlock.module_version_id == after)))
    query = select(LessonBlock).where(LessonBlock.module_version_id == before, LessonBlock.lesson.in_(TITLES))
    count = 0
    for old in db.session.scalars(query.order_by(LessonBlock.ordinal)).all():
        citation = cited(old.citation["section"], old.citation["quote"])
        if citation is not None and old.markdown not in there:
            add(after, old.lesson, old.markdown, citation)
            count += 1
    return count
