"""What sessions, known-answer cases and precedents put into the app."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

import calibration.models.gold  # noqa: F401
import calibration.models.precedents  # noqa: F401
import calibration.models.sessions  # noqa: F401  (all tables must be known)
from calibration import change_costs, precedents
from calibration.gold import queue as gold_queue
from calibration.queries import sessions as queries
from calibration.sessions import notices as session_notices
from calibration.sessions import series
from calibration.views import gold, guests, minutes, session_votes, sessions
from calibration.views import precedents as precedent_views
from qa.core import jobs
from qa.core.models import ROLES
from qa.core.registries import HomeCard, Place


def init_app(app: Flask) -> None:
    """Add them to *app*."""
    app.before_request(guests.keep_in)
    app.context_processor(guests.frame)
    with app.app_context():
        jobs.register("sessions.keep_up", series.keep_up, every=timedelta(minutes=15))
    for view in (sessions, session_votes, minutes, guests, precedent_views, gold):
        app.register_blueprint(view.bp)
    registries = app.extensions["registries"]
    registries.notice_lines[session_notices.KIND] = session_notices.said_now
    registries.concerned.append(session_notices.concerned)
    registries.extra_tasks.append(gold_queue.wanted)
    registries.touched_by.append(precedents.touched_by)
    registries.kept_answers.append(precedents.kept_answers)
    registries.change_costs.append(change_costs.costs)
    registries.text_holders.append(precedents.text_holder())
    everybody = frozenset(ROLES)
    covers = ("/precedents", "/known-answers")
    registries.places.append(
        Place("Sessions", "/sessions", "c", everybody, order=40, group="Calibration", covers=covers)
    )
    registries.home_cards.append(HomeCard("calibration/_card_sessions.html", everybody, queries.waiting, order=22))
