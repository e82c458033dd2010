"""Forms for what is covered in cases' texts."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import Length

from qa.core.forms import Form


class MasksForm(Form):
    """What else is to be covered."""

    words = TextAreaField(
        "Cover these words too",
        validators=[Length(max=2000)],
        description="One a line, as they stand in the text. Each place where they stand is covered.",
    )
