"""Forms about policy questions."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from qa.core.forms import Form, strip
from qa.policies.queries import SectionRow, label
from qa.voices import ORIGINS


class AskForm(Form):
    """A question about a section, asked by hand."""

    section = SelectField("Section", [InputRequired("Choose a section.")])
    about = RadioField(
        "What is it about?",
        choices=[
            SelectChoice("", "The policy: what it means"),
            SelectChoice("tool", "A tool that we work with"),
            SelectChoice("step", "A step of the process"),
            SelectChoice("translation", "A translation"),
        ],
        default="",
    )
    text = TextAreaField(
        "Question", [InputRequired("Say what is not plain."), Length(max=2000)], filters=[strip],
        description="For whoever answers. Nobody else reads it.",
    )  # fmt: skip
    #: Beside what it is asked, and the address of that.
    beside = HiddenField(validators=[Optional(), AnyOf(ORIGINS)])
    ref = HiddenField(validators=[Optional(), Length(max=64)])


class HandForm(Form):
    """Who is to answer."""

    owner = SelectField("Who is to answer?", [InputRequired("Choose somebody.")])


class AnswerForm(Form):
    """The answer, and the question as everybody may read it."""

    wording = TextAreaField(
        "The question, for everybody", [InputRequired("Put the question so that everybody may read it."),
                                        Length(max=1000)],
        filters=[strip], description="No names and no cases: everybody who works by this clause reads it.",
    )  # fmt: skip
    answer = TextAreaField(
        "Answer", [InputRequired("Give the answer."), Length(max=4000)], filters=[strip],
        description="What holds, and which words of the policy say so.",
    )  # fmt: skip


class CloseForm(Form):
    """What the answer led to."""

    number = SelectField("Led to", validate_choice=True)
    kept = SelectField("Kept as", validate_choice=True)


def ask_form(sections: tuple[SectionRow, ...], **given: object) -> AskForm:
    """The form with the sections that are in force to choose from."""
    form = AskForm(**given)
    form.section.choices = [
        SelectChoice("", "Choose a section"),
        *(SelectChoice(row.key, label(row), {}, row.policy_title) for row in sections),
    ]
    return form
