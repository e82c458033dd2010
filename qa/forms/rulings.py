"""Forms of what follows a committed grade: explaining, ruling, disputing."""

from __future__ import annotations

from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from qa.core.forms import Form, OnceForm, strip
from qa.grading.today import ANSWERS
from qa.hearings import slips
from qa.queries.blind_case import PolicySection
from qa.queries.reveals import Said
from qa.queries.rulings import DisputePage, RulingPage

Choices = list[tuple[str, str]]


class ExplainForm(OnceForm):
    """Why the decision was another one, for the agent to read."""

    root_cause = RadioField("Cause", validators=[InputRequired("Choose the likeliest cause.")])
    feedback = TextAreaField(
        "Feedback", [InputRequired("Say what to look at next time."), Length(max=4000)], filters=[strip],
        description="What in the case and in the clause decides it. Never about the person.",
    )  # fmt: skip
    process_slip = StringField(
        "Process slip", [Optional(), Length(max=200)], filters=[strip], description="A step that is missing."
    )


class TodayForm(Form):
    """What one would answer by the text in force."""

    answer = RadioField(
        "By the text in force today, I would give",
        validators=[InputRequired("Choose one.")],
        choices=[SelectChoice(key, label) for key, label in ANSWERS.items()],
    )


class RulingForm(OnceForm):
    """An adjudicator's ruling on answers that all differ."""

    ruling = RadioField("Which one stands?", validators=[InputRequired("Choose one.")])
    reason = TextAreaField("Reason", [InputRequired("Give the reason."), Length(max=4000)], filters=[strip])


class DisputeForm(OnceForm):
    """An agent contests a result."""

    kind = RadioField("What is wrong?", validators=[InputRequired("Choose what is wrong.")])
    proposed_verdict = RadioField(
        "What should it be?",
        choices=[SelectChoice("violates", "Violates a policy"), SelectChoice("no_violation", "No violation")],
        validate_choice=False,
        description="Left out where only a process slip is contested.",
    )
    proposed_section = SelectField("Policy clause", validate_choice=False)
    proposed_action = SelectField("Action", validate_choice=False)
    text = TextAreaField(
        "Why", [InputRequired("Say why."), Length(max=4000)], filters=[strip],
        description="Read by somebody who was not in it: after a blind look, a process slip with your work in sight.",
    )  # fmt: skip

    @property
    def is_about_a_slip(self) -> bool:
        """Whether the decision itself is not contested."""
        return bool(self.kind.data == slips.KIND)

    def validate_proposed_verdict(self, field: RadioField) -> None:
        """Whoever contests a decision says what it should be."""
        if not self.is_about_a_slip and field.data not in ("violates", "no_violation"):
            raise ValidationError("Choose a verdict.")


class GuestForm(Form):
    """Somebody from outside is asked to look at one case."""

    guest_name = StringField("Name", [InputRequired("Say who it is."), Length(max=200)], filters=[strip])
    guest_email = StringField(
        "E-mail address", [InputRequired("They sign in with it."), Length(max=254)], filters=[strip],
        render_kw={"type": "email", "autocomplete": "off"}, description="They sign in with it. Nothing is sent there.",
    )  # fmt: skip


class InSightForm(OnceForm):
    """A lead settles what found nobody to look blind."""

    proposed_verdict = RadioField(
        "Verdict",
        choices=[SelectChoice("violates", "Violates a policy"), SelectChoice("no_violation", "No violation")],
        validators=[InputRequired("Choose a verdict.")],
    )
    proposed_section = SelectField("Policy clause", validate_choice=False)
    proposed_action = SelectField("Action", validate_choice=False)
    reason = TextAreaField("Reason", [InputRequired("Give the reason."), Length(max=4000)], filters=[strip])


class SlipForm(OnceForm):
    """The end of a contested process slip."""

    choice = RadioField(
        "How does it end?",
        choices=[SelectChoice("stays", "The slip stays"), SelectChoice("taken_back", "The slip is taken back")],
        validators=[InputRequired("Choose one.")],
    )
    reason = TextAreaField(
        "Reason", [InputRequired("Give the reason."), Length(max=4000)], filters=[strip],
        description="The agent reads it.",
    )  # fmt: skip


class DecideForm(OnceForm):
    """The end of a dispute."""

    choice = RadioField("Which answer stands?", validators=[InputRequired("Choose one.")])
    reason = TextAreaField(
        "Reason", [InputRequired("Give the reason."), Length(max=4000)], filters=[strip],
        description="The agent reads it.",
    )  # fmt: skip


def choices(pairs: Choices) -> list[SelectChoice]:
    """Pairs of (value, label) as the choices of a field."""
    return [SelectChoice(value, label) for value, label in pairs]


def grouped(first: str, sections: tuple[PolicySection, ...]) -> list[SelectChoice]:
    """Clauses as choices, grouped by policy, after the empty one."""
    named = [SelectChoice(one.key, one.label, {}, one.policy_title) for one in sections]
    return [SelectChoice("", first), *named]


def in_words(answer: Said) -> str:
    """An answer on one line."""
    return " · ".join(part for part in (answer.verdict, answer.section, answer.action) if part)


def ruling(shown: RulingPage) -> RulingForm:
    """What can be ruled: the own answer, each answer that was given, or both."""
    form = RulingForm()
    form.ruling.choices = _ruling_choices(shown)
    return form


def _ruling_choices(shown: RulingPage) -> list[SelectChoice]:
    own = "Mine stands: " if shown.can_own_stand else "It cannot be told: "
    return [
        SelectChoice("own", own + in_words(shown.own)),
        *(SelectChoice(key, in_words(answer)) for key, answer in shown.answers),
        SelectChoice("both_defensible", "Both are defensible", {"data-help": "No error; the clause is unclear here."}),
    ]


def decision(shown: DisputePage) -> DecideForm:
    """How a dispute can end: the result as it is, the own blind answer, or what the agent proposes."""
    form = DecideForm()
    form.choice.choices = _decide_choices(shown)
    return form


def _decide_choices(shown: DisputePage) -> list[SelectChoice]:
    found = [
        SelectChoice("standing", "The result stays: " + in_words(shown.standing)),
        SelectChoice("amended", "In part: the result stays, the reason that was given for it does not"),
    ]
    if shown.proposed is not None:
        found.append(SelectChoice("proposed", "As the agent says: " + in_words(shown.proposed)))
    if shown.can_own_stand:
        found.append(SelectChoice("own", "My blind answer: " + in_words(shown.own)))
    return found
