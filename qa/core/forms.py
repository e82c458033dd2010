"""The form that all forms extend, so that the CSRF token cannot be forgotten."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import Length


class Form(FlaskForm):
    """A form with a CSRF token. Texts are capped, white space at their ends goes."""


class OnceForm(Form):
    """A form that a client may send twice: it carries the key by which the second one is known."""

    idempotency_key = HiddenField(validators=[Length(max=100)])


def strip(value: str | None) -> str | None:
    """A WTForms filter: text without white space at its ends."""
    return value.strip() if isinstance(value, str) else value
