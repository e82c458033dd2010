"""Pages for people: who is here, with which roles, and the links that let them in. For admins."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from qa.core import account_forms as forms
from qa.core import accounts, api_tokens, people, people_queries, preferences
from qa.core.errors import BadInput
from qa.core.people_queries import PersonPage
from qa.core.web import Page, needs, page, writes

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.get("")
@needs("admin")
def listed() -> Page:
    """Who is here."""
    search, role = request.args.get("q", "")[:200], request.args.get("role", "")
    number = request.args.get("page", 1, type=int)
    rows, total = people_queries.listed(search=search, role=role, page=max(1, min(number, 10_000)))
    return page(
        "core/people.html",
        rows=rows,
        total=total,
        search=search,
        role=role,
        number=number,
        pages=-(-total // people_queries.PAGE),
        role_names=forms.ROLE_NAMES,
    )


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
