"""An invented form for the style page: one of every field."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from qa.core.forms import Form


class SampleForm(Form):
    """One of every field."""

    name = StringField(
        "Name of the plan", validators=[InputRequired(), Length(max=80)], description="People see it in their queue."
    )
    size = IntegerField("Cases a week", validators=[InputRequired(), NumberRange(min=1, max=5000)])
    starts_on = DateField("Starts on", validators=[Optional()])
    risk = SelectField("Risk tier", choices=[SelectChoice("1", "Low"), SelectChoice("2", "High")])
    teams = SelectMultipleField("Teams", choices=[SelectChoice("a", "Amber"), SelectChoice("b", "Blue")])
    why = TextAreaField("Reason")
    notify = BooleanField("Tell the team when the sample is drawn")
