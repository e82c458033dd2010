"""Forms of training."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from qa.core.forms import Form, strip

#: In place of one agent.
EVERYBODY = "everybody"


class AnswerForm(Form):
    """One answer; the options are those of the question that is asked."""

    no = IntegerField(validators=[NumberRange(1, 9)])
    question = IntegerField(validators=[NumberRange(1, 99)])
    option = RadioField("Your answer", validate_choice=False, validators=[DataRequired("Choose one answer.")])
    seconds = IntegerField(validators=[Optional(), NumberRange(0, 86_400)])


class ReadForm(Form):
    """A lesson was read."""

    lesson = HiddenField(validators=[DataRequired(), Length(max=64)])


class AssignForm(Form):
    """Training for one person, asked for by the lead."""

    person = SelectField("Agent", validators=[DataRequired("Choose an agent.")])
    sections = SelectMultipleField("Sections to teach", validators=[DataRequired("Choose at least one section.")])
    why = TextAreaField(
        "Why",
        validators=[Length(max=500)],
        filters=[strip],
        description="The agent reads this.",
    )


def assign_form(people: Sequence[tuple[str, str]], sections: Sequence[tuple[str, str]]) -> AssignForm:
    """The form with the agents whom the lead looks after and the sections in force."""
    form = AssignForm()
    everybody = [SelectChoice(EVERYBODY, "Everybody you lead")] if len(people) > 1 else []
    form.person.choices = [SelectChoice("", "Choose"), *everybody, *(SelectChoice(*one) for one in people)]
    form.sections.choices = [SelectChoice(*one) for one in sections]
    return form


class QuestionForm(Form):
    """A question that somebody writes, with the clause that it is about."""

    section = SelectField("Section", validators=[DataRequired("Choose a section.")])
    quote = TextAreaField("Clause", validators=[DataRequired("Copy the clause."), Length(max=2000)], filters=[strip],
                          description="Word for word as it stands in the section.")  # fmt: skip
    case_text = TextAreaField("Invented case", validators=[Length(max=2000)], filters=[strip],
                              description="Only if the question is about one. It is marked as invented.")  # fmt: skip
    stem = TextAreaField("Question", validators=[DataRequired("Write the question."), Length(max=600)], filters=[strip])
    right = StringField("Right answer", validators=[DataRequired("Write it."), Length(max=300)], filters=[strip])
    wrong = TextAreaField("Wrong answers", validators=[DataRequired("Write two or three."), Length(max=1000)],
                          filters=[strip], description="Two or three, each on a line of its own.")  # fmt: skip
    feedback = TextAreaField("Why", validators=[Length(max=600)], filters=[strip],
                             description="Shown after the answer, with the clause.")  # fmt: skip


class LessonForm(Form):
    """Words of somebody's own in a lesson, with the clause that they are about."""

    section = SelectField("Section", validators=[DataRequired("Choose a section.")])
    quote = TextAreaField("Clause", validators=[DataRequired("Copy the clause."), Length(max=2000)], filters=[strip],
                          description="Word for word as it stands in the section.")  # fmt: skip
    text = TextAreaField("Your words", validators=[DataRequired("Write something."), Length(max=4000)], filters=[strip])
    is_reply = BooleanField("It is a good reply to a user, for its tone")


class JudgeForm(Form):
    """What becomes of a question, and why."""

    item = HiddenField(validators=[DataRequired(), Length(max=32)])
    deed = SelectField("What becomes of it", choices=[
        SelectChoice("reject", "Ask it no more"), SelectChoice("restore", "Ask it again"),
        SelectChoice("approve", "Approve it"), SelectChoice("void", "Void it: sittings are scored anew"),
    ])  # fmt: skip
    reason = StringField("Why", validators=[Length(max=500)], filters=[strip])


class MoveForm(Form):
    """Where a module goes."""

    to = HiddenField(validators=[DataRequired(), Length(max=24)])


class FlagAnswerForm(Form):
    """What came of a flag."""

    flag = HiddenField(validators=[DataRequired(), Length(max=32)])
    answer = StringField("Answer", validators=[DataRequired("Say what came of it."), Length(max=500)], filters=[strip])


class FlagForm(Form):
    """What is wrong with a question."""

    comment = TextAreaField(
        "What is wrong with this question?",
        validators=[DataRequired("Say what is wrong."), Length(max=1000)],
        filters=[strip],
    )


def section_choices(sections: Sequence[tuple[str, str]]) -> list[SelectChoice]:
    """Sections to choose one of."""
    return [SelectChoice("", "Choose"), *(SelectChoice(*one) for one in sections)]


class SectionForm(Form):
    """Which section was read again, or talked over, and with whom."""

    section = HiddenField(validators=[DataRequired(), Length(max=400)])
    person = HiddenField(validators=[Optional(), Length(max=32)])
