"""The form of a request to erase."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from qa.core.forms import Form, strip


class EraseForm(Form):
    """Whom or what to erase."""

    kind = RadioField(
        "What is to be erased",
        choices=[
            SelectChoice("person", "A person: name, ids and address, wherever they stand"),
            SelectChoice("case", "A case: every word of it"),
        ],
        validators=[InputRequired("Choose one.")],
    )
    reference = StringField(
        "Which one",
        validators=[DataRequired("Say which one."), Length(max=300)],
        filters=[strip],
        description="The id that files use. Of a case also SOURCE:ID, where two sources use the same id.",
    )
    sure = BooleanField("It cannot be brought back", validators=[DataRequired("Tick this to go on.")])
