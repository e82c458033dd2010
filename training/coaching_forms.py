"""Forms of coaching: a note on a talk, and the talk after the last retake."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import DateField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from qa.core.forms import Form, strip


class NoteForm(Form):
    """A note on a talk."""

    person = SelectField("Agent", validators=[DataRequired("Choose an agent.")])
    about = SelectField("About", default="", description="A training or an alert of this agent.")
    text = TextAreaField(
        "What you talked over", validators=[DataRequired("Write it."), Length(max=4000)], filters=[strip]
    )
    agreed = TextAreaField("What you agreed", validators=[Length(max=1000)], filters=[strip])
    check_on = DateField("Next check", validators=[Optional()], description="You are both told on that day.")

    def origin(self) -> tuple[str, str] | None:
        """The kind and the address of what it is about."""
        kind, _, ref = (self.about.data or "").partition(":")
        return (kind, ref) if ref else None


def note_form(people: Sequence[tuple[str, str]], about: Sequence[tuple[str, str]]) -> NoteForm:
    """The form with the agents whom the lead looks after, and their trainings and alerts."""
    form = NoteForm()
    form.person.choices = [SelectChoice("", "Choose"), *(SelectChoice(*one) for one in people)]
    form.about.choices = [SelectChoice("", "Nothing of these"), *(SelectChoice(*one) for one in about)]
    return form


class TalkForm(Form):
    """The talk after the last retake."""

    text = TextAreaField(
        "What was discussed", validators=[DataRequired("Write it."), Length(max=4000)], filters=[strip],
        description="Which clause was misread, and why. The agent reads this, and confirms it.",
    )  # fmt: skip
    agreed = TextAreaField(
        "Agreed actions", validators=[DataRequired("Say what you agreed."), Length(max=1000)], filters=[strip]
    )
    check_on = DateField("Next check", validators=[DataRequired("Choose the day.")])
    outcome = SelectField(
        "Outcome",
        choices=[SelectChoice("passed", "Understood: the training is passed"), SelectChoice("closed", "Ended without")],
    )


class ReasonForm(Form):
    """Why something is done."""

    because = StringField("Why", validators=[DataRequired("Say why."), Length(max=500)], filters=[strip])
