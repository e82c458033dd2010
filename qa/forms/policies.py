"""Forms for policies."""

from __future__ import annotations

from wtforms import DateField, FileField, StringField, TextAreaField
from wtforms.validators import Length, Optional, Regexp

from qa.core.forms import Form, strip


class PolicyForm(Form):
    """A version of a policy, as a file or as text."""

    file = FileField("Markdown file", validators=[Optional()])
    text = TextAreaField(
        "Or its text",
        validators=[Length(max=5_000_000)],
        description="Markdown; front matter may give title, slug, version, effective, audience and split_depth.",
        render_kw={"rows": 16, "spellcheck": "false"},
    )
    slug = StringField(
        "Policy",
        validators=[Optional(), Regexp(r"[a-z0-9]+(-[a-z0-9]+)*$", message="Lower case words joined by -.")],
        filters=[strip],
        description="The short name of the policy that this belongs to; else the file says it.",
        render_kw={"maxlength": 200},
    )
    effective = DateField(
        "In force from",
        validators=[Optional()],
        description="Without a day, a policy's first version is in force since ever.",
    )
