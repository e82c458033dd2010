"""Forms about accuracy alerts."""

from __future__ import annotations

from wtforms import RadioField, SelectChoice, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from qa.core.forms import OnceForm, strip

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
    reason = TextAreaField("Reason", [Optional(), Length(max=2000)], filters=[strip])


class DismissForm(OnceForm):
    """Ending an alert without doing anything about it."""

    reason = SelectField("Reason", validators=[InputRequired("Choose a reason.")])
    text = TextAreaField("More", [Optional(), Length(max=2000)], filters=[strip])
