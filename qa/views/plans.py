"""Plans: the rule, what it would draw and who could grade it, and the draws that came of it."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from qa.core.errors import BadInput
from qa.core.web import Page, needs, page, writes
from qa.draws import heads, previews
from qa.forms.plans import PlanForm, PresetForm
from qa.plans import deeds as plan_deeds
from qa.plans import plans
from qa.plans import trying as plan_trying
from qa.queries import plans as queries

bp = Blueprint("plans", __name__)

#: Characters of a plan that is tried: it stands in an address.
LONGEST = 3_000


@bp.get("/plans")
@needs("manager", "admin", "observer")
def listing() -> Page:
    """All plans."""
    return page("qa/plans.html", plans=queries.listed(g.person))


@bp.get("/plans/new")
@needs("manager", "admin")
def new() -> Page:
    """A plan to begin with, or the one that was written, and what it would draw now."""
    start = PresetForm(formdata=request.args or None, meta={"csrf": False})
    text = request.args.get("text", "").strip()[:LONGEST]
    if not text and not start.validate():
        return _plan_page(start, "")
    return _plan_page(start, text or start.as_plan())


@bp.post("/plans")
@needs("manager", "admin")
@writes
def create() -> Page | Response:
    """Keep a plan."""
    form, start = PlanForm(), PresetForm(formdata=None, meta={"csrf": False})
    if not form.validate():
        return page("qa/plan_new.html", 422, start=start, form=form, tried=None)
    try:
        address = plan_deeds.publish(g.person, form.text.data or "")
    except BadInput as error:
        wrong = plan_trying.Tried(wrong=tuple(str(problem) for problem in error.problems))
        return page("qa/plan_new.html", 422, start=start, form=form, tried=wrong)
    flash("The plan is kept. Its eligible cases are being counted.", "ok")
    return redirect(url_for("plans.show", public_id=address))


def _plan_page(start: PresetForm, text: str) -> Page:
    form = PlanForm(formdata=None, text=text)
    return page("qa/plan_new.html", start=start, form=form, tried=plan_trying.tried(text) if text else None)


@bp.get("/plans/<public_id>")
@needs("manager", "admin", "observer")
def show(public_id: str) -> Page:
    """A plan, its next draw as it would be now, and its draws."""
    return page("qa/plan.html", plan=queries.one(g.person, public_id), preview=previews.as_built(public_id))


@bp.get("/plans/<public_id>/people")
@needs("manager", "admin", "observer")
def people(public_id: str) -> Page:
    """Who could be given the plan's next sample."""
    return page("qa/plan_people.html", plan=queries.one(g.person, public_id), heads=heads.of_plan(public_id))


@bp.post("/plans/<public_id>/count")
@needs("manager", "admin")
@writes
def count(public_id: str) -> Response:
    """Count the eligible cases anew."""
    plans.by_public_id(public_id)
    plan_deeds.ask_for_frames(g.person)
    flash("The eligible cases are being counted.")
    return redirect(url_for("plans.show", public_id=public_id))


@bp.post("/plans/<public_id>/state")
@needs("manager", "admin")
@writes
def move(public_id: str) -> Response:
    """Pause the plan, let it go on, or retire it."""
    to = request.form.get("state", "")
    plans.move(g.person, public_id, to)
    said = {"paused": "The plan is paused: it draws nothing.", "live": "The plan goes on.", "retired": "Retired."}
    flash(said[to], "ok")
    return redirect(url_for("plans.show", public_id=public_id))


@bp.post("/plans/<public_id>/draw")
@needs("manager", "admin")
@writes
def draw(public_id: str) -> Response:
    """Draw the next sample."""
    plan_deeds.ask_for_draw(g.person, public_id)
    flash("The sample is being drawn. Its cases to grade are in the queues as soon as it is.")
    return redirect(url_for("plans.show", public_id=public_id))
