"""Forms of a sitting: the own limit of sensitive cases."""

from __future__ import annotations

from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from qa.core.forms import Form


class LimitForm(Form):
    """How many cases of one kind of harm somebody wants to see in a day."""

    most = IntegerField(
        "Sensitive cases of one kind and day", validators=[Optional(), NumberRange(0, 500, "A number from 0 to 500.")],
        description="At most this many for you; empty: as many as the site allows. Nobody else sees it.",
    )  # fmt: skip
