"""Plans and draws in the browser: tried, written, counted, drawn by a job, and open to whoever checks."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask

from qa.core import jobs
from qa.plans import plans
from qa.plans import presets as plan_presets
from tests import factories
from tests.desk import Desk

EXAMPLE = plan_presets.written("fair", name="Weekly", amount=10, workflow="", every="", zone="")


@pytest.fixture
def desk(sqlite_app: Flask) -> Desk:
    desk = Desk(graders=1)
    for number in range(30):
        desk.case(severity="high" if number % 5 == 0 else "low")
    return desk


def drawn(desk: Desk, text: str = EXAMPLE) -> tuple[factories.Browser, str]:
    """A manager's browser, and the address of the draw of a plan that the manager made in it."""
    manager = factories.browser(desk.app, desk.manager)
    made = manager.send("/plans", {"text": text})
    manager.send(f"{made.location}/draw")
    jobs.run_due()
    found = re.search(r"/draws/[0-9a-f]{32}", manager.get(made.location).get_data(as_text=True))
    assert found is not None
    return manager, found[0]


def test_a_manager_writes_a_plan_draws_by_it_and_an_observer_follows_the_draw(desk: Desk) -> None:
    manager = factories.browser(desk.app, desk.manager)
    observer = factories.browser(desk.app, factories.actor("observer"))

    made = manager.send("/plans", {"text": EXAMPLE})
    jobs.run_due()
    before = manager.get(made.location).get_data(as_text=True)
    manager.send(f"{made.location}/draw")
    jobs.run_due()
    after = manager.get(made.location).get_data(as_text=True)
    address = re.search(r"/draws/[0-9a-f]{32}", after)
    draw = observer.get(address[0])

    assert "Eligible cases" in before and "Nothing was drawn yet" in before
    assert address is not None and draw.status_code == 200
    assert "flask plan verify" in draw.get_data(as_text=True)
    assert "case-no-" not in draw.get_data(as_text=True), "the page of a draw names a drawn case"


@pytest.mark.parametrize("preset", plan_presets.PRESETS)
def test_each_preset_is_a_plan_that_can_be_followed_and_shows_what_it_would_draw(desk: Desk, preset: str) -> None:
    manager = factories.browser(desk.app, desk.manager)

    answer = manager.get("/plans/new", query_string={"preset": preset, "every": "month", "zone": "Europe/Dublin"})

    text = answer.get_data(as_text=True)
    assert answer.status_code == 200 and "cannot be followed" not in text
    assert "The next sample takes" in text and "hours" in text and "Who can grade it" in text


def test_a_name_with_quotes_and_a_workflow_reach_the_plan_unchanged() -> None:
    text = plan_presets.written("find", name='A "b"\\\n\x7f', amount=7, workflow='x"]', every="day", zone="")

    read = plans.from_toml(text)

    assert (read.name, read.filter, read.sizing) == ('A "b"\\\n\x7f'.strip(), {"workflow": ['x"]']}, {"size": 7})


def test_details_are_tried_without_being_kept(desk: Desk) -> None:
    manager = factories.browser(desk.app, desk.manager)

    answer = manager.get("/plans/new", query_string={"text": EXAMPLE.replace("week = 10", "week = 7")})

    text = answer.get_data(as_text=True)
    assert answer.status_code == 200 and re.search(r"The next sample takes</span>\s*<span class=\"value\">7<", text)
    assert ">Weekly<" not in manager.get("/plans").get_data(as_text=True)


def test_a_larger_budget_for_a_window_that_was_drawn_shows_what_that_sample_grows_to(desk: Desk) -> None:
    manager, _address = drawn(desk)
    larger, smaller = (EXAMPLE.replace("week = 10", f"week = {number}") for number in (14, 5))

    grows = manager.get("/plans/new", query_string={"text": larger}).text
    cannot = manager.get("/plans/new", query_string={"text": smaller}).text
    made = manager.send("/plans", {"text": larger})
    before, _counted = manager.get(made.location).text, jobs.run_due()
    on_its_page = manager.get(made.location).text
    manager.send(f"{made.location}/draw")
    jobs.run_due()
    after = manager.get(made.location).text

    assert "the 10 cases that it holds stay" in grows and ">14<" in grows
    assert "a window that was drawn can only grow" in cannot
    assert "the 10 cases that it holds stay" in before and "the 10 cases that it holds stay" in on_its_page
    assert "(enlarged)" in after and "cases that it holds stay" not in after


def test_the_page_of_people_says_what_finds_nobody(desk: Desk) -> None:
    manager = factories.browser(desk.app, desk.manager)
    made = manager.send("/plans", {"text": EXAMPLE})
    jobs.run_due()

    text = manager.get(f"{made.location}/people").get_data(as_text=True)

    assert "2 graders, 1 may adjudicate" in text and "needs a person" in text


def test_an_auditor_takes_the_whole_draw_along_and_a_grader_gets_no_list(desk: Desk) -> None:
    manager, address = drawn(desk)
    both = factories.browser(desk.app, factories.actor("manager", "reviewer", manages=None))

    lines = manager.get(f"{address}/cases.jsonl").get_data(as_text=True).splitlines()
    table = manager.get(f"{address}/cases.csv").get_data(as_text=True).splitlines()
    parts = [json.loads(line) for line in manager.get(f"{address}/strata.jsonl").get_data(as_text=True).splitlines()]
    listed = manager.get(f"{address}/cases").get_data(as_text=True)

    cases = [json.loads(line) for line in lines]
    assert len(cases) == sum(part["drawn"] for part in parts) == len(table) - 1 == listed.count("case-no-")
    assert sum(case["weight"] for case in cases) == pytest.approx(30), "weights add up to the frame"
    assert all(case["probability"] * case["weight"] == pytest.approx(1) for case in cases)
    assert "is not for you" in both.get(address).get_data(as_text=True)
    assert {both.get(f"{address}/{file}").status_code for file in ("cases", "cases.csv", "cases.jsonl")} == {404}


def test_a_draw_says_by_which_rule_it_was_made_though_the_plan_has_changed(desk: Desk) -> None:
    manager, address = drawn(desk)
    manager.send("/plans", {"text": EXAMPLE.replace("per_agent_week = 10", "per_agent_week = 20")})

    text = manager.get(address).get_data(as_text=True)

    assert "10 an agent and week" in text and "20 an agent and week" not in text


def test_a_plan_that_cannot_be_read_says_what_is_wrong_and_keeps_what_was_typed(desk: Desk) -> None:
    manager = factories.browser(desk.app, desk.manager)

    wrong = 'name = "x"\nsize = 0\nstrata = ["colour"]\n'
    answers = [manager.send("/plans", {"text": wrong}), manager.get("/plans/new", query_string={"text": wrong})]

    assert [answer.status_code for answer in answers] == [422, 200]
    for answer in answers:
        text = answer.get_data(as_text=True)
        assert "cannot be followed" in text and "strata" in text and "colour" in text and "size" in text
        assert "Keep this plan" not in text


def test_a_second_draw_without_new_cases_says_so_on_the_plan(desk: Desk) -> None:
    manager = factories.browser(desk.app, desk.manager)
    made = manager.send("/plans", {"text": EXAMPLE})
    for _ in range(2):
        manager.send(f"{made.location}/draw")
        jobs.run_due()

    text = manager.get(made.location).get_data(as_text=True)

    assert "No eligible cases have come since the last draw" in text
