"""Forms of a challenge: asking for it, and hearing it."""

from __future__ import annotations

from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from qa.core.forms import OnceForm, strip
from qa.forms.rulings import in_words
from qa.queries.own_differences import ChallengePage


class ChallengeForm(OnceForm):
    """A grader asks for a ruling to be heard again."""

    text = TextAreaField(
        "Why another answer should stand", [InputRequired("Say why."), Length(max=4000)], filters=[strip],
        description="What in the case and in the clause decides it. Read after a blind look, without your name.",
    )  # fmt: skip


class HearForm(OnceForm):
    """The end of a challenge."""

    choice = RadioField("Which answer stands?", validators=[InputRequired("Choose one.")])
    reason = TextAreaField(
        "Reason", [InputRequired("Give the reason."), Length(max=4000)], filters=[strip],
        description="Whoever challenged reads it.",
    )  # fmt: skip


def hear_choices(shown: ChallengePage) -> list[SelectChoice]:
    """The ruling as it is, what the challenge says, the own blind answer, or both."""
    found = [
        SelectChoice("standing", "The ruling stays: " + in_words(shown.standing)),
        SelectChoice("challenger", "As the challenge says: " + in_words(shown.challenger)),
    ]
    if shown.can_own_stand:
        found.append(SelectChoice("own", "My blind answer: " + in_words(shown.own)))
    found.append(SelectChoice("both_defensible", "Both are defensible"))
    return found
