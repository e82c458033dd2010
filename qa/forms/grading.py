"""The decision form of a blind task, made from what its workflow asks."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from typing import Any

from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from qa.core.forms import OnceForm, strip
from qa.queries.blind_case import PolicySection
from qa.queries.grading import Answer, Asked

_OWN = {"csrf_token", "idempotency_key", "verdict", "section", "action", "confidence", "note", "seconds_shown"}
_HIDDEN = {"csrf_token", "idempotency_key", "seconds_shown"}
#: Longer than this nobody looks at one case; the rest is a page that was left open.
_LONGEST_LOOK = 3600


class GradeForm(OnceForm):
    """What every workflow asks; `grade_form` fills in the choices and adds the workflow's own fields."""

    #: Whether an action is asked for with every verdict.
    asks_action_always = False

    verdict = RadioField("Does it violate a policy?", validators=[InputRequired("Choose a verdict.")])
    section = SelectField("Policy clause", validate_choice=False)
    action = RadioField("Action", validate_choice=False, validators=[Optional()])
    confidence = RadioField(
        "Confidence",
        choices=[SelectChoice("low", "Low"), SelectChoice("medium", "Medium"), SelectChoice("high", "High")],
        validators=[InputRequired("Say how sure you are.")],
    )
    note = TextAreaField("Note", validators=[Optional(), Length(max=2000)], filters=[strip])
    seconds_shown = HiddenField()

    def validate_section(self, field: SelectField) -> None:
        """A violation names its clause."""
        if self.verdict.data == "violates" and not field.data:
            raise ValidationError("Choose the clause that is met.")

    def seconds(self) -> int | None:
        """How long the case was shown, where the page could tell."""
        said = (self.seconds_shown.data or "").strip()
        return min(int(said), _LONGEST_LOOK) if said.isascii() and said.isdigit() else None

    def extra(self) -> dict[str, Any]:
        """The answers to the workflow's own fields; a date as it is written."""
        given = {name: field.data for name, field in self._fields.items() if name not in _OWN}
        return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in given.items()}


def grade_form(asked: Asked, sections: tuple[PolicySection, ...], **given: Any) -> GradeForm:
    """The form of one task. *given*: what the form's constructor takes."""
    form = _form_of(json.dumps(asked.fields), asked.action_for_all)(**given)
    form.verdict.label.text = asked.question
    form.verdict.choices = [
        SelectChoice(one["key"], one["label"], {"data-help": one.get("help", "")}) for one in asked.verdicts
    ]
    form.section.choices = [
        SelectChoice("", "Choose a clause"),
        *(SelectChoice(one.key, one.label, {}, one.policy_title) for one in sections),
    ]
    form.action.choices = [SelectChoice(key, label, {"data-means": means}) for key, label, means in asked.actions]
    return form


@lru_cache(maxsize=64)
def _form_of(fields: str, action_for_all: bool) -> type[GradeForm]:
    """The form with a workflow's own *fields*, made once: making a class costs more than filling one in."""
    extra = {one["name"]: _field(one) for one in json.loads(fields) if one["name"] not in _OWN}
    return type("GradeForm", (GradeForm,), {**extra, "asks_action_always": action_for_all})


def _field(one: dict[str, Any]) -> Any:
    choices = [SelectChoice(key, label) for key, label in one["options"]]
    needed = [InputRequired("This is needed.")] if one.get("required") else [Optional()]
    if one["kind"] == "many":
        return SelectMultipleField(one["label"], choices=choices, validators=needed)
    if one["kind"] == "one":
        return RadioField(one["label"], choices=choices, validators=needed)
    if one["kind"] == "date":
        return DateField(one["label"], validators=needed)
    return StringField(one["label"], validators=[*needed, Length(max=200)], filters=[strip])


def again(answer: Answer, asked: Asked) -> dict[str, Any]:
    """The values that bring an own answer back into the form."""
    dates = {one["name"] for one in asked.fields if one["kind"] == "date"}
    extra = {
        name: date.fromisoformat(value) if name in dates else value
        for name, value in answer.answers.items()
        if name not in _OWN
    }
    return extra | {
        "verdict": answer.verdict,
        "section": answer.section_key,
        "action": answer.action,
        "confidence": answer.confidence,
        "note": answer.note,
    }


def said(form: GradeForm) -> list[tuple[str, str]]:
    """(label, answer) of what was filled in: kept for the person when it could not be stored."""
    kept = [field for name, field in form._fields.items() if name not in _HIDDEN and field.data]
    return [(field.label.text, _words(field.data)) for field in kept]


def _words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
