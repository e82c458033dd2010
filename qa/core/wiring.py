"""What the kernel itself puts into the app: pages for signing in and for administration."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

from flask import Flask, g, url_for

import qa.core.access_models  # noqa: F401
import qa.core.leave.models  # noqa: F401
import qa.core.models  # noqa: F401
import qa.core.notices.models  # noqa: F401  (all tables must be known before the first query)
from qa.core import admin_queries, audit, clock, jobs, later, openings, own_rights, packing, rights, search
from qa.core.accounts import throttle
from qa.core.db import write
from qa.core.models import ROLES
from qa.core.notices import notify
from qa.core.registries import HomeCard, Place
from qa.core.views import account, admin, audit_log, begin, days_off, help, home, notices, people, styleguide
from qa.core.views import search as search_page


def init_app(app: Flask) -> None:
    """Add the kernel's own pages to *app*."""
    for view in (account, begin, home, people, admin, audit_log, help, notices, days_off, search_page):
        app.register_blueprint(view.bp)
    if app.config["SETTINGS"].environment == "development":
        app.register_blueprint(styleguide.bp)
    later.commands(app).later("people", lambda: import_module("qa.core.people.cli").group)
    app.context_processor(_addresses)
    rights.add(app, own_rights.RIGHTS)
    with app.app_context():
        jobs.register("openings.sweep", lambda _work: {"gone": openings.sweep()}, every=timedelta(days=1))
        search.finders().append(search.people)
        jobs.register(admin_queries.VERIFY, verify_audit, every=timedelta(days=1))
        deliver = later.handler(lambda: import_module("qa.core.notices.delivering").deliver)
        jobs.register(notify.DELIVER, deliver, every=timedelta(minutes=5))
        jobs.register("throttle.sweep", sweep_throttle, every=timedelta(hours=6))
    registries = app.extensions["registries"]
    admins = frozenset({"admin"})
    registries.places.append(Place("People", "/people", "p", admins, order=90, group="Administration"))
    registries.places.append(Place("Administration", "/admin", "d", admins, order=91, group="Administration"))
    registries.pack_parts.extend(packing.parts())
    leads = frozenset({"manager", "admin"})
    registries.places.append(Place("Days off", "/days-off", "", leads, order=37, group="Cases"))
    registries.home_cards.append(HomeCard("core/_card_notices.html", frozenset(ROLES), notify.unread, order=10))
    registries.home_cards.append(HomeCard("core/_card_admin.html", admins, admin_queries.desk, order=90))


def verify_audit(_work: jobs.Work) -> dict[str, Any]:
    """Walk the audit chain; what was found is the job's result."""
    verdict = audit.verify()
    return {"entries": verdict.entries, "bad_seq": verdict.bad_seq, "why": verdict.why}


def sweep_throttle(_work: jobs.Work) -> dict[str, Any]:
    """Forget tries that count no more."""
    return {"swept": write(throttle.sweep)}


def _addresses() -> dict[str, Any]:
    """What the frame of every page leads to."""
    signed_in = g.get("person") is not None
    return {
        "home_url": url_for("home.show"),
        "help_url": url_for("help.show") if signed_in else None,
        "account_url": url_for("account.show") if signed_in else None,
        "search_url": url_for("search.show") if signed_in else None,
        "sign_out_url": url_for("account.sign_out") if signed_in else None,
        "today": clock.now(),
    }
