"""A day of each role in a real browser: an alert, a lesson and its quiz, a dispute, a policy version, a new person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select, update

from calibration.signals import signals
from qa.core import clock
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.models.drafting import RuleOverride
from qa.models.truth import Dispute, Finding
from tests import factories
from tests.calibration.settled import One, Settled
from tests.conftest import TODAY, Databases
from tests.desk import POLICY, Desk
from tests.e2e.conftest import Windows, leave, press, served, settled
from tests.e2e.test_grader_day import grade_all
from tests.training.school import School
from training.models.learning import Attempt
from wsgi import create_app

pytestmark = pytest.mark.browser

PASSWORD = "seven quiet herons by the weir"


@dataclass
class House:
    """The app on the air, with a way in for everybody."""

    app: Flask
    address: str
    open_page: Callable[..., Page]

    def enter(self, who: Actor, **given: object) -> Page:
        """The home page of *who*, in a window of their own."""
        client = factories.browser(self.app, who)
        cookie = client.get_cookie("second_look")
        assert cookie is not None
        page = self.open_page(self.address + "/sign-in", **given)
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        page.goto(self.address + "/")
        return page


@pytest.fixture
def house(databases: Databases, open_page: Windows) -> Iterator[House]:
    app = create_app(databases.sqlite())
    with ExitStack() as stack:
        stack.enter_context(clock.fixed(TODAY))
        stack.enter_context(app.app_context())
        address = stack.enter_context(served(app))
        stack.callback(open_page.close)
        yield House(app, address, open_page)
        db.session.remove()
        db.engine.dispose()


def choose(page: Page, number: int) -> None:
    """Press an option's digit."""
    settled(page)
    press(page, str(number))
    assert page.get_by_role("radio").nth(number - 1).is_checked(), f"the digit {number} chooses nothing"


def follow(page: Page, name: str, role: str = "button") -> None:
    """Press the button, or follow the link, of this name to the page behind it."""
    with page.expect_navigation():
        page.get_by_role(role, name=name, exact=True).first.click()


def drop(desk: Settled) -> None:
    """Twelve weeks of work; the first agent got the insults of two weeks wrong, nobody else did."""
    stratum = desk.new_stratum("weeks", 10_000, 1_000)
    cases = []
    for week in range(12, 0, -1):
        for agent in range(len(desk.agents)):
            cases += [One(True, weeks_ago=week, agent=agent) for _ in range(6)]
            for turn in range(6):
                is_right = agent > 0 or week not in (4, 5) or turn == 0
                cases.append(One(is_right, "conduct/insults", week, agent=agent))
    desk.put(cases, stratum=stratum)
    assert len(write(lambda: signals.scan(SYSTEM))) == 1


def test_a_manager_goes_from_the_home_to_the_evidence_of_an_alert_and_acts(house, axe):
    desk = Settled(agents=5)
    drop(desk)

    page = house.enter(desk.manager)
    home = page.locator("main").inner_text()
    follow(page, desk.agent.name, "link")
    found = axe(page)
    evidence = page.locator("main").inner_text()
    errors = page.get_by_role("table", name="Errors").locator("tbody tr").count()
    follow(page, "Take in hand")
    page.get_by_label("Coach").check()
    page.get_by_label("Reason").first.fill("We read the clause together on Tuesday.")
    follow(page, "Do this")

    assert "Accuracy alerts" in home and desk.agent.name in home
    assert "The person, or the clause?" in evidence and "the person" in evidence
    assert errors > 4
    assert "We read the clause together on Tuesday." in page.locator("main").inner_text()
    assert found == []


def snapshot() -> list[dict[str, list[object]]]:
    """What is asked in the sitting that was begun, with its key."""
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Attempt.snapshot)).one())


def places(asked: dict[str, list[object]], *, right: bool) -> int:
    """The number on the page of the right option, or of the first wrong one."""
    return next(at for at, one in enumerate(asked["options"], 1) if (one["id"] in asked["key"]) is right)


def test_an_agent_reads_the_lesson_and_passes_the_quiz_by_keyboard(house, axe):
    school = School()
    school.given()

    page = house.enter(school.agent)
    follow(page, "Swapping rules: Pushy offers", "link")
    why = page.locator("main").inner_text()
    leave(page, "Enter")
    lesson, found = page.locator("main").inner_text(), axe(page)
    follow(page, "Go to the quiz", "link")
    leave(page, "Enter")
    told = []
    for number, asked in enumerate(snapshot(), 1):
        found += axe(page) if number == 1 else []
        choose(page, places(asked, right=number > 1))
        leave(page, "Enter")
        told.append(page.locator("main").inner_text())
        found += axe(page) if number == 1 else []
        leave(page, "Enter")

    assert "Accuracy alert of 16 Nov 2026" in why
    assert "Swapping rules: Pushy offers" in lesson and "version 1, line" in lesson
    assert "Not the settled answer" in told[0] and "your answer" in told[0]
    assert all("Right" in text for text in told[1:])
    assert page.get_by_role("heading", name="Passed").is_visible()
    assert "7 of 8 right" in page.locator("main").inner_text()
    assert found == []


