"""Policies: taking in dated versions of Markdown documents and keeping their sections' keys stable."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import func, or_, select

from qa import policy_queries
from qa.core import audit, markup
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, Problem
from qa.models.cases import ClosedCase, ImportRun
from qa.models.policies import Policy, PolicyVersion, Section
from qa.policytext.sections import Document, carry_keys, parse, slugify

#: Files of a folder that are about the others.
ABOUT = re.compile(r"(README|SOURCES|LICENSE)", re.IGNORECASE)
MAX_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of one document."""

    file: str
    slug: str
    version: str
    #: "added", "unchanged" or "skipped".
    what: str
    sections: int = 0
    #: "line 12: ..." of whatever could not be read as meant.
    oddities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Dated:
    """What a document's front matter and the options say of it."""

    slug: str
    title: str
    number: str | None
    effective: date | None
    audience: str
    split_depth: int
    invented: bool


def read_text(path: Path) -> str:
    """The text of a policy file. Raises BadInput for what is no UTF-8 text or too large."""
    raw = path.read_bytes()
    if len(raw) > MAX_BYTES:
        raise BadInput(Problem(f"a policy of at most {MAX_BYTES // 1024 // 1024} MB", file=path.name))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadInput(Problem("text in UTF-8", file=path.name, line=line, value=repr(raw[error.start]))) from error


def import_paths(
    actor: Actor, paths: list[Path], *, effective: date | None = None, slug: str | None = None
) -> list[Imported]:
    """Take in files and the files of folders (not recursive), all or none; what is skipped is named."""
    done: list[Imported] = []
    files = [file for path in paths for file in (_files_of(path) if path.is_dir() else [path])]
    if slug is not None and len(files) != 1:
        raise BadInput(Problem("--slug goes with one file", value=f"{len(files)} files"))
    for file in files:
        if ABOUT.match(file.name):
            done.append(Imported(file.name, "", "", "skipped"))
            continue
        text = read_text(file)
        done.append(import_text(actor, text, name=file.stem, file=file.name, slug=slug, effective=effective))
    if not any(one.what != "skipped" for one in done):
        raise BadInput(Problem("at least one Markdown file", value=", ".join(path.name for path in paths)))
    return done


def _files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in (".md", ".markdown"))


def import_text(
    actor: Actor,
    markdown: str,
    *,
    name: str,
    file: str | None = None,
    slug: str | None = None,
    effective: date | None = None,
    stub: bool = False,
) -> Imported:
    """Take in one document as a version of its policy; the same text again changes nothing.

    Raises BadInput for front matter that cannot be read, an empty document, or a day that has a version already or that
    imported cases were decided on.
    """
    document = parse(markdown, name=slug or name)
    if not document.sections or not markdown.strip():
        raise BadInput(Problem("a document with some text", file=file or name))
    dated = _dated(document, file or name, slug, effective)
    policy = db.session.scalar(select(Policy).where(Policy.slug == dated.slug))
    digest = hashlib.sha256(markdown.encode()).hexdigest()
    if policy is not None:
        known = _known(policy, digest, dated)
        if known is not None:
            return Imported(file or name, policy.slug, known.number, "unchanged")
        _check_day(policy, dated, file or name)
    policy = policy or _new_policy(dated, stub)
    policy.title, policy.split_depth, policy.audience = dated.title, dated.split_depth, dated.audience
    version = _add_version(policy, document, dated, markdown, digest)
    audit.note(actor, "published", "policy_version", version.public_id, sha256=digest, sections=len(document.sections))
    oddities = tuple(f"line {oddity.line}: {oddity.message}" for oddity in document.oddities)
    return Imported(file or name, policy.slug, version.number, "added", len(document.sections), oddities)


def ensure_stubs(actor: Actor, keys: set[str]) -> list[str]:
    """Make stand-in sections for labels that name none, to be filled or merged later; the keys that were made."""
    made = []
    wanted: dict[str, set[str]] = {}
    for key in keys:
        policy_slug, _, section_slug = key.partition("/")
        wanted.setdefault(policy_slug, set()).add(section_slug)
    for policy_slug, slugs in sorted(wanted.items()):
        if db.session.scalar(select(Policy.id).where(Policy.slug == policy_slug)) is not None:
            continue
        parts = [f"## {slug.replace('-', ' ').capitalize()}\n\nTo be filled.\n" for slug in sorted(slugs - {""})]
        title = policy_slug.replace("-", " ").capitalize()
        text = f"# {title}\n\nA stand-in made by an import.\n\n" + "\n".join(parts)
        import_text(actor, text, name=policy_slug, slug=policy_slug, stub=True)
        made += [f"{policy_slug}/{slug}" if slug else policy_slug for slug in sorted(slugs)]
    return made


