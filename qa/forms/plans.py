"""Forms of plans."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from qa.core.forms import Form, strip

EXAMPLE = """name = "Weekly"
purpose = "measure"
strata = ["agent", "tier"]
per_agent_week = 10
min_per_stratum = 1
overlap = 0.10

[[tier]]
name = "high"
when = "severity in (high, critical)"
"""


class PlanForm(Form):
    """A plan as it stands in a file."""

    text = TextAreaField(
        "The plan",
        validators=[DataRequired("Write the plan."), Length(max=20_000)],
        filters=[strip],
        description="As in a plan file (TOML). A plan of a name that is there already becomes its next version.",
    )
