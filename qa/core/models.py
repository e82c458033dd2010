"""Tables of the kernel: people and access, work in the background, the audit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from qa.core.columns import Key, keeping, one_where, personal, public_id, refers, words
from qa.core.db import Row, db

ROLES = ("agent", "reviewer", "manager", "policy_owner", "observer", "admin")


class Person(Row, db.Model):
    """Somebody who decides, grades, leads or only reads."""

    __tablename__ = "person"

    public_id: Mapped[str] = public_id()
    external_id: Mapped[str] = personal(String(200), unique=True)
    name: Mapped[str] = personal(String(200))
    email: Mapped[str | None] = personal(String(320))
    #: The address as one identity: NFKC, case folded, no white space.
    email_key: Mapped[str | None] = personal(String(400), unique=True)
    password_hash: Mapped[str | None] = personal()
    locale: Mapped[str] = personal(String(35), default="en")
    time_zone: Mapped[str] = personal(String(64), default="UTC")
    theme: Mapped[str | None] = words("theme", "light", "dark", kind="person", nullable=True)
    #: Bare keys of pages are switched off.
    keys_off: Mapped[bool] = personal(default=False)
    #: The most cases of one kind of harm that the person wants to see in a day; None: as many as the site allows.
    sensitive_a_day: Mapped[int | None] = personal()
    #: Who employs the person; a team keeps the vendor that it was first named with.
    vendor: Mapped[str | None] = personal(String(200))
    started_on: Mapped[date | None] = personal()
    active: Mapped[bool] = personal(default=True)
    #: Belongs to the demonstration world.
    invented: Mapped[bool] = keeping(default=False)
    erased_at: Mapped[datetime | None] = keeping()


class RoleGrant(Row, db.Model):
    """A role that a person has, or had."""

    __tablename__ = "role_grant"

    person_id: Mapped[int] = refers("person.id", "person")
    role: Mapped[str] = words("role", *ROLES, kind="person")
    from_at: Mapped[datetime] = keeping()
    to_at: Mapped[datetime | None] = keeping()

    __table_args__ = (one_where("uq_role_grant_open", "person_id", "role", where="to_at IS NULL"),)


class Team(Row, db.Model):
    """People who decide cases together."""

    __tablename__ = "team"

    public_id: Mapped[str] = public_id()
    name: Mapped[str] = keeping(String(200), unique=True)
    vendor: Mapped[str | None] = keeping(String(200))
    time_zone: Mapped[str] = keeping(String(64), default="UTC")


class TeamMember(Row, db.Model):
    """Who was in which team, from when to when."""

    __tablename__ = "team_member"

    person_id: Mapped[int] = refers("person.id", "person")
    team_id: Mapped[int] = refers("team.id")
    from_on: Mapped[date] = keeping()
    to_on: Mapped[date | None] = keeping()
    team: Mapped[Team] = relationship(lazy="raise_on_sql")

    __table_args__ = (one_where("uq_team_member_open", "person_id", where="to_on IS NULL"),)


class TeamManager(Row, db.Model):
    """Which teams a manager sees; without a team: all."""

    __tablename__ = "team_manager"

    person_id: Mapped[int] = refers("person.id", "person")
    team_id: Mapped[int | None] = refers("team.id", nullable=True)

    __table_args__ = (UniqueConstraint("person_id", "team_id"),)


class DayOff(Row, db.Model):
    """A day on which a person, a team, or everybody (neither of the two) does not work."""

    __tablename__ = "day_off"

    person_id: Mapped[int | None] = refers("person.id", "person", nullable=True)
    team_id: Mapped[int | None] = refers("team.id", nullable=True)
    off_on: Mapped[date] = keeping(index=True)
    kind: Mapped[str] = words("kind", "holiday", "leave")

    __table_args__ = (
        one_where("uq_day_off_person", "person_id", "off_on", where="person_id IS NOT NULL"),
        one_where("uq_day_off_team", "team_id", "off_on", where="team_id IS NOT NULL"),
        one_where("uq_day_off_all", "off_on", where="person_id IS NULL AND team_id IS NULL"),
    )


class Skill(Row, db.Model):
    """What a person may be given. Never shown on a blind page."""

    __tablename__ = "skill"

    person_id: Mapped[int] = refers("person.id", "person")
    kind: Mapped[str] = words(
        "kind",
        "language",
        "workflow",
        "harm_class",
        "adjudicate",
        "decide_dispute",
        "expert",
        "on_call",
        kind="person",
    )
    value: Mapped[str] = personal(String(100), default="")
    from_on: Mapped[date | None] = keeping()
    to_on: Mapped[date | None] = keeping()

    __table_args__ = (UniqueConstraint("person_id", "kind", "value"),)


class Login(db.Model):
    """A sitting. The cookie holds the token, the row only its hash, so a stolen dump opens nothing."""

    __tablename__ = "login"

    token_hash: Mapped[str] = keeping(String(64), primary_key=True)
    person_id: Mapped[int] = refers("person.id", "person")
    created_at: Mapped[datetime] = keeping()
    seen_at: Mapped[datetime] = keeping()
    expires_at: Mapped[datetime] = keeping()
    revoked_at: Mapped[datetime | None] = keeping()


class OneTimeToken(db.Model):
    """An invitation or a reset: used once, on the server."""

    __tablename__ = "one_time_token"

    token_hash: Mapped[str] = keeping(String(64), primary_key=True)
    person_id: Mapped[int] = refers("person.id", "person")
    purpose: Mapped[str] = words("purpose", "invite", "reset")
    created_at: Mapped[datetime] = keeping()
    expires_at: Mapped[datetime] = keeping()
    used_at: Mapped[datetime | None] = keeping()


class Throttle(db.Model):
    """Attempts within a window, counted over all workers."""

    __tablename__ = "throttle"

    bucket: Mapped[str] = keeping(String(100), primary_key=True)
    window_start: Mapped[datetime] = keeping(primary_key=True)
    count: Mapped[int] = keeping(default=0)


class Idempotency(Row, db.Model):
    """The answer to a deed that a client may send twice, stored in the deed's own transaction."""

    __tablename__ = "idempotency"

    person_id: Mapped[int] = refers("person.id", "person", index=False)
    key: Mapped[str] = keeping(String(100))
    body_hash: Mapped[str] = keeping(String(64))
    status: Mapped[int] = keeping()
    answer: Mapped[dict[str, Any]] = keeping()

    __table_args__ = (UniqueConstraint("person_id", "key"),)


