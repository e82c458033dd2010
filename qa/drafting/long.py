"""Long drafts: what takes seconds or minutes on them is done by a job, which keeps for their pages what it read."""

from __future__ import annotations

import hashlib
import io
from dataclasses import asdict, astuple
from datetime import date
from typing import Any

from qa.core import aside, beating, jobs
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.drafting import changes, differing, drafts, filling, publishing, sheets, showing
from qa.drafting.parsing import parsed
from qa.models.drafting import PolicyDraft
from qa.policies import corrections

TAKE, DEED = "policies.take", "policies.deed"
STEPS = 4
BUSY = "This draft is being worked at. Wait until that has ended, or cancel it."


def hand_in(
    actor: Actor, raw: bytes, *, name: str, kind: str, slug: str | None, language: str, starts_on: date | None
) -> None:
    """Put a long text aside and ask for it to be read; opens its own transaction."""
    token = aside.put(io.BytesIO(raw))
    asked = {
        "token": token, "name": name[-200:], "kind": kind, "slug": slug, "language": language,
        "starts_on": starts_on.isoformat() if starts_on else None,
    }  # fmt: skip
    try:
        write(lambda: jobs.enqueue(actor, TAKE, asked))
    except BaseException:
        aside.drop(token)
        raise


def take_in(
    work: jobs.Work, *, token: str, name: str, kind: str, slug: str | None, language: str, starts_on: str | None
) -> dict[str, Any]:
    """The job: read what was put aside into a draft; one that was killed goes on where it stopped."""
    day = date.fromisoformat(starts_on) if starts_on else None

    def take(say: beating.Say) -> None:
        if not _is_begun(token):
            _begin(work.actor, say, token, name=name, kind=kind, slug=slug, language=language, starts_on=day)
        read(say, token)

    try:
        beating.beside(work, take)
    except (BadInput, jobs.Cancelled):
        aside.drop(token)
        raise
    aside.drop(token)
    return {"draft": token}


def _is_begun(public_id: str) -> bool:
    try:
        drafts.load(public_id)
    except NotFound:
        return False
    finally:
        db.session.rollback()
    return True


def _begin(actor: Actor, say: beating.Say, token: str, *, name: str, kind: str, **given: Any) -> None:
    """Convert and read what was put aside, and keep it as a draft whose address is the *token*."""
    say(0, STEPS, "Converting the text")
    raw, limits = aside.path(token).read_bytes(), drafts.limits()
    db.session.rollback()
    found = drafts.converted(raw, name, kind, limits)
    say(1, STEPS, "Reading sections and rules")
    parsed(found.markdown, given["slug"] or drafts.stem(name))
    digest = hashlib.sha256(raw).hexdigest()
    say(1, STEPS, "Keeping the draft")
    write(lambda: drafts.begin(actor, found, name=name, source_sha256=digest, public_id=token, **given))


def read(say: beating.Say, public_id: str) -> None:
    """Read a draft and keep what its pages show; nothing is kept of a short one."""
    row = drafts.load(public_id)
    if not sheets.is_long(row.markdown):
        db.session.rollback()
        return
    say(1, STEPS, "Reading sections and rules")
    revision, title = row.revision, parsed(row.markdown, row.slug).title[:300]
    made = _made(row)
    say(2, STEPS, "Holding it against the version before")
    made |= _held_against(row)
    db.session.rollback()
    say(3, STEPS, "Keeping what was read")

    def keep() -> None:
        fresh = drafts.load(public_id)
        if fresh.revision != revision:
            raise Refused(drafts.STALE)
        fresh.title = title
        sheets.keep(fresh, made, showing.SIZES)

    write(keep)


def _made(row: PolicyDraft) -> dict[str, list[Any]]:
    base = changes.base_of(row)
    held = changes.document_of(row, base)
    outline = [list(astuple(one)) for one in showing.outline(held)]
    rules = showing.rule_rows(parsed(row.markdown, row.slug), corrections.sides_of(row.slug))
    return {
        "lines": [list(astuple(one)) for one in showing.source_lines(row.markdown, held)],
        "outline": outline,
        "rules": [asdict(one) for one in rules],
    }


