"""Forms about being told: one's own choice, and the chat channel."""

from __future__ import annotations

from wtforms import RadioField, SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length

from qa.core.forms import Form, strip

_HOURS = [SelectChoice(str(hour), f"{hour:02}:00") for hour in range(24)]
_OR_NONE = [SelectChoice("", "–"), *_HOURS]


class NoticesForm(Form):
    """How somebody wants to be told by e-mail."""

    how = RadioField(
        "E-mail",
        choices=[
            SelectChoice("digest", "Once a day, all together"),
            SelectChoice("at_once", "At once, one by one"),
            SelectChoice("none", "Nothing but what is urgent"),
        ],
    )
    digest_hour = SelectField("The daily one comes at", choices=_HOURS)
    quiet_from = SelectField("Quiet from", choices=_OR_NONE)
    quiet_to = SelectField("Quiet until", choices=_OR_NONE)


class ChannelForm(Form):
    """Where a chat channel takes messages, and what it is told."""

    url = StringField(
        "Address for incoming messages", [Length(max=2000)], filters=[strip], render_kw={"autocomplete": "off"}
    )
    kinds = SelectMultipleField(
        "What goes there",
        choices=[
            SelectChoice("danger", "Danger: somebody on call is asked for"),
            SelectChoice("session", "Calibration sessions"),
            SelectChoice("question", "Policy questions"),
            SelectChoice("flag", "Graders who ask a lead to look"),
        ],
    )
