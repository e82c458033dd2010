"""Calibration sessions: the list, one session in whatever state it is, and what its host does with it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from calibration import precedents
from calibration.gold import gold
from calibration.queries import discussion
from calibration.queries import sessions as queries
from calibration.sessions import cases as session_cases
from calibration.sessions import consensus, forms, series, sessions
from calibration.sessions import numbers as session_numbers
from calibration.sessions import people as session_people
from calibration.views.session_page import cases_form, consensus_form_of, context, people_form, show_session
from qa.core.accounts import forms as account_forms
from qa.core.errors import BadInput, Problem
from qa.core.forms import Form
from qa.core.web import SIGNED_IN, Page, needs, page, writes

bp = Blueprint("sessions", __name__, url_prefix="/sessions")
_LEADS = ("manager", "admin")
#: What the host's buttons move a session to.
MOVES = {
    "voting": sessions.start,
    "closed": sessions.close,
    "revealed": sessions.reveal,
    "agreed": sessions.agree,
    "archived": sessions.archive,
    "once": series.end,
}


@bp.get("")
@needs(SIGNED_IN)
def listed() -> Page:
    """The sessions that one takes part in or leads; for leads also what they measure."""
    leads = g.person.has(*_LEADS)
    own = g.person.id if g.person.can_be_given_blind_tasks else None
    rows = session_numbers.compared(host_id=own) if leads else []
    lines, seen = queries.page_of(g.person, max(request.args.get("from", 0, type=int), 0))
    return page(
        "calibration/sessions.html",
        rows=lines,
        seen=seen,
        leads=leads,
        trend=session_numbers.trend(rows)[-12:],
        change=session_numbers.change(rows),
        alpha=session_numbers.alpha(rows),
        least=session_numbers.ALPHA_CASES,
    )


@bp.get("/new")
@needs(*_LEADS)
def new() -> Page:
    """The form of a new session."""
    return page("calibration/session_new.html", form=forms.session_form(formdata=None))


@bp.post("")
@needs(*_LEADS)
@writes
def create() -> Page | Response:
    """Begin a session."""
    form = forms.session_form()
    if not form.validate():
        return page("calibration/session_new.html", 422, form=form)
    try:
        row = sessions.create(
            g.person, title=form.title.data or "", deadline_at=form.deadline_at(), kind=form.kind.data,
            names_shown=form.names_shown.data, tolerance=form.tolerance(),
        )  # fmt: skip
    except BadInput as error:
        account_forms.show(form, error)
        return page("calibration/session_new.html", 422, form=form)
    if form.weekly.data:
        series.begin(g.person, row, size=form.size.data or 5)
    return redirect(url_for("sessions.show", public_id=row.public_id))


@bp.get("/<public_id>")
@needs(SIGNED_IN)
def show(public_id: str) -> Page:
    """One session: its votes only after the reveal, and to whoever takes part or leads it."""
    return show_session(public_id)


@bp.get("/<public_id>/live")
@needs(SIGNED_IN)
def live(public_id: str) -> Page | Response:
    """The part of the page that follows the host; nothing where the reader has seen it already. Whoever leads too is
    told that something has changed, and loses nothing that they are writing."""
    head = queries.head(g.person, public_id)
    if request.args.get("seen") == str(head.changes):
        return Response(status=204)
    if head.leads:
        return page("calibration/_session_moved.html", head=head)
    return page("calibration/_session_live.html", **context(head))


@bp.post("/<public_id>/cases")
@needs(*_LEADS)
@writes
def add_cases(public_id: str) -> Page | Response:
    """Add cases to a draft."""
    form = cases_form(public_id)

    def deed() -> str:
        names = (form.names.data or "").splitlines()
        added = session_cases.add(
            g.person, public_id, how=form.how.data, names=names, size=form.size.data or 5,
            section_key=form.clause.data or "",
        )  # fmt: skip
        return "One case is new." if added == 1 else f"{added} cases are new."

    return _add(public_id, "cases_form", form, deed)


@bp.post("/<public_id>/people")
@needs(*_LEADS)
@writes
def add_people(public_id: str) -> Page | Response:
    """Invite people, teams or roles."""
    row, form = sessions.led(g.person, public_id), people_form()

    def deed() -> str:
        names = (form.who.data or "").splitlines()
        added = session_people.invite(g.person, row, names=names, team=form.team.data or "", role=form.role.data or "")
        return "One person is new." if added == 1 else f"{added} people are new."

    return _add(public_id, "people_form", form, deed)


def _add(public_id: str, named: str, form: Form, deed: Callable[[], str]) -> Page | Response:
    """Do the deed of a form that was filled in well, and say what came of it; else show the form again."""
    try:
        if not form.validate():
            return show_session(public_id, 422, **{named: form})
        said = deed()
    except BadInput as error:
        account_forms.show(form, error)
        return show_session(public_id, 422, **{named: form})
    flash(said, "message" if said.startswith("0 ") else "ok")
    return redirect(url_for("sessions.show", public_id=public_id))


@bp.post("/<public_id>/guests")
@needs(*_LEADS)
@writes
def add_guest(public_id: str) -> Page | Response:
    """Invite a guest, or make a new link for one: it is shown once."""
    row, form, known = sessions.led(g.person, public_id), forms.GuestForm(), request.form.get("person", "")
    if known:
        token = session_people.renew_link(g.person, row, person=known)
    elif form.validate():
        token = session_people.invite_guest(g.person, row, name=form.name.data or "")
    else:
        return show_session(public_id, 422, guest_form=form)
    link = url_for("guests.door", token=token, _external=True)
    return page("calibration/guest_link.html", link=link, public_id=public_id)


@bp.post("/<public_id>/drop")
@needs(*_LEADS)
@writes
def drop(public_id: str) -> Response:
    """Take a case or a person out of a draft."""
    row, place = sessions.led(g.person, public_id), request.form.get("place", "")
    if place.isdecimal():
        session_cases.drop(g.person, public_id, place=int(place))
    else:
        session_people.uninvite(g.person, row, person=request.form.get("person", ""))
    return redirect(url_for("sessions.show", public_id=public_id))


@bp.post("/<public_id>/expert")
@needs(*_LEADS)
@writes
def name_expert(public_id: str) -> Response:
    """Say whose vote is the expert baseline."""
    sessions.set_expert(g.person, public_id, person=request.form.get("person", ""))
    return redirect(url_for("sessions.show", public_id=public_id))


@bp.post("/<public_id>/deadline")
@needs(*_LEADS)
@writes
def put_off(public_id: str) -> Page | Response:
    """Let voting end at another moment."""
    form = forms.DeadlineForm()
    sessions.led(g.person, public_id)

    def deed() -> str:
        sessions.put_off(g.person, public_id, deadline_at=form.deadline_at())
        return "Votes are taken until then."

    return _add(public_id, "deadline_form", form, deed)


@bp.post("/<public_id>/state")
@needs(*_LEADS)
@writes
def move(public_id: str) -> Response:
    """Move the session on."""
    deed = MOVES.get(request.form.get("to", ""))
    sessions.led(g.person, public_id)
    if deed is None:
        raise BadInput(Problem("a step that there is", field="to"))
    deed(g.person, public_id)
    return redirect(url_for("sessions.show", public_id=public_id))


@bp.post("/<public_id>/step")
@needs(*_LEADS)
@writes
def step(public_id: str) -> Response:
    """Show everybody another case."""
    to = request.form.get("to", "")
    sessions.step(g.person, public_id, to=int(to) if to.isdecimal() else 1)
    return redirect(url_for("sessions.show", public_id=public_id))


@bp.post("/<public_id>/cases/<int:place>/agreed")
@needs(*_LEADS)
@writes
def agree_on(public_id: str, place: int) -> Page | Response:
    """Keep what is agreed on for a case."""
    consensus.of(g.person, public_id, place)
    head = queries.head(g.person, public_id)
    shown = discussion.shown(g.person, head, place) if head.is_shown else None
    form = consensus_form_of(shown)
    try:
        if not form.validate():
            return show_session(public_id, 422, consensus_form=form)
        consensus.record(
            g.person, public_id, place, verdict=form.verdict.data, section_key=form.section.data or None,
            action=form.action.data or None, severity_key=form.severity.data or None, reason=form.reason.data or "",
            unclear=form.unclear.data, before=request.form.get("before"),
        )  # fmt: skip
    except BadInput as error:
        account_forms.show(form, error)
        return show_session(public_id, 422, consensus_form=form)
    flash("Kept.", "ok")
    return redirect(url_for("sessions.show", public_id=public_id))


@bp.post("/<public_id>/cases/<int:place>/notes")
@needs(*_LEADS)
@writes
def note(public_id: str, place: int) -> Response:
    """Keep what was said about a case."""
    said = {
        name: "\n".join(request.form[name][:4000].splitlines()) for name in ("notes", "before") if name in request.form
    }
    consensus.take_notes(g.person, public_id, place, notes=said.get("notes", ""), before=said.get("before"))
    return redirect(url_for("sessions.show", public_id=public_id))


@bp.post("/<public_id>/cases/<int:place>/keep")
@needs(*_LEADS)
@writes
def keep(public_id: str, place: int) -> Response:
    """Make a precedent or a known-answer case of what was agreed on."""
    if request.form.get("as") == "gold":
        gold.keep(g.person, public_id, place)
        flash("It is a known-answer case now.", "ok")
        return redirect(url_for("sessions.show", public_id=public_id))
    row = precedents.keep(
        g.person, public_id, place, title=request.form.get("title", "")[:200],
        section_key=request.form.get("section", ""),
    )  # fmt: skip
    return redirect(url_for("precedents.show", public_id=row.public_id))
