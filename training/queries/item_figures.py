"""What answers say of the questions of a module: facility, discrimination, what misleads; and what people flagged."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from qa.core.db import db
from training.generation.item_statistics import ItemFigures, Response, figures
from training.models.learning import Answer, Assignment, Attempt
from training.models.modules import Item, ItemFlag


@dataclass(frozen=True, slots=True)
class Flag:
    """What somebody said of a question, and the answer to it. Who said so is not told."""

    public_id: str
    comment: str
    at: datetime
    answer: str | None


def of_version(version_id: int) -> dict[str, ItemFigures]:
    """Ref of a question -> its figures over all closed sittings of the version."""
    query = (
        select(Attempt.id, Attempt.snapshot, Answer.ordinal, Answer.chosen, Answer.right)
        .join(Answer, Answer.attempt_id == Attempt.id)
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .where(Assignment.module_version_id == version_id, Attempt.state == "closed")
        .order_by(Attempt.id, Answer.ordinal)
    )
    sittings: dict[int, list[tuple[dict[str, object], list[str], bool]]] = defaultdict(list)
    for attempt_id, snapshot, ordinal, chosen, right in db.session.execute(query):
        sittings[attempt_id].append((snapshot[ordinal - 1], chosen, right))
    responses: dict[str, list[Response]] = defaultdict(list)
    for answers in sittings.values():
        total = sum(right for _, _, right in answers)
        for asked, chosen, right in answers:
            rest = (total - right) / (len(answers) - 1) if len(answers) > 1 else 0.0
            responses[str(asked["item"])].append(Response(right, rest, _text(asked, chosen)))
    return {ref: figures(found) for ref, found in responses.items()}


def _text(asked: dict[str, object], chosen: list[str]) -> str:
    options = asked["options"]
    assert isinstance(options, list)
    return next((str(one["text"]) for one in options if one["id"] in chosen), "")


def flags_of(version_id: int) -> dict[int, list[Flag]]:
    """Inside number of a question -> what was said of it, the oldest first."""
    query = (
        select(ItemFlag.item_id, ItemFlag.public_id, ItemFlag.comment, ItemFlag.created_at, ItemFlag.answer)
        .join(Item, Item.id == ItemFlag.item_id)
        .where(Item.module_version_id == version_id)
        .order_by(ItemFlag.id)
    )
    found: dict[int, list[Flag]] = defaultdict(list)
    for item_id, *rest in db.session.execute(query):
        found[item_id].append(Flag(*rest))
    return found
