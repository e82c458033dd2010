"""Forms of training."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from qa.core.forms import Form, strip


class AnswerForm(Form):
    """One answer; the options are those of the question that is asked."""

    no = IntegerField(validators=[NumberRange(1, 9)])
    question = IntegerField(validators=[NumberRange(1, 99)])
    option = RadioField("Your answer", validate_choice=False, validators=[DataRequired("Choose one answer.")])
    seconds = IntegerField(validators=[Optional(), NumberRange(0, 86_400)])


class ReadForm(Form):
    """A lesson was read."""

    lesson = HiddenField(validators=[DataRequired(), Length(max=64)])


class AssignForm(Form):
    """Training for one person, asked for by the lead."""

    person = SelectField("Agent", validators=[DataRequired("Choose an agent.")])
    sections = SelectMultipleField("Sections to teach", validators=[DataRequired("Choose at least one section.")])
    why = TextAreaField(
        "Why",
        validators=[Length(max=500)],
        filters=[strip],
        description="The agent reads this.",
    )


def assign_form(people: Sequence[tuple[str, str]], sections: Sequence[tuple[str, str]]) -> AssignForm:
    """The form with the agents whom the lead looks after and the sections in force."""
    form = AssignForm()
    form.person.choices = [SelectChoice("", "Choose"), *(SelectChoice(*one) for one in people)]
    form.sections.choices = [SelectChoice(*one) for one in sections]
    return form


class EndCoachingForm(Form):
    """How the talk went."""

    outcome = SelectField(
        "Outcome", choices=[SelectChoice("passed", "Understood"), SelectChoice("closed", "Ended without")]
    )


class SectionForm(Form):
    """Which section was read again, or talked over, and with whom."""

    section = HiddenField(validators=[DataRequired(), Length(max=400)])
    person = HiddenField(validators=[Optional(), Length(max=32)])
