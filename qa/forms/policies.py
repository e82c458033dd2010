"""Forms for policies and their drafts."""

from __future__ import annotations

from wtforms import DateField, FileField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from qa.core.forms import Form, strip

_SLUG = Regexp(r"[a-z0-9]+(-[a-z0-9]+)*$", message="Lower case words of letters and digits joined by -.")
_LANGUAGE = Regexp(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", message="A language like de, pt-BR or zh-Hant.")


class DraftForm(Form):
    """A text that is to become a version, or a translation of one."""

    file = FileField(
        "File",
        validators=[Optional()],
        description="Markdown, HTML or .docx. Nothing in it is run, nothing is fetched.",
        render_kw={"accept": ".md,.markdown,.txt,.html,.htm,.docx,.docm"},
    )
    text = TextAreaField(
        "Or its text",
        validators=[Length(max=4_000_000)],
        description="Front matter may give title, slug, version, effective, audience and split_depth.",
        render_kw={"rows": 14, "spellcheck": "false"},
    )
    kind = SelectField(
        "Read it as",
        choices=[
            SelectChoice("", "What it looks like"),
            SelectChoice("markdown", "Markdown"),
            SelectChoice("html", "HTML"),
        ],
        validators=[Optional()],
    )
    slug = StringField(
        "Policy",
        validators=[Optional(), _SLUG],
        filters=[strip],
        description="The short name of the policy that this belongs to; else the file says it.",
        render_kw={"maxlength": 200, "list": "policies"},
    )
    effective = DateField(
        "In force from", validators=[Optional()], description="You can also say it later, before publishing."
    )
    language = StringField(
        "Translation into",
        validators=[Optional(), Length(max=35), _LANGUAGE],
        filters=[strip],
        description="Only for a translation of the version in force: its language, like de or pt-BR.",
        render_kw={"maxlength": 35},
    )


class DetailsForm(Form):
    """What is said of a version besides its text."""

    starts_on = DateField("In force from", validators=[Optional()])
    number = StringField(
        "Version",
        validators=[Optional(), Length(max=60)],
        filters=[strip],
        description="Left empty it is counted on.",
        render_kw={"maxlength": 60},
    )
    audience = RadioField(
        "For",
        choices=[
            SelectChoice("external", "The public", render_kw={"data-help": "What users of the platform may read."}),
            SelectChoice("internal", "The team", render_kw={"data-help": "A guideline that carries out a policy."}),
        ],
    )
    split_depth = RadioField(
        "Counts as",
        choices=[
            SelectChoice("0", "One policy"),
            SelectChoice("1", "One policy for each top section", render_kw={"data-help": "Figures are split by it."}),
        ],
    )


class TextForm(Form):
    """The whole text of a draft."""

    text = TextAreaField(
        "Text",
        validators=[InputRequired("Enter the text."), Length(max=4_000_000)],
        description="Markdown. Lines keep their numbers in everything that cites them.",
        render_kw={"rows": 30, "spellcheck": "false"},
    )


class LinkForm(Form):
    """An internal section, and the public one that it carries out."""

    internal_key = SelectField("Internal section", validators=[InputRequired("Choose a section.")])
    public_key = SelectField("carries out the public section", validators=[InputRequired("Choose a section.")])


class MergeForm(Form):
    """A stand-in, and the real section that it is."""

    from_key = SelectField("Stand-in", validators=[InputRequired("Choose a stand-in.")])
    to_key = SelectField("is the section", validators=[InputRequired("Choose a section.")])
