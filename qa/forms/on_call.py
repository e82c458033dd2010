"""Forms of calls: a shift of the rota, and what came of a call."""

from __future__ import annotations

from wtforms import DateTimeLocalField, IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from qa.core.forms import Form, strip


class ShiftForm(Form):
    """Who answers calls from when to when."""

    person = SelectField("Person", validate_choice=False)
    from_at = DateTimeLocalField("From", validators=[InputRequired("Say from when.")], description="In UTC.")
    to_at = DateTimeLocalField("Until", validators=[InputRequired("Say until when.")], description="In UTC.")
    place = IntegerField(
        "Place", validators=[InputRequired("Say who is called first."), NumberRange(1, 9, "A number from 1 to 9.")],
        default=1, description="1 is called first, 2 when 1 does not answer.",
    )  # fmt: skip


class CloseForm(Form):
    """What was done about a danger."""

    ended = TextAreaField(
        "What was done", [InputRequired("Say what was done."), Length(max=2000)], filters=[strip],
        description="Whoever was called can read it.",
    )  # fmt: skip