def test_every_option_of_an_answer_is_explained_with_its_clause(house):
    school = School()
    school.given()
    page = house.enter(school.agent, script=False)
    follow(page, "Swapping rules: Pushy offers", "link")
    follow(page, "Start")
    follow(page, "Go to the quiz", "link")
    follow(page, "Begin sitting 1")

    asked = snapshot()[0]
    page.get_by_role("radio").nth(places(asked, right=True) - 1).check()
    follow(page, "Answer")
    options = page.locator(".told")
    clauses = [options.nth(at).locator("a[href^='/policies/swapping/']").count() for at in range(options.count())]
    follow(page, "Next question", "link")

    assert len(clauses) == len(asked["options"]) and min(clauses) >= 1
    assert page.get_by_role("heading", name="Question 2").is_visible()


def test_an_agent_disputes_a_result(house, axe):
    desk = Desk()
    desk.drawn_case(decided="none", action="keep")
    for grader in desk.graders[:2]:
        grade_all(grader)
    now = clock.now()
    shown = {"state": "published", "published_at": now, "dispute_until": now + timedelta(days=5)}
    write(lambda: db.session.execute(update(Finding).values(**shown)))

    page = house.enter(desk.agent)
    page.goto(house.address + "/results")
    page.locator("tbody a").first.click()
    page.get_by_role("button", name="Open dispute").click()
    missing = page.get_by_text("Say why.").is_visible()
    page.get_by_label("The verdict").check()
    page.get_by_label("No violation").check()
    page.get_by_label("Why", exact=True).fill("It quotes a film.")
    follow(page, "Open dispute")
    found = axe(page)

    assert missing
    assert "Somebody who was not in it yet looks at the case." in page.locator("main").inner_text()
    assert db.session.scalars(select(Dispute.text)).all() == ["It quotes a film."]
    assert found == []


def test_a_policy_owner_takes_a_text_through_its_draft_to_a_version_and_reads_it(house, axe):
    Desk()
    owner = factories.actor("policy_owner", name="Olive")
    more = "- Thanking somebody\n\nGifts\n\n- Giving somebody flowers"
    changed = POLICY.replace("Calling", "Naming").replace("- Thanking somebody", more)

    page = house.enter(owner)
    follow(page, "Policies", "link")
    follow(page, "Conduct", "link")
    follow(page, "Draft a version", "link")
    file = {"name": "conduct.md", "mimeType": "text/markdown", "buffer": changed.encode()}
    page.get_by_label("File").set_input_files(file)
    follow(page, "Begin the draft")
    follow(page, "Outline", "link")
    line = changed.split("\n").index("Gifts") + 1
    follow(page, f"Section: make line {line} one")
    outline = page.locator(".outline").inner_text()
    found = axe(page)
    follow(page, "Rules", "link")
    follow(page, "Allowed")
    found += axe(page)
    page.get_by_role("link", name="Changes").click()
    page.locator(".segments label").filter(has_text="Same meaning").first.click()
    follow(page, "Keep what I said")
    follow(page, "Overview", "link")
    page.get_by_label("In force from").fill("2026-11-16")
    follow(page, "Keep")
    follow(page, "Mark as reviewed")
    follow(page, "Publish")
    text = page.locator("main").inner_text()
    page.goto(house.address + "/policies/conduct/1")

    assert "Gifts" in outline
    assert "Naming somebody worthless" in text and "Giving somebody flowers" in text
    assert "Naming somebody worthless" not in page.locator("main").inner_text()
    assert db.session.scalars(select(RuleOverride.polarity)).all() == ["permitted"]
    assert found == []


def test_an_admin_adds_a_person_whose_link_leads_in(house):
    admin = factories.actor("admin", name="Root")
    page = house.enter(admin)
    follow(page, "Administration", "link")
    page.goto(house.address + "/people/new")
    page.get_by_label("Id", exact=True).fill("n1")
    page.get_by_label("Name", exact=True).fill("Nora New")
    page.get_by_label("E-mail").fill("nora@example.org")
    page.get_by_label("Agent: decides cases").check()
    follow(page, "Add person")
    follow(page, "Make an invitation link")
    link = page.locator("main a[href^='/reset/']").get_attribute("href")

    hers = house.open_page(house.address + link)
    hers.get_by_label("New password").fill(PASSWORD)
    follow(hers, "Set password")
    if hers.get_by_label("E-mail").count():
        hers.get_by_label("E-mail").fill("nora@example.org")
        hers.get_by_label("Password").fill(PASSWORD)
        follow(hers, "Sign in")

    assert hers.get_by_role("heading", name="Hello, Nora New").is_visible()


def test_cases_are_graded_without_script(house):
    desk = Desk()
    for number in range(2):
        desk.drawn_case(decided="none", action="keep", text=f"They said they would come to the door. ({number})")

    page = house.enter(desk.graders[0], script=False)
    follow(page, "Next case")
    chosen = page.locator("[name=verdict]:checked, [name=confidence]:checked, [name=action]:checked").count()
    page.get_by_label("Violates").check()
    page.get_by_label("Policy clause").select_option("conduct/threats")
    page.locator("[name=action][value=remove]").check()
    page.locator("[name=confidence][value=high]").check()
    follow(page, "Submit and next")
    second = page.locator(".day").inner_text()
    page.get_by_label("No violation").check()
    page.locator("[name=confidence][value=low]").check()
    follow(page, "Submit and next")
    page.goto(house.address + "/grade/batch")
    follow(page, "Close batch")

    assert chosen == 0
    assert "2 of" in second
    assert page.locator("tbody tr").count() == 2
