"""Looking over what is covered in a case's text: what stays covered, what is harmless, what else is to be covered.

Whoever looks has opened the case, which is noted, and is never given it. Once nothing waits, the case is released.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from sqlalchemy import select

from qa import opening, scanning
from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, Problem, Refused
from qa.draws import tasks
from qa.models.grading import Task
from qa.models.texts import Mask
from qa.queries import masks as queries
from qa.redaction.spans import LEAK

#: Words that are covered by hand, each time that they stand in the case.
SHORTEST = 2


def open_text(actor: Actor, case_id: str) -> None:
    """Show *actor* the text of a case and what is covered in it, from now on: noted, and they are never given it."""
    queries.reviewable(actor, case_id)
    opening.open_case(actor, case_id)


def settle(actor: Actor, case_id: str, *, harmless: Collection[str], words: str = "") -> int:
    """Let every mask of a case stand but those named *harmless*, cover *words* too; how many tasks came of it.

    Raises NotFound before the case was opened, Refused once it was looked at by a grader, BadInput for *words* that
    stand nowhere in it.
    """
    case = queries.opened(actor, case_id)
    if _is_being_graded(case.id):
        raise Refused("Somebody is grading this case, or has: what they were shown is not changed any more.")
    rows = list(db.session.scalars(select(Mask).where(Mask.case_id == case.id).order_by(Mask.id)))
    now = clock.now()
    for row in rows:
        state = "harmless" if queries.key_of(row) in harmless else "applied"
        if row.state != state:
            row.state, row.by_id, row.decided_at = state, actor.id, now
    added = _cover_words(actor, case.id, words) if words.strip() else 0
    left = sum(row.state == "harmless" for row in rows)
    audit.note(actor, "settled_masks", "case", case.public_id, covered=len(rows) - left + added, harmless=left)
    db.session.flush()
    return tasks.open_held(case.id)


def _is_being_graded(case_id: int) -> bool:
    begun = select(Task.id).where(Task.case_id == case_id, Task.state.not_in(("waiting", "void", "skipped")))
    return db.session.scalar(begun.limit(1)) is not None


def _cover_words(actor: Actor, case_id: int, words: str) -> int:
    """Cover every place where one of the lines of *words* stands."""
    wanted = [line.strip() for line in words.splitlines() if line.strip()]
    short = next((line for line in wanted if len(line) < SHORTEST), None)
    if short is not None:
        raise BadInput(Problem(f"words of at least {SHORTEST} characters", field="words", value=short))
    known = select(Mask.place, Mask.begins, Mask.ends).where(Mask.case_id == case_id)
    taken, count = {tuple(row) for row in db.session.execute(known)}, 0
    for line in wanted:
        found = [
            (place, begins, ends)
            for place, text in scanning.places_of(case_id).items()
            for begins, ends in _each(line, text)
        ]
        if not found:
            raise BadInput(Problem("words that stand in this case", field="words", value=line[:100]))
        for place, begins, ends in found:
            if (place, begins, ends) not in taken:
                taken.add((place, begins, ends))
                db.session.add(
                    Mask(
                        case_id=case_id, place=place, begins=begins, ends=ends, kind=LEAK, rule="hand", state="applied",
                        by_id=actor.id, decided_at=clock.now(),
                    )
                )  # fmt: skip
                count += 1
    return count


def _each(words: str, text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in re.finditer(re.escape(words), text, re.IGNORECASE))
