"""Pages for policies: what is in force, each version as people read it, what changed, and a search over all."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from qa.core.errors import BadInput, Problem
from qa.core.web import SIGNED_IN, Page, needs, page, writes
from qa.policies import queries as policy_queries
from qa.policies import section_changes
from qa.policies.queries import VersionRow
from qa.queries import comparing, policy_search, reading

bp = Blueprint("policies", __name__, url_prefix="/policies")
OWNERS = ("policy_owner", "admin")


@bp.get("")
@needs(SIGNED_IN)
def listed() -> Page:
    """Every policy with the version that is in force; with words to search for, the sections that hold them."""
    asked = request.args.get("q", "").strip()[:200]
    slug, on = request.args.get("policy", ""), _day()
    hits, total = policy_search.found(asked, on=on, slug=slug) if asked else ([], 0)
    return page(
        "qa/policies.html",
        policies=policy_queries.overview(), asked=asked, slug=slug, on=on, hits=hits, total=total,
    )  # fmt: skip


@bp.get("/<slug>")
@needs(SIGNED_IN)
def show(slug: str) -> Page:
    """The version that is in force today, or on the day that the address names."""
    return _shown(reading.in_force(slug, _day()))


@bp.get("/<slug>/<number>")
@needs(SIGNED_IN)
def show_version(slug: str, number: str) -> Page:
    """One version."""
    return _shown(reading.published(slug, number))


@bp.get("/<slug>/<number>/changes")
@needs(SIGNED_IN)
def changes(slug: str, number: str) -> Page:
    """What a version changed in the one before it, or in another one."""
    first = request.args.get("from", 0, type=int)
    shown = comparing.comparison(slug, number, request.args.get("against") or None, first=first)
    return page("qa/policy_changes.html", shown=shown, may_rule=g.person.has(*OWNERS))


@bp.post("/<slug>/<number>/changes")
@needs(*OWNERS)
@writes
def rule(slug: str, number: str) -> Response:
    """Keep what the owner says that reworded sections of a published version mean."""
    said = {name.removeprefix("ruling:"): value for name, value in request.form.items() if name.startswith("ruling:")}
    changed = section_changes.rule(g.person, slug, number, said)
    flash("Kept." if changed else "Nothing was changed.")
    shown = {name: request.form.get(name) or None for name in ("against", "from")}
    return redirect(url_for("policies.changes", slug=slug, number=number, **shown))


def _shown(version: VersionRow) -> Page:
    rules = {"1": True, "0": False}.get(request.args.get("rules", ""))
    language, at = request.args.get("lang", ""), request.args.get("at", "")[:400]
    shown = reading.spread(g.person, version, rules=rules, language=language, at=at)
    return page("qa/policy.html", shown=shown)


def _day() -> date | None:
    """The day that the address asks for."""
    given = request.args.get("on", "").strip()
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as error:
        raise BadInput(Problem("a date like 2026-11-15", field="on", value=given)) from error
