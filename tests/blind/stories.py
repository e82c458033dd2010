"""A day of somebody who looks, told step by step: what they are answered before, during and after others' deeds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from qa import findings, touches
from qa.core import clock, jobs
from qa.core.db import db, write
from qa.core.models import ROLES
from qa.danger import danger
from qa.grading import mixing, needs_person
from qa.models.cases import CaseText, ClosedCase
from qa.models.grading import Task
from tests.blind.crawl import Answer, Crawler
from tests.blind.worlds import MORNING, Secret, Who, World

GRADER = Who(("reviewer",))
EVERYTHING = Who(ROLES, ("adjudicate", "decide_dispute"), "all")
ANSWER = {"verdict": "violates", "section": "conduct/insults", "action": "warn", "confidence": "medium", "note": "x"}
NOON = MORNING + timedelta(minutes=30)
_PARTS = ("status", "headers", "body", "statements")
_ROW = re.compile(r"\{[a-z_]+ public_id \d+\}")
_ANY_ROW = re.compile(r"\{[a-z_]+ (?:public_id|code) \d+\}")

Step = Mapping[str, Answer]
Tale = list[tuple[str, Step]]


def told(
    app: Flask,
    secret: Secret,
    who: Who,
    tell: Callable[[World, Crawler], Tale] | None = None,
    *,
    carries: bool = False,
) -> Tale:
    """What *who* is told in a world with *secret*; *carries*: a page is asked for anew once it reads other rows."""
    with app.app_context():
        world = World(app, secret, who)
        with clock.fixed(NOON), closing(Crawler(world, carries=carries)) as mine:
            tale = (tell or a_day)(world, mine)
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
    tale.append(("danger", _one(mine.ask("POST", f"/grade/{_held(world)}/danger", {"line": "They go there tonight."}))))
    with clock.fixed(clock.now() + 2 * danger.UNDO):
        jobs.run_due()
    world.others_commit(many=1)
    tale.append(("others", mine.pages()))
    held = _held(world)
    tale.append(("refused", _one(mine.ask("POST", f"/grade/{held}/grade", {"verdict": "violates"}))))
    tale.append(("graded", _one(mine.ask("POST", f"/grade/{held}/grade", ANSWER))))
    tale.append(("after", mine.pages()))
    tale.append(("handed back", _one(mine.ask("POST", "/grade/hand-back"))))
    return tale


def after_the_hour(world: World, _yesterday: Crawler) -> Tale:
    """The next day, when further looks have come: each case that waits for a look, in hand one after the other."""
    world.others_commit(many=3)
    with clock.fixed(NOON + timedelta(days=1)):
        for deed in (findings.release_due, mixing.mix_in, needs_person.mark):
            write(deed)
        with closing(Crawler(world)) as mine:
            mine.names.learn()
            return [("task by task", {text: _in_hand(world, mine, task) for text, task in _waiting(world).items()})]


def _waiting(world: World) -> dict[str, int]:
    """What a case says -> the newest look that waits for whoever comes, of cases that the person had no part in."""
    query = (
        select(CaseText.text, Task.id)
        .join(Task, Task.case_id == CaseText.case_id)
        .join(ClosedCase, ClosedCase.id == Task.case_id)
        .where(Task.state == "waiting", Task.release_at <= clock.now(), Task.person_id.is_(None))
        .where(~touches.has_met(world.me.id))
    )
    found = {str(row.text): row.id for row in db.session.execute(query.order_by(Task.id))}
    db.session.rollback()
    return found


def _in_hand(world: World, mine: Crawler, task_id: int) -> Answer:
    """What *me* is shown with a look in hand, which then goes back."""
    one = update(Task).where(Task.id == task_id)
    taken = {"state": "held", "person_id": world.me.id, "held_at": NOON, "lease_until": NOON + timedelta(days=2)}
    write(lambda: db.session.execute(one.values(**taken)))
    mine.ask("GET", "/grade")  # what a process reads once, it does not read again
    answer = mine.ask("GET", "/grade")
    assert answer.status == 200
    write(lambda: db.session.execute(one.values(state="waiting", person_id=None)))
    return replace(
        answer, headers=tuple((name, _ANY_ROW.sub("{row}", value)) for name, value in answer.headers),
        body=_ANY_ROW.sub("{row}", answer.body),
    )  # fmt: skip


def shared(one: Tale, other: Tale) -> tuple[Tale, Tale]:
    """Of both tales what is told of in both."""
    both = [(step, here.keys() & there.keys()) for (step, here), (_, there) in zip(one, other, strict=True)]
    kept = [
        [(step, {name: told[name] for name in names}) for (step, names), (_, told) in zip(both, tale, strict=True)]
        for tale in (one, other)
    ]
    return kept[0], kept[1]


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
