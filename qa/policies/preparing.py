"""All of publishing that takes long, done before the writing transaction: reading, keys, what changed, and the HTML."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count

from sqlalchemy import select

from qa.core import markup
from qa.core.db import db
from qa.core.errors import BadInput, Problem
from qa.models.policies import Policy
from qa.policies import corrections
from qa.policies import days as policy_days
from qa.policies import diffs as policy_diffs
from qa.policies import front as policy_front
from qa.policies.days import Head
from qa.policies.front import Dated
from qa.policytext.cleaning import Oddity
from qa.policytext.diff import SectionDiff, diff
from qa.policytext.normalise import Normalised, normalise
from qa.policytext.sections import Document, carry_keys, parse, rekeyed


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a version follows: the text, the day it is in force from, and its document with the keys of its sections."""

    sha256: str
    effective: date | None
    document: Document
    is_stub: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text that is ready to become a version, as long as nothing comes between it and what it follows."""

    file: str
    markdown: str
    digest: str
    document: Document
    dated: Dated
    oddities: tuple[Oddity, ...]
    #: Own key -> the key that its owner says a section bears.
    chosen: Mapping[str, str]
    #: The version that it was held against: text and day; None: there is none.
    follows: tuple[str, date | None] | None = None
    #: Own key -> the key that each section will bear.
    keys: Mapping[str, str] | None = None
    html: str = ""
    changes: tuple[SectionDiff, ...] = ()
    #: What it was read from, kept until it is rendered.
    text: Normalised | None = field(default=None, repr=False, compare=False)

    @property
    def keyed(self) -> Document:
        """The document with the keys that its sections will bear."""
        keys = self.keys or {}
        known = {(one.line_from, one.line_to): keys.get(one.key, one.key) for one in self.document.sections}
        return rekeyed(self.document, known)


def prepare(
    markdown: str, *, name: str, file: str | None = None, slug: str | None = None, effective: date | None = None,
    oddities: Sequence[Oddity] = (), waiting: Sequence[Prepared] = (),
) -> Prepared:  # fmt: skip
    """Read a text and hold it against the version that it will follow, be it one of those that wait to be published.

    Raises BadInput for front matter that cannot be read, an empty document, or a day that cannot be.
    """
    text = normalise(markdown)
    document = parse(text, name=slug or name)
    if not document.sections or not markdown.strip():
        raise BadInput(Problem("a document with some text", file=file or name))
    dated = policy_front.read(document, file or name, slug, effective)
    return ready(replace(of(document, dated, markdown, file=file or name, oddities=oddities), text=text), waiting)


def of(
    document: Document, dated: Dated, markdown: str, *, file: str,
    chosen: Mapping[str, str] | None = None, oddities: Sequence[Oddity] = (),
) -> Prepared:  # fmt: skip
    """A document that was read already, not yet held against anything."""
    digest = hashlib.sha256(markdown.encode("utf-8", "surrogatepass")).hexdigest()
    return Prepared(file, markdown, digest, document, dated, (*oddities, *document.oddities), chosen or {})


def ready(bare: Prepared, waiting: Sequence[Prepared] = (), changes: tuple[SectionDiff, ...] | None = None) -> Prepared:
    """A text with all that its publishing needs; what is there already needs nothing more. Raises BadInput.

    *changes*: what became of each section, where the caller has compared them already.
    """
    dated = bare.dated
    if policy_days.same_text(dated.slug, bare.digest, dated.effective) is not None:
        return bare
    policy = db.session.scalar(select(Policy).where(Policy.slug == dated.slug))
    if policy is not None:
        policy_days.check_day(policy, dated, bare.file)
    before = _before(dated, waiting)
    keys = stable_keys(bare.document, before.document if before else None, bare.chosen)
    done = replace(bare, follows=(before.sha256, before.effective) if before else None, keys=keys)
    if changes is None and before is not None and not before.is_stub:
        sides = corrections.sides_of(dated.slug)
        changes = diff(*(corrections.corrected(one, sides) for one in (before.document, done.keyed))).sections
    changes = changes or ()
    html = rendered(bare.text or bare.markdown, bare.document, keys)
    return replace(done, html=html, changes=changes, text=None)


def is_current(prepared: Prepared, before: Head | None) -> bool:
    """Whether a text was held against the version *before* it, and not against another one."""
    return prepared.keys is not None and prepared.follows == ((before.sha256, before.effective) if before else None)


def _before(dated: Dated, waiting: Sequence[Prepared]) -> Earlier | None:
    row = policy_days.version_before(dated.slug, dated.effective)
    found = Earlier(row.sha256, row.effective_from, policy_diffs.document(row), row.stub) if row else None
    for one in waiting:
        if one.dated.slug != dated.slug or dated.effective is None:
            continue
        day = one.dated.effective
        if policy_days.is_before(day, dated.effective) and (
            found is None or policy_days.is_before(found.effective, day)
        ):
            found = Earlier(one.digest, day, one.keyed)
    return found


def rendered(markdown: str | Normalised, document: Document, keys: Mapping[str, str]) -> str:
    """The text as people read it, with the anchors of its sections' *keys*."""
    return str(markup.policy_html(markdown, anchors={one.line_from: keys[one.key] for one in document.sections}))


def stable_keys(document: Document, before: Document | None, chosen: Mapping[str, str]) -> dict[str, str]:
    """The document's own keys -> the keys that its sections had in the version before, or that were *chosen*."""
    keys = {one.key: one.key for one in document.sections}
    if before is not None:
        keys |= carry_keys(before.sections, document.sections)
    picked = {own: key for own, key in chosen.items() if own in keys}
    taken = set(picked.values())
    for own, key in keys.items():
        if own not in picked and key in taken:
            keys[own] = _free(own, {*taken, *keys.values()} - {key})
    return {**keys, **picked}


def _free(own: str, taken: Collection[str]) -> str:
    return next(free for free in _numbered(own) if free not in taken)


def _numbered(key: str) -> Iterator[str]:
    return (key if number == 1 else f"{key}-{number}" for number in count(1))
