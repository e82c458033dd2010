"""The next case is there at once, however far the server; grades arrive in their order; a day without the mouse."""

from __future__ import annotations

from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from qa.core.db import db, write
from qa.core.models import Notice
from qa.models.grading import Batch, Grade, Task
from tests.desk import Desk
from tests.e2e.conftest import leave, press, settled, submit
from tests.e2e.test_journeys import house  # noqa: F401  (a fixture)

pytestmark = pytest.mark.browser

#: From the key to the frame after the one in which the next case was put into the page.
WATCH = """() => {
  window.took = [];
  let pressed = 0;
  addEventListener("keydown", (event) => { if (event.key === "Enter") pressed = performance.now(); }, true);
  document.addEventListener("case:shown", () => {
    requestAnimationFrame(() => setTimeout(() => window.took.push(performance.now() - pressed)));
  });
}"""
#: The page was painted, and this is its place in the day.
SEEN = """(place) => performance.getEntriesByName("first-contentful-paint").length > 0
  && document.querySelector("[data-place]")?.textContent === place"""
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": -1, "uploadThroughput": -1}


def slow_down(page: Page, **given: Any) -> Any:
    """Put the server 150 ms away, or let the network fail."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {**NETWORK, **given})
    return session


def sit_down(house: Any, cases: int) -> tuple[Desk, Page]:  # noqa: F811
    """A grader with the first of so many cases before them."""
    desk = Desk()
    for number in range(cases):
        desk.drawn_case(text=f"They said they would come to the door. ({number})", reported_key="conduct/threats")
    page = house.enter(desk.graders[0])
    leave(page, "Enter")
    settled(page)
    return desk, page


def answer(page: Page, keys: str) -> str:
    """Answer the case at hand, and hand it in where the last key is Enter; its code."""
    code = page.locator(".desk").get_attribute("data-code")
    assert code is not None
    if keys.endswith("Enter"):
        press(page, keys.removesuffix("Enter"), stays=True)
        submit(page)
    else:
        press(page, keys, stays=True)
    return code


def ready(page: Page) -> None:
    """Wait until all grades have arrived and the next cases are held ready."""
    expect(page.locator("#saved")).to_have_text("●Saved")
    page.wait_for_load_state("networkidle")


def seen(page: Page, number: int) -> None:
    """Wait as a person does, who has no more to go by than what is on the screen: the case of this number."""
    page.wait_for_function(SEEN, arg=f"{number} of 60")


def test_the_next_case_comes_in_fifty_milliseconds_with_the_server_far_away(house, capsys):  # noqa: F811
    _desk, page = sit_down(house, 10)
    slow_down(page)
    page.reload()
    ready(page)
    page.evaluate(WATCH)

    codes = []
    for _ in range(8):
        codes.append(answer(page, "2 e Enter"))
        ready(page)
    took = page.evaluate("took")

    with capsys.disabled():
        print(f"\nkey to next case, 150 ms away: median {median(took):.1f} ms, longest {max(took):.1f} ms")
    assert len(took) == len(set(codes)) == 8
    assert median(took) < 50


def test_three_grades_are_given_while_the_first_is_on_its_way_and_arrive_in_their_order(house):  # noqa: F811
    _desk, page = sit_down(house, 5)
    ready(page)
    slow_down(page, latency=1500)

    codes = [answer(page, "2 e Enter") for _ in range(3)]
    waiting = page.locator("#saved").inner_text()
    place = page.locator("[data-place]").inner_text()
    ready(page)

    stored = db.session.scalars(select(Task.code).join(Grade, Grade.task_id == Task.id).order_by(Grade.id)).all()
    assert "3 waiting" in waiting
    assert place == "4 of 60"
    assert list(stored) == codes


def test_grades_wait_while_the_network_fails_and_leaving_asks(house, chromium):  # noqa: F811
    house.open_page = lambda address: chromium.new_page()  # which may complain of its network
    _desk, page = sit_down(house, 4)
    ready(page)
    session = slow_down(page, offline=True)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))

    answer(page, "2 e Enter")
    answer(page, "2 w Enter")
    expect(page.locator("#saved")).to_contain_text("2 waiting")
    page.evaluate("location.assign('/account')")
    page.wait_for_timeout(300)
    session.send("Network.emulateNetworkConditions", {**NETWORK, "latency": 0})
    ready(page)

    page.context.close()
    assert asked == ["beforeunload"]
    assert db.session.scalars(select(Grade.confidence).order_by(Grade.id)).all() == ["high", "medium"]


def test_a_grade_that_was_refused_is_told_with_what_was_said(house):  # noqa: F811
    _desk, page = sit_down(house, 3)
    ready(page)
    task_id = page.locator(".desk").get_attribute("data-task")
    gone = update(Task).where(Task.public_id == task_id).values(state="waiting", person_id=None, lease_until=None)
    write(lambda: db.session.execute(gone))

    code = answer(page, "2 e n")
    page.keyboard.type("Only banter.")
    submit(page, "Control+Enter")
    told = page.locator(".messages .message.bad")
    expect(told).to_contain_text("was not stored")

    assert code in told.inner_text()
    assert "Only banter." in told.inner_text()
    assert page.locator(".desk").get_attribute("data-code") != code


def test_u_goes_back_to_a_grade_that_has_just_been_given(house):  # noqa: F811
    _desk, page = sit_down(house, 4)
    ready(page)
    slow_down(page)

    answer(page, "2 w Enter")
    code = answer(page, "1 2")
    press(page, "/")
    page.keyboard.type("threats")
    press(page, "Enter", stays=True)
    answer(page, "e Enter")
    leave(page, "u")

    assert page.locator(".desk").get_attribute("data-code") == code
    assert page.locator("[name=section]").input_value() == "conduct/threats"
    assert page.locator("[name=confidence]:checked").get_attribute("value") == "high"


def test_s_and_a_digit_pass_a_case_on_after_the_grades_before_it_have_arrived(house):  # noqa: F811
    _desk, page = sit_down(house, 4)
    ready(page)
    slow_down(page)

    given = answer(page, "2 w Enter")
    skipped = answer(page, "s")
    leave(page, "1")

    states = {row.code: row.state for row in db.session.execute(select(Task.code, Task.state))}
    assert (states[given], states[skipped]) == ("graded", "skipped")


def test_what_is_struck_while_a_grade_leads_to_another_page_changes_nothing(house, chromium, strike):  # noqa: F811
    house.open_page = lambda address: chromium.new_page()  # which may complain of its network
    _desk, page = sit_down(house, 2)
    ready(page)
    session = slow_down(page, offline=True)

    answer(page, "2 e Enter")
    answer(page, "2 e")
    strike(page, "Enter")
    answer(page, "1 q Backspace")
    with page.expect_navigation():
        session.send("Network.emulateNetworkConditions", {**NETWORK, "latency": 0})

    stored = [tuple(row) for row in db.session.execute(select(Grade.verdict, Grade.confidence).order_by(Grade.id))]
    page.context.close()
    assert stored == [("no_violation", "high")] * 2


@pytest.mark.long
def test_a_day_of_sixty_cases_is_graded_without_the_mouse(house, capsys):  # noqa: F811
    desk, page = sit_down(house, 64)

    for number in range(1, 61):
        seen(page, number)
        if number % 7 == 0:
            answer(page, "1 /")
            page.keyboard.type("threat")
            answer(page, "Enter 1 e")
        elif number % 3 == 0:
            answer(page, "2 q n")
            page.keyboard.type("Said among friends.")
            press(page, "Escape")
        else:
            answer(page, "2 e")
        submit(page)
        if number % 20 == 0:
            assert "What was decided before" in page.locator("h1").inner_text()
        if number in (20, 40):
            leave(page, "Enter")

    graded = db.session.scalars(select(Grade).where(Grade.taken_back_at.is_(None))).all()
    batches = db.session.scalars(select(Batch.state)).all()
    assert len(graded) == len({one.task_id for one in graded}) == 60
    assert {one.person_id for one in graded} == {desk.graders[0].id}
    assert batches == ["closed"] * 3
    with capsys.disabled():
        print("\n60 cases, 3 batches, no mouse")


def test_f_flags_the_case_and_the_page_stays_where_it_is(house):  # noqa: F811
    _desk, page = sit_down(house, 2)
    ready(page)

    code = answer(page, "2 f")
    ready(page)

    assert page.locator(".desk").get_attribute("data-code") == code
    assert page.locator("[name=verdict]:checked").get_attribute("value") == "no_violation"
    assert page.locator(".flag button").inner_text() == "✓ Flagged"
    assert db.session.scalars(select(Notice.kind)).all() == ["flag"]


def test_a_long_text_begins_at_its_beginning_with_the_policy_beside_it(house):  # noqa: F811
    desk = Desk()
    desk.drawn_case(text="A long letter. " * 900, reported_key="conduct/threats")
    page = house.enter(desk.graders[0])
    leave(page, "Enter")
    settled(page)

    tops = [page.locator(part).first.bounding_box()["y"] for part in (".item.reported", ".desk-policy")]
    page.mouse.wheel(0, 1500)
    page.wait_for_timeout(200)

    assert 0 <= tops[0] < 300
    assert page.locator(".desk-policy").bounding_box()["y"] >= 0
