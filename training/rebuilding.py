"""Training that a policy's new version overtook while somebody had it: built anew under them, nothing lost in silence.

What was read and still stands stays read. A sitting in which a question was overtaken ends uncounted; all others go on
as they were opened. Where the new version has no full form, what was given stays as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select, update

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db, write
from training import learning, modules, sources
from training.generation.material import Source
from training.leads import tell
from training.models.learning import Answer, Assignment, Attempt, BlockRead
from training.models.modules import Item, LessonBlock, Module, ModuleVersion
from training.modules import Draft
from training.targeting import Target

#: States in which an assignment follows its policy; what has ended stays as it was.
FOLLOWS = ("proposed", "assigned", "begun")


def follow(actor: Actor) -> int:
    """Build anew what somebody has to do and a new version overtook; how many. Opens its own transactions."""
    query = (
        select(Assignment.id, Assignment.person_id, Module.title, Module.focus, ModuleVersion.policy_versions)
        .join(ModuleVersion, ModuleVersion.id == Assignment.module_version_id)
        .join(Module, Module.id == ModuleVersion.module_id)
        .where(Assignment.state.in_(FOLLOWS), ModuleVersion.state == "stale")
        .order_by(Assignment.id)
    )
    rows = db.session.execute(query).all()
    known = sources.in_force(clock.now().date()) if rows else ()
    there, versions = sources.section_keys(known), {one.slug: one for one in known}
    made = 0
    for row in rows:
        drafted = _draft(row.person_id, row.title, row.focus, known, there) if _behind(row[-1], versions) else None
        if drafted is not None:
            made += write(lambda row=row, drafted=drafted: move(actor, row.id, drafted)) is not None
    return made


def _behind(built_from: Sequence[Mapping[str, str]], versions: Mapping[str, Source]) -> bool:
    return any(
        one["slug"] not in versions or versions[one["slug"]].version != one["version"] for one in built_from
    )  # fmt: skip


def _draft(
    person_id: int, title: str, focus: Mapping[str, list[str]], known: tuple[Source, ...], there: Collection[str]
) -> Draft | None:
    sections = tuple(key for key in focus["sections"] if key in there)
    if not sections:
        return None
    if focus.get("since"):
        older = sources.of_version(*focus["since"])
        return modules.draft_change(title, known, older, sections) if older is not None else None
    pair = focus["contrast"]
    contrast = (pair[0], pair[1]) if pair and set(pair) <= set(there) else None
    return modules.draft(Target(person_id, sections, contrast=contrast, cases=tuple(focus["own"])), known)


def move(actor: Actor, assignment_id: int, drafted: Draft) -> Assignment | None:
    """Put the module *drafted* under an open assignment; None where it has ended, or the module is short of a form."""
    row = db.session.scalars(select(Assignment).where(Assignment.id == assignment_id).with_for_update()).one()
    version = modules.keep(actor, drafted)
    if row.state not in FOLLOWS or version.state != "live" or version.id == row.module_version_id:
        return None
    overtaken = _end_sitting(actor, row)
    kept = _carry_reads(row, version.id)
    row.module_version_id = version.id
    db.session.flush()
    audit.note(actor, "rebuilt", "assignment", row.public_id, no=version.no, read=kept, sittings_ended=overtaken)
    if row.state == "begun":
        learning.touch_cases(row)
        ended = " The sitting that was open does not count." if overtaken else ""
        line = f"“{drafted.title}” was built anew, as its policy changed. What still stands stays read.{ended}"
        tell(row.person_id, "training_rebuilt", f"{row.public_id}:{version.id}", line, f"/training/{row.public_id}")
    return row


def _end_sitting(actor: Actor, row: Assignment) -> int:
    """End the open sitting if a question that is still to be answered was overtaken; how many ended."""
    query = select(Attempt).where(Attempt.assignment_id == row.id, Attempt.state == "open").with_for_update()
    attempt = db.session.scalar(query)
    if attempt is None:
        return 0
    answered = db.session.scalar(select(func.count(Answer.id)).where(Answer.attempt_id == attempt.id)) or 0
    left = [one["item"] for one in attempt.snapshot[answered:]]
    stale = select(Item.id).where(Item.module_version_id == row.module_version_id, Item.state == "stale")
    if db.session.scalar(stale.where(Item.ref.in_(left)).limit(1)) is None:
        return 0
    guarded = update(Attempt).where(Attempt.id == attempt.id, Attempt.state == "open")
    db.session.execute(guarded.values(state="void", closed_at=clock.now()))
    audit.note(actor, "overtook", "attempt", attempt.public_id)
    return 1


def _carry_reads(row: Assignment, version_id: int) -> int:
    """Mark as read in the new version what was read in the old one and reads the same; how many blocks."""
    read = select(LessonBlock.kind, LessonBlock.markdown).join(BlockRead, BlockRead.block_id == LessonBlock.id)
    known = {tuple(one) for one in db.session.execute(read.where(BlockRead.assignment_id == row.id))}
    blocks = select(LessonBlock.id, LessonBlock.kind, LessonBlock.markdown)
    blocks = blocks.where(LessonBlock.module_version_id == version_id).order_by(LessonBlock.ordinal)
    held = set(db.session.scalars(select(BlockRead.block_id).where(BlockRead.assignment_id == row.id)))
    same = [
        one.id for one in db.session.execute(blocks) if (one.kind, one.markdown) in known and one.id not in held
    ]  # fmt: skip
    db.session.add_all([BlockRead(assignment_id=row.id, block_id=block_id) for block_id in same])
    return len(same)
