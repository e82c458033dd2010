"""The form of a path: who walks it, why, and its steps."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import IntegerField, SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from qa.core.forms import Form, strip
from training.paths.paths import EVERYBODY, MOST_DAYS, PERSON, STARTERS, TEAM, Step
from training.queries.paths import KINDS

_DAYS = [Optional(), NumberRange(1, MOST_DAYS)]


class PathForm(Form):
    """A path of up to four steps."""

    title = StringField("Name", validators=[DataRequired("Give it a name."), Length(max=200)], filters=[strip])
    kind = SelectField("What it is for", choices=[SelectChoice(*one) for one in KINDS.items()])
    who = SelectField("Who walks it", validators=[DataRequired("Choose who.")])
    why = TextAreaField("Why", validators=[Length(max=500)], filters=[strip], description="The agents read this.")
    first_sections = SelectMultipleField("First: sections", validators=[DataRequired("Choose at least one section.")])
    first_days = IntegerField("First: working days", default=5, validators=[DataRequired(), NumberRange(1, MOST_DAYS)])
    second_sections = SelectMultipleField("Second: sections")
    second_days = IntegerField("Second: working days", default=5, validators=_DAYS)
    third_sections = SelectMultipleField("Third: sections")
    third_days = IntegerField("Third: working days", default=5, validators=_DAYS)
    fourth_sections = SelectMultipleField("Fourth: sections")
    fourth_days = IntegerField("Fourth: working days", default=5, validators=_DAYS)

    def pairs(self) -> list[tuple[SelectMultipleField, IntegerField]]:
        """The fields of each step."""
        return [
            (self.first_sections, self.first_days), (self.second_sections, self.second_days),
            (self.third_sections, self.third_days), (self.fourth_sections, self.fourth_days),
        ]  # fmt: skip

    def steps(self) -> list[Step]:
        """The steps that were filled in, in order."""
        return [Step(tuple(one.data), days.data or 5) for one, days in self.pairs() if one.data]


def path_form(
    people: Sequence[tuple[str, str]],
    teams: Sequence[tuple[str, str]],
    sections: Sequence[tuple[str, str]],
    *,
    everywhere: bool,
) -> PathForm:
    """The form for whom one leads; *everywhere*: new agents of all teams can be meant."""
    form = PathForm()
    all_new = [SelectChoice(STARTERS, "Whoever starts from today on, in all teams")] if everywhere else []
    form.who.choices = [
        SelectChoice("", "Choose"),
        SelectChoice(EVERYBODY, "Everybody you lead"),
        *all_new,
        *(SelectChoice(f"{STARTERS}:{key}", f"Whoever starts from today on, in {name}") for key, name in teams),
        *(SelectChoice(f"{TEAM}{key}", f"Team {name}") for key, name in teams),
        *(SelectChoice(f"{PERSON}{key}", name) for key, name in people),
    ]
    for field, _ in form.pairs():
        field.choices = [SelectChoice(*one) for one in sections]
    return form
