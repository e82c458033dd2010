"""Drafts of policies: begun from a file or a text, changed line by line, reviewed, and dropped or published."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from sqlalchemy import select, update

from qa.conversion.limits import MB, Limits
from qa.conversion.reading import Converted, read, read_pasted
from qa.core import audit, clock, preferences
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.drafting import lines
from qa.drafting.parsing import parsed
from qa.models.drafting import PolicyDraft
from qa.policies import front as policy_front
from qa.policytext.sections import slugify

#: States in which a draft may still become something.
OPEN = ("draft", "reviewed")
STALE = "Somebody changed this draft meanwhile. Look at it as it is now, and try again."


def limits() -> Limits:
    """What a file may be, as the settings have it."""
    return Limits(
        file_bytes=preferences.get("policy_file_mb") * MB,
        unpacked_bytes=preferences.get("policy_unpacked_mb") * MB,
        unpacked_ratio=preferences.get("file_unpacked_ratio"),
    )


def most_bytes() -> int:
    """How much of a file is read at most: enough to know that it is too large."""
    return limits().file_bytes + 1


def take(
    actor: Actor, raw: bytes, *, name: str, kind: str, slug: str | None, language: str, starts_on: date | None
) -> str:
    """Convert what was handed in and keep it as a draft, in a transaction of its own; the draft's address.

    *name* is that of a file, "" for a pasted text. Raises BadInput for what is not taken.
    """
    found = converted(raw, name, kind, limits())
    digest = hashlib.sha256(raw).hexdigest()
    parsed(found.markdown, slug or stem(name))
    return write(
        lambda: (
            begin(
                actor, found, name=name, source_sha256=digest, slug=slug, language=language, starts_on=starts_on
            ).public_id
        )
    )


def converted(raw: bytes, name: str, kind: str, within: Limits) -> Converted:
    """What was handed in, as Markdown. Raises BadInput for what is not taken."""
    return read(raw, name, limits=within, kind=kind) if name else read_pasted(raw.decode(), limits=within, kind=kind)


def begin(
    actor: Actor,
    found: Converted,
    *,
    name: str,
    source_sha256: str,
    slug: str | None = None,
    language: str = "",
    starts_on: date | None = None,
    public_id: str | None = None,
) -> PolicyDraft:
    """Keep a converted text as a draft, with the address *public_id* where one is given.

    Raises BadInput for a text without words, or a slug that is none.
    """
    document = parsed(found.markdown, slug or stem(name))
    if not any(section.text for section in document.sections) and len(document.sections) < 2:
        raise BadInput(Problem("a document with some text", file=name or None, field=None if name else "text"))
    oddities = [[one.place, one.message] for one in found.oddities]
    try:
        dated = policy_front.read(document, name or "the text", slug or slugify(document.slug) or None, starts_on)
    except BadInput as error:
        if slug is not None and any(problem.field == "slug" for problem in error.problems):
            raise
        oddities += [["the front matter", f"{one.field}: expected {one.expected}."] for one in error.problems]
        dated = policy_front.Dated(slug or document.slug, document.title, None, starts_on, "external", 0, False)
    row = PolicyDraft(
        slug=dated.slug, language=language, file_name=name[-200:], kind=found.kind, source_sha256=source_sha256,
        oddities=oddities, markdown=found.markdown, title=dated.title[:300], number=dated.number,
        starts_on=dated.effective, audience=dated.audience, split_depth=dated.split_depth, chosen_keys={}, rulings={},
        state="draft", by_id=actor.id, **({"public_id": public_id} if public_id else {}),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.note(actor, "began", "policy_draft", row.public_id, sha256=_sha256(found.markdown), source=source_sha256)
    return row


def stem(name: str) -> str:
    """What a file's name says of its policy; "policy" for a text without one."""
    return name.rpartition(".")[0] or name or "policy"


def load(public_id: str) -> PolicyDraft:
    """One draft by its address."""
    row = db.session.scalar(select(PolicyDraft).where(PolicyDraft.public_id == public_id))
    if row is None:
        raise NotFound("draft")
    return row


def rewrite(actor: Actor, public_id: str, *, markdown: str, revision: int) -> None:
    """Replace the text of a draft that has not changed since *revision*.

    Opens its own transaction, once the text is read: a long one takes seconds, and the revision says whether somebody
    was faster.
    """
    markdown = markdown.replace("\r\n", "\n").replace("\r", "\n")
    if not markdown.strip():
        raise BadInput(Problem("a text", field="text"))
    title = parsed(markdown, load(public_id).slug).title[:300]

    def keep() -> None:
        replace_text(actor, load(public_id), revision, markdown=markdown, title=title)

    write(keep)


