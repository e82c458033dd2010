"""Forms about accuracy alerts."""

from __future__ import annotations

from wtforms import (
    DateField,
    FileField,
    FloatField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from calibration.earlier.blind_check import FEWEST, USUAL
from calibration.earlier.blind_check import MOST as MOST_CASES
from calibration.harm.weights import MOST
from qa.core.forms import Form, OnceForm, strip

KINDS = {
    "module": "Assign a module",
    "coaching": "Coach",
    "sampling": "Sample more",
    "question": "Open a policy clarification",
}


class ActForm(OnceForm):
    """What to do about an alert."""

    kind = RadioField(
        "What to do",
        choices=[SelectChoice(key, label) for key, label in KINDS.items()],
        validators=[InputRequired("Choose what to do.")],
    )
    sections = SelectMultipleField("Clauses", validate_choice=False, description="None chosen: those of the alert.")
    due_on = DateField("Due", [Optional()], description="Left empty: like a training.")
    reason = TextAreaField("Reason", [Optional(), Length(max=2000)], filters=[strip])


class CauseForm(Form):
    """What is behind an alert."""

    cause = SelectField("Cause", validators=[InputRequired("Choose a cause.")])


class CheckForm(Form):
    """What became of a corrective action."""

    action = HiddenField()
    result = TextAreaField("What the check found", [InputRequired("Say what became of it."), Length(max=500)],
                           filters=[strip])  # fmt: skip


class DismissForm(OnceForm):
    """Ending an alert without doing anything about it."""

    reason = SelectField("Reason", validators=[InputRequired("Choose a reason.")])
    text = TextAreaField("More", [Optional(), Length(max=2000)], filters=[strip])


class HarmForm(Form):
    """How much errors of one policy or tier weigh."""

    about = SelectField("Policy in play or tier", validators=[InputRequired("Choose a policy or a tier.")])
    over = FloatField(
        "Over-enforced (FP)",
        [InputRequired("Enter a number."), NumberRange(0, MOST, f"Enter a number from 0 to {MOST:g}.")],
        default=1.0,
        description="1 is an ordinary error, 5 is as bad as five of them, 0 does not count.",
    )
    missed = FloatField(
        "Missed (FN)",
        [InputRequired("Enter a number."), NumberRange(0, MOST, f"Enter a number from 0 to {MOST:g}.")],
        default=1.0,
    )


class SheetForm(Form):
    """A sheet of earlier QA results."""

    file = FileField("File", description="CSV, TSV, JSON Lines, XLSX or Parquet; text files may be gzipped.")
    agent = StringField("Column of the agent", [Optional(), Length(max=200)])
    decision = StringField("Column of what the agent decided", [Optional(), Length(max=200)])
    qa = StringField("Column of what QA said", [Optional(), Length(max=200)])
    at = StringField("Column of the day", [Optional(), Length(max=200)])
    case = StringField("Column of the case", [Optional(), Length(max=200)])


class BlindCheckForm(Form):
    """How many cases of a kept sheet are decided again blind."""

    cases = IntegerField(
        "Cases to decide again",
        [
            InputRequired("Enter a number."),
            NumberRange(FEWEST, MOST_CASES, f"Enter a whole number from {FEWEST} to {MOST_CASES}."),
        ],
        default=USUAL,
    )
