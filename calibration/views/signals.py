"""Accuracy alerts: the list, each with its evidence, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from calibration import forms, sentences
from calibration.queries import agents, alerts, changed
from calibration.signals import dossier, signals
from qa.core import preferences
from qa.core.downloads import csv_of
from qa.core.errors import BadInput, Problem
from qa.core.forms import Form
from qa.core.web import Page, needs, opens, page, writes
from qa.queries import grading

bp = Blueprint("signals", __name__)
_LEADS = ("manager", "observer", "admin")
#: What the filter of the list offers: what it says, and the states behind it.
SHOWN = {
    "open": ("Open", (*alerts.WAITING, *alerts.UNDER_WAY)),
    "waiting": ("Waiting for somebody", alerts.WAITING),
    "acted_on": ("Acted on", alerts.UNDER_WAY),
    "ended": ("Ended", ("closed", "dismissed", "withdrawn")),
    "all": ("All", ()),
}


@bp.get("/signals")
@needs(*_LEADS)
def listed() -> Page:
    """Accuracy alerts of the agents that one may see."""
    state = _state()
    shown = agents.shown_to(g.person)
    rows = dossier.lines(shown, SHOWN[state][1])
    return page(
        "calibration/signals.html",
        rows=[row for row in rows if row.alert.level == "act"],
        watched=[row for row in rows if row.alert.level == "watch"],
        kinds=sentences.KINDS,
        state=state,
        states={key: label for key, (label, _) in SHOWN.items()},
        scanned_at=changed.newest_scan(),
        false_alarms=dossier.expected_false_alarms(len(shown)),
        named=g.person.has("manager", "admin"),
    )


@bp.get("/signals.csv")
@needs(*_LEADS)
def download() -> Response:
    """The same list as a table."""
    rows = dossier.lines(agents.shown_to(g.person), SHOWN[_state()][1])
    header = ("agent", "kind", "level", "state", "leads", "since", "raised", "errors", "cases")
    return csv_of(
        "alerts.csv",
        header,
        (
            (
                row.agent.name, row.alert.kind, row.alert.level, row.alert.state, row.lead or "",
                row.alert.crossed_at.date(), row.alert.raised_at.date(), row.alert.errors, row.alert.n,
            )
            for row in rows
        ),
    )  # fmt: skip


@bp.get("/signals/<public_id>")
@needs("manager", "admin")
def show(public_id: str) -> Page:
    """One alert with its evidence and the choices."""
    return _page(public_id)


@bp.post("/signals/<public_id>/own")
@needs("manager", "admin")
@writes
def own(public_id: str) -> Response:
    """Take it into one's hands."""
    signals.own(g.person, public_id)
    return redirect(url_for("signals.show", public_id=public_id))


@bp.post("/signals/<public_id>/act")
@needs("manager", "admin")
@writes
def act(public_id: str) -> Page | Response:
    """Do something about it."""
    form = _act_form(dossier.of(g.person, public_id))
    return _told(public_id, "act_form", form, "Noted, and on its way.", lambda: signals.act(
        g.person, public_id, form.kind.data, section_keys=form.sections.data or (), reason=form.reason.data or "",
        due_on=form.due_on.data,
    ))  # fmt: skip


@bp.post("/signals/<public_id>/cause")
@needs("manager", "admin")
@writes
def cause(public_id: str) -> Page | Response:
    """Say what is behind it."""
    dossier.of(g.person, public_id)
    form = _cause_form()
    return _told(public_id, "cause_form", form, "Noted.", lambda: signals.explain(
        g.person, public_id, cause=form.cause.data
    ))  # fmt: skip


@bp.post("/signals/<public_id>/done")
@needs("manager", "admin")
@writes
def done(public_id: str) -> Response:
    """Say that coaching took place, or that enough was sampled."""
    dossier.of(g.person, public_id)
    action = request.form.get("action", "")
    if not action:
        raise BadInput(Problem("what was done", field="action"))
    signals.finish(g.person, public_id, action)
    flash("Noted. The day to look at the outcome stands beside it.", "ok")
    return redirect(url_for("signals.show", public_id=public_id))


@bp.post("/signals/<public_id>/check")
@needs("manager", "admin")
@writes
def check(public_id: str) -> Page | Response:
    """Write down what became of it, which closes it."""
    dossier.of(g.person, public_id)
    form = forms.CheckForm()
    return _told(public_id, "check_form", form, "Closed.", lambda: signals.check(
        g.person, public_id, form.action.data or "", result=form.result.data
    ))  # fmt: skip


@bp.post("/signals/<public_id>/dismiss")
@needs("manager", "admin")
@writes
def dismiss(public_id: str) -> Page | Response:
    """End it, with a reason."""
    dossier.of(g.person, public_id)
    form = _dismiss_form()
    return _told(public_id, "dismiss_form", form, "Dismissed.", lambda: signals.dismiss(
        g.person, public_id, reason=form.reason.data, text=form.text.data or ""
    ))  # fmt: skip


def _told(public_id: str, name: str, form: Form, said: str, deed: Callable[[], object]) -> Page | Response:
    """The alert after the deed that a form asks for; with the form again, by its *name*, where it lacks something."""
    if not form.validate():
        return _page(public_id, 422, **{name: form})
    deed()
    flash(said, "ok")
    return redirect(url_for("signals.show", public_id=public_id))


def _state() -> str:
    asked = request.args.get("state", "open")
    return asked if asked in SHOWN else "open"


def _act_form(shown: dossier.Dossier, **given: Any) -> forms.ActForm:
    form = forms.ActForm(**given)
    form.sections.choices = [SelectChoice(key, label) for key, label in shown.clauses.items()]
    return form


def _dismiss_form(**given: Any) -> forms.DismissForm:
    form = forms.DismissForm(**given)
    reasons = [SelectChoice("", "Choose a reason"), *(SelectChoice(*one) for one in grading.reasons("dismiss"))]
    form.reason.choices = reasons
    return form


def _cause_form(**given: Any) -> forms.CauseForm:
    form = forms.CauseForm(**given)
    reasons = [SelectChoice(*one) for one in grading.reasons("root_cause")]
    form.cause.choices = [SelectChoice("", "Choose a cause"), *reasons]
    return form


def _page(public_id: str, status: int = 200, **changed: Any) -> Page:
    shown = dossier.of(g.person, public_id)
    opens(shown.agent.id, "figures")
    return page(
        "calibration/signal.html",
        status,
        shown=shown,
        kinds=sentences.KINDS,
        act_kinds=forms.KINDS,
        by_hand=signals.BY_HAND,
        quote=sentences.alert_quote(
            shown.alert.kind, shown.alert.errors, shown.alert.n, float(preferences.get("detector_years"))
        ),
        cause_form=changed.get("cause_form") or _cause_form(formdata=None, cause=shown.alert.cause or ""),
        check_form=changed.get("check_form") or forms.CheckForm(formdata=None),
        act_form=changed.get("act_form") or _act_form(shown, formdata=None),
        dismiss_form=changed.get("dismiss_form") or _dismiss_form(formdata=None),
    )
