"""Invented content for the style page: one of everything, with the lengths and scripts that break layouts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from types import SimpleNamespace

from markupsafe import Markup
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from qa.core.charts.bars import bars
from qa.core.charts.funnel import Dot, Limit, funnel
from qa.core.charts.intervals import interval_plot
from qa.core.charts.lines import Point, Series, line_chart
from qa.core.charts.matrix import confusion_matrix
from qa.core.charts.rows import Row, too_few
from qa.core.charts.sparkline import sparkline
from qa.core.charts.stacked import Stack, stacked_share
from qa.core.charts.votes import Votes, dot_columns
from qa.core.forms import Form, OnceForm

PERSONS = [
    Row("R. Okafor", 0.91, 0.86, 0.96, 60),
    Row("M. Silva", 0.88, 0.83, 0.93, 58),
    Row("Anneliese Schwarzenberger-Oberhuber", 0.86, 0.80, 0.92, 61),
    Row("J. Moreau", 0.66, 0.58, 0.74, 59),
    Row("S. Iyer", 0.77, 0.70, 0.84, 60),
    Row("New colleague", 0.5, 0.1, 0.9, 4),
]
CLAUSES = [
    Row("Veiled threats", 0.41, 0.30, 0.54, 58, marked=True),
    Row("Coded slurs", 0.33, 0.23, 0.45, 71, marked=True),
    Row("Giveaway scams", 0.11, 0.06, 0.19, 88),
    Row("Repeated links", 0.04, 0.01, 0.09, 120),
]
WEEKS = [
    Point("31 Aug", 0.58, 0.51, 0.65, 240),
    Point("7 Sep", 0.60, 0.54, 0.66, 251),
    Point("14 Sep", 0.57, 0.50, 0.64, 233),
    Point("21 Sep", None),
    Point("28 Sep", 0.65, 0.60, 0.71, 260),
    Point("5 Oct", 0.69, 0.64, 0.74, 262),
    Point("12 Oct", 0.72, 0.66, 0.77, 258),
    Point("19 Oct", None, 0.66, 0.83, 97),
]
SECOND = [
    Point(one.label, value, value - 0.05, value + 0.05, 60)
    for one, value in zip(WEEKS, (0.86, 0.84, 0.85, 0.83, 0.84, 0.82, 0.81, 0.80), strict=True)
]


def charts() -> dict[str, Markup]:
    """The eight kinds, by name."""
    return {
        "line": line_chart(
            [Series("Alpha", WEEKS)],
            title="Agreement among graders by week",
            desc="Alpha rose from 0.58 to 0.72; the last week is in progress.",
            target=0.8,
            written=lambda value: f"{value:.2f}",
        ),
        "two lines": line_chart(
            [Series("English", SECOND), Series("Spanish", WEEKS)],
            title="Accuracy by language",
            desc="English fell slowly while Spanish rose.",
        ),
        "intervals": interval_plot(
            PERSONS, title="Accuracy by agent", desc="One agent is under the 80% target.", order="person",
            target=0.8, minimum=10,
        ),
        "bars": bars(CLAUSES, title="Where we disagreed", desc="Veiled threats split most often."),
        "matrix": confusion_matrix(
            [[148, 19, 11, 6], [14, 62, 17, 2], [9, 12, 171, 0], [5, 3, 2, 38]],
            ["Remove", "Restrict", "Keep", "Escalate"],
            ["Remove", "Restrict", "Keep", "Escalate"],
            title="First decision against settled decision",
            desc="Restrict is most often taken for keep.",
            rows_are="First decision",
            columns_are="Settled decision",
        ),
        "stacked": stacked_share(
            [Stack("Harassment", [80, 12, 8], 0.71, 0.87), Stack("Scams", [130, 4, 2], 0.91, 0.98), Stack("Other", [0, 0, 0])],
            ["Right", "Over-enforced", "Missed"],
            title="Results by policy",
            desc="Harassment has the most over-enforcement.",
        ),
        "funnel": funnel(
            [Dot("J. Moreau", 59, 0.79), Dot("R. Okafor", 60, 0.95), Dot("M. Silva", 31, 0.9), Dot("S. Iyer", 112, 0.94)],
            [Limit(10, 0.74, 1.0), Limit(20, 0.81, 1.0), Limit(40, 0.85, 1.0), Limit(80, 0.88, 0.99), Limit(120, 0.89, 0.98)],
            0.94,
            title="Agents against the whole team",
            desc="One agent of four is under the lower limit.",
        ),
        "votes": dot_columns(
            [Votes("Remove", 4, agreed=True), Votes("Restrict", 2), Votes("Keep", 1), Votes("Escalate", 0)],
            title="Votes on one case",
            desc="Four of seven voted to remove, which was agreed.",
        ),
        "sparkline": sparkline(WEEKS, title="Alpha, eight weeks", desc="Rising."),
    }  # fmt: skip


def left_out() -> str:
    """What the interval plot says in words instead."""
    return too_few(PERSONS, 10)


class SampleForm(Form):
    """One of every field."""

    name = StringField("Name of the plan", validators=[InputRequired(), Length(max=80)], description="People see it in their queue.")
    size = IntegerField("Cases a week", validators=[InputRequired(), NumberRange(min=1, max=5000)])
    starts_on = DateField("Starts on", validators=[Optional()])
    risk = SelectField("Risk tier", choices=[SelectChoice("1", "Low"), SelectChoice("2", "High")])
    why = TextAreaField("Reason")
    notify = BooleanField("Tell the team when the sample is drawn")


SECTIONS = [
    ("threats/veiled", "Veiled threats", "Harassment and threats", "2", "Statements that let a person fear harm without naming it: <ul><li>naming a home, a door, a route</li><li>telling when somebody is alone</li></ul>"),
    ("threats/direct", "Direct threats", "Harassment and threats", "2", "Statements of intent to harm a person."),
    ("threats/pile-on", "Calls to pile on", "Harassment and threats", "2", "Asking others to send messages to one person."),
    ("scams/fees", "Advance fees and off-platform payment", "Scams", "5", "Asking a worker to pay before a shift."),
    ("private/address", "Private addresses", "Private information", "1", "Publishing where a person lives without consent."),
]  # fmt: skip


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
        choices=[SelectChoice("", "Choose a clause")] + [SelectChoice(key, label, {}, policy) for key, label, policy, _, _ in SECTIONS],
        validators=[Optional()],
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
            Message("author", at, "Nadie pidió tu opinión sobre el voto del consejo.", "es", "Nobody asked for your opinion on the council vote."),
            Message("reported", at, "Sigue hablando y toda la calle sabrá cuál es tu casa. Conozco la puerta azul, sé cuándo sales a trabajar.", "es", "Keep talking and the whole street will know which house is yours. I know the blue door, I know when you leave for work."),
            Message("reporter", at, "هل من المفترض أن يخيفني هذا؟", "ar", "Is that supposed to scare me?"),
        ],
        facts=[("Account age", "2 yr 4 mo"), ("Earlier reports", "1"), ("Place of the content", "Schichtplanungsbesprechungsprotokoll")],
        reported_section_label="Direct threats",
        closed_on=dt.date(2026, 11, 15),
        policy_sections=[
            SimpleNamespace(key=key, label=label, policy_title=policy, version=version, html=Markup("<p>{}</p>").format(Markup(html)))
            for key, label, policy, version, html in SECTIONS
        ],
    )  # fmt: skip


SKIP_REASONS = [
    ("know", "I know the people in it"),
    ("language", "Not my language"),
    ("distress", "I would rather not see this"),
    ("broken", "The evidence does not open"),
]
