"""Policies: taking in dated versions of Markdown documents and keeping their sections' keys stable."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import func, or_, select

from qa import policy_front, policy_queries
from qa.core import audit, markup
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, Problem
from qa.models.cases import ClosedCase, ImportRun
from qa.models.policies import Policy, PolicyVersion, Section
from qa.policy_front import Dated
from qa.policytext.sections import Document, carry_keys, parse

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
    #: The day from which on the version is in force; None: since ever.
    effective: date | None = None
    #: "line 12: ..." of whatever could not be read as meant.
    oddities: tuple[str, ...] = ()


def read_text(path: Path) -> str:
    """The text of a policy file. Raises BadInput for what is no UTF-8 text or too large."""
    return decoded(path.read_bytes(), path.name)


def stem(name: str) -> str:
    """What a file's name says of its policy; a text without a file must say it itself."""
    return Path(name).stem or "policy"


def decoded(raw: bytes, name: str) -> str:
    """The text in the bytes of a policy file. Raises BadInput for what is no UTF-8 text or too large."""
    if len(raw) > MAX_BYTES:
        raise BadInput(Problem(f"a policy of at most {MAX_BYTES // 1024 // 1024} MB", file=name))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadInput(Problem("text in UTF-8", file=name, line=line, value=repr(raw[error.start]))) from error


def import_paths(
    actor: Actor, paths: list[Path], *, effective: date | None = None, slug: str | None = None
) -> list[Imported]:
    """Take in files and the files of folders (not recursive), all or none; what is skipped is named."""
    files, skipped = files_in(paths)
    if slug is not None and len(files) != 1:
        raise BadInput(Problem("--slug goes with one file", value=f"{len(files)} files"))
    if not files:
        raise BadInput(Problem("at least one Markdown file", value=", ".join(path.name for path in paths)))
    done = [Imported(file.name, "", "", "skipped") for file in skipped]
    for file in files:
        text = read_text(file)
        done.append(import_text(actor, text, name=file.stem, file=file.name, slug=slug, effective=effective))
    return done


def files_in(paths: list[Path]) -> tuple[list[Path], list[Path]]:
    """The files to read of files and folders (not recursive), and those that are about the others."""
    named = [file for path in paths for file in (_files_of(path) if path.is_dir() else [path])]
    return [file for file in named if not ABOUT.match(file.name)], [file for file in named if ABOUT.match(file.name)]


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
    dated = policy_front.read(document, file or name, slug, effective)
    policy = db.session.scalar(select(Policy).where(Policy.slug == dated.slug))
    digest = hashlib.sha256(markdown.encode()).hexdigest()
    if policy is not None:
        known = _known(policy, digest, dated)
        if known is not None:
            return Imported(file or name, policy.slug, known.number, "unchanged", effective=known.effective_from)
        _check_day(policy, dated, file or name)
    policy = policy or _new_policy(dated, stub)
    if _is_latest(policy, dated):
        policy.title, policy.split_depth, policy.audience = dated.title, dated.split_depth, dated.audience
    policy.stub = stub
    version = _add_version(policy, document, dated, markdown, digest)
    audit.note(actor, "published", "policy_version", version.public_id, sha256=digest, sections=len(document.sections))
    oddities = tuple(f"line {oddity.line}: {oddity.message}" for oddity in document.oddities)
    sections = len(document.sections)
    return Imported(file or name, policy.slug, version.number, "added", sections, dated.effective, oddities)


def ensure_stubs(actor: Actor, keys: set[str]) -> list[str]:
    """Make stand-in sections for labels that name none, to be filled or merged later; the keys that were made.

    A policy that was written already gets none: its text says what it has.
    """
    made = []
    wanted: dict[str, set[str]] = {}
    for key in keys:
        policy_slug, _, section_slug = key.partition("/")
        wanted.setdefault(policy_slug, set()).add(section_slug)
    for policy_slug, slugs in sorted(wanted.items()):
        policy = db.session.scalar(select(Policy).where(Policy.slug == policy_slug))
        if policy is None:
            title = policy_slug.replace("-", " ").capitalize()
            text = f"# {title}\n\nA stand-in made by an import.\n\n" + _stub_sections(slugs)
            import_text(actor, text, name=policy_slug, slug=policy_slug, stub=True)
        elif policy.stub:
            slugs = _grow_stub(actor, policy, slugs)
        else:
            continue
        made += [_full(policy_slug, slug) for slug in sorted(slugs)]
    return made


def _stub_sections(slugs: set[str]) -> str:
    return "\n".join(f"## {slug.replace('-', ' ').capitalize()}\n\nTo be filled.\n" for slug in sorted(slugs - {""}))


