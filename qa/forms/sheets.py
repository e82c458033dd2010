"""Forms for files whose columns are said on a page."""

from __future__ import annotations

from wtforms import BooleanField, FileField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from qa.core.forms import Form, strip


class SheetForm(Form):
    """A file, or a table that is pasted."""

    file = FileField("File", description="XLSX, CSV, TSV, JSON Lines or Parquet, with one row of column names on top.")
    pasted = TextAreaField(
        "Or paste a table",
        validators=[Length(max=4_000_000)],
        description="Copy cells in your spreadsheet, the row of column names with them, and paste them here.",
    )
    kind = RadioField(
        "What it holds",
        choices=[
            SelectChoice("cases", "Closed cases", render_kw={"data-help": "One row for each case and its decision."}),
            SelectChoice(
                "events", "What happened to cases later",
                render_kw={"data-help": "Reopened, appealed, corrected or bulk actions, of cases that are here."},
            ),
        ],
        default="cases",
    )  # fmt: skip
    source = StringField(
        "Source",
        validators=[DataRequired("Name where the cases come from."), Length(max=100)],
        filters=[strip],
        default="default",
        description="Where the cases come from. Ids are a source's own.",
    )
    mapping_name = SelectField("Read as before", choices=[], default="", description="Choices kept for such a file.")
    files = FileField("Files beside it", description="A zip with the files that a column names.")


class ChoicesForm(Form):
    """What is done with the choices; the choices themselves are as many as the sheet has columns and words."""

    mapping_name = StringField(
        "Keep these choices as",
        validators=[DataRequired("Give these choices a name."), Length(max=100)],
        filters=[strip],
        description="The next file of this kind can begin with them.",
    )
    sure = BooleanField("I have looked: the evidence does not give the decision away")
    make_people = BooleanField("Add agents who are not here yet, by their ids in this file", default=True)
    stub_policies = BooleanField("Make stand-in sections for decisions that I gave no section", default=True)
    partial = BooleanField("Take the good rows, even if some are refused")
