"""Modules and questions as JSON in: all of it or nothing, checked like all others, as drafts to be approved."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput
from tests.factories import browser
from tests.training.school import PUSHY, School
from tests.training.test_editing import WRITTEN
from training import authoring, modules, sources, taking_in
from training.models.modules import Item, LessonBlock, Module, ModuleVersion
from training.targeting import Target


@pytest.fixture
def school(sqlite_app: Flask) -> School:
    return School()


def run(school: School, *words: str) -> Result:
    return school.app.test_cli_runner().invoke(args=["training", *words])


def written(folder: Path, data: Any) -> str:
    file = folder / "in.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    return str(file)


def made(school: School) -> dict[str, Any]:
    return json.loads(run(school, "generate", "--policy", "swapping", "--json").stdout)


def count(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_module_comes_in_as_a_draft_that_somebody_approves_and_once(school: School, tmp_path: Path) -> None:
    data = made(school)
    first, again = (run(school, "import", written(tmp_path, data), "--json") for _ in range(2))

    assert first.exit_code == 0, first.stderr
    told, second = json.loads(first.stdout), json.loads(again.stdout)
    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    assert (told["questions"], told["known"]) == (len(data["items"]), False)
    assert (second["module"], second["known"]) == (told["module"], True)
    assert count(Module) == 1
    assert set(db.session.scalars(select(Item.state))) == {"generated"}
    assert db.session.scalars(select(ModuleVersion.state)).one() == "draft"
    lead = browser(school.app, school.manager)
    lead.send(f"/modules/{told['module']}/state", {"to": "approved"})
    lead.send(f"/modules/{told['module']}/state", {"to": "live"})
    assert db.session.scalars(select(ModuleVersion.state)).one() == "live"


@pytest.mark.parametrize("spoilt", ["quote", "policy", "version", "case", "shape"])
def test_what_does_not_hold_is_named_and_nothing_is_kept(school: School, tmp_path: Path, spoilt: str) -> None:
    data = made(school)
    if spoilt == "quote":
        data["items"][0]["citation"]["quote"] = "Something that stands nowhere."
    elif spoilt == "policy":
        for policy in data["policies"]:
            policy["sha256"] = "0" * 64
    elif spoilt == "version":
        data = json.loads(json.dumps(data).replace('"version": "1"', '"version": "9"'))
    elif spoilt == "case":
        data["items"][0]["case"] = "0" * 32
    else:
        del data["forms"]

    answer = run(school, "import", written(tmp_path, data))

    said = {"quote": "provenance", "policy": "word for word", "version": "word for word",
            "case": "settled cases of this installation", "shape": "expected a module"}  # fmt: skip
    assert answer.exit_code == 1 and said[spoilt] in answer.stderr
    assert count(Module) == count(Item) == 0


def test_questions_come_in_as_people_write_them_and_as_a_page_hands_them_out(school: School, tmp_path: Path) -> None:
    school.given()
    module_id = db.session.scalars(select(Module.public_id)).one()
    before = count(Item)
    plain = {"section": PUSHY, "quote": WRITTEN.quote, "stem": WRITTEN.stem, "right": WRITTEN.right,
             "wrong": list(WRITTEN.wrong)}  # fmt: skip
    handed = browser(school.app, school.manager).get(f"/modules/{module_id}/questions.json").json["items"]
    own = next(one for one in handed if one["kind"] == "conduct")

    answer = run(school, "import", written(tmp_path, {"items": [plain, own]}), "--module", module_id)

    assert answer.exit_code == 0, answer.output
    assert "2 questions wait for approval" in answer.stderr
    assert count(Item) == before + 2
    rows = db.session.scalars(select(Item).where(Item.origin == "author")).all()
    assert [one.state for one in rows] == ["generated", "generated"]
    right = next(option["text"] for option in own["options"] if option["id"] in own["key"])
    assert [next(o["text"] for o in one.options if o["id"] in one.key) for one in rows] == [WRITTEN.right, right]


def test_one_bad_question_keeps_all_of_them_out_and_is_named_by_its_place(school: School) -> None:
    school.given()
    module_id = db.session.scalars(select(Module.public_id)).one()
    before = count(Item)
    good = {"section": PUSHY, "quote": WRITTEN.quote, "stem": WRITTEN.stem, "right": "x y", "wrong": ["a b", "c d"]}

    with pytest.raises(BadInput) as caught:
        taking_in.questions(SYSTEM, module_id, {"items": [good, {**good, "quote": "Nobody wrote this."}]})

    assert "question 2" in str(caught.value.problems[0])
    assert count(Item) == before
    for odd in ({}, {"items": []}, {"items": [{"stem": "?"}]}, {"items": [{"options": [], "key": []}]}):
        with pytest.raises(BadInput):
            taking_in.questions(SYSTEM, module_id, odd)


def test_a_good_reply_is_shown_as_one_and_comes_along_into_the_next_version(school: School) -> None:
    address = school.given()
    module_id = db.session.scalars(select(Module.public_id)).one()
    reply = {"section": PUSHY, "quote": "Reminders are fine.", "text": "Thank you for waiting, Ada.", "is_reply": True}
    write(lambda: authoring.add_lesson(school.manager, module_id, **reply))
    page = browser(school.app, school.manager).get(f"/modules/{module_id}").text
    before = db.session.scalars(select(ModuleVersion)).one()
    focus_hash = db.session.scalars(select(Module.focus_hash).where(Module.id == before.module_id)).one()
    db.session.rollback()
    write(lambda: [setattr(one, "builder", "generation 0") for one in db.session.scalars(select(ModuleVersion))])
    drafted = modules.draft(Target(school.agent.id, (PUSHY,)), sources.in_force(clock.now().date()))
    kept = write(lambda: modules.keep(SYSTEM, replace(drafted, focus_hash=focus_hash)).id)

    assert "A good reply" in page and "Good replies" in page and address
    blocks = db.session.scalars(select(LessonBlock.markdown).where(LessonBlock.module_version_id == kept)).all()
    assert any("Thank you for waiting" in one for one in blocks)


def test_the_preview_shows_lessons_and_the_first_sitting_without_a_key_before_the_choice(school: School) -> None:
    school.given()
    module_id = db.session.scalars(select(Module.public_id)).one()

    page = browser(school.app, school.manager).get(f"/modules/{module_id}/preview").text
    xml = browser(school.app, school.manager).get(f"/modules/{module_id}/questions.xml")

    assert "Question 1 of 8" in page and "Pushy offers" in page
    assert xml.status_code == 200 and xml.text.startswith("<?xml") and "<quiz>" in xml.text
    assert browser(school.app, school.agent).get(f"/modules/{module_id}/preview").status_code == 404
