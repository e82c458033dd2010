"""One question a screen, as quizzes and later checks both ask it: the question, and the answer that comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.wrappers import Response

from qa.core.errors import BadInput
from qa.core.web import Page, page
from training.forms import AnswerForm
from training.queries.asked import Question

NOTHING_CHOSEN = "Choose one answer."


@dataclass(frozen=True)
class Answered:
    """What was sent: the sitting's number (a check has none), the question's, the option, and how long it took."""

    no: int
    question: int
    option: str
    ms: int | None


def asked(title: str, question: Question, answer_url: str, status: int, problem: str) -> Page:
    """The question that is open."""
    given = {"title": title, "asked": question, "answer_url": answer_url, "problem": problem}
    return page("training/question.html", status, **given)


def taken(give: Callable[[Answered], Response], again: Callable[[int, str], Page]) -> Page | Response:
    """Give the answer that was sent; without one that can be, the question stands there *again*."""
    form = AnswerForm()
    if form.validate():
        ms = form.seconds.data * 1000 if form.seconds.data else None
        try:
            return give(Answered(form.no.data or 0, form.question.data or 0, form.option.data or "", ms))
        except BadInput:
            return again(422, NOTHING_CHOSEN)
    return again(422, NOTHING_CHOSEN)
