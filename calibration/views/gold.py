"""Known-answer cases: for leads who are given no blind cases themselves; to everybody else there is no such page."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from calibration.gold import gold
from calibration.gold import results as gold_results
from calibration.sessions import forms
from qa.core import clock
from qa.core.accounts import forms as account_forms
from qa.core.errors import BadInput, Problem, Refused
from qa.core.web import Page, needs, page, writes
from qa.policies import queries as policy_queries

bp = Blueprint("gold", __name__, url_prefix="/known-answers")
_LEADS = ("manager", "admin")
_DEEDS = {"retire": gold.retire, "renew": gold.renew, "uphold": gold.uphold, "void": gold.void}


@bp.get("")
@needs(*_LEADS)
def listed() -> Page:
    """All of them with their answers, what graders made of them, and how long they last."""
    return _page(forms.GoldForm(formdata=None))


@bp.post("")
@needs(*_LEADS)
@writes
def add() -> Page | Response:
    """Add one by an expert's answer."""
    if g.person.can_be_given_blind_tasks:
        raise Refused("You may be given known-answer cases, so you do not make them.")
    form = _with_clauses(forms.GoldForm())
    if not form.validate():
        return _page(form, 422)
    try:
        gold.add(
            g.person, case=form.case.data or "", verdict=form.verdict.data, section_key=form.section.data or None,
            action=form.action.data or None, reason=form.reason.data or "",
        )  # fmt: skip
    except BadInput as error:
        account_forms.show(form, error)
        return _page(form, 422)
    flash("Added. It comes into queues from the next release on.", "ok")
    return redirect(url_for("gold.listed"))


@bp.post("/<public_id>/state")
@needs(*_LEADS)
@writes
def move(public_id: str) -> Page | Response:
    """Challenge it, rule on the challenge, retire it, or say that it still holds."""
    gold_results.keep_out(g.person)
    gold.found(public_id)
    deed = request.form.get("deed", "")
    try:
        if deed == "challenge":
            gold.challenge(g.person, public_id, text=request.form.get("text", "")[:2000])
        elif deed in _DEEDS:
            _DEEDS[deed](g.person, public_id)
        else:
            raise BadInput(Problem("a deed that there is", field="deed"))
    except BadInput as error:
        return _page(forms.GoldForm(formdata=None), 422, problem=str(error.problems[0]))
    flash("Noted.", "ok")
    return redirect(url_for("gold.listed"))


def _page(form: forms.GoldForm, status: int = 200, problem: str = "") -> Page:
    if g.person.can_be_given_blind_tasks:
        return page("calibration/gold_hidden.html", status)
    rows, seen, doubted = gold_results.listed(g.person, max(request.args.get("from", 0, type=int), 0))
    return page(
        "calibration/gold.html", status, rows=rows, seen=seen, graders=gold_results.graders(g.person),
        stock=gold_results.stock(), form=_with_clauses(form), doubted=doubted, problem=problem,
    )  # fmt: skip


def _with_clauses(form: forms.GoldForm) -> forms.GoldForm:
    form.section.choices = forms.clauses(policy_queries.sections_in_force(clock.now().date()))
    form.action.choices = [SelectChoice("", "–"), *(SelectChoice(*one) for one in gold_results.actions())]
    return form
