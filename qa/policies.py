"""Policies: taking in dated versions of Markdown documents and keeping their sections' keys stable."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

from sqlalchemy import func, or_, select

from qa import policy_diffs, policy_front, policy_queries, section_keys
from qa.core import audit, markup
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, Problem
from qa.models.cases import ClosedCase, ImportRun
from qa.models.policies import Policy, PolicyVersion, Section
from qa.policy_front import Dated
from qa.policy_queries import VersionRow
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
    return publish(actor, document, dated, markdown, file=file or name, stub=stub)


def publish(
    actor: Actor,
    document: Document,
    dated: Dated,
    markdown: str,
    *,
    file: str,
    stub: bool = False,
    chosen: Mapping[str, str] | None = None,
) -> Imported:
    """Make a parsed text the version that *dated* says; *chosen*: own key -> the key that its owner says it bears.

    Raises BadInput as `import_text` does.
    """
    policy = db.session.scalar(select(Policy).where(Policy.slug == dated.slug))
    digest = hashlib.sha256(markdown.encode()).hexdigest()
    if policy is not None:
        known = _known(policy, digest, dated)
        if known is not None:
            return Imported(file, policy.slug, known.number, "unchanged", effective=known.effective_from)
        _check_day(policy, dated, file)
    policy = policy or _new_policy(dated, stub)
    if _is_latest(policy, dated):
        policy.title, policy.split_depth, policy.audience = dated.title, dated.split_depth, dated.audience
    policy.stub = stub
    version = _add_version(policy, document, dated, markdown, digest, chosen or {})
    audit.note(actor, "published", "policy_version", version.public_id, sha256=digest, sections=len(document.sections))
    oddities = tuple(f"line {oddity.line}: {oddity.message}" for oddity in document.oddities)
    sections = len(document.sections)
    return Imported(file, policy.slug, version.number, "added", sections, dated.effective, oddities)


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
    used = last_use(policy.slug)
    if used is not None and dated.effective <= used:
        wanted = f"a day after {used}: cases that were decided up to then are graded by the version they had"
        raise BadInput(Problem(wanted, file=file, field="effective", value=str(dated.effective)))


def _is_latest(policy: Policy, dated: Dated) -> bool:
    """Whether no other version of the policy begins after the one at hand."""
    days = db.session.scalars(select(PolicyVersion.effective_from).where(PolicyVersion.policy_id == policy.id))
    return all(_is_before(day, dated.effective) for day in days)


def last_use(slug: str) -> date | None:
    """The last day on which a visible case was decided or reported under the policy."""
    names = or_(
        ClosedCase.decided_key == slug,
        ClosedCase.decided_key.startswith(slug + "/", autoescape=True),
        ClosedCase.reported_key == slug,
        ClosedCase.reported_key.startswith(slug + "/", autoescape=True),
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


def _add_version(
    policy: Policy, document: Document, dated: Dated, markdown: str, digest: str, chosen: Mapping[str, str]
) -> PolicyVersion:
    last = version_before(policy.slug, dated.effective)
    keys = stable_keys(document, policy_diffs.document(last) if last else None, chosen)
    version = PolicyVersion(
        policy_id=policy.id,
        number=dated.number or _next_number(policy),
        markdown=markdown,
        sha256=digest,
        html=rendered(markdown, document, keys),
        front=dict(document.front),
        effective_from=dated.effective,
        state="published",
    )
    db.session.add(version)
    db.session.flush()
    add_sections(policy, version, document, keys)
    return version


def rendered(markdown: str, document: Document, keys: Mapping[str, str]) -> str:
    """The text as people read it, with the anchors of its sections' *keys*."""
    return str(markup.policy_html(markdown, anchors={one.line_from: keys[one.key] for one in document.sections}))


def add_sections(
    policy: Policy, version: PolicyVersion, document: Document, keys: Mapping[str, str], leave: Collection[str] = ()
) -> None:
    """Store the sections of a version but those whose keys are to be left."""
    for ordinal, one in enumerate(document.sections):
        parent = None if one.parent is None else section_keys.full(policy.slug, keys[one.parent])
        key = section_keys.full(policy.slug, keys[one.key])
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


def version_before(slug: str, effective: date | None) -> VersionRow | None:
    """The version that is in force right before a day; without a day there is none."""
    before = [row for row in policy_queries.versions(slug) if _is_before(row.effective_from, effective)]
    return before[0] if before else None


def stable_keys(document: Document, before: Document | None, chosen: Mapping[str, str]) -> dict[str, str]:
    """The document's own keys -> the keys that its sections had in the version before, or that were *chosen*."""
    keys = {one.key: one.key for one in document.sections}
    if before is not None:
        keys |= carry_keys(before.sections, document.sections)
    picked = {own: key for own, key in chosen.items() if own in keys}
    taken = set(picked.values())
    for own, key in keys.items():
        if own not in picked and key in taken:
            keys[own] = next(free for free in _numbered(own) if free not in {*taken, *keys.values()} - {key})
    return {**keys, **picked}


def _numbered(key: str) -> Iterator[str]:
    return (key if number == 1 else f"{key}-{number}" for number in count(1))


def _is_before(one: date | None, other: date | None) -> bool:
    return one is None or (other is not None and one < other)


def _next_number(policy: Policy) -> str:
    """One more than the highest whole number that a version of the policy has."""
    numbers = db.session.scalars(select(PolicyVersion.number).where(PolicyVersion.policy_id == policy.id))
    return str(max((int(number) for number in numbers if number.isdigit()), default=0) + 1)
