"""What people do with a module: approve it, put it live, end it, turn questions down with a reason, answer flags."""

from __future__ import annotations

from sqlalchemy import select, update

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from training import rescoring, stored_items
from training.generation import quiz_forms
from training.leads import tell
from training.models.learning import Assignment
from training.models.modules import Item, ItemFlag, Module, ModuleVersion, QuizForm

#: state of a module -> where it may go from there by somebody's word; a new version of its policy makes it stale.
WAYS = {
    "draft": ("approved", "retired"),
    "approved": ("live", "retired"),
    "live": ("retired",),
    "stale": ("retired",),
    "retired": (),
}
#: What each state of a module makes of its questions that nobody turned down.
ITEM_STATES = {"approved": "approved", "live": "live", "retired": "stale"}
#: deed on a question -> states it may come from.
DEEDS = {
    "reject": ("generated", "approved", "live"),
    "restore": ("suspended",),
    "void": ("generated", "approved", "live", "suspended", "stale"),
}


def found(module_id: str) -> ModuleVersion:
    """The newest version of a module, locked. NotFound where there is none."""
    row = stored_items.newest_version(module_id, lock=True)
    if row is None:
        raise NotFound("module")
    return row


def move(actor: Actor, module_id: str, to: str) -> None:
    """Move a module's newest version on: approved, live, retired. Live wants one full form."""
    row = found(module_id)
    if to not in WAYS[row.state]:
        raise Refused(f"A module cannot go from {row.state} to {to}.")
    if to in ("approved", "live") and not has_full_form(row):
        raise Refused("This module has no full form of questions yet. Write further ones first.")
    guarded = update(ModuleVersion).where(ModuleVersion.id == row.id, ModuleVersion.state == row.state)
    if not db.session.execute(guarded.values(state=to).returning(ModuleVersion.id)).all():
        raise Refused("This module was moved by somebody else meanwhile.")
    items = update(Item).where(Item.module_version_id == row.id, Item.state.in_(("generated", "approved", "live")))
    db.session.execute(items.values(state=ITEM_STATES[to]))
    module = db.session.get_one(Module, row.module_id)
    module.state = to
    module.owner_id = module.owner_id or actor.id
    if to == "live":
        row.shortage = None
    db.session.flush()
    db.session.refresh(row)
    audit.note(actor, to, "module", module.public_id, no=row.no)


def has_full_form(row: ModuleVersion) -> bool:
    """Whether the first form is full of questions that may be asked."""
    there = {one.ref for one in stored_items.of_version(row.id)}
    query = select(QuizForm.purpose, QuizForm.items).where(QuizForm.module_version_id == row.id)
    forms = {purpose: sum(ref in there for ref in refs) for purpose, refs in db.session.execute(query)}
    short = "delta" in forms
    return (
        forms.get("delta", 0) >= quiz_forms.LEAST if short else forms.get("initial", 0) >= quiz_forms.SIZES["initial"]
    )


def fill_forms(row: ModuleVersion) -> None:
    """Fill the forms of a module that nobody has yet, out of all that may be asked."""
    taken = db.session.scalar(select(Assignment.id).where(
        Assignment.module_version_id == row.id, Assignment.state.in_(("begun", "passed", "coaching", "closed"))
    ).limit(1))  # fmt: skip
    purposes = set(db.session.scalars(select(QuizForm.purpose).where(QuizForm.module_version_id == row.id)))
    if taken is not None or "delta" in purposes:
        return
    made = quiz_forms.forms([stored_items.as_item(one) for one in stored_items.of_version(row.id)], row.seed)
    for form in db.session.scalars(select(QuizForm).where(QuizForm.module_version_id == row.id)):
        form.items = made.get(form.purpose, form.items)
    db.session.flush()


def item_of(row: ModuleVersion, item_id: str) -> Item:
    """A question of a version. NotFound for any other."""
    item = db.session.scalar(select(Item).where(Item.module_version_id == row.id, Item.public_id == item_id))
    if item is None:
        raise NotFound("question")
    return item


def judge(actor: Actor, module_id: str, item_id: str, *, deed: str, reason: str = "") -> int:
    """Reject a question, take it back in, or void it; how many sittings were scored anew. A reason is wanted."""
    row = found(module_id)
    item = item_of(row, item_id)
    _refuse_learner(actor, row)
    if deed not in DEEDS:
        raise BadInput(Problem("reject, restore or void", field="deed"))
    if deed != "restore" and not reason.strip():
        raise BadInput(Problem("say why", field="reason"))
    kept = {"draft": "generated", "approved": "approved"}.get(row.state, "live")
    to = {"reject": "suspended", "restore": kept, "void": "void"}[deed]
    guarded = update(Item).where(Item.id == item.id, Item.state.in_(DEEDS[deed]))
    moved = guarded.values(state=to, reason=reason.strip()[:500]).returning(Item.id)
    if not db.session.execute(moved).all():
        raise Refused("This question has moved on; that is not possible any more.")
    db.session.refresh(item)
    if row.state in ("draft", "approved"):
        fill_forms(row)
    audit.note(actor, deed, "item", item.public_id)
    return rescoring.without(actor, row.id, item.ref) if deed == "void" else 0


def _refuse_learner(actor: Actor, row: ModuleVersion) -> None:
    """Nobody judges the questions that they are asked themselves."""
    query = select(Assignment.id).join(ModuleVersion, ModuleVersion.id == Assignment.module_version_id)
    query = query.where(Assignment.person_id == actor.id, ModuleVersion.module_id == row.module_id)
    if db.session.scalar(query.where(Assignment.state != "withdrawn").limit(1)) is not None:
        raise Refused("You have this training yourself: somebody else has to judge its questions.")


def answer_flag(actor: Actor, module_id: str, flag_id: str, answer: str) -> None:
    """Say to whoever flagged a question what came of it."""
    row = found(module_id)
    query = select(ItemFlag).join(Item, Item.id == ItemFlag.item_id)
    query = query.where(ItemFlag.public_id == flag_id, Item.module_version_id == row.id).with_for_update(of=ItemFlag)
    flag = db.session.scalar(query)
    if flag is None:
        raise NotFound("flag")
    if not answer.strip():
        raise BadInput(Problem("say what came of it", field="answer"))
    if flag.answered_at is not None:
        raise Refused("This was answered before.")
    flag.answer, flag.answered_at, flag.answered_by_id = answer.strip()[:500], clock.now(), actor.id
    db.session.flush()
    audit.note(actor, "answered", "item_flag", flag.public_id)
    line = f"What you said about a question of your training was answered: {flag.answer}"
    tell(flag.person_id, "item_flag", flag.public_id, line, "/training")
