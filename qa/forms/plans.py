"""Forms of plans: three ways to begin, and the plan as it stands in a file."""

from __future__ import annotations

from wtforms import DateField, IntegerField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from qa.core.forms import Form, strip
from qa.plans.presets import PRESETS, written


class PlanForm(Form):
    """A plan as it stands in a file."""

    text = TextAreaField(
        "The plan",
        validators=[DataRequired("Write the plan."), Length(max=20_000)],
        filters=[strip],
        description="As in a plan file (TOML). A plan of a name that is there already becomes its next version.",
    )


class PresetForm(Form):
    """What a plan is for, and the few things that everybody decides; the rest follows."""

    preset = RadioField(
        "What is it for?",
        choices=[SelectChoice(one.key, one.label, render_kw={"data-help": one.help}) for one in PRESETS.values()],
        default="fair",
    )
    name = StringField("Name", validators=[Optional(), Length(max=200)], filters=[strip])
    amount = IntegerField("How many", validators=[Optional(), NumberRange(1, 20_000)])
    workflow = StringField("Only this workflow", validators=[Optional(), Length(max=64)], filters=[strip])
    every = SelectField(
        "Drawn by itself", choices=[
            SelectChoice("", "never"), SelectChoice("day", "each day"), SelectChoice("week", "each week"),
            SelectChoice("month", "each month"),
        ],
        default="week",
    )  # fmt: skip
    since = DateField("Cases since", validators=[Optional()])
    zone = StringField("Time zone", validators=[Optional(), Length(max=64)], filters=[strip], default="UTC")

    def as_plan(self) -> str:
        """What was chosen, as a plan file."""
        return written(
            self.preset.data if self.preset.data in PRESETS else "fair", name=self.name.data or "",
            amount=self.amount.data, workflow=self.workflow.data or "", every=self.every.data or "",
            zone=self.zone.data or "", since=self.since.data,
        )  # fmt: skip
