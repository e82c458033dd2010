"""The form by which a report is asked for: read once for its preview, and sent to keep it."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, DateField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import Length, Optional

from calibration.reports.composing import KINDS
from qa.core.errors import BadInput
from qa.core.forms import Form, strip


class ReportForm(Form):
    """Which report, of which days, and what is said in it."""

    kind = SelectField("Report", choices=[SelectChoice(key, label) for key, label in KINDS.items()])
    since = DateField("From", [Optional()], description="Left empty: the last whole week or month, or 26 weeks.")
    until = DateField("To", [Optional()])
    names = BooleanField("Name the agents of alerts")
    own = TextAreaField("Your own sentences", [Optional(), Length(max=6000)], filters=[strip],
                        description="A line each, up to ten: what went wrong, what is planned.")  # fmt: skip

    @property
    def sentences(self) -> list[str]:
        """The lines that say something."""
        return [line for line in (self.own.data or "").splitlines() if line.strip()]

    def say(self, error: BadInput) -> None:
        """Put what is wrong beside its field."""
        fields: dict[str | None, Any] = {field.name: field for field in self}
        for problem in error.problems:
            beside = fields.get(problem.field, self.kind)
            beside.errors = [*beside.errors, problem.expected]
