"""An agent's own results: reading them, acknowledging, disputing."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from qa import findings, source_links
from qa.core.accounts.forms import show as show_problems
from qa.core.errors import BadInput, NotFound
from qa.core.web import Page, needs, page, writes
from qa.forms import rulings as forms
from qa.hearings import disputes, slips
from qa.queries import grading
from qa.queries import results as queries

bp = Blueprint("results", __name__, url_prefix="/results")


@bp.get("")
@needs("agent")
def listed() -> Page:
    """All published results of this person, what waits to be read first."""
    before = max(request.args.get("from", 0, type=int), 0)
    rows = queries.results(g.person, before=before)
    total, unread, disputed = queries.counts(g.person)
    return page(
        "qa/results.html", rows=rows, total=total, unread=unread, disputed=disputed, before=before, size=queries.PAGE
    )


@bp.get("/<finding_id>")
@needs("agent")
def show(finding_id: str) -> Page | Response:
    """One result with its clause as it stood; the address of one that was replaced leads to the new one."""
    try:
        return _page(finding_id, _form(finding_id))
    except NotFound:
        newer = queries.successor(g.person, finding_id)
    if newer is None:
        return page("qa/result_replaced.html")
    return redirect(url_for("results.show", finding_id=newer))


def _form(finding_id: str) -> forms.DisputeForm:
    form = forms.DisputeForm()
    shown = queries.result(g.person, finding_id)
    kinds = grading.reasons("dispute")
    form.kind.choices = forms.choices([one for one in kinds if shown.can_say(is_slip=one[0] == slips.KIND)])
    form.proposed_section.choices = forms.grouped("Choose a clause", shown.evidence.policy_sections)
    actions = queries.proposals(queries.workflow_of(g.person, finding_id))
    form.proposed_action.choices = forms.choices([("", "As it is"), *actions])
    return form


def _page(finding_id: str, form: forms.DisputeForm, status: int = 200) -> Page:
    shown = queries.result(g.person, finding_id)
    form.idempotency_key.data = form.idempotency_key.data or f"dispute-{finding_id}-{len(shown.disputed) + 1}"
    source = source_links.of_result(finding_id)
    return page("qa/result.html", status, shown=shown, case=shown.evidence, form=form, source=source)


@bp.post("/<finding_id>/acknowledge")
@needs("agent")
@writes
def acknowledge(finding_id: str) -> Response:
    """Say that the result was read."""
    findings.acknowledge(g.person, finding_id)
    flash("Acknowledged.", "ok")
    return redirect(url_for("results.listed"))


@bp.post("/<finding_id>/dispute")
@needs("agent")
@writes
def dispute(finding_id: str) -> Page | Response:
    """Contest the result."""
    form = _form(finding_id)
    if not form.validate():
        return _page(finding_id, form, 422)
    proposed = None if form.is_about_a_slip else disputes.Proposed(
        form.proposed_verdict.data, form.proposed_section.data or None, form.proposed_action.data or None
    )  # fmt: skip
    key = form.idempotency_key.data or None
    try:
        disputes.open_dispute(
            g.person, finding_id, kind=form.kind.data, text=form.text.data, proposed=proposed, key=key
        )
    except BadInput as error:
        show_problems(form, error)
        return _page(finding_id, form, 422)
    flash("Your dispute goes to somebody who was not in it yet.", "ok")
    return redirect(url_for("results.show", finding_id=finding_id))


@bp.post("/<finding_id>/withdraw")
@needs("agent")
@writes
def withdraw(finding_id: str) -> Response:
    """Take the dispute back."""
    disputes.withdraw(g.person, finding_id)
    flash("Your dispute is taken back.", "ok")
    return redirect(url_for("results.show", finding_id=finding_id))
