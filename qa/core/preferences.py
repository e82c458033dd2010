"""Settings that people change while the product runs. A change is a new row; a figure uses the one of its period."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import ask, db, forget, remembered
from qa.core.errors import BadInput, NotFound, Problem
from qa.core.models import Setting


@dataclass(frozen=True, slots=True)
class Preference:
    """One setting: what it is called on pages, what holds until somebody changes it, and what it may be."""

    key: str
    default: Any
    label: str
    help: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    #: What a text has to look like.
    pattern: str = ""

    def read(self, text: str) -> Any:
        """The value that *text* stands for. Raises BadInput when this setting cannot take it."""
        text = text.strip()
        if isinstance(self.default, bool):
            if text.lower() not in ("yes", "no", "true", "false"):
                raise self._bad(text, "yes or no")
            return text.lower() in ("yes", "true")
        if isinstance(self.default, int | float):
            try:
                return self.check(type(self.default)(text))
            except ValueError as error:
                raise self._bad(text, self.expected) from error
        return self.check(text)

    def check(self, value: Any) -> Any:
        """*value* itself. Raises BadInput when this setting cannot take it."""
        if isinstance(self.default, float) and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        fits = type(value) is type(self.default)
        if fits and isinstance(value, int | float) and not isinstance(value, bool):
            fits = (self.low is None or value >= self.low) and (self.high is None or value <= self.high)
        if fits and self.choices:
            fits = value in self.choices
        if fits and self.pattern:
            fits = re.fullmatch(self.pattern, value) is not None
        if not fits:
            raise self._bad(str(value), self.expected)
        return value

    @property
    def expected(self) -> str:
        """What may be put here, in words."""
        if isinstance(self.default, bool):
            return "yes or no"
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if isinstance(self.default, int | float):
            kind = "a whole number" if isinstance(self.default, int) else "a number"
            limits = "" if self.low is None else f" from {self.low:g} to {self.high:g}"
            return kind + limits
        return self.help or "a text"

    def _bad(self, value: str, expected: str) -> BadInput:
        return BadInput(Problem(f"expected {expected}", field=self.label, value=value))


_ALL = (
    Preference("target_accuracy", 0.95, "Target accuracy", "A share: 0.95 is 95%.", 0.5, 0.999),
    Preference(
        "headline_level", "policy", "Headline level", "What alerts compare.", choices=("verdict", "policy", "action")
    ),
    Preference(
        "calibration_tolerance",
        0.05,
        "Tolerance of graders",
        "A share; a grader further off is off calibration.",
        0.0,
        0.5,
    ),
    Preference(
        "small_team",
        15,
        "People of a small team",
        "Below this many agents, pages of accuracy begin with teams and policies.",
        0,
        500,
    ),
    Preference(
        "harm_weights", "", "Harm of errors", "By policy and tier; easier to set under Accuracy, Harm of errors."
    ),
    Preference("cases_an_hour", 20, "Cases a grader grades in an hour", "Used for planning.", 1, 120),
    Preference("overlap_share", 0.10, "Double-graded share", "Share of drawn cases that get one more look.", 0.0, 1.0),
    Preference("batch_size", 20, "Cases in a batch", "A batch closes by itself after this many.", 1, 200),
    Preference("batch_pause_minutes", 30, "Pause that closes a batch", "Minutes.", 1, 1440),
    Preference("lease_minutes", 60, "How long a case is held", "Minutes until it goes to somebody else.", 5, 1440),
    Preference(
        "guess_share",
        0.10,
        "Cases on which graders guess",
        "Share of a closed batch that is asked what was decided, before the answers open; 0 asks nobody.",
        0.0,
        1.0,
    ),
    Preference("scorecard_share", 0.25, "Looks that get a scorecard", "Share, at random; after the reveal.", 0.0, 1.0),
    Preference("release_hour", 5, "Hour of the daily release", "In UTC; results and further looks come then.", 0, 23),
    Preference("daily_portion", 60, "Cases a grader and day", "At most; less or more for one person: People.", 1, 500),
    Preference(
        "weekly_portion",
        0,
        "Cases a grader and week",
        "At most, from Monday on; 0: as many as the days allow.",
        0,
        3_500,
    ),
    Preference("spare_own_team", False, "Nobody grades the own team", "Yes: cases of the own team go to others."),
    Preference(
        "grade_translations",
        False,
        "Grade through translations",
        "Yes: a case that brings a translation may go to whoever does not read its language; the grade is marked.",
    ),
    Preference(
        "sensitive_a_day",
        "other=40",
        "Sensitive cases a grader and day",
        "By kind of harm, like gore=10; minors=5; other=40.",
        pattern=r"\s*[^=;]+=\s*\d{1,3}\s*(;\s*[^=;]+=\s*\d{1,3}\s*)*;?\s*",
    ),
    Preference("break_minutes", 50, "Minutes before a break", "Then the page suggests one.", 10, 480),
    Preference("break_cases", 25, "Sensitive cases before a break", "Then the page suggests one.", 1, 200),
    Preference(
        "practice_cases",
        10,
        "Cases to practise on",
        "Of a new grader, once so many are settled; 0: nobody practises.",
        0,
        50,
    ),
    Preference(
        "danger_actions",
        "any",
        "Actions that end a danger",
        "Names like remove; restrict, or any: whatever acts on a violation.",
        pattern=r"[\w\- ]+(;[\w\- ]+)*;?",
    ),
    Preference("on_call_minutes", 10, "Minutes to answer a call", "Then the next person on call is told.", 1, 240),
    Preference(
        "adjudication_panel", False, "A panel of three rules", "No: one adjudicator. Yes: two of three who agree."
    ),
    Preference("dispute_days", 5, "Days to dispute a result", "Working days.", 1, 60),
    Preference(
        "audit_share_errors", 0.05, "Undisputed errors looked at again", "Share; after the time to dispute.", 0.0, 1.0
    ),
    Preference("audit_share_correct", 0.01, "Correct results looked at again", "Share.", 0.0, 1.0),
    Preference("gold_a_quarter", 30, "Known-answer cases a grader and quarter", "", 0, 200),
    Preference("gold_share", 0.04, "Most known-answer cases in a day's portion", "A share.", 0.0, 0.25),
    Preference("training_due_days", 5, "Days to do a training", "Working days.", 1, 60),
    Preference("retake_hours", 24, "Hours before a retake", "", 0, 720),
    Preference("confirm_assignments", False, "Leads confirm training first", "No: an alert assigns it by itself."),
    Preference(
        "randomised_start",
        False,
        "Draw by chance when training starts",
        "Yes: of alerts that are not severe half begin at once, half three weeks later, so that the effect of training "
        "can be measured. Never legal requests or critical errors; a lead can begin at once. Agree on it with your "
        "people first: see What training changed.",
    ),
    Preference(
        "shifts",
        "early=6-14; late=14-22; night=22-6",
        "Shifts",
        "Parts of the day by the clocks of each team, for reports, like early=6-14; night=22-6.",
        pattern=r"\s*[^=;]+=\s*\d{1,2}-\d{1,2}\s*(;\s*[^=;]+=\s*\d{1,2}-\d{1,2}\s*)*;?\s*",
    ),
    Preference("report_cases", 20_000, "Cases of a report at once", "Of more, it is made in the background.", 0, 10**7),
    Preference("pack_names", False, "Evidence packs name persons", "No: persons stand under codes of that pack alone."),
    Preference("team_level_only", False, "Team level only", "Yes: a person's figures are seen by that person alone."),
    Preference("detector_watch", 300, "Watch limit of alerts", "Evidence at which an alert is watched.", 2, 1e6),
    Preference(
        "detector_years",
        20,
        "Years between false alerts",
        "Per person, while nothing is wrong; sets when we act.",
        1,
        1000,
    ),
    Preference(
        "masks_wait_for_review",
        True,
        "What could tell an outcome waits for a look",
        "Yes: nobody is given such a case before somebody has looked at its text. No: it is covered at once.",
    ),
    Preference(
        "source_links",
        "",
        "Ways back to the source",
        "By source, like abuse=https://desk.example.org/cases/{id}; legal=https://legal.example.org/{id}. Shown beside "
        "a case once its decision is in sight.",
        pattern=r"(\s*[^=;\s]+=https?://[^\s;{}]*\{id\}[^\s;{}]*\s*(;|$))*\s*",
    ),
    Preference(
        "imports_at",
        "",
        "When cases are imported",
        "Hours of the day in UTC, like 03:00; 15:00. Pages say when the next ones come; empty: they say nothing.",
        pattern=r"(\s*([01]\d|2[0-3]):[0-5]\d\s*(;|$))*\s*",
    ),
    Preference(
        "page_opening_days",
        365,
        "Days that openings of a person's pages are kept",
        "Who opened whose figures, and when.",
        30,
        3_650,
    ),
    Preference("case_text_days", 180, "Days that texts of cases are kept", "After the import.", 1, 3650),
    Preference("person_months", 13, "Months that figures know the person", "After the case was closed.", 1, 120),
    Preference("attachment_mb", 20, "Largest file beside a case", "MB; larger ones are left out.", 1, 500),
    Preference("attachments_unpacked_mb", 2_000, "Size of an unpacked zip of files", "MB.", 1, 100_000),
    Preference("file_field_chars", 2_000_000, "Longest text in a file", "Characters.", 1_000, 8_000_000),
    Preference("file_columns", 1_000, "Most columns of a file", "", 10, 10_000),
    Preference("file_unpacked_mb", 200, "Size of an unpacked file", "MB; for gzip, XLSX and Parquet.", 1, 100_000),
    Preference("policy_file_mb", 10, "Size of a policy's file", "MB; for Markdown, HTML and .docx.", 1, 100),
    Preference("policy_unpacked_mb", 10, "Size of an unpacked .docx", "MB of text; each takes 45 MB to read.", 1, 200),
    Preference("file_unpacked_ratio", 100, "Most that a file unpacks to", "Times its own size.", 2, 10_000),
)
KNOWN = {preference.key: preference for preference in _ALL}
DEFAULTS = {preference.key: preference.default for preference in _ALL}


def written(value: Any) -> str:
    """A value as a person writes it: what `Preference.read` takes."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


