"""Modules in the hands of people: approved, put live, questions turned down or void, own ones under the same checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from qa.core import clock
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Refused
from qa.core.models import Notice
from qa.policies import policies
from tests import factories
from tests.training.generation.invented import SWAPPING
from tests.training.school import PUSHY, School, shelved
from training import authoring, editing, flagging, learning, modules, sources
from training.authoring import Written
from training.models.learning import Assignment, Attempt, AttemptScore
from training.models.modules import Item, ItemFlag, LessonBlock, Module, ModuleVersion, QuizForm

WRITTEN = Written(
    section=PUSHY, quote="Writing to somebody who asked for silence",
    stem="What does the club not allow?", right="Writing to a member who wants silence",
    wrong=("Sending one friendly reminder", "Offering seed at a meeting"),
)  # fmt: skip
SCENE = replace(WRITTEN, case_text="Ada wrote to Ben four times after he had asked for silence.", stem="What is this?",
                right="Against the rules", wrong=("Within the rules", "Not for us to say"))  # fmt: skip


@pytest.fixture
def owner(sqlite_app: Flask) -> Actor:
    write(lambda: policies.import_text(SYSTEM, SWAPPING, name="swapping"))
    return factories.actor("policy_owner")


def kept() -> str:
    """The address of the module on the shelf, kept live."""
    write(lambda: modules.keep(SYSTEM, shelved()))
    return db.session.scalars(select(Module.public_id)).one()


def drafted() -> str:
    """The address of a module whose first form is short."""
    module = shelved().module
    assert module is not None
    few = [one for one in module.items if one.id in module.forms["initial"]][:5]
    forms = {**dict.fromkeys(module.forms, ()), "initial": tuple(one.id for one in few)}
    short = replace(shelved(), module=replace(module, items=tuple(few), forms=forms))
    write(lambda: modules.keep(SYSTEM, short))
    return db.session.scalars(select(Module.public_id)).one()


def only(table: type) -> object:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(table)).one()


def failed_sitting(school: School, wrong: int) -> str:
    """An assignment with one sitting in which so many questions were answered wrong."""
    address = school.given()
    write(lambda: learning.start(school.agent, address))
    write(lambda: learning.begin(school.agent, address))
    for number, asked in enumerate(db.session.scalars(select(Attempt.snapshot)).one(), 1):
        option = next(one["id"] for one in asked["options"] if (one["id"] in asked["key"]) is (number > wrong))
        write(lambda n=number, o=option: learning.answer(school.agent, address, no=1, question=n, option=o))
    return address


def test_a_draft_is_approved_and_goes_live_once_people_filled_its_form(owner: Actor) -> None:
    module_id = drafted()
    with pytest.raises(Refused, match="no full form"):
        write(lambda: editing.move(owner, module_id, "approved"))
    for number in range(3):
        scene = replace(
            SCENE, case_text=f"{SCENE.case_text} It was week {number} of a {('wet', 'dry', 'cold')[number]} May."
        )
        write(lambda scene=scene: authoring.add(owner, module_id, scene))

    write(lambda: editing.move(owner, module_id, "approved"))
    write(lambda: editing.move(owner, module_id, "live"))

    version = only(ModuleVersion)
    assert isinstance(version, ModuleVersion) and version.state == "live"
    assert set(db.session.scalars(select(Item.state))) == {"live"}
    assert len(db.session.scalars(select(QuizForm.items).where(QuizForm.purpose == "initial")).one()) == 8
    with pytest.raises(Refused, match="from live to approved"):
        write(lambda: editing.move(owner, module_id, "approved"))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"quote": "Nothing of the kind stands here"}, "quote"),
        ({"section": "swapping/nowhere"}, "section"),
        ({"wrong": ("Writing to a member who wants silence", "Offering seed")}, "wrong"),
        ({"wrong": ("Only one",)}, "wrong"),
        ({"stem": "What does does the club not allow?"}, "stem"),
    ],
)
def test_own_questions_pass_the_checks_of_all_others(owner: Actor, change: dict[str, object], field: str) -> None:
    module_id = kept()

    with pytest.raises(BadInput) as caught:
        write(lambda: authoring.add(owner, module_id, replace(WRITTEN, **change)))

    assert field in {problem.field for problem in caught.value.problems}


def test_a_question_for_a_live_module_waits_for_somebody_else(owner: Actor) -> None:
    module_id, other = kept(), factories.actor("policy_owner")
    item_id = write(lambda: authoring.add(owner, module_id, WRITTEN))
    item = db.session.scalars(select(Item).where(Item.public_id == item_id)).one()
    state = (item.state, item.origin, item.author_id)

    with pytest.raises(Refused, match="Somebody else"):
        write(lambda: authoring.approve(owner, module_id, item_id))
    write(lambda: authoring.approve(other, module_id, item_id))

    assert state == ("generated", "author", owner.id)
    assert db.session.scalars(select(Item.state).where(Item.public_id == item_id)).one() == "live"


def test_own_words_in_a_lesson_cite_their_clause(owner: Actor) -> None:
    module_id = kept()

    write(lambda: authoring.add_lesson(owner, module_id, section=PUSHY, quote="Reminders are fine.", text="*One* is"))

    block = db.session.scalars(select(LessonBlock).order_by(LessonBlock.ordinal.desc())).first()
    assert block is not None and block.markdown == "\\*One\\* is" and block.citation["quote"] == "Reminders are fine."


def test_words_are_written_on_the_page_and_what_is_missing_is_said_beside_its_field(owner: Actor) -> None:
    module_id = kept()
    page = factories.browser(current_app._get_current_object(), owner)
    said = {"lesson-section": PUSHY, "lesson-quote": "Reminders are fine.", "lesson-text": "As often as once a day."}

    kept_at = page.send(f"/modules/{module_id}/lessons", said)
    lacking = page.send(f"/modules/{module_id}/lessons", said | {"lesson-text": ""})

    assert (kept_at.status_code, lacking.status_code) == (302, 422)
    assert "Write something." in lacking.text and 'for="lesson-text"' in lacking.text


def test_a_rejected_question_is_asked_no_more_and_can_come_back(owner: Actor) -> None:
    module_id = kept()
    item = db.session.scalars(select(Item).order_by(Item.id)).first()
    assert item is not None
    item_id, ref, version_id = item.public_id, item.ref, item.module_version_id

    with pytest.raises(BadInput):
        write(lambda: editing.judge(owner, module_id, item_id, deed="reject", reason=" "))
    write(lambda: editing.judge(owner, module_id, item_id, deed="reject", reason="Two answers are right."))
    gone = all(ref not in {one.ref for one in learning._items(version_id, purpose)} for purpose in learning.PURPOSES)
    write(lambda: editing.judge(owner, module_id, item_id, deed="restore"))

    assert gone and db.session.scalars(select(Item.state).where(Item.public_id == item_id)).one() == "live"
    with pytest.raises(NotFound):
        write(lambda: editing.judge(owner, module_id, "0" * 32, deed="void", reason="x"))


def test_a_void_question_scores_sittings_anew_and_whoever_passes_now_has_passed(app: Flask) -> None:
    school = School()
    address = failed_sitting(school, wrong=2)
    module_id = db.session.scalars(select(Module.public_id)).one()
    asked = db.session.scalars(select(Attempt.snapshot)).one()
    refs = [asked[0]["item"], asked[1]["item"]]
    items = {one.ref: one.public_id for one in db.session.scalars(select(Item))}

    scored = [
        write(lambda ref=ref: editing.judge(school.manager, module_id, items[ref], deed="void", reason="Two fit."))
        for ref in refs
    ]  # fmt: skip

    rows = db.session.scalars(select(AttemptScore).order_by(AttemptScore.no)).all()
    assert scored == [1, 1]
    assert [(one.right, one.of, one.passed) for one in rows] == [(6, 8, False), (6, 7, False), (6, 6, True)]
    assert school.assignment(address).state == "passed"


def test_a_flag_is_raised_once_by_whoever_answered_and_is_answered_once(sqlite_app: Flask) -> None:
    school = School()
    address = failed_sitting(school, wrong=1)
    module_id = db.session.scalars(select(Module.public_id)).one()

    write(lambda: flagging.flag(school.agent, address, no=1, question=1, comment="Two answers are right."))
    with pytest.raises(Refused):
        write(lambda: flagging.flag(school.agent, address, no=1, question=1, comment="Again."))
    with pytest.raises(NotFound):
        write(lambda: flagging.flag(school.agent, address, no=2, question=1, comment="Never sat."))
    flag = only(ItemFlag)
    assert isinstance(flag, ItemFlag)
    flag_id = flag.public_id
    write(lambda: editing.answer_flag(school.manager, module_id, flag_id, "True. It is void now."))
    with pytest.raises(Refused):
        write(lambda: editing.answer_flag(school.manager, module_id, flag_id, "Once more."))

    kinds = db.session.scalars(select(Notice.kind)).all()
    assert "item_flagged" in kinds and "item_flag" in kinds


def test_own_questions_come_along_into_the_next_version_while_their_clause_stands(owner: Actor) -> None:
    module_id, other = kept(), factories.actor("policy_owner")
    stays = write(lambda: authoring.add(owner, module_id, WRITTEN))
    write(lambda: authoring.approve(other, module_id, stays))
    changing = replace(WRITTEN, quote="Reminders are fine.", stem="What is fine in the club?", right="A reminder")
    write(lambda: authoring.add(owner, module_id, changing))
    text = SWAPPING.replace("Reminders are fine.", "One may remind once.")
    write(lambda: policies.import_text(SYSTEM, text, name="swapping", effective=clock.now().date() + timedelta(days=1)))
    with clock.fixed(clock.now() + timedelta(days=2)):
        known = sources.in_force(clock.now().date())
        versions = ({"slug": "swapping", "version": "2", "sha256": known[0].sha256, "title": known[0].title},)

        write(lambda: modules.keep(SYSTEM, replace(shelved(), versions=versions), known))

    newest = db.session.scalars(select(ModuleVersion.id).where(ModuleVersion.no == 2)).one()
    own = db.session.scalars(select(Item).where(Item.module_version_id == newest, Item.origin == "author")).all()
    assert {(one.stem, one.state, one.citation["version"]) for one in own} == {
        (WRITTEN.stem, "live", "2"), (changing.stem, "stale", "1"),
    }  # fmt: skip
    assert db.session.scalars(select(Assignment.id)).all() == []
