"""A day of somebody who looks, told step by step: what they are answered before, during and after others' deeds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from qa.core import clock
from qa.core.db import db
from qa.core.models import ROLES
from qa.models.grading import Task
from tests.blind.crawl import Answer, Crawler
from tests.blind.worlds import MORNING, Secret, Who, World

GRADER = Who(("reviewer",))
EVERYTHING = Who(ROLES, ("adjudicate", "decide_dispute"), "all")
ANSWER = {"verdict": "violates", "section": "conduct/insults", "action": "warn", "confidence": "medium", "note": "x"}
NOON = MORNING + timedelta(minutes=30)
_PARTS = ("status", "headers", "body", "statements")
_ROW = re.compile(r"\{[a-z_]+ public_id \d+\}")

Step = Mapping[str, Answer]
Tale = list[tuple[str, Step]]


def told(app: Flask, secret: Secret, who: Who, tell: Callable[[World, Crawler], Tale] | None = None) -> Tale:
    """What *who* is told in a world with *secret*."""
    with app.app_context():
        world = World(app, secret, who)
        with clock.fixed(NOON):
            tale = (tell or a_day)(world, Crawler(world))
        db.session.remove()
        db.engine.dispose()
    return tale


def a_day(world: World, mine: Crawler) -> Tale:
    """Before a claim, with a case in hand, after others' commits, and after a grade that can be taken back."""
    world.others_commit(many=2)
    tale: Tale = [("before", mine.pages())]
    if "reviewer" not in mine.roles:
        world.others_commit(many=1)
        return [*tale, ("others", mine.pages())]
    tale.append(("claim", _one(mine.ask("POST", "/grade/claim"))))
    tale.append(("claimed", mine.pages()))
    world.others_commit(many=1)
    tale.append(("others", mine.pages()))
    held = _held(world)
    tale.append(("refused", _one(mine.ask("POST", f"/grade/{held}/grade", {"verdict": "violates"}))))
    tale.append(("graded", _one(mine.ask("POST", f"/grade/{held}/grade", ANSWER))))
    tale.append(("after", mine.pages()))
    return tale


def _held(world: World) -> str:
    query = select(Task.public_id).where(Task.person_id == world.me.id, Task.state == "held")
    found = db.session.scalars(query.order_by(Task.id)).first()
    db.session.rollback()
    assert found is not None
    return found


def _one(answer: Answer) -> Step:
    return {answer.address: answer}


def leaks(one: Tale, other: Tale) -> list[str]:
    """Where two worlds answered differently: the step, the address, and what differed."""
    found = []
    for (step, here), (_, there) in zip(one, other, strict=True):
        for address in sorted(here.keys() & there.keys()):
            parts = [part for part in _PARTS if getattr(here[address], part) != getattr(there[address], part)]
            if parts:
                found.append(f"{step} {address}: {', '.join(parts)}")
        for world in (here, there):
            only = sorted(world.keys() - (here.keys() & there.keys()))
            found += [f"{step} {address}: only in one" for address in only if not _is_nothing(world, address)]
    return found


def _is_nothing(world: Step, address: str) -> bool:
    """Whether the address of a row that one world alone has answers as that of a row of nobody's."""
    here, row = world[address], _ROW.search(address.split("?")[0])
    nobody = world.get(address.replace(row[0], "{nobody}", 1)) if row else None
    if row is None or nobody is None:
        return False
    body = here.body.replace(row[0], "{nobody}")
    return (here.status, body, here.headers, here.statements) == (404, nobody.body, nobody.headers, nobody.statements)
