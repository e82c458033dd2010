"""What this room puts into the app: blueprints, commands, jobs, places and cards."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from flask import Flask

import training.models.announcements
import training.models.learning
import training.models.modules
import training.models.paths
import training.models.retention
import training.models.trials  # noqa: F401  (all tables must be known)
from qa.core import jobs, later, rights
from qa.core.registries import HomeCard, Place
from training import change_costs, giving, held_texts
from training.business import wiring as business_wiring
from training.paths.paths import WALK
from training.queries import announcements as announced
from training.queries import home, pack
from training.rights import RIGHTS
from training.views import announcements, changes, checks, editing, leading, learning, paths, people

_LEARNERS, _LEADS = frozenset({"agent"}), frozenset({"manager"})


def init_app(app: Flask) -> None:
    """Add the room to *app*."""
    for view in (leading, learning, checks, editing, people, changes, paths, announcements):
        app.register_blueprint(view.bp)
    business_wiring.init_app(app)
    commands = later.commands(app)
    commands.later("training", lambda: import_module("training.commands").group)
    commands.later("demo", lambda: import_module("training.demo_cli").demo)
    with app.app_context():
        _add_jobs()
    rights.add(app, RIGHTS)
    registries = app.extensions["registries"]
    registries.pack_parts.extend(pack.parts())
    _add_places(registries.places)
    _add_cards(registries.home_cards)
    registries.touched_by.append(home.touched_by)
    registries.change_costs.append(change_costs.costs)
    registries.text_holders.extend(held_texts.holders())


def _add_jobs() -> None:
    assign = later.handler(lambda: import_module("training.jobs").assign)
    jobs.register("training.assign", assign, every=timedelta(minutes=5))
    walk = later.handler(lambda: import_module("training.jobs").walk)
    jobs.register(WALK, walk, every=timedelta(minutes=15))
    jobs.register(giving.JOB_BY_HAND, later.handler(lambda: import_module("training.jobs").assign_by_hand))
    follow = later.handler(lambda: import_module("training.jobs").follow_versions)
    jobs.register("training.versions", follow, every=timedelta(minutes=15))
    recheck = later.handler(lambda: import_module("training.jobs").recheck)
    jobs.register("training.rechecks", recheck, every=timedelta(hours=1))
    remind = later.handler(lambda: import_module("training.jobs").remind)
    jobs.register("training.reminders", remind, every=timedelta(hours=1))
    check = later.handler(lambda: import_module("training.jobs").check)
    jobs.register("training.checks", check, every=timedelta(hours=1))
    measure = later.handler(lambda: import_module("training.jobs").measure)
    jobs.register("training.effects", measure, every=timedelta(days=1))


def _add_places(places: list[Place]) -> None:
    places.append(
        Place("Training", "/training", "t", _LEARNERS | _LEADS, order=50, group="Training", covers=("/checks",))
    )
    places.append(Place("Modules", "/modules", "m", _LEADS | {"policy_owner", "admin"}, order=51, group="Training"))
    places.append(Place("Coaching", "/coaching", "", _LEARNERS | _LEADS, order=52, group="Training"))
    places.append(Place("Clearances", "/clearances", "", _LEADS, order=53, group="Training"))
    places.append(Place("Training paths", "/paths", "", _LEADS, order=55, group="Training"))
    places.append(
        Place("What training changed", "/training-changes", "", _LEADS | {"admin"}, order=56, group="Training")
    )
    places.append(
        Place("Announcements", "/announcements", "", _LEARNERS | _LEADS | {"reviewer"}, order=54, group="Training")
    )


def _add_cards(cards: list[HomeCard]) -> None:
    cards.append(HomeCard("training/_card_announced.html", _LEARNERS | {"reviewer"}, announced.unread, order=29))
    cards.append(HomeCard("training/_card_due.html", _LEARNERS, home.training_card, order=30))
    cards.append(HomeCard("training/_card_checks.html", _LEARNERS, home.checks_card, order=31))
    cards.append(HomeCard("training/_card_lead.html", _LEADS, home.lead_card, order=35))
