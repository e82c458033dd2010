"""The form by which a report is asked for: read once for its preview, and sent to keep it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, DateField, SelectChoice, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from calibration.reports.composing import KINDS
from calibration.reports.wishes import LAST_DAY, WEEKDAYS
from qa.core.errors import BadInput
from qa.core.forms import Form, strip


class SaidForm(Form):
    """Which report, and what is said in it."""

    kind = SelectField("Report", choices=[SelectChoice(key, label) for key, label in KINDS.items()])
    names = BooleanField("Name the agents of alerts")
    own = TextAreaField("Your own sentences", [Optional(), Length(max=6000)], filters=[strip],
                        description="A line each, up to ten: what went wrong, what is planned.")  # fmt: skip

    @property
    def sentences(self) -> list[str]:
        """The lines that say something."""
        return [line for line in (self.own.data or "").splitlines() if line.strip()]


class ReportForm(SaidForm):
    """Of which days it is."""

    since = DateField("From", [Optional()], description="Left empty: the last whole week or month, or 26 weeks.")
    until = DateField("To", [Optional()])

    def say(self, error: BadInput) -> None:
        """Put what is wrong beside its field."""
        fields: dict[str | None, Any] = {field.name: field for field in self}
        for problem in error.problems:
            beside = fields.get(problem.field, self.kind)
            beside.errors = [*beside.errors, problem.expected]


class ToForm(Form):
    """Whom a report is sent to."""

    to = SelectMultipleField("To", validators=[InputRequired("Choose somebody.")])

    def offer(self, people: Iterable[Any]) -> None:
        """Put in who may read reports."""
        self.to.choices = [SelectChoice(one.public_id, one.name) for one in people]


class WishForm(SaidForm, ToForm):
    """A report that comes by itself."""

    when = SelectField(
        "When",
        choices=[SelectChoice(f"week:{place}", f"Each {name}") for place, name in enumerate(WEEKDAYS)]
        + [SelectChoice(f"month:{day}", f"Day {day} of each month") for day in range(1, LAST_DAY + 1)],
    )
    hour = SelectField("At", choices=[SelectChoice(str(hour), f"{hour:02}:00") for hour in range(24)], default="6")

    @property
    def every(self) -> tuple[str, int]:
        """How often, and on which day."""
        every, _, day = str(self.when.data).partition(":")
        return every, int(day or 0)
