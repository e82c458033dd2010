"""Forms of days off."""

from __future__ import annotations

from wtforms import DateField, RadioField, SelectChoice, SelectField
from wtforms.validators import InputRequired, Optional

from qa.core.forms import Form


class SpanForm(Form):
    """Days in a row."""

    first = DateField("First day", [InputRequired("Enter the first day.")])
    last = DateField("Last day", [Optional()], description="Empty: just the one day.")


class OwnLeaveForm(SpanForm):
    """Own leave, or own days off on which one works after all."""

    what = RadioField(
        "What",
        choices=[SelectChoice("leave", "I ask for leave"), SelectChoice("work", "I work after all")],
        default="leave",
    )


class EntryForm(SpanForm):
    """Days off of somebody else, of a team or of everybody."""

    whose = SelectField("Whose", validate_choice=False, validators=[InputRequired("Choose whose.")])
    kind = RadioField(
        "What",
        choices=[
            SelectChoice("leave", "Leave of a person"),
            SelectChoice("holiday", "Holiday of a team or of everybody"),
            SelectChoice("work", "Work: take back what was entered"),
        ],
        default="leave",
    )


class DecisionForm(Form):
    """A word on a request."""

    grant = RadioField(choices=[SelectChoice("yes", "Grant"), SelectChoice("no", "Decline")])
