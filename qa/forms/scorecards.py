"""Forms of scorecards: marking one, and writing its next version."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from qa.core.forms import Form, strip
from qa.grading.scorecards import Marked
from qa.grading.scoring import Criterion, Part
from qa.queries.scorecards import MARKS

#: So many parts, and criteria of a part, are read from a form.
MOST = 40
_NOT_A_KEY = re.compile(r"[^a-z0-9]+")


class MarkForm(Form):
    """What every scorecard asks; `mark_form` adds its criteria."""

    comment = TextAreaField(
        "Comment", [Optional(), Length(max=4000)], filters=[strip],
        description="The agent reads it, without your name. About the work, never about the person.",
    )  # fmt: skip

    def marks(self, parts: Iterable[Part]) -> dict[str, Marked]:
        """Key -> what was marked."""
        return {
            one.key: Marked(self[f"mark-{one.key}"].data, self[f"cause-{one.key}"].data or None)
            for part in parts
            for one in part.criteria
        }


def mark_form(parts: Sequence[Part], causes: Sequence[tuple[str, str]]) -> MarkForm:
    """The form of a case that is marked by *parts*."""
    fields: dict[str, Any] = {}
    for one in (one for part in parts for one in part.criteria):
        offered = [SelectChoice(key, label) for key, label in MARKS.items() if key != "partly" or one.partly]
        needed = InputRequired("Mark it, or say that it does not apply.")
        label = f"{one.label} (critical)" if one.critical else one.label
        fields[f"mark-{one.key}"] = RadioField(label, choices=offered, validators=[needed])
        why = [SelectChoice("", "Choose a cause"), *(SelectChoice(key, said) for key, said in causes)]
        fields[f"cause-{one.key}"] = SelectField("Why not", choices=why, validate_choice=False)
    return type("MarkForm", (MarkForm,), fields)()


class EditForm(Form):
    """The token alone: what else stands in the form is read by `written`, because it has no fixed number of rows."""


def written(sent: MultiDict[str, str]) -> tuple[Part, ...]:
    """The parts as they stand in a form; a criterion without a name is left out, and so is an empty part.

    A criterion keeps its key from version to version, so that figures go on; a new one is called by its name.
    """
    found = []
    for at in range(MOST):
        criteria = tuple(one for row in range(MOST) if (one := _criterion(sent, f"{at}-{row}")) is not None)
        title = sent.get(f"title-{at}", "").strip()[:120]
        if title or criteria:
            found.append(Part(title, criteria, sent.get(f"workflow-{at}", "").strip()[:64]))
    return tuple(found)


def _criterion(sent: MultiDict[str, str], at: str) -> Criterion | None:
    label = sent.get(f"label-{at}", "").strip()[:120]
    if not label:
        return None
    weight = sent.get(f"weight-{at}", "").strip()
    return Criterion(
        key=sent.get(f"key-{at}", "").strip()[:64] or _NOT_A_KEY.sub("_", label.lower()).strip("_")[:64] or at,
        label=label,
        help=sent.get(f"help-{at}", "").strip()[:300],
        weight=int(weight) if weight.isascii() and weight.isdigit() and len(weight) < 4 else 0,
        critical=f"critical-{at}" in sent,
        partly=f"partly-{at}" in sent,
    )
