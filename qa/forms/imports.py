"""Forms for files of cases."""

from __future__ import annotations

from wtforms import BooleanField, FileField, StringField
from wtforms.validators import DataRequired, Length

from qa.core.forms import Form, strip


class UploadForm(Form):
    """A file of closed cases."""

    file = FileField("File", description="CSV, TSV, JSON Lines, XLSX or Parquet; text files may be gzipped.")
    files = FileField("Files beside it", description="A zip with the files that the column attachments names.")
    source = StringField(
        "Source",
        validators=[DataRequired("Name where the cases come from."), Length(max=100)],
        filters=[strip],
        description="Where the cases come from. Ids are a source's own.",
    )
    mapping_name = StringField(
        "Mapping",
        validators=[Length(max=100)],
        filters=[strip],
        description="The name of a mapping that is kept; without one the columns have our names.",
    )
    dry_run = BooleanField("Only say what would change")
    partial = BooleanField("Take the good rows of a file that has bad ones too")
    stub_policies = BooleanField("Make stand-in policies for labels that name no section")