class Setting(Row, db.Model):
    """A setting as it holds from a moment on; a figure uses the setting of its period."""

    __tablename__ = "setting"

    key: Mapped[str] = keeping(String(100))
    #: "site", "team:<public id>" or "workflow:<key>".
    scope: Mapped[str] = keeping(String(100), default="site")
    value: Mapped[Any] = keeping(JSON)
    valid_from: Mapped[datetime] = keeping()
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)

    __table_args__ = (UniqueConstraint("key", "scope", "valid_from"),)


class AuditEntry(db.Model):
    """One deed, chained by hash to the one before. Ids, hashes and counts; never text."""

    __tablename__ = "audit_entry"

    seq: Mapped[int] = keeping(Key, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = keeping()
    actor: Mapped[str] = keeping(String(64), index=True)
    verb: Mapped[str] = keeping(String(64))
    object_kind: Mapped[str] = keeping(String(64))
    object_ref: Mapped[str] = keeping(String(200))
    #: Canonical JSON, kept as text: what was hashed is what is stored, byte for byte.
    detail: Mapped[str] = keeping()
    prev_hash: Mapped[str] = keeping(String(64))
    hash: Mapped[str] = keeping(String(64))

    __table_args__ = (Index("ix_audit_entry_object", "object_kind", "object_ref"),)


class AuditAnchor(Row, db.Model):
    """A head of the chain that was also written somewhere else."""

    __tablename__ = "audit_anchor"

    seq: Mapped[int] = keeping(unique=True)
    hash: Mapped[str] = keeping(String(64))
    written_to: Mapped[str] = keeping(String(500))


class Job(Row, db.Model):
    """Work in the background. This row is the truth; the queue only carries its number."""

    __tablename__ = "job"

    public_id: Mapped[str] = public_id()
    kind: Mapped[str] = keeping(String(64), index=True)
    args: Mapped[dict[str, Any]] = keeping()
    dedupe_key: Mapped[str | None] = keeping(String(200))
    state: Mapped[str] = words("state", "queued", "leased", "done", "failed", "cancelled", index=True)
    run_after: Mapped[datetime] = keeping()
    lease_until: Mapped[datetime | None] = keeping()
    lease_token: Mapped[str | None] = keeping(String(32))
    beat_at: Mapped[datetime | None] = keeping()
    attempts: Mapped[int] = keeping(default=0)
    done: Mapped[int] = keeping(default=0)
    total: Mapped[int | None] = keeping()
    line: Mapped[str] = keeping(String(300), default="")
    wanted_cancel: Mapped[bool] = keeping(default=False)
    error: Mapped[str | None] = keeping()
    result: Mapped[dict[str, Any] | None] = keeping()
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    ended_at: Mapped[datetime | None] = keeping()

    __table_args__ = (one_where("uq_job_dedupe_open", "dedupe_key", where="state IN ('queued', 'leased')"),)


class Notice(Row, db.Model):
    """A line for one person, rendered from what that person may see."""

    __tablename__ = "notice"

    person_id: Mapped[int] = refers("person.id", "person")
    kind: Mapped[str] = keeping(String(64))
    object_ref: Mapped[str] = keeping(String(200))
    line: Mapped[str] = keeping(String(300))
    url: Mapped[str] = keeping(String(300))
    dedupe_key: Mapped[str] = keeping(String(200), unique=True)
    #: It is sent at once, whatever its receiver chose.
    urgent: Mapped[bool] = keeping(default=False)
    read_at: Mapped[datetime | None] = keeping()
