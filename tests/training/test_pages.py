"""The pages of training: the key stays on the server until the answer is in, and everybody sees their own."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from calibration.models.signals import CorrectiveAction
from qa.core import clock
from qa.core.db import db, write
from tests import factories
from tests.factories import Browser, browser
from tests.training.school import PUSHY, School
from training import giving, learning
from training.models.learning import Assignment, Attempt
from training.models.modules import Module


@pytest.fixture
def school(sqlite_app: Flask) -> School:
    return School()


@pytest.fixture
def agent(school: School) -> Browser:
    return browser(school.app, school.agent)


def snapshot(no: int = 1) -> list[dict[str, Any]]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Attempt.snapshot).where(Attempt.no == no)).one())


def plain(text: str) -> str:
    """A page without the token against forgery."""
    return re.sub(r'(name="csrf[_-]token" (?:value|content)=")[^"]*', r"\1", text)


def send_answer(agent: Browser, url: str, number: int, option: str) -> Any:
    return agent.send(f"{url}/quiz/answer", {"no": 1, "question": number, "option": option})


def test_the_way_from_the_list_to_the_result(school: School, agent: Browser) -> None:
    url = f"/training/{school.given()}"
    assert url in agent.get("/training").text
    before = agent.get(url)
    assert "Accuracy alert of 16 Nov 2026" in before.text and "I read this" not in before.text

    agent.send(f"{url}/start")
    lesson = agent.get(url)
    sat = agent.send(f"{url}/quiz")
    for number, asked in enumerate(snapshot(), 1):
        assert asked["options"][0]["text"] in agent.get(f"{url}/quiz").get_data(as_text=True).replace("&#39;", "'")
        told = send_answer(agent, url, number, asked["key"][0])
        assert "Right" in agent.get(told.location).text

    assert sat.location == f"{url}/quiz"
    assert "Decided: no violation" in lesson.text
    assert "/policies/swapping/1#s-pushy-offers" in lesson.text
    result = agent.get(f"{url}/quiz/1/result")
    assert "Passed" in result.text and "8 of 8 right" in result.text
    assert "passed" in agent.get("/training").text


def test_the_question_pages_of_worlds_that_differ_in_the_key_alone_are_equal(school: School, agent: Browser) -> None:
    url = f"/training/{school.given()}"
    agent.send(f"{url}/start")
    agent.send(f"{url}/quiz")
    before = agent.get(f"{url}/quiz")

    def turn_key() -> None:
        row = db.session.scalars(select(Attempt)).one()
        turned = []
        for asked in row.snapshot:
            wrong = [one["id"] for one in asked["options"] if one["id"] not in asked["key"]]
            turned.append({**asked, "key": wrong[:1]})
        row.snapshot = turned

    write(turn_key)
    after = agent.get(f"{url}/quiz")

    assert plain(before.text) == plain(after.text)
    assert before.headers.get("Content-Length") == after.headers.get("Content-Length")


def test_nothing_of_the_key_or_the_feedback_is_sent_before_the_answer(school: School, agent: Browser) -> None:
    url = f"/training/{school.given()}"
    agent.send(f"{url}/start")
    agent.send(f"{url}/quiz")

    asked = snapshot()
    page = agent.get(f"{url}/quiz")

    assert all(option["id"] in page.text for option in asked[0]["options"])
    assert not any(option["feedback"][:30] in page.text for question in asked for option in question["options"])
    assert not any(option["id"] in page.text for question in asked[1:] for option in question["options"])
    assert asked[0]["item"] not in page.text
    assert agent.get(f"{url}/quiz/1/1").status_code == 404
    assert agent.get(f"{url}/quiz/1/result").status_code == 404


def test_refusals_change_nothing(school: School, agent: Browser) -> None:
    url = f"/training/{school.given()}"
    agent.send(f"{url}/start")
    agent.send(f"{url}/quiz")
    first, second, *_ = snapshot()

    early = send_answer(agent, url, 2, second["key"][0])
    empty = send_answer(agent, url, 1, "")
    foreign = send_answer(agent, url, 1, second["key"][0])
    taken = send_answer(agent, url, 1, first["key"][0])
    again = send_answer(agent, url, 1, next(o["id"] for o in first["options"] if o["id"] not in first["key"]))

    assert [one.status_code for one in (early, empty, foreign, taken, again)] == [409, 422, 422, 302, 409]
    assert "Choose one answer" in empty.text


def test_somebody_elses_training_is_not_there(school: School, agent: Browser) -> None:
    address = school.given()
    other = browser(school.app, school.other)

    answers = [other.get(f"/training/{address}"), other.get(f"/training/{'0' * 32}")]

    assert [one.status_code for one in answers] == [404, 404]
    bodies = {re.sub(r"print-foot\">[^<]*", "", plain(one.text)).replace(address, "").replace("0" * 32, "")
              for one in answers}  # fmt: skip
    assert len(bodies) == 1
    assert "Pushy offers" not in other.get("/training").text


def test_the_lead_sees_who_has_what_and_withdraws(school: School) -> None:
    address = school.given()
    lead = browser(school.app, school.manager)
    with clock.fixed(clock.now() + timedelta(days=20)):
        factories.sign_in(lead, school.manager.id)
        late = lead.get("/training").text
        home = lead.get("/").text

    factories.sign_in(lead, school.manager.id)
    lead.send(f"/assignments/{address}/withdraw")

    assert "Agent Able" in late and "overdue" in late
    assert "overdue since" in home
    assert school.assignment(address).state == "withdrawn"


def test_the_lead_assigns_by_hand(school: School) -> None:
    lead = browser(school.app, school.manager)
    form = lead.get("/assignments/new").text

    empty = lead.send("/assignments", {"person": school.agent.public_id})
    sent = lead.send("/assignments", {"person": school.agent.public_id, "sections": [PUSHY], "why": "As we agreed."})

    assert "Swapping rules: Pushy offers" in form and "Agent Able" in form
    assert (empty.status_code, sent.status_code) == (422, 302)


def test_the_module_page_shows_keys_and_cases_only_to_whom_they_cannot_help(school: School) -> None:
    address = school.given()
    module = db.session.scalars(select(Module.public_id)).one()
    owner = browser(school.app, factories.actor("policy_owner"))
    judge = browser(school.app, factories.actor("policy_owner", "reviewer"))
    learner = factories.actor("policy_owner", "agent")
    version_id = school.assignment(address).module_version_id
    factories.kept(Assignment(
        person_id=learner.id, module_version_id=version_id, due_on=clock.now().date(), assigned_at=clock.now(),
        state="assigned", why="",
    ))  # fmt: skip

    whole, blind, own = (one.get(f"/modules/{module}").text for one in (owner, judge, browser(school.app, learner)))

    assert "</span>right</span>" in whole and "I wanted silence" in whole
    assert "I wanted silence" not in blind and "are not shown: you may be asked" in blind
    assert "</span>right</span>" not in own and "the right answers are not shown to you" in own


def test_homes_say_what_is_due(school: School, agent: Browser) -> None:
    address = school.given()

    home = agent.get("/").text

    assert f"/training/{address}" in home and "due 23 Nov 2026" in home


def test_a_lead_who_was_given_training_gives_none_to_themselves(school: School) -> None:
    both = factories.actor("agent", "manager", team=school.team, manages=[school.team])

    names = browser(school.app, both).get("/assignments/new").text

    assert both.name not in re.sub(r"(?s)<header.*?</header>", "", names)


def test_the_lists_cost_the_same_however_long_they_are(school: School) -> None:
    address = school.given()
    version_id = school.assignment(address).module_version_id
    lead = browser(school.app, school.manager)
    few = factories.statements(lambda: lead.get("/training"))

    def many() -> None:
        for _ in range(30):
            db.session.add(Assignment(
                person_id=school.agent.id, module_version_id=version_id, due_on=clock.now().date(),
                assigned_at=clock.now(), state="assigned", why="",
            ))  # fmt: skip

    write(many)

    assert factories.statements(lambda: lead.get("/training")) == few


def test_the_talk_after_the_last_sitting_ends_it(school: School, agent: Browser) -> None:
    address = school.given()
    write(lambda: learning.start(school.agent, address))
    write(lambda: giving.move(school.agent, school.assignment(address), "coaching", sources=("begun",)))

    lead = browser(school.app, school.manager)
    short = lead.send(f"/assignments/{address}/coached", {"outcome": "passed", "text": "We read it together."})
    before = school.assignment(address).state
    form = {"text": "We read it together.", "agreed": "Two cases a day.", "check_on": "2026-11-30"}
    lead.send(f"/assignments/{address}/coached", {**form, "outcome": "passed"})

    assert (short.status_code, before) == (422, "coaching")
    assert school.assignment(address).state == "passed"
    action = db.session.scalars(select(CorrectiveAction)).one()
    assert (action.state, action.check_on) == ("done", date(2026, 11, 30))
    notes = agent.get("/coaching").text
    assert "Two cases a day." in notes and "30 Nov 2026" in notes and "It was so" in notes
