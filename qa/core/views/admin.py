"""Pages of administration: background jobs and settings."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from qa.core import admin_queries, audit, job_queries, jobs, preferences
from qa.core.accounts import forms
from qa.core.errors import BadInput, NotFound
from qa.core.web import Page, needs, page, writes

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("")
@needs("admin")
def show() -> Page:
    """The state of the installation, and the ways on."""
    return page("core/admin.html", desk=admin_queries.desk(g.person))


@bp.get("/jobs")
@needs("admin")
def list_jobs() -> Page:
    """What is done in the background."""
    shown, before = request.args.get("shown", ""), request.args.get("before", type=int)
    return page(
        "core/jobs.html",
        running=[] if before else job_queries.jobs(shown="open"),
        jobs=job_queries.jobs(shown=shown if shown in job_queries.ENDED else "ended", before=before),
        counts=job_queries.counts(),
        periodic=job_queries.periodic(),
        shown=shown,
        before=before,
        size=job_queries.PAGE,
        said=job_queries.said,
    )


@bp.post("/jobs/<public_id>/cancel")
@needs("admin")
@writes
def cancel_job(public_id: str) -> Response:
    """Ask a job to end."""
    jobs.cancel(g.person, public_id)
    audit.note(g.person, "cancelled", "job", public_id)
    flash("The job ends at its next step. What it stored so far stays.")
    return redirect(url_for("admin.list_jobs"))


@bp.post("/jobs/<public_id>/retry")
@needs("admin")
@writes
def retry_job(public_id: str) -> Response:
    """Ask again for what failed."""
    jobs.retry(g.person, public_id)
    audit.note(g.person, "retried", "job", public_id)
    flash("Asked for again.")
    return redirect(url_for("admin.list_jobs"))


@bp.get("/settings")
@needs("admin")
def list_settings() -> Page:
    """All settings, with who set them when."""
    search, changed = request.args.get("q", "")[:200], request.args.get("changed") == "yes"
    found = admin_queries.settings(search, changed=changed)
    return page("core/settings.html", settings=found, search=search, changed=changed)


@bp.get("/settings/<key>")
@needs("admin")
def show_setting(key: str) -> Page:
    """One setting and its past."""
    return _setting_page(key)


@bp.post("/settings/<key>")
@needs("admin")
@writes
def set_setting(key: str) -> Page | Response:
    """Let a new value hold from now on."""
    known, form = preferences.KNOWN.get(key), forms.SettingForm()
    if known is None:
        raise NotFound("setting")
    if not form.validate():
        return _setting_page(key, 422, form=form)
    try:
        preferences.put(g.person, key, known.read(form.value.data or ""))
    except BadInput as error:
        form.value.errors = [f"{problem.expected[:1].upper()}{problem.expected[1:]}." for problem in error.problems]
        return _setting_page(key, 422, form=form)
    flash("Saved. It holds from now on; past figures keep the value of their time.", "ok")
    return redirect(url_for("admin.list_settings"))


def _setting_page(key: str, status: int = 200, **changed: Any) -> Page:
    if key not in preferences.KNOWN:
        raise NotFound("setting")
    line = admin_queries.setting(key)
    form = changed.get("form") or forms.SettingForm(formdata=None, value=preferences.written(line.value))
    past, default = admin_queries.history(key), preferences.written(preferences.DEFAULTS[key])
    return page("core/setting.html", status, setting=line, form=form, history=past, default=default)
