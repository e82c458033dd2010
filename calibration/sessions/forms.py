"""Forms about calibration sessions and known-answer cases."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from calibration.sessions.sessions import TOLERANCE
from calibration.sessions.severity import LABELS
from qa.core import clock
from qa.core.forms import Form, strip
from qa.policies.queries import SectionRow, label

#: The hour of the deadline's day at which voting ends, UTC.
_SEVERITIES = [SelectChoice(*one) for one in LABELS.items()]
ENDS_AT = time(16, 0, tzinfo=UTC)
SAYS = {
    "exact": "must be the same",
    "policy": "the same policy is enough",
    "step": "one step off is enough",
    "ignored": "is not compared",
}


class DeadlineForm(Form):
    """Until when votes are taken."""

    deadline = DateField("Votes until", [InputRequired("Choose a day.")], description="16:00 UTC of that day.")

    def deadline_at(self) -> datetime:
        """The moment at which voting ends."""
        return datetime.combine(self.deadline.data, ENDS_AT)


class SessionForm(DeadlineForm):
    """A new session."""

    title = StringField("Title", [InputRequired("Give it a title."), Length(max=200)], filters=[strip])
    kind = RadioField(
        "How the cases come",
        choices=[
            SelectChoice("open", "On the session's own page", {"data-help": "Everybody is told and votes there."}),
            SelectChoice("covert", "Unmarked, in the queue", {"data-help": "Graders alone; nobody is told before."}),
        ],
        default="open",
    )
    names_shown = BooleanField("Show names beside votes after the reveal")
    section = SelectField("Another clause", default="exact")
    action = SelectField("Another action", default="ignored")
    severity = SelectField("Another severity", default="ignored")
    weekly = BooleanField("Hold it again every week, with cases drawn at random")
    size = IntegerField("Cases each week", [Optional(), NumberRange(1, 20)], default=5)

    def tolerance(self) -> dict[str, str]:
        """What counts as the same answer, by question."""
        return {key: self[key].data for key in TOLERANCE}


class CasesForm(Form):
    """Which cases to add."""

    how = RadioField(
        "Which cases",
        choices=[
            SelectChoice("hand", "These", {"data-help": "One id a line."}),
            SelectChoice("disagreement", "Those that graders differed on most"),
            SelectChoice("clause", "Of one clause"),
            SelectChoice("random", "By chance", {"data-help": "Only these say how far graders agree at large."}),
        ],
        validators=[InputRequired("Choose how.")],
    )
    names = TextAreaField("Ids", [Optional(), Length(max=4000)])
    clause = SelectField("Clause", [Optional()])
    size = IntegerField("How many", [Optional(), NumberRange(1, 20)], default=5)


class PeopleForm(Form):
    """Whom to invite."""

    who = TextAreaField("People", [Optional(), Length(max=4000)], description="One id or mail address a line.")
    team = SelectField("A whole team", [Optional()])
    role = SelectField("Everybody who is", [Optional()])


class GuestForm(Form):
    """Somebody from outside."""

    name = StringField("Guest's name", [InputRequired("Give a name."), Length(max=200)], filters=[strip])


class ConsensusForm(Form):
    """What is agreed on for a case."""

    verdict = RadioField("Agreed answer", validators=[InputRequired("Choose a verdict.")])
    section = SelectField("Clause", [Optional()])
    action = SelectField("Action", [Optional()])
    severity = SelectField("Severity", [Optional()], choices=[SelectChoice("", "–"), *_SEVERITIES])
    reason = TextAreaField("Reason", [InputRequired("Say why."), Length(max=4000)], filters=[strip])
    unclear = BooleanField("The policy is unclear here: ask its owner")


class GoldForm(Form):
    """A known-answer case by an expert."""

    case = StringField("Case", [InputRequired("Name a case."), Length(max=200)], description="Its id.")
    verdict = RadioField(
        "Answer",
        choices=[SelectChoice("violates", "Violates"), SelectChoice("no_violation", "No violation")],
        validators=[InputRequired("Choose an answer.")],
    )
    section = SelectField("Clause", [Optional()])
    action = SelectField("Action", [Optional()])
    reason = TextAreaField("Reason", [InputRequired("Say why."), Length(max=4000)], filters=[strip])


def session_form(**given: object) -> SessionForm:
    """The form of a new session; the deadline is a week from now if none is said."""
    form = SessionForm(**given)
    for key, offered in TOLERANCE.items():
        form[key].choices = [SelectChoice(word, SAYS[word]) for word in offered]
    if not form.deadline.raw_data and form.deadline.data is None:
        form.deadline.data = (clock.now() + timedelta(days=7)).date()
    return form


def clauses(sections: tuple[SectionRow, ...], first: str = "No clause") -> list[SelectChoice]:
    """Sections to choose from, by policy."""
    return [SelectChoice("", first), *(SelectChoice(row.key, label(row), {}, row.policy_title) for row in sections)]
