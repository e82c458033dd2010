"""An agent's day in a real browser: a result is read, disputed and heard by somebody else; the new one is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Page
from sqlalchemy import select, update

from qa import findings
from qa.core import clock
from qa.core.access import Actor
from qa.core.accounts import logins
from qa.core.db import db, write
from qa.grading import blind
from qa.models.grading import Task
from qa.models.truth import Finding
from tests.conftest import Databases
from tests.desk import Desk
from tests.e2e.conftest import served
from wsgi import create_app

pytestmark = pytest.mark.browser


@dataclass
class Floor:
    """A desk with two errors of the agent's, found by two graders each, on the air."""

    app: Flask
    desk: Desk
    address: str

    def sit_down(self, page: Page, who: Actor) -> None:
        """Let a window be signed in as *who*."""
        serializer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert serializer is not None and who.id is not None
        token = write(lambda: logins.begin(who.id))
        value = serializer.dumps({"token": token})
        page.context.add_cookies(
            [{"name": self.app.config["SESSION_COOKIE_NAME"], "value": value, "url": self.address}]
        )


def look(who: Actor, section: str | None = "conduct/threats") -> None:
    """Grade and commit the next case, and let what follows come at once."""
    task = write(lambda: blind.claim(who))
    assert task is not None
    chosen = {"verdict": "violates", "section_key": section, "action": "remove"}
    answer = chosen if section else {"verdict": "no_violation"}
    write(lambda: blind.grade(who, task, confidence="high", claim_next=False, **answer))
    write(lambda: blind.close_batch(who))
    write(lambda: db.session.execute(update(Task).where(Task.state == "waiting").values(release_at=clock.now())))
    write(lambda: db.session.execute(update(Task).where(Task.public_id == task, Task.state == "committed")
                                     .values(state="revealed")))  # fmt: skip


def publish() -> None:
    """What the release hour does, at once."""
    past = clock.now() - timedelta(minutes=1)
    write(lambda: db.session.execute(update(Finding).where(Finding.state == "held").values(publish_at=past)))
    write(findings.release_due)


@pytest.fixture
def floor(databases: Databases) -> Iterator[Floor]:
    app = create_app(databases.sqlite())
    with app.app_context():
        desk = Desk()
        for number in range(2):
            desk.drawn_case(decided="none", action="keep", text=f"They said they would come to the door. ({number})")
            look(desk.graders[0])
            look(desk.graders[1])
        desk.drawn_case()
        look(desk.graders[2])
        for finding_id in db.session.scalars(select(Finding.public_id).where(Finding.kind != "correct")).all():
            write(
                lambda finding_id=finding_id: findings.explain(
                    desk.graders[1], finding_id, root_cause="clause_misread", feedback="A door is a place: rule two."
                )
            )
        publish()
        with served(app) as address:
            yield Floor(app, desk, address)
        db.session.remove()
        db.engine.dispose()


def hear(floor: Floor, judge: Page) -> int:
    """Somebody who was not in it looks blind, reads the argument and decides; how often the argument stands there."""
    write(lambda: db.session.execute(update(Task).where(Task.state == "waiting").values(release_at=clock.now())))
    look(floor.desk.adjudicator, None)
    floor.sit_down(judge, floor.desk.adjudicator)
    judge.goto(floor.address + "/")
    judge.get_by_role("link", name=re.compile("Decide the dispute")).click()
    argument = judge.get_by_text("It is a line of a play.").count()
    judge.get_by_label("My blind answer").check()
    judge.get_by_role("textbox", name="Reason").fill("A play is quoted.")
    judge.get_by_role("button", name="Decide the dispute").click()
    judge.wait_for_url(floor.address + "/")
    return argument


def test_a_result_is_read_disputed_and_heard_and_the_new_one_read(
    floor: Floor, open_page: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    page = open_page(floor.address + "/sign-in")
    floor.sit_down(page, floor.desk.agent)
    page.goto(floor.address + "/")
    waiting = page.get_by_text("2 results wait to be read.").count()
    found = axe(page)

    page.goto(floor.address + "/results")
    page.locator("tbody a").first.click()
    page.get_by_role("button", name="Acknowledge result").click()
    page.wait_for_url(re.compile("/results$"))
    acknowledged = page.get_by_text("Acknowledged").count()

    page.locator("tbody tr", has_text="To read").locator("a").click()
    clause = page.get_by_text("Saying where somebody lives so that others go there").count()
    reason = page.get_by_text("A door is a place: rule two.").count()
    found += axe(page)
    page.get_by_label("The verdict is wrong").check()
    page.get_by_label("No violation").check()
    page.get_by_label("Why").fill("It is a line of a play.")
    page.get_by_role("button", name="Open dispute").click()
    page.get_by_text("Somebody who was not in it yet looks at the case.").wait_for()
    found += axe(page)
    address = page.url

    argument = hear(floor, open_page(floor.address + "/sign-in"))

    page.goto(address)
    page.get_by_text("comes with the next daily release").wait_for()
    publish()

    page.goto(floor.address + "/results")
    correct = page.locator("tbody tr", has_text="Correct").count()
    page.goto(address)
    page.get_by_text("This takes the place of an earlier result").wait_for()
    heard = page.get_by_text("A play is quoted.").count()

    assert found == []
    assert (waiting, clause, reason, argument, heard) == (1, 1, 1, 1, 1)
    assert acknowledged >= 1
    assert correct == 2
    assert page.url != address
