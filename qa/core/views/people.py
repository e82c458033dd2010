"""Pages for people: who is here, with which roles, and the links that let them in. For admins."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from qa.core import aside, preferences
from qa.core.accounts import accounts, api_tokens, forms
from qa.core.errors import BadInput
from qa.core.people import people
from qa.core.people import queries as people_queries
from qa.core.people import rows as people_rows
from qa.core.people.queries import PersonPage
from qa.core.web import Page, needs, page, writes

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.get("")
@needs("admin")
def listed() -> Page:
    """Who is here."""
    asked = {name: request.args.get(name, "")[:200] for name in ("q", "role", "team", "vendor", "active")}
    number = max(1, min(request.args.get("page", 1, type=int), 10_000))
    only = {"search" if name == "q" else name: value for name, value in asked.items()}
    rows, total = people_queries.listed(page=number, **only)
    teams, vendors = people_queries.teams(), people_queries.vendors()
    return page(
        "core/people.html",
        rows=rows,
        total=total,
        asked=asked,
        view={name: value for name, value in asked.items() if value},
        chips=_chips(asked, {team.public_id: team.name for team in teams}),
        number=number,
        pages=-(-total // people_queries.PAGE),
        role_names=forms.ROLE_NAMES,
        teams=teams,
        vendors=vendors,
    )


def _chips(asked: dict[str, str], teams: dict[str, str]) -> list[tuple[str, str]]:
    """What is on, in words, each with the address of the list without it."""
    said = {
        "q": f"Search: {asked['q']}",
        "role": forms.ROLE_NAMES.get(asked["role"], asked["role"]).split(":")[0],
        "team": f"Team: {teams.get(asked['team'], 'unknown')}",
        "vendor": f"Vendor: {asked['vendor']}",
        "active": "Active" if asked["active"] == "yes" else "Not active",
    }
    on = {name: value for name, value in asked.items() if value}
    return [
        (said[name], url_for("people.listed", **{key: value for key, value in on.items() if key != name}))
        for name in on
    ]


@bp.get("/import")
@needs("admin")
def import_form() -> Page:
    """The form for a file of people."""
    return _import_page(forms.PeopleFileForm(formdata=None, dry_run=True))


@bp.post("/import")
@needs("admin")
def take_file() -> Page | Response:
    """Take everybody of a file, or nobody; it opens its own transaction, once the file is read."""
    form, file = forms.PeopleFileForm(), request.files.get("file")
    if not form.validate():
        return _import_page(form, 422)
    if file is None or not file.filename:
        form.file.errors = ["Choose a file."]
        return _import_page(form, 422)
    kept = aside.put(file.stream)
    try:
        counts = people.import_file(g.person, aside.path(kept), name=file.filename, dry_run=form.dry_run.data)
    except BadInput as error:
        return _import_page(form, 422, problems=error.problems[:50], more=max(0, len(error.problems) - 50))
    finally:
        aside.drop(kept)
    return _import_page(forms.PeopleFileForm(formdata=None), counts=counts, was_dry=form.dry_run.data)


def _import_page(form: forms.PeopleFileForm, status: int = 200, **came: Any) -> Page:
    return page("core/people_import.html", status, form=form, columns=people_rows.COLUMNS, **came)


@bp.get("/new")
@needs("admin")
def new() -> Page:
    """The form for somebody new."""
    return page("core/person_new.html", form=forms.NewPersonForm(formdata=None))


@bp.post("")
@needs("admin")
@writes
def add() -> Page | Response:
    """Add somebody."""
    form = forms.NewPersonForm()
    if not form.validate():
        return page("core/person_new.html", 422, form=form)
    try:
        person = people.create(g.person, form.cells())
    except BadInput as error:
        forms.show(form, error)
        return page("core/person_new.html", 422, form=form)
    flash("Added. Make a link next, so that they can choose a password.", "ok")
    return redirect(url_for("people.show", public_id=person.public_id))


@bp.get("/<public_id>")
@needs("admin")
def show(public_id: str) -> Page:
    """One person."""
    return _person_page(people_queries.shown(public_id))


@bp.post("/<public_id>")
@needs("admin")
@writes
def change(public_id: str) -> Page | Response:
    """Change a person; a change of roles ends their sittings."""
    form = forms.PersonForm()
    shown = people_queries.shown(public_id)
    if not form.validate():
        return _person_page(shown, 422, form=form)
    try:
        people.change(g.person, public_id, form.cells())
    except BadInput as error:
        forms.show(form, error)
        return _person_page(shown, 422, form=form)
    flash("Saved.", "ok")
    return redirect(url_for("people.show", public_id=public_id))


@bp.post("/<public_id>/active")
@needs("admin")
@writes
def set_active(public_id: str) -> Page | Response:
    """Let somebody in, or not any more."""
    form = forms.ActiveForm()
    shown = people_queries.shown(public_id)
    if not form.validate():
        return _person_page(shown, 422)
    people.let_in(g.person, public_id, form.active.data == "yes")
    return redirect(url_for("people.show", public_id=public_id))


@bp.post("/<public_id>/teams")
@needs("admin")
@writes
def set_led_teams(public_id: str) -> Page | Response:
    """Say which teams a manager sees."""
    form = _led_form()
    shown = people_queries.shown(public_id)
    if not form.validate():
        return _person_page(shown, 422, led=form)
    people.set_led_teams(g.person, public_id, None if form.all_teams.data else form.teams.data)
    flash("Saved.", "ok")
    return redirect(url_for("people.show", public_id=public_id))


@bp.post("/<public_id>/portion")
@needs("admin")
@writes
def set_portion(public_id: str) -> Page | Response:
    """Say how many cases somebody grades at most."""
    form = forms.PortionForm()
    shown = people_queries.shown(public_id)
    if not form.validate():
        return _person_page(shown, 422, portion=form)
    scope = preferences.of_person(shown.public_id)
    preferences.put(g.person, "daily_portion", form.a_day.data, scope=scope)
    preferences.put(g.person, "weekly_portion", form.a_week.data, scope=scope)
    flash("Saved.", "ok")
    return redirect(url_for("people.show", public_id=public_id))


@bp.post("/<public_id>/link")
@needs("admin")
@writes
def make_link(public_id: str) -> Page:
    """Make the link by which somebody chooses a password. It is shown this once and stored nowhere."""
    person = people.by_public_id(public_id)
    token = accounts.make_link(g.person, person)
    return page("core/person_link.html", name=person.name, public_id=public_id, token=token)


@bp.post("/<public_id>/tokens/<token_id>/revoke")
@needs("admin")
@writes
def revoke_token(public_id: str, token_id: str) -> Response:
    """End a token by which a program acts as this person."""
    api_tokens.revoke(g.person, public_id, token_id)
    flash("The token works no more.", "ok")
    return redirect(url_for("people.show", public_id=public_id))


def _led_form(**given: Any) -> forms.LedTeamsForm:
    form = forms.LedTeamsForm(**given)
    form.teams.choices = [SelectChoice(team.public_id, team.name) for team in people_queries.teams()]
    return form


def _portion_form(public_id: str) -> forms.PortionForm:
    scope = preferences.of_person(public_id)
    held = {
        "a_day": preferences.own("daily_portion", scope=scope),
        "a_week": preferences.own("weekly_portion", scope=scope),
    }
    return forms.PortionForm(formdata=None, **held)


def _person_page(person: PersonPage, status: int = 200, **changed: Any) -> Page:
    given = {"formdata": None, "all_teams": person.leads is None, "teams": list(person.leads or ())}
    return page(
        "core/person.html",
        status,
        shown=person,
        form=changed.get("form") or forms.PersonForm(formdata=None, obj=replace(person, team_since=None)),
        led=changed.get("led") or _led_form(**given),
        tokens=api_tokens.of_person(person.public_id),
        portion=changed.get("portion") or _portion_form(person.public_id),
        usual=(preferences.get("daily_portion"), preferences.get("weekly_portion")),
    )