def _grow_stub(actor: Actor, policy: Policy, slugs: set[str]) -> set[str]:
    """Add sections to a stand-in, which has no text of its own that could change; those that were new."""
    version = db.session.scalars(select(PolicyVersion).where(PolicyVersion.policy_id == policy.id)).one()
    known = set(db.session.scalars(select(Section.key).where(Section.version_id == version.id)))
    new = {slug for slug in slugs if _full(policy.slug, slug) not in known}
    if not new:
        return new
    version.markdown = version.markdown.rstrip("\n") + "\n\n" + _stub_sections(new)
    version.sha256 = hashlib.sha256(version.markdown.encode()).hexdigest()
    document = parse(version.markdown, name=policy.slug)
    keys = {one.key: one.key for one in document.sections}
    version.html = _html(version.markdown, document, keys)
    _add_sections(policy, version, document, keys, leave=known)
    audit.note(actor, "grew", "policy_version", version.public_id, sha256=version.sha256, sections=len(new))
    return new


def _known(policy: Policy, digest: str, dated: Dated) -> PolicyVersion | None:
    """The version that holds the very same text for the same day."""
    same = select(PolicyVersion).where(PolicyVersion.policy_id == policy.id, PolicyVersion.sha256 == digest)
    if dated.effective is not None:
        same = same.where(PolicyVersion.effective_from == dated.effective)
    return db.session.scalar(same.limit(1))


def _check_day(policy: Policy, dated: Dated, file: str) -> None:
    """A day that has a version, or that imported cases were decided on, cannot get another one."""
    if dated.effective is None:
        raise BadInput(Problem(f"an effective date: {policy.slug} has a version already", file=file, field="effective"))
    taken = select(PolicyVersion.id).where(
        PolicyVersion.policy_id == policy.id, PolicyVersion.effective_from == dated.effective
    )
    if db.session.scalar(taken) is not None:
        wanted = f"a day on which no other version of {policy.slug} begins"
        raise BadInput(Problem(wanted, file=file, field="effective", value=str(dated.effective)))
    named = select(PolicyVersion.id).where(PolicyVersion.policy_id == policy.id, PolicyVersion.number == dated.number)
    if dated.number is not None and db.session.scalar(named) is not None:
        wanted = f"a version that {policy.slug} does not have yet"
        raise BadInput(Problem(wanted, file=file, field="version", value=dated.number))
    used = _last_use(policy)
    if used is not None and dated.effective <= used:
        wanted = f"a day after {used}: cases that were decided up to then are graded by the version they had"
        raise BadInput(Problem(wanted, file=file, field="effective", value=str(dated.effective)))


def _is_latest(policy: Policy, dated: Dated) -> bool:
    """Whether no other version of the policy begins after the one at hand."""
    days = db.session.scalars(select(PolicyVersion.effective_from).where(PolicyVersion.policy_id == policy.id))
    return all(_is_before(day, dated.effective) for day in days)


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


def _new_policy(dated: Dated, stub: bool) -> Policy:
    policy = Policy(
        slug=dated.slug, title=dated.title, audience=dated.audience, split_depth=dated.split_depth, stub=stub,
        invented=dated.invented,
    )  # fmt: skip
    db.session.add(policy)
    db.session.flush()
    return policy


def _add_version(policy: Policy, document: Document, dated: Dated, markdown: str, digest: str) -> PolicyVersion:
    keys = _stable_keys(policy, document, dated)
    version = PolicyVersion(
        policy_id=policy.id,
        number=dated.number or _next_number(policy),
        markdown=markdown,
        sha256=digest,
        html=_html(markdown, document, keys),
        front=dict(document.front),
        effective_from=dated.effective,
        state="published",
    )
    db.session.add(version)
    db.session.flush()
    _add_sections(policy, version, document, keys)
    return version


def _html(markdown: str, document: Document, keys: dict[str, str]) -> str:
    return str(markup.policy_html(markdown, anchors={one.line_from: keys[one.key] for one in document.sections}))


def _add_sections(
    policy: Policy, version: PolicyVersion, document: Document, keys: dict[str, str], leave: Collection[str] = ()
) -> None:
    for ordinal, one in enumerate(document.sections):
        parent = None if one.parent is None else _full(policy.slug, keys[one.parent])
        key = _full(policy.slug, keys[one.key])
        if key in leave:
            continue
        db.session.add(
            Section(
                version_id=version.id, key=key, path=list(one.path), parent_key=parent, title=one.title,
                level=one.level, ordinal=ordinal, line_from=one.line_from, line_to=one.line_to,
                text_hash=one.text_hash,
            )
        )  # fmt: skip
    db.session.flush()


def _stable_keys(policy: Policy, document: Document, dated: Dated) -> dict[str, str]:
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