def replace_text(actor: Actor, row: PolicyDraft, revision: int, **values: Any) -> None:
    """Change the text, and what goes with it, of a draft that has not changed since *revision*."""
    _change(row, revision, **values)
    audit.note(actor, "changed", "policy_draft", row.public_id, sha256=_sha256(row.markdown), revision=row.revision)


def mark_line(actor: Actor, public_id: str, *, line: int, level: int | None, revision: int) -> None:
    """Say that a line is a section of *level*, or, without a level, that it is none; as `rewrite` does."""
    row = load(public_id)
    if row.revision != revision:
        raise Refused(STALE)
    changed = lines.as_text(row.markdown, line) if level is None else lines.as_section(row.markdown, line, level)
    rewrite(actor, public_id, markdown=changed, revision=revision)


def describe(actor: Actor, public_id: str, **said: Any) -> PolicyDraft:
    """Set what is said of a draft, reviewed or not: starts_on, number, audience, split_depth."""
    row = load(public_id)
    policy_front.check_number(said.get("number"), row.file_name or "the text")
    if row.state not in OPEN:
        raise Refused("This draft has ended; what is said of it stays.")
    _guarded(row, PolicyDraft.state.in_(OPEN), **said)
    audit.note(actor, "described", "policy_draft", row.public_id, fields=sorted(said))
    return row


def choose_keys(actor: Actor, public_id: str, chosen: dict[str, str]) -> PolicyDraft:
    """Say which sections of the draft are which of before: own key -> key; two cannot be the same."""
    row = load(public_id)
    if len(set(chosen.values())) < len(chosen):
        raise BadInput(Problem("each earlier section once", field="sections"))
    _change(row, row.revision, chosen_keys=dict(sorted(chosen.items())))
    audit.note(actor, "keyed", "policy_draft", row.public_id, sections=len(chosen))
    return row


def rule(actor: Actor, public_id: str, rulings: dict[str, str]) -> PolicyDraft:
    """Keep what the owner ruled on changed sections ("same" or "material"), beside what was ruled before."""
    row = load(public_id)
    if any(ruling not in ("same", "material") for ruling in rulings.values()):
        raise BadInput(Problem("same or material", field="ruling"))
    _change(row, row.revision, rulings={**row.rulings, **rulings})
    audit.note(actor, "ruled", "policy_draft", row.public_id, sections=len(rulings))
    return row


def _change(row: PolicyDraft, revision: int, **values: Any) -> None:
    """Change a draft that is one still, and that has not changed since *revision*."""
    if row.state != "draft":
        raise Refused("This draft was reviewed or ended. Take it back to drafting before you change it.")
    values["revision"] = revision + 1
    _guarded(row, PolicyDraft.state == "draft", PolicyDraft.revision == revision, **values)


def move(actor: Actor, row: PolicyDraft, state: str, **values: Any) -> None:
    """Move a draft to *state*: draft > reviewed > published; reviewed > draft; draft and reviewed > dropped."""
    came_from = {"reviewed": ("draft",), "draft": ("reviewed",), "published": ("reviewed",), "dropped": OPEN}[state]
    if row.state not in came_from:
        raise Refused(f"This draft is {row.state}; that is not possible any more.")
    _guarded(row, PolicyDraft.state.in_(came_from), state=state, **values)
    audit.note(actor, state, "policy_draft", row.public_id, revision=row.revision)


def _guarded(row: PolicyDraft, *conditions: Any, **values: Any) -> None:
    done = update(PolicyDraft).where(PolicyDraft.id == row.id, *conditions).values(**values)
    if not db.session.execute(done.execution_options(synchronize_session=False)).rowcount:
        raise Refused(STALE)
    db.session.refresh(row)


def drop(actor: Actor, public_id: str) -> None:
    """Put a draft away; it stays on record."""
    move(actor, load(public_id), "dropped")


def reopen(actor: Actor, public_id: str) -> None:
    """Take a reviewed draft back to drafting."""
    move(actor, load(public_id), "draft", reviewed_by_id=None, reviewed_at=None, base_version_id=None)


def mark_reviewed(actor: Actor, row: PolicyDraft, base_version_id: int | None) -> None:
    """Note who looked through a draft, and beside which version."""
    now = clock.now()
    move(actor, row, "reviewed", reviewed_by_id=actor.id, reviewed_at=now, base_version_id=base_version_id)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
