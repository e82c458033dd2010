"""Two worlds that differ only in what a grader must not know, and everything that one person can get out of a world."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from qa import blind
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.models.cases import ClosedCase, Message
from qa.models.grading import Task
from tests import factories
from tests.conftest import TODAY
from tests.desk import Desk
from tests.factories import Browser, browser

#: Pages that whoever may be given blind tasks can ask for, besides what they link to.
DOORS = ("/", "/grade", "/grade/batch", "/differences", "/results", "/account", "/cases/" + "0" * 32)
#: Links are followed while they lead to pages of this room.
OURS = ("/grade", "/results", "/cases", "/differences")
ANSWER = {"verdict": "violates", "section": "conduct/insults", "action": "warn", "confidence": "medium", "note": "x"}

Answer = tuple[str, int, dict[str, str], str]


@dataclass(frozen=True)
class Secret:
    """What may differ between two worlds."""

    decided: str = "conduct/threats"
    action: str = "remove"
    agent: int = 0
    queue: str = "general"
    severity: str = "low"
    handle_seconds: int = 60
    remark: str = "Removed, clear threat."
    #: What another grader answered and committed before; None: nobody looked before.
    other: str | None = None
    #: What another grader answers while this person is at it.
    later: str = "violates"


class World:
    """A desk with cases that two are to look at, and those who may be given them."""

    def __init__(self, app: Flask, secret: Secret) -> None:
        self.app, self.secret = app, secret
        self.desk = Desk(graders=2)
        second = factories.actor("agent", team=factories.team("Other team"), name="Agent Baker")
        agent = (self.desk.agent, second)[secret.agent]
        self.cases = [self._case(number, agent) for number in range(4)]
        self._number_the_queue()
        self.observers = {
            "grader": self._observer("a", "reviewer"),
            "lead and grader": self._observer("b", "reviewer", "manager", manages=None),
            "adjudicator": self._observer("c", "reviewer", skills=["adjudicate", "decide_dispute"]),
        }
        if secret.other is not None:
            _grade(self.desk.graders[0], secret.other, many=2)

    def _case(self, number: int, agent: Actor) -> ClosedCase:
        case = self.desk.drawn_case(
            looks=3, decided=self.secret.decided, action=self.secret.action, agent_id=agent.id, text=f"Text {number}.",
            queue=self.secret.queue, severity=self.secret.severity, handle_seconds=self.secret.handle_seconds,
            withheld={"team_note": self.secret.remark}, evidence={"report_count": number},
            reported_key="conduct/threats", external_id=f"case-{number}",
        )  # fmt: skip
        factories.kept(Message(case_id=case.id, ordinal=1, author_role="agent", text=self.secret.remark, withheld=True))
        return case

    def _number_the_queue(self) -> None:
        """The same order in both worlds; the looks at one case lie side by side."""
        rows = db.session.execute(select(Task.id).order_by(Task.case_id, Task.id)).all()

        def number() -> None:
            for place, row in enumerate(rows):
                changed = update(Task).where(Task.id == row.id).values(queue_number=place)
                db.session.execute(changed)

        write(number)

    def _observer(self, letter: str, *roles: str, **given: Any) -> Actor:
        known = {"name": f"Observer {letter}", "public_id": letter * 32, "external_id": f"observer-{letter}"}
        return factories.actor(*roles, **known, **given)

    def story(self, name: str, doors: tuple[str, ...] = DOORS) -> Iterator[list[Answer]]:
        """What *name* gets at each step: before a claim, with a case, after grades of others, after an own one."""
        client = browser(self.app, self.observers[name])
        yield self.crawl(client, doors)
        yield [self.ask(client, "POST", "/grade/claim")]
        _grade(self.desk.graders[1], self.secret.later, many=1)
        yield self.crawl(client, doors)
        task = db.session.scalars(
            select(Task.public_id).where(Task.person_id == self.observers[name].id, Task.state == "held")
        ).one()
        db.session.rollback()
        yield [self.ask(client, "POST", f"/grade/{task}/grade", {"verdict": "violates"})]
        yield [self.ask(client, "POST", f"/grade/{task}/grade", ANSWER)]
        yield self.crawl(client, doors)

    def crawl(self, client: Browser, doors: tuple[str, ...]) -> list[Answer]:
        """Every page of this room that can be reached from the doors, and the page of each case."""
        waiting = [*doors, *(f"/cases/{case.public_id}" for case in self.cases)]
        seen: dict[str, Answer] = {}
        while waiting:
            url = waiting.pop(0)
            if url in seen:
                continue
            seen[url] = self.ask(client, "GET", url)
            links = re.findall(r'href="(/[^"#]*)"', seen[url][3])
            waiting += [link for link in links if link.startswith(OURS) and link not in seen and "ID" not in link]
        return list(seen.values())

    def ask(self, client: Browser, method: str, url: str, data: dict[str, str] | None = None) -> Answer:
        """One request: its address, status, headers and body, without what is random."""
        answer = client.send(url, data) if method == "POST" else client.get(url)
        headers = {
            name: normal(value) for name, value in answer.headers if name not in ("Set-Cookie", "Content-Length")
        }
        return normal(url), answer.status_code, headers, normal(answer.text)


def normal(text: str) -> str:
    """*text* without random ids, codes and tokens."""
    text = re.sub(r'(csrf[-_]token")[^>]*>', r"\1>", text)
    text = re.sub(r"[0-9a-f]{32}", "ID", text)
    return re.sub(r"\b[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{5}\b", "CODE", text)


def _grade(who: Actor, verdict: str, *, many: int) -> None:
    """Another grader claims, grades and commits."""
    chosen = {"section_key": "conduct/threats", "action": "remove"} if verdict == "violates" else {}

    def one() -> None:
        task = blind.claim(who)
        assert task is not None
        blind.grade(who, task, verdict=verdict, confidence="high", claim_next=False, **chosen)

    for _ in range(many):
        write(one)
    write(lambda: blind.close_batch(who))


@contextmanager
def standing_in(app: Flask, secret: Secret) -> Iterator[World]:
    """A world on *app*, on the frozen day."""
    with clock.fixed(TODAY + timedelta(hours=1)), app.app_context():
        yield World(app, secret)
        db.session.remove()
        db.engine.dispose()


def told(app: Flask, secret: Secret, *names: str, doors: tuple[str, ...] = DOORS) -> list[list[Answer]]:
    """All that the people *names* are told, one after the other, in a world with *secret*."""
    with standing_in(app, secret) as world:
        return [step for name in names for step in world.story(name, doors)]


def leaks(one: list[list[Answer]], other: list[list[Answer]]) -> list[tuple[int, str]]:
    """(step, address) of everything that two worlds answered differently."""
    found = []
    for step, (here, there) in enumerate(zip(one, other, strict=True)):
        found += [(step, left[0]) for left, right in zip(here, there, strict=False) if left != right]
        if len(here) != len(there):
            found.append((step, "other pages"))
    return found
