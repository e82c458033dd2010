"""One person as a form, a command or a file gives it: every field read and checked before anything is stored."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from typing import Any, TypeVar
from zoneinfo import available_timezones

from qa.core.accounts.identity import is_email
from qa.core.errors import BadInput, Problem
from qa.core.models import ROLES

T = TypeVar("T")

#: Skills that stand alone, and those that name what they are for, as files write them.
PLAIN_SKILLS = ("adjudicate", "decide_dispute", "expert", "on_call")
NAMED_SKILLS = {"workflow": "workflow", "harm": "harm_class"}
COLUMNS = (
    "id", "name", "email", "roles", "team", "vendor", "languages", "active", "team_since", "started_on",
    "time_zone", "skills", "locale",
)  # fmt: skip
_SKILLS_EXPECTED = "expected adjudicate, decide_dispute, expert, on_call, workflow:NAME or harm:CLASS"
_YES, _NO = ("yes", "true", "1", "y"), ("no", "false", "0", "n")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as handed in. *given*: the fields that were there; what was not given stays as it is."""

    external_id: str
    name: str
    email: str | None = None
    roles: frozenset[str] = frozenset()
    team: str | None = None
    vendor: str | None = None
    #: (kind, value), languages among them.
    skills: frozenset[tuple[str, str]] = frozenset()
    time_zone: str = "UTC"
    started_on: date | None = None
    team_since: date | None = None
    active: bool = True
    locale: str = "en"
    given: frozenset[str] = field(default=frozenset(COLUMNS))


def read_row(cells: Mapping[str, Any], *, file: str | None = None, line: int | None = None) -> PersonRow:
    """Read one person from *cells*, by the columns of a people file. Raises BadInput with all that is wrong."""
    problems: list[Problem] = []

    def take(column: str, reader: Callable[[str], T], missing: T) -> T:
        text = str(cells.get(column) or "").strip()
        if not text:
            return missing
        try:
            return reader(text)
        except ValueError as error:
            problems.append(Problem(str(error), file, line, column, text))
            return missing

    for column in ("id", "name"):
        if not str(cells.get(column) or "").strip():
            problems.append(Problem("expected a value; there is none", file, line, column))
    row = PersonRow(
        external_id=take("id", _label, ""),
        name=take("name", _label, ""),
        email=take("email", _email, None),
        roles=take("roles", _roles, frozenset()),
        team=take("team", _label, None),
        vendor=take("vendor", _label, None),
        skills=take("skills", _skills, frozenset()) | take("languages", _languages, frozenset()),
        time_zone=take("time_zone", _zone, "UTC"),
        started_on=take("started_on", _day, None),
        team_since=take("team_since", _day, None),
        active=take("active", _truth, True),
        locale=take("locale", _language, "en"),
        given=frozenset(column for column in COLUMNS if column in cells),
    )
    if row.team_since and not row.team and "team" in row.given:
        problems.append(Problem("expected a team, since team_since is given", file, line, "team"))
    if problems:
        raise BadInput(*problems)
    return row


def _words(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _label(text: str) -> str:
    if len(text) > 200:
        raise ValueError("expected at most 200 characters")
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
        raise ValueError("expected text on one line, without control characters")
    return text


def _email(text: str) -> str:
    if not is_email(text):
        raise ValueError("expected an address like name@example.org")
    return text


def _roles(text: str) -> frozenset[str]:
    named = frozenset(word.lower() for word in _words(text))
    if named - set(ROLES):
        raise ValueError(f"expected one or more of {', '.join(ROLES)}, separated by semicolons")
    return named


def _skills(text: str) -> frozenset[tuple[str, str]]:
    found = set()
    for word in _words(text):
        kind, _, value = word.partition(":")
        value = value.strip()
        if word in PLAIN_SKILLS:
            found.add((word, ""))
        elif kind in NAMED_SKILLS and value and len(value) <= 100:
            found.add((NAMED_SKILLS[kind], value))
        else:
            raise ValueError(_SKILLS_EXPECTED)
    return frozenset(found)


def _languages(text: str) -> frozenset[tuple[str, str]]:
    return frozenset(("language", _language(word)) for word in _words(text))


def _language(text: str) -> str:
    """A language tag, as far as it can be told without a register: letters and digits in parts of 1 to 8."""
    parts = text.replace("_", "-").split("-")
    if not (2 <= len(parts[0]) <= 8 and parts[0].isalpha() and len(text) <= 35):
        raise ValueError("expected language tags like en or pt-BR, separated by semicolons")
    if not all(part.isascii() and part.isalnum() and len(part) <= 8 for part in parts):
        raise ValueError("expected language tags like en or pt-BR, separated by semicolons")
    return "-".join([parts[0].lower(), *parts[1:]])


@cache
def _zones() -> set[str]:
    return available_timezones()


def _zone(text: str) -> str:
    if text not in _zones():
        raise ValueError("expected the name of a time zone like Europe/Madrid")
    return text


def _day(text: str) -> date:
    """A day; sheets hand their days over with a midnight."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError("expected a day like 2026-11-16") from error
    found = moment.date()
    if moment.time() != time():
        raise ValueError("expected a day like 2026-11-16, without a time")
    if not 1950 <= found.year <= 2100:
        raise ValueError("expected a day between 1950 and 2100")
    return found


def _truth(text: str) -> bool:
    if text.lower() not in _YES + _NO:
        raise ValueError("expected yes or no")
    return text.lower() in _YES
