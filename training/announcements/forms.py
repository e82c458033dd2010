"""The form of an announcement."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import DateField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from qa.core.forms import Form, strip
from training.queries.announcements import AUDIENCES, KINDS


class AnnounceForm(Form):
    """What changed, for whom, and until when it is to be read."""

    kind = SelectField("What changed", choices=[SelectChoice(*one) for one in KINDS.items()])
    title = StringField("Title", validators=[DataRequired("Give it a title."), Length(max=200)], filters=[strip])
    body = TextAreaField(
        "What is different now", validators=[DataRequired("Say what changed."), Length(max=8000)], filters=[strip],
        description="A blank line begins a new paragraph.",
    )  # fmt: skip
    audience = SelectField("Who reads it", choices=[SelectChoice(*one) for one in AUDIENCES.items()])
    team = SelectField("Team", default="")
    due_on = DateField("To be read until", validators=[DataRequired("Choose the day.")])


def announce_form(teams: Sequence[tuple[str, str]], *, everywhere: bool) -> AnnounceForm:
    """The form with the teams that one leads."""
    form = AnnounceForm()
    every = [SelectChoice("", "All teams")] if everywhere else []
    form.team.choices = [*every, *(SelectChoice(*one) for one in teams)]
    return form
