"""The pages of modules for whoever answers for them, and the files that they hand out."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core import clock
from qa.core.db import db, write
from qa.core.models import RoleGrant
from tests import factories
from tests.factories import browser
from tests.training.generation.invented import handling, swapping
from tests.training.school import PUSHY, School
from tests.training.test_editing import WRITTEN, failed_sitting
from training import authoring
from training.generation.build import generate
from training.generation.gift import as_gift, escaped
from training.generation.item_statistics import SHOWN_FROM, Response, figures
from training.models.learning import Attempt
from training.models.modules import Item, Module


@pytest.fixture
def school(sqlite_app: Flask) -> School:
    return School()


def form(**more: str) -> dict[str, str]:
    return {
        "section": WRITTEN.section, "quote": WRITTEN.quote, "stem": WRITTEN.stem, "right": WRITTEN.right,
        "wrong": "\n".join(WRITTEN.wrong), **more,
    }  # fmt: skip


def test_a_question_is_written_judged_and_its_flags_are_answered_on_pages(school: School) -> None:
    address = failed_sitting(school, wrong=1)
    module = f"/modules/{db.session.scalars(select(Module.public_id)).one()}"
    agent, lead = browser(school.app, school.agent), browser(school.app, school.manager)
    told = agent.get(f"/training/{address}/quiz/1/1").text
    agent.send(f"/training/{address}/quiz/1/1/flag", {"comment": "Two <b>answers</b> fit."})

    wrong = lead.send(f"{module}/items", form(quote="Nobody wrote this", wrong="One only"))
    kept = lead.send(f"{module}/items", form())
    page = lead.get(module).text
    written = db.session.scalars(select(Item.public_id).where(Item.origin == "author")).one()
    own = lead.send(f"{module}/judge", {"item": written, "deed": "approve"})
    voided = lead.send(f"{module}/judge", {"item": written, "deed": "void", "reason": "A slip."})

    assert "Something is wrong with this question" in told
    assert wrong.status_code == 422 and "do not stand in that section" in wrong.text and WRITTEN.stem in wrong.text
    assert (kept.status_code, own.status_code, voided.status_code) == (302, 409, 302)
    assert "Two &lt;b&gt;answers&lt;/b&gt; fit." in page and "waits for approval" in page
    assert "1 answers: figures show from 30 on" in page
    assert "A slip." in lead.get(module).text


def test_files_hold_the_questions_and_the_sittings_of_the_people_one_leads(school: School) -> None:
    failed_sitting(school, wrong=1)
    module = f"/modules/{db.session.scalars(select(Module.public_id)).one()}"
    lead, owner = browser(school.app, school.manager), browser(school.app, factories.actor("policy_owner"))
    sat = len(db.session.scalars(select(Attempt.snapshot)).one())

    items = json.loads(owner.get(f"{module}/questions.json").text)["items"]
    gift = owner.get(f"{module}/questions.gift").text
    rows = lead.get(f"{module}/sittings.csv").text.splitlines()

    assert len(items) == gift.count("\n::") and all(one["citation"]["quote"] for one in items)
    assert len(rows) == sat + 1 and rows[0].startswith("person,module_version,sitting")
    assert owner.get(f"{module}/sittings.csv").status_code == 404


def test_whoever_sits_the_quiz_is_handed_no_key(school: School) -> None:
    failed_sitting(school, wrong=2)
    module = f"/modules/{db.session.scalars(select(Module.public_id)).one()}"
    factories.kept(RoleGrant(person_id=school.agent.id, role="policy_owner", from_at=clock.now()))
    learner = browser(school.app, school.agent)

    page = learner.get(module).text

    assert "the right answers are not shown" in page and "answers right" not in page and "Judge this" not in page
    assert learner.get(f"{module}/questions.json").status_code == 404
    item = db.session.scalars(select(Item.public_id)).first()
    judged = learner.send(f"{module}/judge", {"item": item, "deed": "void", "reason": "I failed."})
    assert judged.status_code == 409


def test_questions_that_people_wrote_come_in_as_json(school: School) -> None:
    school.given()
    module = db.session.scalars(select(Module.public_id)).one()
    data = {"section": PUSHY, "quote": WRITTEN.quote, "stem": WRITTEN.stem, "right": WRITTEN.right,
            "wrong": list(WRITTEN.wrong)}  # fmt: skip

    read = authoring.read(data)
    write(lambda: authoring.add(school.manager, module, read))

    assert read == WRITTEN and db.session.scalars(select(Item.origin).where(Item.kind == "author")).all() == ["author"]


def test_gift_puts_off_its_own_signs_and_holds_one_right_answer_each() -> None:
    module = generate([swapping(), handling()], seed=4)
    odd = replace(module.items[0], stem="What is {a} = ~b # c: d?")

    text = as_gift([odd, *module.items[1:]])

    assert "What is \\{a\\} \\= \\~b \\# c\\: d?" in text
    assert escaped("\\") == "\\\\"
    assert [part.count("\n  =") for part in text.split("\n::")[1:]] == [1] * text.count("\n::")


def test_figures_of_a_question_show_from_thirty_answers_and_name_what_misleads() -> None:
    answers = [Response(at % 3 > 0, at % 5 / 4, "a" if at % 3 > 0 else ("b" if at % 2 else "c")) for at in range(60)]

    many, few = figures(answers), figures(answers[:29])

    assert (many.n, many.is_shown, few.is_shown, SHOWN_FROM) == (60, True, False, 30)
    assert many.facility == pytest.approx(2 / 3) and abs(many.discrimination) < 0.1
    assert many.most_chosen_wrong == "b" and figures([]).facility != figures([]).facility
