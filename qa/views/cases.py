"""Cases for those who lead: open differences, one case, naming somebody, settling in sight."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from qa import opening, source_links
from qa.core.accounts.forms import show as show_problems
from qa.core.errors import BadInput
from qa.core.web import Page, needs, page, writes
from qa.forms import rulings as forms
from qa.grading import called_in, needs_person
from qa.hearings.disputes import Proposed
from qa.queries import cases as queries
from qa.queries import results

bp = Blueprint("cases", __name__)
_LEADS = ("manager", "admin")


@bp.get("/differences")
@needs(*_LEADS)
def differences() -> Page:
    """What waits for a further look, a ruling or a person."""
    before = max(request.args.get("from", 0, type=int), 0)
    rows = queries.differences(g.person, before=before)
    return page("qa/differences.html", rows=rows, before=before, size=queries.PAGE)


@bp.get("/cases/<case_id>")
@needs(*_LEADS)
def show(case_id: str) -> Page:
    """A case with its decision; for whoever may be given blind tasks, only once it was opened."""
    if not queries.is_open_to(g.person, case_id):
        return page("qa/case_closed.html", case_id=case_id)
    return _page(case_id, _form(case_id))


def _page(case_id: str, form: forms.InSightForm, status: int = 200, guest: forms.GuestForm | None = None) -> Page:
    shown = queries.case(g.person, case_id)
    source, guest = source_links.of_case(case_id), guest or forms.GuestForm(formdata=None)
    return page("qa/case.html", status, shown=shown, case=shown.evidence, form=form, guest=guest, source=source)


def _form(case_id: str, **given: Any) -> forms.InSightForm:
    form = forms.InSightForm(**given)
    shown = queries.case(g.person, case_id)
    form.proposed_section.choices = forms.grouped("Choose a clause", shown.evidence.policy_sections)
    form.proposed_action.choices = forms.choices([("", "None"), *results.proposals(queries.workflow_of(case_id))])
    return form


@bp.post("/cases/<case_id>/open")
@needs(*_LEADS)
@writes
def open_case(case_id: str) -> Response:
    """Open the decision: noted, and the case is never given to this person."""
    opening.open_case(g.person, case_id)
    return redirect(url_for("cases.show", case_id=case_id))


@bp.post("/cases/<case_id>/hand")
@needs(*_LEADS)
@writes
def hand(case_id: str) -> Response:
    """Keep the waiting look for one grader, or for an agent as a peer."""
    called_in.name(g.person, case_id, person_id=request.form.get("person", ""))
    flash("The case is kept for them.", "ok")
    return redirect(url_for("cases.differences"))


@bp.post("/cases/<case_id>/guest")
@needs(*_LEADS)
@writes
def invite(case_id: str) -> Page:
    """Keep the waiting look for a guest. The link is shown this once and stored nowhere."""
    form, shown = forms.GuestForm(), queries.case(g.person, case_id)
    if not form.validate():
        return _page(case_id, _form(case_id, formdata=None), 422, guest=form)
    try:
        token = called_in.invite(g.person, case_id, name=form.guest_name.data, email=form.guest_email.data)
    except BadInput as error:
        show_problems(form, BadInput(*(replace(one, field=f"guest_{one.field}") for one in error.problems)))
        return _page(case_id, _form(case_id, formdata=None), 422, guest=form)
    return page("qa/guest_link.html", name=form.guest_name.data, code=shown.external_id, token=token)


@bp.post("/cases/<case_id>/settle")
@needs(*_LEADS)
@writes
def settle(case_id: str) -> Page | Response:
    """Settle with the decision in sight, because nobody was left to look blind."""
    form = _form(case_id)
    if not form.validate():
        return _page(case_id, form, 422)
    answer = Proposed(form.proposed_verdict.data, form.proposed_section.data or None, form.proposed_action.data or None)
    try:
        needs_person.settle_in_sight(g.person, case_id, answer, reason=form.reason.data)
    except BadInput as error:
        show_problems(form, error)
        return _page(case_id, form, 422)
    flash("Settled, with the decision in sight.", "ok")
    return redirect(url_for("cases.show", case_id=case_id))
