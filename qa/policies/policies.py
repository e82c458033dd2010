"""Policies: taking in dated versions of Markdown documents and keeping their sections' keys stable."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import insert, select

from qa.core import audit, preferences
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, Problem
from qa.models.policies import Policy, PolicyVersion, Section
from qa.policies import days as policy_days
from qa.policies import files as policy_files
from qa.policies import preparing as policy_preparing
from qa.policies import section_changes, section_keys
from qa.policies.front import Dated
from qa.policies.preparing import Prepared
from qa.policytext.oddities import gathered
from qa.policytext.sections import Document


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
    #: Keys of the reworded sections of which the owner has still to say whether they mean the same.
    needs_ruling: tuple[str, ...] = ()


def import_paths(
    actor: Actor,
    paths: list[Path],
    *,
    effective: date | None = None,
    slug: str | None = None,
    progress: Callable[[str, int], None] | None = None,
) -> list[Imported]:
    """Take in files and the files of folders (not recursive), all or none; what is skipped is named.

    Opens its own transaction once all are read. *progress* is told each file's name and size before it is read.
    """
    files, skipped = policy_files.files_in(paths)
    if slug is not None and len(files) != 1:
        raise BadInput(Problem("--slug goes with one file", value=f"{len(files)} files"))
    if not files:
        raise BadInput(Problem("at least one Markdown file", value=", ".join(path.name for path in paths)))
    most = round(preferences.get("policy_file_mb") * 1_000_000)
    waiting: list[Prepared] = []
    for file in files:
        if progress is not None:
            progress(file.name, file.stat().st_size)
        found = policy_files.read(file, most_bytes=most)
        waiting.append(
            policy_preparing.prepare(
                found.text, name=file.stem, file=file.name, slug=slug, effective=effective,
                oddities=found.oddities, waiting=waiting,
            )
        )  # fmt: skip
    done = [Imported(file.name, "", "", "skipped") for file in skipped]
    return done + write(lambda: [publish(actor, one) for one in waiting])


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
    """Take in one short document as a version of its policy, in the caller's transaction; the same text again changes
    nothing.

    Raises BadInput for front matter that cannot be read, an empty document, or a day that has a version already or that
    imported cases were decided on.
    """
    prepared = policy_preparing.prepare(markdown, name=name, file=file, slug=slug, effective=effective)
    return publish(actor, prepared, stub=stub)


def publish(
    actor: Actor, prepared: Prepared, *, stub: bool = False, rulings: Mapping[str, str] | None = None
) -> Imported:
    """Make a prepared text a version; *rulings*: key of a reworded section -> what its owner said that it means.

    Where another version came in between, what it follows is read anew, which for a long text takes as long as before.
    Raises BadInput as `import_text` does.
    """
    dated = prepared.dated
    known = policy_days.same_text(dated.slug, prepared.digest, dated.effective)
    if known is not None:
        return Imported(prepared.file, dated.slug, known.number, "unchanged", effective=known.effective_from)
    policy = db.session.scalar(select(Policy).where(Policy.slug == dated.slug))
    if policy is not None:
        policy_days.check_day(policy, dated, prepared.file)
    before = policy_days.head_before(dated.slug, dated.effective)
    if not policy_preparing.is_current(prepared, before):
        prepared = policy_preparing.ready(prepared)
    policy = policy or _new_policy(dated, stub)
    if policy_days.is_latest(policy, dated.effective):
        policy.title, policy.split_depth, policy.audience = dated.title, dated.split_depth, dated.audience
    policy.stub = stub
    version = _add_version(policy, prepared)
    document = prepared.document
    audit.note(
        actor, "published", "policy_version", version.public_id,
        sha256=prepared.digest, sections=len(document.sections),
    )  # fmt: skip
    asked: tuple[str, ...] = ()
    if before is not None and prepared.changes:
        asked = section_changes.keep(
            actor, before.id, version.id, slug=policy.slug, found=prepared.changes, rulings=rulings or {}
        )
    oddities = tuple(f"line {one.line}: {one.message}" for one in gathered(prepared.oddities))
    sections = len(document.sections)
    return Imported(
        prepared.file, policy.slug, version.number, "added", sections, dated.effective, oddities, needs_ruling=asked
    )


def _new_policy(dated: Dated, stub: bool) -> Policy:
    policy = Policy(
        slug=dated.slug, title=dated.title, audience=dated.audience, split_depth=dated.split_depth, stub=stub,
        invented=dated.invented,
    )  # fmt: skip
    db.session.add(policy)
    db.session.flush()
    return policy


def _add_version(policy: Policy, prepared: Prepared) -> PolicyVersion:
    dated = prepared.dated
    version = PolicyVersion(
        policy_id=policy.id,
        number=dated.number or _next_number(policy),
        markdown=prepared.markdown,
        sha256=prepared.digest,
        html=prepared.html,
        front=dict(prepared.document.front),
        effective_from=dated.effective,
        state="published",
    )
    db.session.add(version)
    db.session.flush()
    add_sections(policy, version, prepared.document, prepared.keys or {})
    return version


def add_sections(
    policy: Policy, version: PolicyVersion, document: Document, keys: Mapping[str, str], leave: Collection[str] = ()
) -> None:
    """Store the sections of a version but those whose keys are to be left."""
    rows = []
    for ordinal, one in enumerate(document.sections):
        parent = None if one.parent is None else section_keys.full(policy.slug, keys[one.parent])
        key = section_keys.full(policy.slug, keys[one.key])
        if key not in leave:
            rows.append(
                {
                    "version_id": version.id, "key": key, "path": list(one.path), "parent_key": parent,
                    "title": one.title, "level": one.level, "ordinal": ordinal, "line_from": one.line_from,
                    "line_to": one.line_to, "text_hash": one.text_hash,
                }
            )  # fmt: skip
    db.session.flush()
    if rows:
        db.session.execute(insert(Section), rows)


def _next_number(policy: Policy) -> str:
    """One more than the highest whole number that a version of the policy has."""
    numbers: Sequence[str] = db.session.scalars(
        select(PolicyVersion.number).where(PolicyVersion.policy_id == policy.id)
    ).all()
    return str(max((int(number) for number in numbers if number.isdigit()), default=0) + 1)
