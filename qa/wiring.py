"""What this room puts into the app: blueprints, commands, jobs, places and cards."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from flask import Flask

import qa.models.cases  # noqa: F401
import qa.models.danger  # noqa: F401
import qa.models.drafting  # noqa: F401
import qa.models.grading  # noqa: F401
import qa.models.guesses  # noqa: F401
import qa.models.plans  # noqa: F401
import qa.models.policies  # noqa: F401
import qa.models.practice  # noqa: F401
import qa.models.scorecards  # noqa: F401
import qa.models.texts  # noqa: F401
import qa.models.today  # noqa: F401
import qa.models.truth  # noqa: F401  (all tables must be known)
from qa import number_keys, questions, timed, voices
from qa.core import jobs, later, methods, rights, search
from qa.core.leave import keeping as leave_keeping
from qa.core.models import ROLES
from qa.core.registries import HomeCard, Place
from qa.danger import danger
from qa.danger import texts as danger_texts
from qa.drafting import long as drafting_jobs
from qa.draws import losing
from qa.grading import scorecards, today, votes, workflows
from qa.intake import undoing, uploads
from qa.plans import deeds as plan_deeds
from qa.queries import calls, drafts, finders, freshness, home, links_beside
from qa.queries import evidence as pack_rows
from qa.queries import masks as mask_queries
from qa.queries import questions as question_queries
from qa.queries import today as today_queries
from qa.removal import erasing
from qa.rights import RIGHTS
from qa.sheets import reading as sheet_reading
from qa.sheets import sheets as handed_in
from qa.starting import guide
from qa.tallies import tallies
from qa.views import (
    cases,
    clause_links,
    dangers,
    draft_texts,
    draws,
    grading,
    guesses,
    hearings,
    imports,
    keeping,
    looks,
    masks,
    media,
    on_call,
    plans,
    policies,
    practice,
    results,
    reveals,
    rulings,
    setup,
    sheets,
    sitting,
    slips,
    stand_ins,
)
from qa.views import questions as question_views
from qa.views import scorecards as scorecard_views

#: What answers to addresses.
PAGES = (
    setup.bp,
    plans.bp,
    draws.bp,
    policies.bp,
    draft_texts.bp,
    clause_links.bp,
    stand_ins.bp,
    question_views.bp,
    imports.bp,
    sheets.bp,
    grading.bp,
    sitting.bp,
    sitting.day,
    dangers.bp,
    on_call.bp,
    looks.bp,
    practice.bp,
    guesses.bp,
    reveals.bp,
    rulings.bp,
    rulings.disputes,
    scorecard_views.bp,
    slips.bp,
    results.bp,
    cases.bp,
    hearings.bp,
    masks.bp,
    media.bp,
    keeping.bp,
)


GRADERS, AGENTS, OWNERS = frozenset({"reviewer"}), frozenset({"agent"}), frozenset({"policy_owner"})
#: Whoever leads, and whoever may read what leads read.
MANAGERS, LEADS = frozenset({"manager", "admin"}), frozenset({"manager", "admin", "observer"})


def init_app(app: Flask) -> None:
    """Add the room to *app*."""
    app.extensions["setup_steps"] += [workflows.set_up, scorecards.set_up]
    app.extensions["before_commit"][:0] = [tallies.keep_up, votes.keep_up]
    _add_commands(later.commands(app))
    for pages in PAGES:
        app.register_blueprint(pages)
    with app.app_context():
        _add_jobs()
        _add_finders()
    rights.add(app, RIGHTS)
    methods.add(app, "qa.sampling")
    registries = app.extensions["registries"]
    registries.pack_parts.extend(pack_rows.parts())
    registries.notice_lines["question"] = questions.said_now
    registries.touched_by.append(question_queries.touched_by)
    registries.touched_by.append(links_beside.touched_by)
    registries.touched_by.append(today_queries.touched_by)
    registries.freshness.append(freshness.freshness)
    registries.text_holders.append(danger_texts.holder())
    registries.person_holders.extend([*losing.holders(), *leave_keeping.holders(), voices.holder(), today.holder()])
    _add_places(registries.places)
    _add_cards(registries.home_cards)


def _add_finders() -> None:
    search.finders()[:0] = [finders.of_cases, finders.of_results]
    search.finders().append(finders.of_clauses)


def _add_jobs() -> None:
    jobs.register("frames.refresh", plan_deeds.refresh)
    jobs.register(uploads.JOB, uploads.take_in)
    jobs.register(handed_in.JOB, sheet_reading.read)
    jobs.register(undoing.JOB, undoing.remove)
    jobs.register("sheets.tidy", handed_in.tidy, every=timedelta(days=1))
    jobs.register(drafting_jobs.TAKE, drafting_jobs.take_in)
    jobs.register(drafting_jobs.DEED, drafting_jobs.do)
    jobs.register("number_keys.reveal", number_keys.tell, every=timedelta(hours=1))
    jobs.register("plan.draw", plan_deeds.draw)
    jobs.register("plan.draw_due", plan_deeds.draw_due, every=timedelta(hours=1))
    jobs.register("grading.lapse", timed.lapse, every=timedelta(minutes=5))
    jobs.register("grading.release", timed.release, every=timedelta(minutes=15))
    jobs.register(danger.JOB, danger.compare)
    jobs.register("danger.climb", danger.climb, every=timedelta(minutes=1))
    jobs.register("hearings.follow_up", timed.hear, every=timedelta(hours=6))
    kept = later.handler(lambda: import_module("qa.removal.retention").job)
    jobs.register("retention.run", kept, every=timedelta(days=1))
    jobs.register(erasing.JOB, erasing.job)
    jobs.register(questions.JOB_TELL, questions.tell_concerned)


def _add_places(places: list[Place]) -> None:
    at_work = ("/policy-drafts", "/clause-links", "/stand-ins", "/questions")
    places.append(Place("Policies", "/policies", "o", frozenset(ROLES), covers=at_work, order=60, group="Policies"))
    places.append(Place("Imports", "/imports", "i", frozenset({"manager", "admin"}), order=31, group="Cases"))
    places.append(Place("Samples", "/plans", "s", LEADS, order=30, group="Cases", covers=("/draws",)))
    places.append(Place("Grade", "/grade", "q", GRADERS, order=10, group="Grading"))
    places.append(Place("My day", "/my-day", "", GRADERS, order=14, group="Grading"))
    places.append(Place("My results", "/results", "r", AGENTS, order=12, group="My work"))
    places.append(Place("In hand", "/looks", "", MANAGERS, order=34, group="Cases"))
    places.append(Place("On call", "/on-call", "", MANAGERS, order=35, group="Cases"))
    places.append(Place("New graders", "/practice/people", "", MANAGERS, order=36, group="Cases"))
    places.append(
        Place("Differences", "/differences", "f", MANAGERS, order=32, group="Cases", covers=("/process-slips",))
    )
    places.append(Place("Covered texts", "/masks", "x", MANAGERS, order=33, group="Cases"))
    places.append(Place("Scorecard", "/scorecards", "k", MANAGERS, order=27, group="Numbers", under="/quality"))
    places.append(Place("Set-up", "/setup", "", MANAGERS, order=39, group="Cases"))
    places.append(Place("Questions", "/questions", "u", frozenset(ROLES), order=61, group="Policies"))


def _add_cards(cards: list[HomeCard]) -> None:
    cards.append(HomeCard("qa/_card_setup.html", frozenset({"admin"}), guide.card, order=4))
    cards.append(HomeCard("qa/_card_calls.html", frozenset(ROLES), calls.waiting, order=5))
    cards.append(HomeCard("qa/_card_grading.html", GRADERS, home.grading_card, order=20))
    cards.append(HomeCard("qa/_card_results.html", AGENTS, home.results_card, order=30))
    cards.append(HomeCard("qa/_card_lead.html", MANAGERS, home.lead_card, order=40))
    cards.append(HomeCard("qa/_card_masks.html", MANAGERS, mask_queries.waiting, order=39))
    cards.append(HomeCard("qa/_card_questions.html", OWNERS, question_queries.waiting, order=18))
    cards.append(HomeCard("qa/_card_questions.html", MANAGERS, question_queries.waiting_for_lead, 42))
    cards.append(HomeCard("qa/_card_drafts.html", OWNERS, drafts.waiting, order=19))


def _add_commands(commands: later.Commands) -> None:
    commands.later("plan", lambda: import_module("qa.plans.cli").group)
    commands.later("policy", lambda: import_module("qa.policies.cli").group)
    commands.later("cases", lambda: import_module("qa.cases_cli").group)
    commands.later("grades", lambda: import_module("qa.grading.cli").group)
    commands.later("retention", lambda: import_module("qa.removal.cli").group)
    commands.later("erase", lambda: import_module("qa.removal.cli").erase)
    commands.later("sample", lambda: import_module("qa.sample_cli").sample)
