"""A version in another language: a text of its own whose sections bear the version's keys, matched by their order."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import update

from qa.core import audit, clock, markup
from qa.core.access import Actor
from qa.core.db import db
from qa.drafting import changes
from qa.drafting.parsing import parsed
from qa.models.drafting import PolicyDraft, PolicyTranslation
from qa.models.policies import PolicyVersion
from qa.policies.queries import VersionRow
from qa.policytext.sections import Document, Section

#: What stays in a title whatever its language: a number or a code.
_MARK = re.compile(r"^\W*((?:\d+(?:\.\d+)*)|(?:[A-Z]{1,6}\d+(?:[.-]\w{1,3})*))\b|\(([A-Z]{1,6}\d+(?:[.-]\w{1,3})*)\)")


@dataclass(frozen=True, slots=True)
class Matched:
    """Which section is which: key of the translation alone -> key of the version; and what has no counterpart."""

    keys: Mapping[str, str]
    #: Sections of the translation that the version does not have.
    extra: tuple[Section, ...]
    #: Sections of the version that the translation lacks.
    missing: tuple[Section, ...]


def matched(original: Document, translation: Document, chosen: Mapping[str, str]) -> Matched:
    """Match two documents section by section, by what was *chosen*, then by place under the same parent.

    Children are matched one by one where both parents have as many of them; else only those that share a number, a code
    or a title, because nobody can tell which one is missing.
    """
    there = {one.key for one in original.sections}
    keys = {
        own: key for own, key in chosen.items() if key in there and own in {one.key for one in translation.sections}
    }
    if "" in there and any(one.key == "" for one in translation.sections):
        keys.setdefault("", "")
    _walk(original, translation, None, None, keys)
    taken = set(keys.values())
    return Matched(
        keys,
        tuple(one for one in translation.sections if one.key not in keys),
        tuple(one for one in original.sections if one.key not in taken),
    )


def _walk(original: Document, translation: Document, above: str | None, own: str | None, keys: dict[str, str]) -> None:
    """Match the sections under one parent, then those under each of them."""
    taken = set(keys.values())
    olds = [one for one in _children(original, above) if one.key not in taken]
    news = [one for one in _children(translation, own) if one.key not in keys]
    if len(olds) == len(news):
        keys.update({new.key: old.key for old, new in zip(olds, news, strict=True)})
    else:
        marks = {_mark(old): old.key for old in reversed(olds)}
        for new in news:
            key = marks.pop(_mark(new), None)
            if key is not None:
                keys[new.key] = key
    for new in _children(translation, own):
        if new.key in keys:
            _walk(original, translation, keys[new.key], new.key, keys)


def _children(document: Document, parent: str | None) -> Iterator[Section]:
    return (one for one in document.sections if one.key and one.parent == parent)


def _mark(section: Section) -> str:
    found = _MARK.search(section.title)
    return (found[1] or found[2]) if found is not None else section.title.casefold()


def match_of(draft: PolicyDraft, base: VersionRow) -> Matched:
    """How a translation's draft stands to the version that it translates."""
    original = changes.document(changes.keyed_version(base))
    return matched(original, parsed(draft.markdown, draft.slug), draft.chosen_keys)


def rendered(draft: PolicyDraft, base: VersionRow) -> str:
    """A translation's draft as people will read it beside its version."""
    keys = match_of(draft, base).keys
    held = [one for one in parsed(draft.markdown, draft.slug).sections if one.key in keys]
    return str(markup.policy_html(draft.markdown, anchors={one.line_from: keys[one.key] for one in held}))


def publish(actor: Actor, draft: PolicyDraft, base: VersionRow, *, html: str) -> PolicyVersion:
    """Put a translation beside its version, *html* as `rendered` gives it; an earlier one in that language stays on
    record."""
    found = match_of(draft, base)
    document = parsed(draft.markdown, draft.slug)
    held = [one for one in document.sections if one.key in found.keys]
    before = (
        update(PolicyTranslation)
        .where(PolicyTranslation.version_id == base.id, PolicyTranslation.language == draft.language)
        .where(PolicyTranslation.replaced_at.is_(None))
    )
    db.session.execute(before.values(replaced_at=clock.now()))
    row = PolicyTranslation(
        version_id=base.id, language=draft.language, title=draft.title, markdown=draft.markdown,
        sha256=hashlib.sha256(draft.markdown.encode()).hexdigest(),
        html=html,
        sections=[[found.keys[one.key], one.title, one.line_from, one.line_to] for one in held],
        unmatched={"extra": [one.title for one in found.extra], "missing": [one.key for one in found.missing]},
        by_id=actor.id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.note(actor, "translated", "policy_version", base.public_id, language=draft.language, sha256=row.sha256)
    return db.session.get_one(PolicyVersion, base.id)
