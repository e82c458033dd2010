"""The forms of targets and events."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import DateField, FloatField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from calibration.goals.events import LONGEST
from calibration.goals.targets import LEAST, MOST
from qa.core.forms import Form, strip


class TargetForm(Form):
    """A target and its first day."""

    about = SelectField("Of", validators=[InputRequired("Choose what it is of.")])
    percent = FloatField(
        "Target (%)",
        [InputRequired("Enter a number."), NumberRange(100 * LEAST, 100 * MOST, "Enter a number from 50 to 99.9.")],
    )
    from_on = DateField("From", [InputRequired("Enter a day.")])

    def offer(self, workflows: Sequence[tuple[str, str]], policies: Sequence[tuple[str, str]]) -> None:
        """Put in what a target can be of."""
        self.about.choices = [
            SelectChoice("all", "Everything"),
            *(SelectChoice(f"workflow:{key}", f"Workflow: {name}") for key, name in workflows),
            *(SelectChoice(f"policy:{key}", f"Policy: {name}") for key, name in policies),
        ]


class EventForm(Form):
    """What happened on a day."""

    happened_on = DateField("Day", [InputRequired("Enter a day.")])
    said = StringField("What happened", [InputRequired("Say what happened."), Length(max=LONGEST)], filters=[strip])