_SETTING = Setting.__table__.c
#: Every setting that was ever made, the latest first: they are few, and a deed asks several.
_MADE = select(_SETTING.key, _SETTING.scope, _SETTING.valid_from, _SETTING.value).order_by(_SETTING.valid_from.desc())


def get(key: str, *, scope: str = "site", at: datetime | None = None) -> Any:
    """The value of *key* that holds for *scope* at the moment *at* (now): the scope's own, the site's, the default."""
    if key not in KNOWN:
        raise KeyError(key)
    moment, made = at or clock.now(), remembered("settings", _made)
    for wanted in dict.fromkeys((scope, "site")):
        value = next((value for since, value in made.get((key, wanted), ()) if since <= moment), None)
        if value is not None:
            return value
    return DEFAULTS[key]


def own(key: str, *, scope: str) -> Any:
    """What was set for just this scope and holds now; None where the site's value does."""
    made, now = remembered("settings", _made), clock.now()
    return next((value for since, value in made.get((key, scope), ()) if since <= now), None)


def of_person(public_id: str) -> str:
    """The scope of one person."""
    return f"person:{public_id}"


def _made() -> dict[tuple[str, str], list[tuple[datetime, Any]]]:
    """(key, scope) -> from when on which value holds, the latest first."""
    found: dict[tuple[str, str], list[tuple[datetime, Any]]] = {}
    for key, scope, valid_from, value in ask(_MADE):
        found.setdefault((key, scope), []).append((valid_from, value))
    return found


def put(actor: Actor, key: str, value: Any, *, scope: str = "site") -> None:
    """Let *value* hold from now on; None for a scope: the site's again. What held before stays on record."""
    if key not in KNOWN:
        raise NotFound("setting")
    now = clock.now()
    if value is not None or scope == "site":
        value = KNOWN[key].check(value)
    same = select(Setting).where(Setting.key == key, Setting.scope == scope, Setting.valid_from == now)
    row = db.session.scalar(same)
    if row is None:
        row = Setting(key=key, scope=scope, valid_from=now)
        db.session.add(row)
    row.value, row.by_id = value, actor.id
    audit.note(actor, "set", "setting", f"{scope}/{key}", value=value)
    db.session.flush()
    forget("settings")
