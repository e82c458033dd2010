"""Taking a person's name, id and address out of every text in which they stand, and out of the rows about them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, Table, Text, cast, delete, func, or_, select, update

from qa.core import clock
from qa.core.access import SYSTEM, Actor
from qa.core.db import db
from qa.core.leave.models import LeaveRequest
from qa.core.models import (
    DayOff,
    Idempotency,
    Login,
    Notice,
    OneTimeToken,
    Person,
    RoleGrant,
    Skill,
    TeamManager,
    TeamMember,
    Throttle,
)
from qa.core.turns import one_at_a_time
from qa.grading import blind
from qa.models.grading import Batch, Task
from qa.models.policies import QuestionVoice
from qa.models.truth import Challenge, Dispute, Finding
from qa.redaction import leaks
from qa.redaction.spans import LEAK, Span, apart
from qa.removal import free_texts

GONE = "[erased]"
#: A name of one word is looked for from this length on, or where it has a digit: a shorter one is a word like others.
FEWEST_LETTERS = 5


@dataclass(frozen=True, slots=True)
class Names:
    """All that a person is called by."""

    known: leaks.Staff
    #: A part of each, by which the database finds the rows to be looked at.
    needles: tuple[str, ...]
    alone: re.Pattern[str] | None

    @classmethod
    def of(cls, person: Person) -> Names:
        """What this person is called by."""
        words = person.name.split()
        alone = None
        if len(words) == 1 and (len(words[0]) >= FEWEST_LETTERS or any(map(str.isdigit, words[0]))):
            alone = re.compile(rf"(?<!\w){re.escape(words[0])}(?!\w)", re.IGNORECASE)
        needles = {max(words, key=len, default=""), person.external_id, person.email or ""}
        return cls(
            leaks.staff([(person.external_id, person.name, person.email)]),
            tuple(sorted(needle for needle in needles if len(needle) >= 2)), alone,
        )  # fmt: skip

    def out_of(self, text: str) -> str:
        """*text* without them."""
        spans = leaks.names(text, self.known)
        if self.alone is not None:
            spans += [Span(*match.span(), LEAK, "staff") for match in self.alone.finditer(text)]
        for span in reversed(apart(spans)):
            text = text[: span.start] + GONE + text[span.end :]
        return text


def sweep(names: Names) -> Counter[str]:
    """Take them out of every text of every table; table -> rows that held them."""
    counts: Counter[str] = Counter()
    for table, columns in free_texts.everywhere():
        if table.name != "person":
            counts[table.name] += _sweep_table(table, columns, names)
    return +counts


def _sweep_table(table: Table, columns: list[Column[Any]], names: Names) -> int:
    (key,) = table.primary_key.columns
    texts = [cast(column, Text) if isinstance(column.type, JSON) else column for column in columns]
    needles = [needle.lower() for needle in names.needles]
    found = or_(*(func.lower(text).contains(needle, autoescape=True) for text in texts for needle in needles))
    changed = 0
    for row in db.session.execute(select(key, *columns).where(found).order_by(key)).all():
        new = {column.name: _without(value, names) for column, value in zip(columns, row[1:], strict=True)}
        values = {name: value for (name, value), old in zip(new.items(), row[1:], strict=True) if value != old}
        if values:
            db.session.execute(update(table).where(key == row[0]).values(values))
            changed += 1
    return changed


def _without(value: Any, names: Names) -> Any:
    """The same without them, whatever it is made of."""
    if isinstance(value, str):
        return names.out_of(value)
    if isinstance(value, list):
        return [_without(one, names) for one in value]
    if isinstance(value, dict):
        return {names.out_of(key): _without(one, names) for key, one in value.items()}
    return value


def left_as(person: Person) -> str:
    """The id that is left of a person in files and in the strata of draws: it stands for nobody known."""
    return f"erased-{person.public_id[:12]}"


def own_rows(actor: Actor, person: Person) -> Counter[str]:
    """Let go of what a person has in hand, take out what is theirs alone, and leave a row of whom nothing is known."""
    counts: Counter[str] = Counter()
    _close_batch(person)
    held = update(Task).where(Task.person_id == person.id, Task.state == "held")
    db.session.execute(held.values(state="waiting", person_id=None, reserved=False, lease_until=None))
    for table in (Login, OneTimeToken, Skill, Idempotency, Notice, TeamManager, DayOff, LeaveRequest):
        theirs = delete(table).where(table.person_id == person.id)
        counts[table.__tablename__] += int(db.session.execute(theirs).rowcount)
    if person.email_key:
        used = delete(Throttle).where(Throttle.bucket.contains(person.email_key, autoescape=True))
        counts["throttle"] += int(db.session.execute(used).rowcount)
    own = select(Finding.id).where(Finding.agent_id == person.id)
    asked = delete(QuestionVoice).where(QuestionVoice.person_id == person.id)
    counts["question_voice"] += int(db.session.execute(asked).rowcount)
    said = update(Dispute).where(Dispute.finding_id.in_(own), Dispute.text != "").values(text="")
    counts["dispute"] += int(db.session.execute(said).rowcount)
    argued = update(Challenge).where(Challenge.by_id == person.id, Challenge.text != "").values(text="")
    counts["challenge"] += int(db.session.execute(argued).rowcount)
    now = clock.now()
    db.session.execute(
        update(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.to_at.is_(None)).values(to_at=now)
    )
    db.session.execute(
        update(TeamMember).where(TeamMember.person_id == person.id, TeamMember.to_on.is_(None)).values(to_on=now.date())
    )
    person.external_id, person.name = left_as(person), "Erased person"
    person.email = person.email_key = person.password_hash = person.vendor = person.theme = person.started_on = None
    person.locale, person.time_zone, person.active, person.erased_at = "en", "UTC", False, now
    db.session.flush()
    counts["person"] += 1
    return +counts


def _close_batch(person: Person) -> None:
    """What they graded is committed, like the batch of anybody who does not come back."""
    one_at_a_time(person.id)
    batch = db.session.scalar(select(Batch).where(Batch.person_id == person.id, Batch.state == "open"))
    if batch is not None:
        blind.commit_batch(batch, SYSTEM)
