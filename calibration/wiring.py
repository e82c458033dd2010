"""What this room puts into the app: blueprints, commands, jobs, places and cards."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from flask import Flask

import calibration.models.signals  # noqa: F401  (its tables must be known)
from calibration import answered, cards, guessing, morning, session_wiring, signals, touched
from calibration.views import accuracy, agreement, graders, harm, hearings, planner, standards
from calibration.views import guessing as guessing_views
from calibration.views import quality as quality_views
from calibration.views import signals as signal_views
from qa.core import jobs, later
from qa.core.registries import HomeCard, Place


def init_app(app: Flask) -> None:
    """Add the room to *app*."""
    commands = later.commands(app)
    commands.later("agreement", lambda: import_module("calibration.commands").agreement)
    commands.later("accuracy", lambda: import_module("calibration.commands").accuracy_)
    commands.later("graders", lambda: import_module("calibration.graders_cli").graders)
    commands.later("signals", lambda: import_module("calibration.commands").signals_group)
    with app.app_context():
        jobs.register("signals.scan", signals.scan_job, every=timedelta(days=1))
        jobs.register("signals.follow_questions", answered.follow_job, every=timedelta(minutes=15))
    for view in (
        agreement,
        accuracy,
        harm,
        graders,
        planner,
        standards,
        signal_views,
        hearings,
        guessing_views,
        quality_views,
    ):
        app.register_blueprint(view.bp)
    session_wiring.init_app(app)
    registries = app.extensions["registries"]
    registries.touched_by.append(touched.touched_by)
    leads = frozenset({"manager", "observer", "admin"})
    registries.places.append(Place("Alerts", "/signals", "l", leads, order=20, group="Numbers"))
    registries.places.append(Place("Accuracy", "/accuracy", "a", leads, order=21, group="Numbers"))
    registries.places.append(Place("Agreement", "/agreement", "g", leads, order=22, group="Numbers"))
    registries.places.append(
        Place("Disputes", "/disputes", "v", frozenset({"manager", "admin"}), order=33, group="Cases")
    )
    registries.places.append(Place("Graders", "/graders", "n", leads, order=23, group="Numbers"))
    registries.places.append(
        Place("My grading", "/graders/me", "h", frozenset({"reviewer"}), order=11, group="Grading")
    )
    registries.places.append(Place("My accuracy", "/me", "y", frozenset({"agent"}), order=13, group="My work"))
    registries.places.append(Place("Work", "/quality", "w", leads, order=25, group="Numbers"))
    registries.places.append(Place("Guesses", "/guessing", "b", leads, order=24, group="Numbers"))
    managers = frozenset({"manager"})
    registries.home_cards.append(HomeCard("calibration/_card_alerts.html", managers, cards.alerts_card, order=15))
    registries.home_cards.append(HomeCard("calibration/_card_own.html", frozenset({"agent"}), cards.own_card, order=25))
    registries.home_cards.append(HomeCard("calibration/_card_sample.html", managers, morning.sample_card, order=16))
    registries.home_cards.append(HomeCard("calibration/_card_graders.html", managers, morning.graders_card, order=17))
    registries.home_cards.append(HomeCard("calibration/_card_late.html", managers, morning.late_card, order=18))
    registries.home_cards.append(HomeCard("calibration/_card_guessing.html", managers, guessing.card, order=19))
    observers = frozenset({"observer"})
    registries.home_cards.append(HomeCard("calibration/_card_observer.html", observers, cards.observer_card, order=26))
