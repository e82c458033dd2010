"""Forms of accounts, people and settings. What a form lets through is checked again by its service."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from qa.core.accounts.passwords import LONGEST, SHORTEST
from qa.core.errors import BadInput
from qa.core.forms import Form, strip
from qa.core.models import ROLES

ROLE_NAMES = {
    "agent": "Agent: decides cases, sees own results",
    "reviewer": "Grader: grades cases blind",
    "manager": "Manager: sees the figures of the teams led",
    "policy_owner": "Policy owner: publishes policies and training",
    "observer": "Observer: reads, without names",
    "admin": "Admin: people, settings, audit",
}
_NEW_HELP = f"At least {SHORTEST} characters. A few words in a row do well."


class SignInForm(Form):
    """Address and password."""

    email = StringField(
        "E-mail", [InputRequired("Enter your address."), Length(max=320)], filters=[strip],
        render_kw={"type": "email", "autocomplete": "username", "autocapitalize": "none"},
    )  # fmt: skip
    password = PasswordField(
        "Password",
        [InputRequired("Enter your password."), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class NewPasswordForm(Form):
    """A password chosen by link."""

    new = PasswordField(
        "New password",
        [InputRequired("Choose a password."), Length(max=LONGEST * 4)],
        description=_NEW_HELP,
        render_kw={"autocomplete": "new-password"},
    )


class FirstAdminForm(NewPasswordForm):
    """Who begins an installation."""

    name = StringField("Your name", [DataRequired("Enter your name."), Length(max=200)], filters=[strip])
    email = StringField(
        "E-mail",
        [DataRequired("Enter your e-mail address."), Length(max=200)],
        filters=[strip],
        description="You sign in with it.",
        render_kw={"autocomplete": "username", "type": "email"},
    )


class ChangePasswordForm(NewPasswordForm):
    """A new password of somebody who knows the old one."""

    old = PasswordField(
        "Present password",
        [InputRequired("Enter your present password."), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )


class LookForm(Form):
    """How a person wants pages to be."""

    theme = RadioField(
        "Theme",
        choices=[
            SelectChoice("", "As the system has it"),
            SelectChoice("light", "Light"),
            SelectChoice("dark", "Dark"),
        ],
        default="",
    )
    keys_on = BooleanField("Keys without Ctrl or Alt work on pages")


class PersonForm(Form):
    """A person, by the columns of a people file."""

    name = StringField("Name", [DataRequired("Enter a name."), Length(max=200)], filters=[strip])
    email = StringField(
        "E-mail", [Length(max=320)], filters=[strip], description="Needed to sign in.", render_kw={"type": "email"}
    )
    roles = SelectMultipleField(
        "Roles", choices=[SelectChoice(role, ROLE_NAMES[role]) for role in ROLES],
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
    )  # fmt: skip
    team = StringField("Team", [Length(max=200)], filters=[strip], description="A new name makes a new team.")
    team_since = DateField("In the team since", [Optional()])
    vendor = StringField("Vendor", [Length(max=200)], filters=[strip])
    languages = StringField(
        "Languages", [Length(max=500)], filters=[strip], description="Separated by semicolons: en; es; pt-BR"
    )
    skills = StringField(
        "Skills",
        [Length(max=2000)],
        filters=[strip],
        description="adjudicate; decide_dispute; expert; on_call; workflow:NAME; harm:CLASS",
    )
    started_on = DateField("Started on", [Optional()])
    time_zone = StringField("Time zone", [Length(max=64)], filters=[strip], default="UTC")

    def cells(self) -> dict[str, object]:
        """What was entered, as a row of a people file."""
        given = {name: field.data for name, field in self._fields.items() if name != "csrf_token"}
        return given | {"roles": ";".join(self.roles.data or [])}


class NewPersonForm(PersonForm):
    """A person who is not here yet."""

    id = StringField(
        "Id",
        [DataRequired("Enter the id that files of cases use."), Length(max=200)],
        filters=[strip],
        description="As in your files of cases.",
    )


class PeopleFileForm(Form):
    """A file of people."""

    file = FileField("File", description="CSV, TSV, JSON Lines, XLSX or Parquet.")
    dry_run = BooleanField("Only say what would change")


class ActiveForm(Form):
    """Let somebody in, or not any more."""

    active = RadioField(choices=[SelectChoice("yes", "Active"), SelectChoice("no", "Not active")])


class PortionForm(Form):
    """How many cases one person grades at most, where that differs from everybody else."""

    a_day = IntegerField("In a day", [Optional(), NumberRange(1, 500)])
    a_week = IntegerField("In a week, from Monday on", [Optional(), NumberRange(1, 3_500)])


class LedTeamsForm(Form):
    """The teams that a manager sees."""

    all_teams = BooleanField("All teams, also those to come")
    teams = SelectMultipleField("Teams", widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())


class SettingForm(Form):
    """A setting's new value, as text."""

    value = StringField("Value", [Length(max=2_000)], filters=[strip])


def show(form: Form, error: BadInput) -> None:
    """Put what a service refused beside the fields it speaks of; the rest above the form."""
    for problem in error.problems:
        said = problem.expected[:1].upper() + problem.expected[1:]
        field = form._fields.get(problem.field or "")
        if field is None:
            form.form_errors.append(said if problem.field is None else f"{problem.field}: {said}")
        else:
            field.errors = [*field.errors, said if said.endswith((".", "!")) else said + "."]
