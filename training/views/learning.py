"""Training as the learner goes through it: why, lessons, one question a screen, the clause after each answer."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from qa.core.web import Page, needs, page, writes
from training import flagging, learning
from training.forms import FlagForm, ReadForm
from training.queries import lessons, quiz
from training.views.asked import Answered, asked, taken

bp = Blueprint("learning", __name__, url_prefix="/training")


@bp.get("/<public_id>")
@needs("agent", "manager")
def show(public_id: str) -> Page:
    """Why it was given, and the lessons."""
    return page("training/lesson.html", reading=lessons.reading(g.person, public_id))


@bp.post("/<public_id>/start")
@needs("agent", "manager")
@writes
def start(public_id: str) -> Response:
    """Open the lessons."""
    learning.start(g.person, public_id)
    return redirect(url_for("learning.show", public_id=public_id))


@bp.post("/<public_id>/read")
@needs("agent", "manager")
@writes
def read(public_id: str) -> Page | Response:
    """A lesson was read."""
    form = ReadForm()
    if not form.validate():
        return page("training/lesson.html", 422, reading=lessons.reading(g.person, public_id))
    learning.read(g.person, public_id, form.lesson.data or "")
    return redirect(url_for("learning.show", public_id=public_id, _anchor=f"lesson-{form.lesson.data}"))


@bp.get("/<public_id>/quiz")
@needs("agent", "manager")
def sit(public_id: str) -> Page:
    """The question that is next, or the way into a sitting."""
    return _at(public_id)


@bp.post("/<public_id>/quiz")
@needs("agent", "manager")
@writes
def begin(public_id: str) -> Response:
    """Begin the next sitting."""
    learning.begin(g.person, public_id)
    return redirect(url_for("learning.sit", public_id=public_id))


@bp.post("/<public_id>/quiz/answer")
@needs("agent", "manager")
@writes
def answer(public_id: str) -> Page | Response:
    """Take an answer, then show its clause."""

    def give(one: Answered) -> Response:
        learning.answer(g.person, public_id, no=one.no, question=one.question, option=one.option, ms=one.ms)
        return redirect(url_for("learning.told", public_id=public_id, no=one.no, question=one.question))

    return taken(give, partial(_at, public_id))


@bp.get("/<public_id>/quiz/<int:no>/<int:question>")
@needs("agent", "manager")
def told(public_id: str, no: int, question: int) -> Page:
    """An answered question with the clause behind each option."""
    feedback = quiz.feedback(g.person, public_id, no, question)
    return page(
        "training/told.html",
        asked=feedback,
        next_url=url_for("learning.sit", public_id=public_id),
        result_url=url_for("learning.result", public_id=public_id, no=no),
        flag_url=url_for("learning.flag", public_id=public_id, no=no, question=question),
        flag_form=FlagForm(),
    )


@bp.post("/<public_id>/quiz/<int:no>/<int:question>/flag")
@needs("agent", "manager")
@writes
def flag(public_id: str, no: int, question: int) -> Response:
    """Something is wrong with a question that was answered."""
    form = FlagForm()
    flagging.flag(g.person, public_id, no=no, question=question, comment=form.comment.data or "")
    flash("Thank you. Whoever answers for the question looks at it, and you are told what came of it.", "ok")
    return redirect(url_for("learning.told", public_id=public_id, no=no, question=question))


@bp.get("/<public_id>/quiz/<int:no>/result")
@needs("agent", "manager")
def result(public_id: str, no: int) -> Page:
    """What a sitting came to."""
    found = quiz.outcome(g.person, public_id, no)
    return page("training/result.html", outcome=found, door=quiz.door(g.person, public_id))


def _at(public_id: str, status: int = 200, problem: str = "") -> Page:
    """The open question, else the door."""
    door = quiz.door(g.person, public_id)
    if door.question is None:
        return page("training/door.html", status, door=door)
    answer_url = url_for("learning.answer", public_id=public_id)
    return asked(door.given.title, door.question, answer_url, status, problem)
