"""Policy questions: the board, one question, and its way from asked to answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from qa import questions
from qa.core import clock, registries
from qa.core.accounts import forms as account_forms
from qa.core.errors import BadInput
from qa.core.web import SIGNED_IN, Page, needs, page, writes
from qa.forms.questions import AnswerForm, AskForm, CloseForm, HandForm, ask_form
from qa.policies import queries as policy_queries
from qa.queries import questions as queries
from qa.queries import voices

bp = Blueprint("questions", __name__, url_prefix="/questions")
_PAGE = 50


@bp.get("")
@needs(SIGNED_IN)
def listed() -> Page:
    """The board: what waits and what was answered, as far as one may see it."""
    may_act = g.person.has(*questions.OWNERS)
    first = "waiting" if may_act else "all"
    state = request.args.get("state", first)
    state, slug = (state if state in queries.SHOWN else first), request.args.get("policy", "")
    found = queries.board(g.person, state=state, slug=slug)
    shown_from = max(request.args.get("from", 0, type=int), 0)
    rows = found[shown_from : shown_from + _PAGE]
    return page(
        "qa/questions.html",
        rows=rows, first=shown_from, size=_PAGE, total=len(found), state=state, slug=slug, may_act=may_act,
        states={key: label for key, (label, _) in queries.SHOWN.items()}, policies=policy_queries.overview(),
        **_beside(rows),
    )  # fmt: skip


def _beside(rows: Sequence[queries.Asked]) -> dict[str, Any]:
    """What stands on the board besides: own questions, and, for whoever answers, who asked and what is being done."""
    if not g.person.has(*questions.OWNERS):
        return {"mine": voices.own(g.person), "voices": {}, "actions": ()}
    asked = voices.of_questions(g.person, [row.public_id for row in rows])
    return {"mine": voices.own(g.person), "voices": asked, "actions": registries.open_actions(g.person)}


@bp.get("/new")
@needs(SIGNED_IN)
def new() -> Page:
    """The form for a question asked by hand."""
    given = {name: request.args.get(name, "") for name in ("section", "beside", "ref")}
    return page("qa/question_new.html", form=_ask_form(formdata=None, **given))


@bp.post("")
@needs(SIGNED_IN)
@writes
def ask() -> Page | Response:
    """Ask about a section; whoever answers is shown the question, where one about it waits already that one."""
    form = _ask_form()
    if not form.validate():
        return page("qa/question_new.html", 422, form=form)
    about = form.about.data or None
    before = questions.waiting_question(form.section.data, about)
    origin = (form.beside.data or "hand", form.ref.data or "")
    row = questions.ask(g.person, section_key=form.section.data, text=form.text.data, about=about, origin=origin)
    if not g.person.has(*questions.OWNERS):
        flash("Asked. You are told when it is answered.", "ok")
        return redirect(url_for("questions.listed"))
    flash("Asked." if before is None else "This clause is asked about already; here is that question.", "ok")
    return redirect(url_for("questions.show", public_id=row.public_id))


@bp.get("/<public_id>")
@needs(SIGNED_IN)
def show(public_id: str) -> Page:
    """One question with what says so, and what can be done."""
    return _page(public_id)


@bp.post("/<public_id>/hand")
@needs(*questions.OWNERS)
@writes
def hand(public_id: str) -> Page | Response:
    """Take it in hand, or give it to somebody."""
    questions.hand(g.person, public_id, owner=request.form.get("owner", ""))
    return redirect(url_for("questions.show", public_id=public_id))


@bp.post("/<public_id>/answer")
@needs(*questions.OWNERS)
@writes
def answer(public_id: str) -> Page | Response:
    """Answer it."""
    form = AnswerForm()
    if not form.validate():
        return _page(public_id, 422, answer_form=form)
    questions.answer(g.person, public_id, wording=form.wording.data, answer=form.answer.data)
    flash("Answered. Whoever works by the clause is told.", "ok")
    return redirect(url_for("questions.show", public_id=public_id))


@bp.post("/<public_id>/close")
@needs(*questions.OWNERS)
@writes
def close(public_id: str) -> Page | Response:
    """Close it, with the version that the answer led to."""
    try:
        questions.close(g.person, public_id, number=request.form.get("number", ""), kept=request.form.get("kept", ""))
    except BadInput as error:
        form = _close_form(queries.question(g.person, public_id))
        account_forms.show(form, error)
        return _page(public_id, 422, close_form=form)
    flash("Closed.", "ok")
    return redirect(url_for("questions.show", public_id=public_id))


def _ask_form(**given: object) -> AskForm:
    return ask_form(policy_queries.sections_in_force(clock.now().date()), **given)


def _close_form(shown: queries.Shown, **given: object) -> CloseForm:
    form = CloseForm(**given)
    versions = [SelectChoice(number, f"Version {number}") for number in shown.versions]
    form.number.choices = [SelectChoice("", "No new version: the answer is enough"), *versions]
    form.kept.choices = [SelectChoice("", "No precedent"), *(SelectChoice(*one) for one in shown.kept)]
    return form


def _page(public_id: str, status: int = 200, **changed: object) -> Page:
    shown = queries.question(g.person, public_id)
    hand_form = HandForm(formdata=None)
    hand_form.owner.choices = [SelectChoice("", "Choose somebody"), *(SelectChoice(*one) for one in shown.owners)]
    return page(
        "qa/question.html",
        status,
        shown=shown,
        voices=voices.of_questions(g.person, [public_id]).get(public_id, ()) if shown.may_act else (),
        hand_form=hand_form,
        answer_form=changed.get("answer_form") or AnswerForm(formdata=None),
        close_form=changed.get("close_form") or _close_form(shown, formdata=None),
    )
