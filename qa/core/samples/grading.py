"""An invented case to grade, with its decision form: what the style page draws the grading page from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from types import SimpleNamespace

from markupsafe import Markup
from wtforms import HiddenField, RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from qa.core.forms import OnceForm

SECTIONS = [
    (
        "threats/veiled",
        "Veiled threats",
        "Harassment and threats",
        "2",
        "Statements that let a person fear harm without naming it:"
        "<ul><li>naming a home, a door, a route</li><li>telling when somebody is alone</li></ul>",
    ),
    ("threats/direct", "Direct threats", "Harassment and threats", "2", "Statements of intent to harm a person."),
    (
        "threats/pile-on",
        "Calls to pile on",
        "Harassment and threats",
        "2",
        "Asking others to send messages to one person.",
    ),
    ("scams/fees", "Advance fees and off-platform payment", "Scams", "5", "Asking a worker to pay before a shift."),
    (
        "private/address",
        "Private addresses",
        "Private information",
        "1",
        "Publishing where a person lives without consent.",
    ),
]


class GradeSample(OnceForm):
    """The decision form of an invented abuse report."""

    verdict = RadioField(
        "Does it violate a policy?",
        choices=[
            SelectChoice("violates", "Violates", {"data-help": "A section of the policy is met"}),
            SelectChoice("no_violation", "No violation", {"data-help": "No section is met"}),
            SelectChoice("cannot_tell", "Cannot tell", {"data-help": "The evidence does not say"}),
        ],
        validators=[InputRequired("Choose one of the three.")],
    )
    section = SelectField(
        "Policy clause",
        choices=[SelectChoice("", "Choose a clause")]
        + [SelectChoice(key, label, {}, policy) for key, label, policy, _, _ in SECTIONS],
    )
    action = RadioField(
        "Action",
        choices=[
            SelectChoice("remove", "Remove", {"data-means": "violates", "data-help": "Take the content down"}),
            SelectChoice("restrict", "Restrict", {"data-means": "violates", "data-help": "Limit who can see it"}),
            SelectChoice("keep", "Keep", {"data-means": "no_violation"}),
            SelectChoice("escalate", "Escalate", {"data-means": "either", "data-help": "Needs a specialist"}),
        ],
        validators=[Optional()],
    )
    confidence = RadioField(
        "Confidence",
        choices=[SelectChoice("low", "Low"), SelectChoice("medium", "Medium"), SelectChoice("high", "High")],
        validators=[InputRequired("Say how sure you are.")],
    )
    note = TextAreaField("Note", validators=[Optional(), Length(max=2000)])
    seconds_shown = HiddenField()

    def validate_section(self, field: SelectField) -> None:
        """A violation names its clause."""
        if self.verdict.data == "violates" and not field.data:
            raise ValidationError("Choose the clause that is met.")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of an invented thread."""

    role: str
    at: dt.datetime
    text: str
    language: str
    translation: str | None = None


def case() -> SimpleNamespace:
    """An invented case to grade."""
    at = dt.datetime(2026, 11, 14, 9, 12, tzinfo=dt.UTC)
    return SimpleNamespace(
        task_id="sample",
        code="8F-20417",
        workflow_label="Abuse report",
        language="es",
        text=None,
        messages=[
            Message(
                "author",
                at,
                "Nadie pidió tu opinión sobre el voto del consejo.",
                "es",
                "Nobody asked for your opinion on the council vote.",
            ),
            Message(
                "reported",
                at,
                "Sigue hablando y toda la calle sabrá cuál es tu casa. Conozco la puerta azul, "
                "sé cuándo sales a trabajar.",
                "es",
                "Keep talking and the whole street will know which house is yours. I know the blue door, "
                "I know when you leave for work.",
            ),
            Message("reporter", at, "هل من المفترض أن يخيفني هذا؟", "ar", "Is that supposed to scare me?"),
        ],
        facts=[
            ("Account age", "2 yr 4 mo"),
            ("Earlier reports", "1"),
            ("Place of the content", "Schichtplanungsbesprechungsprotokoll"),
        ],
        reported_section_label="Direct threats",
        closed_on=dt.date(2026, 11, 15),
        policy_sections=[
            SimpleNamespace(
                key=key, label=label, policy_title=policy, version=version, html=Markup(f"<div>{html}</div>")
            )
            for key, label, policy, version, html in SECTIONS
        ],
    )


SKIP_REASONS = [
    ("know", "I know the people in it"),
    ("language", "Not my language"),
    ("distress", "I would rather not see this"),
    ("broken", "The evidence does not open"),
]
