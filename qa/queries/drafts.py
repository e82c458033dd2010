"""What the pages of drafts show: the list, one draft with what stands in its way, its lines, its rules, its changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.core.models import Job, Person
from qa.drafting import changes, drafts, long, sheets, showing
from qa.drafting.parsing import parsed
from qa.drafting.sheets import Sheet, sheet_of
from qa.drafting.showing import SIZES, Entry, RuleRow, SourceLine, Told
from qa.models.drafting import PolicyDraft
from qa.models.policies import Policy, PolicyVersion
from qa.policies import clause_links, corrections, section_changes
from qa.policies import days as policy_days
from qa.policies import queries as policy_queries
from qa.policytext.rules import Rule

STATES = {"draft": "being drafted", "reviewed": "reviewed", "published": "published", "dropped": "put away"}


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in a list."""

    public_id: str
    title: str
    slug: str
    language: str
    state: str
    starts_on: date | None
    by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One draft, and what stands between it and its being published."""

    public_id: str
    title: str
    slug: str
    language: str
    file_name: str
    kind: str
    state: str
    number: str | None
    starts_on: date | None
    audience: str
    split_depth: int
    revision: int
    told: Told
    base: str | None
    #: The number of the version that it became.
    version: str | None
    is_stub: bool
    #: The last day on which a case was decided or reported under the policy.
    used_until: date | None
    reviewed_by: str | None
    #: Of a long text: deeds on it are done by a job.
    is_long: bool
    #: The job that is at work on it, or the last one where it failed.
    job: JobRow | None
    #: Of a long text: whether it was held against another version than the one before it now.
    is_stale: bool = False

    @property
    def is_open(self) -> bool:
        """Whether its text may be changed."""
        return self.state == "draft" and not self.is_busy

    @property
    def is_busy(self) -> bool:
        """Whether a job is at work on it."""
        return self.job is not None and self.job.is_open


@dataclass(frozen=True, slots=True)
class JobRow:
    """Work on a long text that waits, is under way, or came to its end."""

    public_id: str
    state: str
    #: The file, "" of a pasted text or of a draft that there is.
    file_name: str
    done: int
    total: int | None
    line: str
    error: str | None
    draft: str | None

    @property
    def is_open(self) -> bool:
        """Whether it can still be cancelled."""
        return self.state in ("queued", "leased")


def uploads(*, limit: int = 5) -> tuple[JobRow, ...]:
    """The newest long texts that were handed in."""
    rows = db.session.scalars(select(Job).where(Job.kind == long.TAKE).order_by(Job.id.desc()).limit(limit)).all()
    return tuple(_job_row(job) for job in rows)


def job_id(public_id: str) -> str:
    """The address of work on a long text, which is no other kind of job. Raises NotFound."""
    kinds = Job.kind.in_((long.TAKE, long.DEED))
    if db.session.scalar(select(Job.id).where(Job.public_id == public_id, kinds)) is None:
        raise NotFound("upload")
    return public_id


def _job_of(public_id: str) -> JobRow | None:
    """The job that is at work on a draft, or the last one where it failed."""
    mine = (Job.kind == long.DEED, Job.dedupe_key == f"draft:{public_id}")
    job = db.session.scalar(select(Job).where(*mine).order_by(Job.id.desc()).limit(1))
    return _job_row(job) if job is not None and job.state in ("queued", "leased", "failed") else None


def _job_row(job: Job) -> JobRow:
    named = str(job.args.get("name", ""))
    return JobRow(
        job.public_id, job.state, named, job.done, job.total, job.line or "", job.error, (job.result or {}).get("draft")
    )


def is_long(public_id: str) -> bool:
    """Whether deeds on a draft are done by a job."""
    return drafts.load(public_id).kept_revision is not None


def listed() -> list[DraftLine]:
    """Drafts that may still become something, then the newest of the others."""
    query = (
        select(PolicyDraft, Person.name)
        .outerjoin(Person, Person.id == PolicyDraft.by_id)
        .order_by(PolicyDraft.state.in_(drafts.OPEN).desc(), PolicyDraft.id.desc())
        .limit(100)
    )
    return [
        DraftLine(
            row.public_id, row.title, row.slug, row.language, row.state, row.starts_on, name or "–", row.created_at
        )
        for row, name in db.session.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of policies is at work: drafts, links of which one side changed, and versions that wait for a ruling."""

    drafts: Sequence[DraftLine]
    flagged: int
    rulings: Sequence[section_changes.Waiting]


