"""The pages of checks, for whoever is checked and for whoever leads them."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories import browser
from tests.training.checked import after, answered, offered, passed, snapshot
from tests.training.school import PUSHY, School


@pytest.fixture
def school(sqlite_app: Flask) -> School:
    return passed(School())


def test_the_way_through_a_check_by_its_pages(school: School) -> None:
    with after(3):
        agent = browser(school.app, school.agent)
        url = f"/checks/{offered(school)}"
        home_page, before = agent.get("/").text, agent.get(url).text
        agent.send(f"{url}/begin")
        asked = snapshot()
        question = agent.get(url).text
        wrong = next(one["id"] for one in asked[0]["options"] if one["id"] not in asked[0]["key"])
        told = agent.send(f"{url}/answer", {"no": 1, "question": 1, "option": wrong})
        feedback = agent.get(told.location).text
        ahead = agent.get(f"{url}/2")
        for number, one in enumerate(asked[1:], 2):
            agent.send(f"{url}/answer", {"no": 1, "question": number, "option": one["key"][0]})
        after_it, listed = agent.get(url).text, agent.get("/checks").text
        agent.send("/checks/read-again", {"section": PUSHY})
        read = agent.get("/checks").text

    assert url in home_page and "Before you begin" in before
    assert "Question 1" in question and "Not the settled answer" not in question
    assert told.location == f"{url}/1" and "Not the settled answer" in feedback
    assert ahead.status_code == 404
    assert "2 of 3 right" in after_it and "To read again" in after_it
    assert "Missed a check" in listed or "missed a check" in listed
    assert "To read again" not in read


def test_the_lead_sees_what_was_missed_twice_and_ends_it(school: School) -> None:
    for day in (3, 6):
        with after(day):
            answered(school, offered(school) or "", wrong=3)

    with after(7):
        lead = browser(school.app, school.manager)
        home_page, listed = lead.get("/").text, lead.get("/training").text
        sent = lead.send("/checks/talked-over", {"person": school.agent.public_id, "section": PUSHY})
        later = lead.get("/training").text

    assert "check missed twice" in home_page and "Checks missed twice" in listed
    assert sent.status_code in (302, 303)
    assert "Checks missed twice" not in later
