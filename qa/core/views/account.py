"""Signing in and out, the own account, and the links by which a password is chosen."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from qa.core import openings, preferences
from qa.core.accounts import accounts, forms
from qa.core.errors import BadInput
from qa.core.paths import same_site
from qa.core.web import PUBLIC, SIGNED_IN, Page, needs, page, writes

bp = Blueprint("account", __name__)


@bp.get("/sign-in")
@needs(PUBLIC)
def sign_in() -> Page | Response:
    """The form for signing in."""
    target = same_site(request.args.get("next"))
    if g.person is not None:
        return redirect(target)
    form = forms.SignInForm(formdata=None, next=target)
    return page("core/sign_in.html", form=form)


@bp.post("/sign-in")
@needs(PUBLIC)
def enter() -> Page | Response:
    """Open a sitting, with a new cookie whatever cookie came."""
    form = forms.SignInForm()
    if form.validate():
        try:
            token = accounts.sign_in(form.email.data, form.password.data, address=_address())
        except BadInput as error:
            forms.show(form, error)
        else:
            _begin(token)
            return redirect(same_site(form.next.data))
    return page("core/sign_in.html", 422, form=form)


@bp.post("/sign-out")
@needs(SIGNED_IN)
@writes
def sign_out() -> Response:
    """End this sitting, here and on the server."""
    accounts.sign_out(g.person, session["token"])
    session.clear()
    return redirect(url_for("account.sign_in"))


@bp.get("/account")
@needs(SIGNED_IN)
def show() -> Page:
    """The own account."""
    return _account_page()


@bp.get("/account/openings")
@needs(SIGNED_IN)
def openings_of_mine() -> Page:
    """Who opened the reader's pages."""
    first = max(0, request.args.get("from", 0, type=int))
    rows = openings.of(g.person, first=first)
    days = preferences.get("page_opening_days")
    return page("core/openings.html", rows=rows, first=first, size=openings.PAGE, days=days)


@bp.post("/account/look")
@needs(SIGNED_IN)
@writes
def look() -> Page | Response:
    """Keep theme and keys."""
    form = forms.LookForm()
    if not form.validate():
        return _account_page(422, look=form)
    accounts.set_look(g.person, theme=form.theme.data or None, keys_off=not form.keys_on.data)
    flash("Saved.", "ok")
    return redirect(url_for("account.show"))


@bp.post("/account/password")
@needs(SIGNED_IN)
def change_password() -> Page | Response:
    """Take a new password; every other sitting ends."""
    form = forms.ChangePasswordForm()
    if form.validate():
        try:
            token = accounts.change_password(g.person, old=form.old.data, new=form.new.data, address=_address())
        except BadInput as error:
            forms.show(form, error)
        else:
            _begin(token)
            flash("Your password was changed. Other sittings of yours have ended.", "ok")
            return redirect(url_for("account.show"))
    return _account_page(422, password=form)


@bp.get("/reset/<token>")
@needs(PUBLIC)
def reset(token: str) -> Page:
    """The form by which the holder of a link chooses a password; looking does not use the link up."""
    return page("core/reset.html", form=forms.NewPasswordForm(), email=accounts.link_holder(token))


@bp.post("/reset/<token>")
@needs(PUBLIC)
def choose_password(token: str) -> Page | Response:
    """Take the chosen password; the link works no more."""
    form = forms.NewPasswordForm()
    email = accounts.link_holder(token)
    if form.validate():
        try:
            accounts.use_link(token, form.new.data)
        except BadInput as error:
            forms.show(form, error)
        else:
            session.clear()
            flash("Your password is set. Sign in with it.", "ok")
            return redirect(url_for("account.sign_in"))
    return page("core/reset.html", 422, form=form, email=email)


def _begin(token: str) -> None:
    session.clear()
    session["token"] = token


def _address() -> str:
    return request.remote_addr or "unknown"


def _account_page(status: int = 200, **changed: Any) -> Page:
    person = g.person
    look_form = changed.get("look") or forms.LookForm(
        formdata=None, theme=person.theme or "", keys_on=not person.keys_off
    )
    password_form = changed.get("password") or forms.ChangePasswordForm(formdata=None)
    return page("core/account.html", status, look=look_form, password=password_form)