def _dated(document: Document, file: str, slug: str | None, effective: date | None) -> _Dated:
    front = document.front
    number = front.get("version")
    if number is not None and not re.fullmatch(r"\d+(\.\d+)*|[A-Za-z][\w.-]*|v?\d[\w.-]*", number):
        raise BadInput(Problem("a version that is a number or a word", file=file, field="version", value=number))
    audience = front.get("audience", "external")
    if audience not in ("internal", "external"):
        raise BadInput(Problem("internal or external", file=file, field="audience", value=audience))
    depth = front.get("split_depth", "0")
    if depth not in ("0", "1"):
        raise BadInput(Problem("0 or 1", file=file, field="split_depth", value=depth))
    return _Dated(
        slug=slug or document.slug or slugify(file),
        title=document.title or document.slug,
        number=number,
        effective=effective or _day(front.get("effective"), file),
        audience=audience,
        split_depth=int(depth),
        invented=front.get("invented") == "true",
    )


def _day(text: str | None, file: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadInput(Problem("a date like 2026-11-15", file=file, field="effective", value=text)) from error


def _known(policy: Policy, digest: str, dated: _Dated) -> PolicyVersion | None:
    """The version that holds the very same text for the same day."""
    same = select(PolicyVersion).where(PolicyVersion.policy_id == policy.id, PolicyVersion.sha256 == digest)
    if dated.effective is not None:
        same = same.where(PolicyVersion.effective_from == dated.effective)
    return db.session.scalar(same.limit(1))


def _check_day(policy: Policy, dated: _Dated, file: str) -> None:
    """A day that has a version, or that imported cases were decided on, cannot get another one."""
    if dated.effective is None:
        raise BadInput(Problem(f"an effective date: {policy.slug} has a version already", file=file, field="effective"))
    taken = select(PolicyVersion.id).where(
        PolicyVersion.policy_id == policy.id, PolicyVersion.effective_from == dated.effective
    )
    if db.session.scalar(taken) is not None:
        wanted = f"a day on which no other version of {policy.slug} begins"
        raise BadInput(Problem(wanted, file=file, field="effective", value=str(dated.effective)))
    used = _last_use(policy)
    if used is not None and dated.effective <= used:
        wanted = f"a day after {used}: cases that were decided up to then are graded by the version they had"
        raise BadInput(Problem(wanted, file=file, field="effective", value=str(dated.effective)))


def _last_use(policy: Policy) -> date | None:
    """The last day on which a visible case was decided or reported under the policy."""
    names = or_(
        ClosedCase.decided_key == policy.slug,
        ClosedCase.decided_key.startswith(policy.slug + "/", autoescape=True),
        ClosedCase.reported_key == policy.slug,
        ClosedCase.reported_key.startswith(policy.slug + "/", autoescape=True),
    )
    query = select(func.max(ClosedCase.closed_at)).join(ImportRun, ImportRun.id == ClosedCase.run_id)
    last = db.session.scalar(query.where(ImportRun.state == "published", names))
    return last.date() if last else None


def _new_policy(dated: _Dated, stub: bool) -> Policy:
    policy = Policy(
        slug=dated.slug, title=dated.title, audience=dated.audience, split_depth=dated.split_depth, stub=stub,
        invented=dated.invented,
    )  # fmt: skip
    db.session.add(policy)
    db.session.flush()
    return policy


def _add_version(policy: Policy, document: Document, dated: _Dated, markdown: str, digest: str) -> PolicyVersion:
    keys = _stable_keys(policy, document, dated)
    version = PolicyVersion(
        policy_id=policy.id,
        number=dated.number or _next_number(policy),
        markdown=markdown,
        sha256=digest,
        html=str(markup.policy_html(markdown, anchors={one.line_from: keys[one.key] for one in document.sections})),
        front=dict(document.front),
        effective_from=dated.effective,
        state="published",
    )
    db.session.add(version)
    db.session.flush()
    for ordinal, one in enumerate(document.sections):
        parent = None if one.parent is None else _full(policy.slug, keys[one.parent])
        db.session.add(
            Section(
                version_id=version.id, key=_full(policy.slug, keys[one.key]), path=list(one.path), parent_key=parent,
                title=one.title, level=one.level, ordinal=ordinal, line_from=one.line_from, line_to=one.line_to,
                text_hash=one.text_hash,
            )
        )  # fmt: skip
    db.session.flush()
    return version


def _stable_keys(policy: Policy, document: Document, dated: _Dated) -> dict[str, str]:
    """The document's own keys -> the keys that its sections had in the version before."""
    before = [row for row in policy_queries.versions(policy.slug) if _is_before(row.effective_from, dated.effective)]
    own = {one.key: one.key for one in document.sections}
    if not before:
        return own
    last = before[0]
    stored = policy_queries.sections_of(last.id)
    old = []
    by_lines = {one.line_from: one for one in parse(last.markdown, name=policy.slug).sections}
    for row in stored:
        if row.line_from in by_lines:
            short = row.key.removeprefix(policy.slug).removeprefix("/")
            old.append(replace(by_lines[row.line_from], key=short))
    return {**own, **carry_keys(old, document.sections)}


def _is_before(one: date | None, other: date | None) -> bool:
    return one is None or (other is not None and one < other)


def _next_number(policy: Policy) -> str:
    """One more than the highest whole number that a version of the policy has."""
    numbers = db.session.scalars(select(PolicyVersion.number).where(PolicyVersion.policy_id == policy.id))
    return str(max((int(number) for number in numbers if number.isdigit()), default=0) + 1)


def _full(slug: str, key: str) -> str:
    return f"{slug}/{key}" if key else slug
