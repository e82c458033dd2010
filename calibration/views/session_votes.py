"""Voting in a session: the blind grading page, one case after the other, until voting closes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from calibration.queries import sessions as queries
from calibration.sessions import severity, voting
from qa.core.accounts import forms as account_forms
from qa.core.errors import BadInput
from qa.core.web import SIGNED_IN, Page, needs, page, writes
from qa.forms import grading as forms
from qa.grading import answers
from qa.queries import blind_case, grading

bp = Blueprint("session_votes", __name__, url_prefix="/sessions/<public_id>/vote")


@bp.get("/<int:place>")
@needs(SIGNED_IN)
def show(public_id: str, place: int) -> Page:
    """A case to vote on, with the own answer where there is one."""
    ballot = voting.ballot_of(g.person, public_id, place)
    asked, own = _asked(ballot), voting.own(g.person, ballot)
    before = own and grading.Answer(own.verdict, own.section_key, own.action, own.answers, own.confidence, own.note)
    values = forms.again(before, asked) if before else {}
    return _page(public_id, ballot, asked, {"formdata": None, "data": values})


@bp.post("/<int:place>")
@needs(SIGNED_IN)
@writes
def vote(public_id: str, place: int) -> Page | Response:
    """Take the vote, and show the next case."""
    ballot = voting.ballot_of(g.person, public_id, place)
    asked = _asked(ballot)
    form = forms.grade_form(asked, ())
    if not form.validate():
        return _page(public_id, ballot, asked, {}, 422, errors=form.errors)
    given = answers.Given(
        form.verdict.data, form.section.data or None, form.action.data or None, form.confidence.data, form.extra(),
        form.note.data or "",
    )  # fmt: skip
    try:
        voting.vote(g.person, public_id, place, given)
    except BadInput as error:
        account_forms.show(form, error)
        return _page(public_id, ballot, asked, {}, 422, errors=form.errors)
    return redirect(_next(public_id, place))


def _asked(ballot: voting.Ballot) -> grading.Asked:
    return severity.asked_with(grading.asked_of(ballot.workflow_id), ballot.tolerance)


def _next(public_id: str, place: int) -> str:
    """The next case without the own vote, else the session's page."""
    cases = queries.cases_of(g.person, queries.head(g.person, public_id))
    for one in [*cases[place:], *cases[:place]]:
        if one.asked and not one.voted:
            return url_for("session_votes.show", public_id=public_id, place=one.place)
    flash("You have voted on every case that you are asked about. Until voting closes you can change a vote.", "ok")
    return url_for("sessions.show", public_id=public_id)


def _page(
    public_id: str, ballot: voting.Ballot, asked: grading.Asked, given: dict[str, Any], status: int = 200, **said: Any
) -> Page:
    case = blind_case.evidence_of(
        ballot.case_id, task_id=f"{public_id}-{ballot.place}", code=ballot.code, workflow_label=ballot.workflow
    )
    form = forms.grade_form(asked, case.policy_sections, **given)
    for name, problems in said.get("errors", {}).items():
        if name is not None and name in form:
            form[name].errors = list(problems)
    here = url_for("session_votes.show", public_id=public_id, place=ballot.place)
    count = queries.head(g.person, public_id).cases
    return page(
        "calibration/vote.html", status, case=case, form=form, position=ballot.place, of=count, grade_url=here,
        is_vote=True, skip_reasons=(), ballot=ballot, public_id=public_id,
        ballot_is_cast=voting.own(g.person, ballot) is not None,
    )  # fmt: skip
