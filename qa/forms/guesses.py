"""The form of a guess."""

from __future__ import annotations

from wtforms import RadioField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from qa.core.forms import Form
from qa.queries.guesses import Asked

NO_IDEA = "no_idea"


class GuessForm(Form):
    """What somebody believes that was decided."""

    verdict = RadioField("What was decided?", validators=[InputRequired("Choose one, or say that you have no idea.")])
    action = SelectField("What was done?", validate_choice=False)

    def guess(self) -> tuple[str | None, str | None]:
        """Verdict and action; neither for no idea."""
        if self.verdict.data == NO_IDEA:
            return None, None
        return self.verdict.data, self.action.data or None


def guess_form(asked: Asked) -> GuessForm:
    """The form of one case, in the words of its workflow."""
    form = GuessForm()
    form.verdict.choices = [
        *(SelectChoice(key, label) for key, label in asked.verdicts),
        SelectChoice(NO_IDEA, "No idea", {"data-help": "Nothing in the case tells me."}),
    ]
    form.action.choices = [SelectChoice("", "No idea"), *(SelectChoice(key, label) for key, label in asked.actions)]
    return form
