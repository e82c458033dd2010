"""What this room puts into the app: blueprints, commands, jobs, places and cards."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from flask import Flask

import calibration.models.graders  # noqa: F401
import calibration.models.signals  # noqa: F401  (its tables must be known)
from calibration import cards, guessing, morning, touched
from calibration.earlier import wiring as earlier_wiring
from calibration.evidence import evidence, parts
from calibration.goals import wiring as goals_wiring
from calibration.graders import keeping
from calibration.queries import finders
from calibration.reports import wiring as report_wiring
from calibration.rights import RIGHTS
from calibration.sessions import wiring as session_wiring
from calibration.signals import answered, forgetting, signals, under_way
from calibration.views import accuracy, agreement, capacity, graders, harm, hearings, planner, standards
from calibration.views import evidence as evidence_views
from calibration.views import guessing as guessing_views
from calibration.views import quality as quality_views
from calibration.views import signals as signal_views
from qa.core import jobs, later, methods, rights, search
from qa.core.registries import HomeCard, Place

_AGENTS, _GRADERS, _OBSERVERS = frozenset({"agent"}), frozenset({"reviewer"}), frozenset({"observer"})
_MANAGERS, _LEADS = frozenset({"manager"}), frozenset({"manager", "observer", "admin"})
_DECIDERS = frozenset({"manager", "admin"})
_VIEWS = (
    agreement, accuracy, capacity, harm, graders, planner, standards, signal_views, hearings, guessing_views,
    quality_views, evidence_views,
)  # fmt: skip
_PLACES = (
    Place("Alerts", "/signals", "l", _LEADS, order=20, group="Numbers"),
    Place("Accuracy", "/accuracy", "a", _LEADS, order=21, group="Numbers", covers=("/below-standard", "/planner")),
    Place("Trend", "/trend", "", _LEADS, order=21, group="Numbers", under="/accuracy"),
    Place("Agreement", "/agreement", "g", _LEADS, order=22, group="Numbers"),
    Place("Graders", "/graders", "n", _LEADS, order=23, group="Numbers"),
    Place("Work", "/quality", "w", _LEADS, order=24, group="Numbers"),
    Place("Reports", "/reports", "", _LEADS, order=25, group="Numbers"),
    Place("Capacity", "/capacity", "", _LEADS, order=25, group="Numbers", under="/reports"),
    Place("Guesses", "/guessing", "b", _LEADS, order=26, group="Numbers", under="/graders"),
    Place("Evidence", "/evidence", "", _DECIDERS, order=28, group="Numbers", under="/reports"),
    Place("Check a sheet", "/earlier-qa", "e", _DECIDERS, order=29, group="Numbers", under="/reports"),
    Place("Disputes", "/disputes", "v", _DECIDERS, order=33, group="Cases"),
    Place("My grading", "/graders/me", "h", _GRADERS, order=11, group="Grading"),
    Place("My accuracy", "/me", "y", _AGENTS, order=13, group="My work"),
)
_CARDS = (
    HomeCard("calibration/_card_alerts.html", _MANAGERS, cards.alerts_card, order=15),
    HomeCard("calibration/_card_sample.html", _MANAGERS, morning.sample_card, order=16),
    HomeCard("calibration/_card_graders.html", _MANAGERS, morning.graders_card, order=17),
    HomeCard("calibration/_card_late.html", _MANAGERS, morning.late_card, order=18),
    HomeCard("calibration/_card_guessing.html", _MANAGERS, guessing.card, order=19),
    HomeCard("calibration/_card_own.html", _AGENTS, cards.own_card, order=25),
    HomeCard("calibration/_card_observer.html", _OBSERVERS, cards.observer_card, order=26),
)


def init_app(app: Flask) -> None:
    """Add the room to *app*."""
    commands = later.commands(app)
    commands.later("agreement", lambda: import_module("calibration.commands").agreement)
    commands.later("accuracy", lambda: import_module("calibration.commands").accuracy_)
    commands.later("graders", lambda: import_module("calibration.graders.cli").graders)
    commands.later("check", lambda: import_module("calibration.earlier.cli").check_sheet)
    commands.later_within("cases", lambda: import_module("calibration.gold.cli").import_gold)
    commands.later("signals", lambda: import_module("calibration.commands").signals_group)
    commands.later("report", lambda: import_module("calibration.evidence.cli").group)
    for place in range(3):
        commands.later_within("report", lambda place=place: import_module("calibration.reports.cli").COMMANDS[place]())
    with app.app_context():
        search.finders().append(finders.of_agents)
        jobs.register("signals.scan", signals.scan_job, every=timedelta(days=1))
        jobs.register("graders.recount", keeping.recount_job, every=timedelta(hours=1))
        jobs.register("signals.follow_questions", answered.follow_job, every=timedelta(minutes=15))
        jobs.register(evidence.JOB, evidence.make)
        jobs.register(evidence.SWEEP, evidence.sweep, every=timedelta(hours=1))
    app.extensions["before_commit"][:0] = [keeping.keep_up]  # before those of qa, which forget what was touched
    app.extensions["setup_steps"].append(keeping.set_up)
    for view in _VIEWS:
        app.register_blueprint(view.bp)
    session_wiring.init_app(app)
    earlier_wiring.init_app(app)
    goals_wiring.init_app(app)
    report_wiring.init_app(app)
    rights.add(app, RIGHTS)
    methods.add(app, "calibration.stats")
    registries = app.extensions["registries"]
    registries.pack_parts.extend(parts.parts())
    registries.touched_by.append(touched.touched_by)
    registries.person_holders.extend(forgetting.holders())
    registries.open_actions.append(under_way.open_actions)
    registries.places.extend(_PLACES)
    registries.home_cards.extend(_CARDS)
