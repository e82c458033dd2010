"""Leaks that are planted on purpose, one for each channel that a secret can take: what the paired worlds must catch.

A plant adds to an app what a careless change would: a header, a route, another order. No code of the product changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Flask, g, jsonify, redirect, request
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import func, select, update
from werkzeug.wrappers import Response

from qa.core.db import db, write
from qa.core.notices import notify
from qa.models.cases import CaseText, ClosedCase
from qa.models.grading import Task, TaskPurpose
from qa.models.truth import Settlement

Plant = Callable[[Flask], None]
PLANTS: dict[str, Plant] = {}


def channel(name: str) -> Callable[[Plant], Plant]:
    """Name the channel that a plant leaks through."""

    def keep(plant: Plant) -> Plant:
        PLANTS[name] = plant
        return plant

    return keep


def held() -> Any:
    """The case in somebody's hands, as a careless serialiser would see it."""
    query = select(ClosedCase, Task.id.label("task_id")).join(Task, Task.case_id == ClosedCase.id)
    return db.session.execute(query.where(Task.state == "held").order_by(Task.id).limit(1)).first()


def _page(app: Flask, change: Callable[[str], str]) -> None:
    @app.after_request
    def leak(response: Response) -> Response:
        if response.mimetype == "text/html" and request.path == "/grade":
            response.set_data(change(response.get_data(as_text=True)))
        return response


def _route(app: Flask, path: str, view: Callable[[], Any]) -> None:
    setattr(view, "needed_roles", frozenset({"reviewer"}))
    app.add_url_rule(path, endpoint=f"planted.{path}", view_func=view)


@channel("JSON field")
def json_field(app: Flask) -> None:
    """The whole row as JSON."""
    _route(app, "/grade/held.json", lambda: jsonify([row[0].action for row in [held()] if row]))


@channel("HTML source")
def html_source(app: Flask) -> None:
    """A class that follows from the decision."""
    _page(app, lambda text: text.replace("<main", f'<main class="is-{row[0].action}"') if (row := held()) else text)


@channel("order of the queue")
def order(app: Flask) -> None:
    """What others found harmful comes first."""

    @app.before_request
    def leak() -> None:
        if request.path == "/grade/claim":
            first = select(ClosedCase.id).where(ClosedCase.severity == "critical")
            moved = update(Task).where(Task.case_id.in_(first), Task.state == "waiting").values(queue_number=-1)
            write(lambda: db.session.execute(moved))


@channel("ids")
def ids(app: Flask) -> None:
    """An address that is made from the decision, so that the same decision has the same one."""

    def view() -> str:
        row = held()
        return hashlib.sha256(row[0].action.encode()).hexdigest()[:32] if row else ""

    _route(app, "/grade/held-id", view)


@channel("entity tag and length")
def entity_tag(app: Flask) -> None:
    """The hash of the full row as an entity tag."""

    @app.after_request
    def leak(response: Response) -> Response:
        if request.path == "/grade" and (row := held()):
            response.headers["ETag"] = hashlib.sha256(f"{row[0].decided_key}{row[0].queue}".encode()).hexdigest()[:8]
        return response


@channel("search, filter, sort")
def search(app: Flask) -> None:
    """A search that reads hidden columns too."""

    def view() -> str:
        asked = request.args.get("q", "general")
        hits = select(func.count()).select_from(ClosedCase).join(Task, Task.case_id == ClosedCase.id)
        return str(db.session.scalar(hits.where(Task.state == "held", ClosedCase.queue == asked)))

    _route(app, "/grade/search", view)


@channel("counters")
def counter(app: Flask) -> None:
    """On how many cases others agreed with the agent."""
    count = select(func.count()).select_from(Settlement).where(Settlement.state == "settled")
    _page(app, lambda text: f"{text}<!-- {db.session.scalar(count)} graded -->")


@channel("redirects and file names")
def file_name(app: Flask) -> None:
    """A download that is named after what was done."""

    def view() -> Response:
        row = held()
        return redirect(f"/static/case_{row[0].action if row else ''}.csv")

    _route(app, "/grade/file", view)


@channel("notices")
def notice(app: Flask) -> None:
    """A notice that names the agent of the case."""

    @app.before_request
    def leak() -> None:
        row = held()
        if row and request.path == "/grade" and g.person:
            told = {"kind": "case", "object_ref": "1", "line": f"Agent {row[0].agent_id}'s case", "url": "/grade"}
            write(lambda: notify.tell(person_id=g.person.id, dedupe_key=f"held {row[0].id}", **told))


@channel("exports")
def export(app: Flask) -> None:
    """A table with a column too many."""

    def view() -> Response:
        row = held()
        return Response(f"case,queue\n1,{row[0].queue if row else ''}\n", mimetype="text/csv")

    _route(app, "/grade/export.csv", view)


@channel("timing")
def timing(app: Flask) -> None:
    """One more query where the case came from one queue and not from another."""

    @app.after_request
    def leak(response: Response) -> Response:
        if request.path == "/grade" and (row := held()) and row[0].queue == "general":
            db.session.execute(select(func.count()).select_from(CaseText)).scalar()
        return response


@channel("free text")
def free_text(app: Flask) -> None:
    """The withheld remark of the agent below the evidence."""
    _page(app, lambda text: f"{text}<p>{row[0].withheld['team_note']}</p>" if (row := held()) else text)


@channel("back button and cache")
def cached(app: Flask) -> None:
    """A page that may be kept once somebody else has settled a case."""

    @app.after_request
    def leak(response: Response) -> Response:
        known = select(Settlement.case_id).where(Settlement.state == "settled")
        if request.path == "/grade" and db.session.scalar(known.limit(1)) is not None:
            response.headers["Cache-Control"] = "private, max-age=60"
        return response


@channel("role union")
def role_union(app: Flask) -> None:
    """A lead's card on the page of everybody who is signed in, by a template of the same name."""
    theirs = app.jinja_env.loader
    assert theirs is not None
    source = theirs.get_source(app.jinja_env, "qa/grade.html")[0]
    team = "{% set row = planted_held() %}{{ row[0].agent_team_id if row }}"
    mine = DictLoader({"qa/grade.html": source.replace("{% block title %}", "{% block title %}" + team)})
    app.jinja_env.globals["planted_held"] = held
    app.jinja_env.loader = ChoiceLoader([mine, theirs])


@channel("calibration session")
def calibration(app: Flask) -> None:
    """A badge on looks that measure the grader."""

    def badge(text: str) -> str:
        marked = select(func.count()).select_from(TaskPurpose)
        return f"{text}<b>{db.session.scalar(marked.where(TaskPurpose.purpose.in_(('gold', 'repeat'))))}</b>"

    _page(app, badge)
