"""Plans and draws: the rule, what it would draw, the draw, and what an auditor can follow."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from qa import plan_deeds, plans
from qa.core.errors import BadInput
from qa.core.web import Page, needs, page, writes
from qa.draws import describing, previews
from qa.forms.plans import EXAMPLE, PlanForm
from qa.queries import plans as queries

bp = Blueprint("plans", __name__)


@bp.get("/plans")
@needs("manager", "admin", "observer")
def listing() -> Page:
    """All plans."""
    return page("qa/plans.html", plans=queries.listed())


@bp.get("/plans/new")
@needs("manager", "admin")
def new() -> Page:
    """An empty plan."""
    return page("qa/plan_new.html", form=PlanForm(formdata=None, text=EXAMPLE))


@bp.post("/plans")
@needs("manager", "admin")
@writes
def create() -> Page | Response:
    """Keep a plan."""
    form = PlanForm()
    if not form.validate():
        return page("qa/plan_new.html", 422, form=form)
    try:
        address = plan_deeds.publish(g.person, form.text.data or "")
    except BadInput as error:
        form.text.errors = [str(problem) for problem in error.problems]
        return page("qa/plan_new.html", 422, form=form)
    flash("The plan is kept. Its eligible cases are being counted.", "ok")
    return redirect(url_for("plans.show", public_id=address))


@bp.get("/plans/<public_id>")
@needs("manager", "admin", "observer")
def show(public_id: str) -> Page:
    """A plan, its next draw as it would be now, and its draws."""
    return page("qa/plan.html", plan=queries.one(public_id), preview=previews.as_built(public_id))


@bp.post("/plans/<public_id>/count")
@needs("manager", "admin")
@writes
def count(public_id: str) -> Response:
    """Count the eligible cases anew."""
    plans.by_public_id(public_id)
    plan_deeds.ask_for_frames(g.person)
    flash("The eligible cases are being counted.")
    return redirect(url_for("plans.show", public_id=public_id))


@bp.post("/plans/<public_id>/draw")
@needs("manager", "admin")
@writes
def draw(public_id: str) -> Response:
    """Draw the next sample."""
    plan_deeds.ask_for_draw(g.person, public_id)
    flash("The sample is being drawn. Its cases to grade are in the queues as soon as it is.")
    return redirect(url_for("plans.show", public_id=public_id))


@bp.get("/draws/<public_id>")
@needs("manager", "admin", "observer")
def show_draw(public_id: str) -> Page:
    """A draw, as an auditor can follow it."""
    row = describing.one(public_id)
    shown = describing.strata(row.id)
    part = request.args.get("part", 0, type=int)
    start = max(0, part) * 200
    progress = describing.progress([row.id])[row.id]
    return page(
        "qa/draw.html", draw=row, strata=shown[start : start + 200], total=len(shown), part=part, progress=progress
    )