def waiting(_person: Actor) -> Waiting | None:
    """The card of whoever answers for policies; None when nothing is at work."""
    open_ones = [one for one in listed() if one.state in drafts.OPEN]
    flagged = sum(one.is_flagged for one in clause_links.listed())
    rulings = section_changes.waiting()
    return Waiting(open_ones[:5], flagged, rulings) if open_ones or flagged or rulings else None


def shown(public_id: str) -> DraftRow:
    """One draft. Raises NotFound."""
    row = drafts.load(public_id)
    base = changes.base_of(row)
    version = db.session.get(PolicyVersion, row.version_id) if row.version_id else None
    policy = db.session.scalar(select(Policy).where(Policy.slug == row.slug))
    reviewer = db.session.get(Person, row.reviewed_by_id) if row.reviewed_by_id else None
    is_long, told = row.kept_revision is not None, _told(row)
    return DraftRow(
        public_id=row.public_id, title=row.title, slug=row.slug, language=row.language, file_name=row.file_name,
        kind=row.kind, state=row.state, number=row.number, starts_on=row.starts_on, audience=row.audience,
        split_depth=row.split_depth, revision=row.revision, told=told,
        base=base.number if base else None, version=version.number if version else None,
        is_stub=policy is not None and policy.stub,
        used_until=policy_days.last_use(row.slug) if policy is not None else None,
        reviewed_by=reviewer.name if reviewer else None, is_long=is_long,
        job=_job_of(public_id) if is_long else None,
        is_stale=is_long and row.state in drafts.OPEN and told.base_id != (base.id if base else None),
    )  # fmt: skip


def _told(row: PolicyDraft) -> Told:
    if row.kept_revision is None:
        return long.told(row)
    (kept,) = sheets.kept(row.id, "told", 0, SIZES["told"]).rows
    told = Told(**kept)
    return replace(told, missing=sum(name not in row.rulings for name in told.to_rule))


def text(public_id: str) -> str:
    """The whole text of a draft. Raises NotFound."""
    return drafts.load(public_id).markdown


def lines(public_id: str, first: int) -> tuple[Sheet, Sheet]:
    """The lines of a draft from *first* on, and its outline: the entries from the first that stands there on."""
    row = drafts.load(public_id)
    if row.kept_revision is not None:
        found = sheets.kept(row.id, "lines", first - 1, SIZES["lines"])
        around = sheets.kept(row.id, "outline", _entry_at(row, found.first + 1), SIZES["outline"])
        return replace(found, rows=[SourceLine(*one) for one in found.rows]), _entries(around)
    document = changes.document_of(row, changes.base_of(row))
    found = sheet_of(showing.source_lines(row.markdown, document), first - 1, SIZES["lines"])
    outline = showing.outline(document)
    at = sum(one.line <= found.first + 1 for one in outline)
    return found, sheet_of(outline, at, SIZES["outline"])


def _entry_at(row: PolicyDraft, line: int) -> int:
    """The number of the first entry of a kept outline that does not stand before *line*."""
    starts = sheets.firsts(row.id, "outline")
    return max((first for first, head in starts if head and head[2] <= line), default=0)


def _entries(sheet: Sheet) -> Sheet:
    return replace(sheet, rows=[Entry(*one) for one in sheet.rows])


def rules(public_id: str, first: int) -> Sheet:
    """The rules of a draft in the order of its lines, *first* being the number of one of them."""
    row = drafts.load(public_id)
    if row.kept_revision is not None:
        found = sheets.kept(row.id, "rules", first, SIZES["rules"])
        return replace(found, rows=[RuleRow(**one) for one in found.rows])
    made = showing.rule_rows(parsed(row.markdown, row.slug), corrections.sides_of(row.slug))
    return sheet_of(made, first, SIZES["rules"])


def rule_at(public_id: str, place: str) -> tuple[str, Rule, str] | None:
    """The policy, the rule as it is read at a place of the list, and its side without its owner's word on itself."""
    row = drafts.load(public_id)
    found = showing.rule_at(parsed(row.markdown, row.slug), corrections.sides_of(row.slug), place)
    return None if found is None else (row.slug, *found)


def policies_there() -> list[tuple[str, str]]:
    """Slug and title of every policy, for a list to choose from."""
    return [(line.policy_slug, line.title) for line in policy_queries.overview()]