def _held_against(row: PolicyDraft) -> dict[str, list[Any]]:
    """How a draft stands to the version before it, and what is told of the whole."""
    base = changes.base_of(row)
    found = () if row.language else changes.ruled(row, base)
    rows = differing.key_rows(row, base)
    return {
        "told": [asdict(told(row))],
        "changes": [asdict(differing.difference(one, row.title)) for one in differing.differing(found)],
        "keys": [list(astuple(one)) for one in rows],
        "lost": [list(one) for one in differing.lost(rows, differing.earlier(differing.before(row, base)))],
        "stand_ins": [list(astuple(one)) for one in filling.stand_ins(row)],
    }


def told(row: PolicyDraft) -> showing.Told:
    """What is told of a whole draft, read now."""
    document = parsed(row.markdown, row.slug)
    base = changes.base_of(row)
    found = () if row.language else changes.ruled(row, base)
    oddities = [(str(place), str(said)) for place, said in row.oddities]
    oddities += [(f"line {one.line}", one.message) for one in document.oddities]
    return showing.Told(
        sections=sum(bool(one.key) for one in document.sections),
        rules=sum(len(one.rules) for one in document.sections),
        oddities=oddities,
        changed=sum(one.diff.kind not in ("unchanged", "cosmetic") for one in found),
        missing=sum(one.is_missing for one in found),
        to_rule=[one.name for one in found if one.diff.needs_ruling],
        base_id=base.id if base else None,
    )


def ask(actor: Actor, public_id: str, deed: str, **args: Any) -> None:
    """Ask for a deed on a long draft (line, rule or move) in a transaction of its own.

    Refused while another is under way.
    """
    write(lambda: _ask(actor, public_id, deed, **args))


def _ask(actor: Actor, public_id: str, deed: str, **args: Any) -> None:
    asked = {"public_id": public_id, "deed": deed, **args}
    if jobs.enqueue(actor, DEED, asked, dedupe_key=f"draft:{public_id}") is None:
        raise Refused(BUSY)


def compare(actor: Actor, public_id: str) -> None:
    """Ask within the present transaction for a long draft to be held against the version before it, anew."""
    if drafts.load(public_id).kept_revision is not None:
        _ask(actor, public_id, "read")


def do(work: jobs.Work, *, public_id: str, deed: str, **args: Any) -> dict[str, Any]:
    """The job: one deed on a long draft, and then what its pages show, read again."""

    def act(say: beating.Say) -> None:
        say(0, STEPS, "Reading the text as it is")
        if deed == "line":
            drafts.mark_line(work.actor, public_id, **args)
        elif deed == "rule":
            correct(work.actor, public_id, **args)
        elif deed == "move":
            publishing.move(work.actor, public_id, args["state"])
            return
        read(say, public_id)

    try:
        beating.beside(work, act)
    except BadInput as error:
        raise Refused("; ".join(_said(one) for one in error.problems)) from error
    return {"draft": public_id}


def _said(problem: Problem) -> str:
    """What is wrong, with its line where it has one."""
    return f"Line {problem.line}: it takes {problem.expected}." if problem.line else str(problem)


def correct(actor: Actor, public_id: str, *, place: str, side: str) -> None:
    """Put the rule at a place of the list on another side, in a transaction of its own."""
    row = drafts.load(public_id)
    found = showing.rule_at(parsed(row.markdown, row.slug), corrections.sides_of(row.slug), place)
    if found is None:
        raise NotFound("rule")
    rule, otherwise = found
    slug = row.slug
    write(lambda: corrections.correct(actor, slug, rule=rule, side=side, otherwise=otherwise))


def rewrite(actor: Actor, public_id: str, *, markdown: str, revision: int) -> None:
    """Replace the text of a draft by a long one, and ask for it to be read; opens its own transaction."""
    markdown = markdown.replace("\r\n", "\n").replace("\r", "\n")
    if not markdown.strip():
        raise BadInput(Problem("a text", field="text"))

    def keep() -> None:
        drafts.replace_text(actor, drafts.load(public_id), revision, markdown=markdown)
        _ask(actor, public_id, "read")

    write(keep)
