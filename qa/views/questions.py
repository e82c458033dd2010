"""Policy questions: the board, one question, and its way from asked to answered."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from qa import questions
from qa.core import account_forms, clock
from qa.core.errors import BadInput
from qa.core.web import SIGNED_IN, Page, needs, page, writes
from qa.forms.questions import AnswerForm, AskForm, CloseForm, HandForm, ask_form
from qa.policies import queries as policy_queries
from qa.queries import questions as queries

bp = Blueprint("questions", __name__, url_prefix="/questions")


@bp.get("")
@needs(SIGNED_IN)
def listed() -> Page:
    """The board: what waits and what was answered, as far as one may see it."""
    may_act = g.person.has(*questions.OWNERS)
    first = "waiting" if may_act else "all"
    state = request.args.get("state", first)
    state, slug = (state if state in queries.SHOWN else first), request.args.get("policy", "")
    return page(
        "qa/questions.html",
        rows=queries.board(g.person, state=state, slug=slug), state=state, slug=slug, may_act=may_act,
        states={key: label for key, (label, _) in queries.SHOWN.items()}, policies=policy_queries.overview(),
    )  # fmt: skip


@bp.get("/new")
@needs(*questions.OWNERS)
def new() -> Page:
    """The form for a question asked by hand."""
    return page("qa/question_new.html", form=_ask_form(formdata=None, section=request.args.get("section", "")))


@bp.post("")
@needs(*questions.OWNERS)
@writes
def ask() -> Page | Response:
    """Ask about a section; where a question about it waits already, that one is shown."""
    form = _ask_form()
    if not form.validate():
        return page("qa/question_new.html", 422, form=form)
    about = form.about.data or None
    before = questions.waiting_question(form.section.data, about)
    row = questions.ask(g.person, section_key=form.section.data, text=form.text.data, about=about)
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
        hand_form=hand_form,
        answer_form=changed.get("answer_form") or AnswerForm(formdata=None),
        close_form=changed.get("close_form") or _close_form(shown, formdata=None),
    )
