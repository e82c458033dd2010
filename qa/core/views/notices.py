"""How one is told, and the chat channel of the installation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from qa.core.accounts import forms as account_forms
from qa.core.errors import BadInput
from qa.core.notices import channels, mailing
from qa.core.notices import choices as notice_choices
from qa.core.notices.forms import ChannelForm, NoticesForm
from qa.core.notices.quiet import Choice
from qa.core.notices.webhook import NotTaken
from qa.core.web import SIGNED_IN, Page, needs, page, writes

bp = Blueprint("notices", __name__)


@bp.get("/account/notices")
@needs(SIGNED_IN)
def show() -> Page:
    """One's own choice."""
    return _own()


@bp.post("/account/notices")
@needs(SIGNED_IN)
@writes
def choose() -> Page | Response:
    """Change it."""
    form = NoticesForm()
    if not form.validate():
        return _own(422, form)
    try:
        notice_choices.choose(
            g.person,
            Choice(form.how.data, int(form.digest_hour.data), _hour(form.quiet_from.data), _hour(form.quiet_to.data)),
        )
    except BadInput as error:
        account_forms.show(form, error)
        return _own(422, form)
    flash("Saved.", "ok")
    return redirect(url_for("notices.show"))


def _hour(text: str) -> int | None:
    return int(text) if text else None


def _own(status: int = 200, form: NoticesForm | None = None) -> Page:
    chosen = notice_choices.of(g.person)
    hours = {name: "" if getattr(chosen, name) is None else str(getattr(chosen, name))
             for name in ("digest_hour", "quiet_from", "quiet_to")}  # fmt: skip
    shown = form or NoticesForm(formdata=None, data={"how": chosen.how, **hours})
    return page("core/notices.html", status, form=shown, mails=mailing.is_set_up())


@bp.get("/admin/channel")
@needs("admin")
def channel() -> Page:
    """The chat channel."""
    return _channel()


@bp.post("/admin/channel")
@needs("admin")
def set_channel() -> Page | Response:
    """Name it: its address is looked up first, outside any transaction."""
    form = ChannelForm()
    if not form.validate():
        return _channel(422, form)
    try:
        channels.name(g.person, url=form.url.data or "", kinds=form.kinds.data or ())
    except BadInput as error:
        account_forms.show(form, error)
        return _channel(422, form)
    flash("Saved.", "ok")
    return redirect(url_for("notices.channel"))


@bp.post("/admin/channel/try")
@needs("admin")
def try_channel() -> Response:
    """Say one line there."""
    try:
        channels.try_out()
    except NotTaken as error:
        flash(f"It did not arrive: {error}.", "bad")
    else:
        flash("It was taken.", "ok")
    return redirect(url_for("notices.channel"))


@bp.post("/admin/channel/remove")
@needs("admin")
@writes
def remove_channel() -> Response:
    """Let nothing go there any more."""
    channels.remove(g.person)
    flash("Nothing goes there any more.", "ok")
    return redirect(url_for("notices.channel"))


def _channel(status: int = 200, form: ChannelForm | None = None) -> Page:
    known = channels.shown()
    values: dict[str, Any] = {"kinds": list(known.kinds) if known else ["danger"]}
    return page("core/channel.html", status, form=form or ChannelForm(formdata=None, data=values), known=known)
