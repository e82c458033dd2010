"""Questions and lessons that people write: they cite a clause and pass the same checks as all others.

Whoever imports this waits for all that builds modules; it is called by a job of nobody and a page of few.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, Problem, Refused
from qa.policytext.hashing import text_hash
from training import editing, own_words, skill_keys, sources
from training.generation import choice, item_checks
from training.generation.catalogue import Catalogue
from training.generation.citing import stands_in, texts_of
from training.generation.item_checks import Grounds
from training.generation.material import Citation, Item, Option, Source
from training.generation.skills import SkillKey
from training.generation.wording import escaped, plain, quoted
from training.models.modules import Item as ItemRow
from training.models.modules import ModuleVersion

LETTERS = "abcd"
ORIGINS = ("author", "scenario")
#: What a question takes along into the next version of its module.
CARRIED = (
    "ref", "kind", "stem", "key", "skill", "difficulty", "checks", "unit_hash", "case_text", "origin", "author_id",
)  # fmt: skip
#: States of a module to which people add.
OPEN = ("draft", "approved", "live")


@dataclass(frozen=True, slots=True)
class Written:
    """A question as somebody wrote it: the clause, what is asked, the right answer and two or three wrong ones."""

    section: str
    quote: str
    stem: str
    right: str
    wrong: tuple[str, ...]
    #: Of a scenario: the invented case that it asks about.
    case_text: str = ""
    feedback: str = ""


def add(actor: Actor, module_id: str, written: Written) -> str:
    """Add a question to a module's newest version; its address. Raises BadInput with all that speaks against it."""
    row = editing.found(module_id)
    if row.state not in OPEN:
        raise Refused("Questions are added to a module that is not stale or retired.")
    known = sources.in_force(clock.now().date())
    citation = _citation(known, written.section, written.quote)
    item = _item(written, citation)
    grounds = Grounds(texts_of(known), Catalogue(known))
    wrong = {name: why for name, why in item_checks.verdicts(item, grounds).items() if why is not None}
    if wrong:
        raise BadInput(*(Problem(why, field=_FIELDS.get(name, "stem")) for name, why in sorted(wrong.items())))
    kept = ItemRow(
        module_version_id=row.id, ref=item.id, kind=item.kind, stem=item.stem, key=list(item.key),
        options=[_plain(option) for option in item.options], citation=_cited(citation),
        skill=skill_keys.written(item.skill), difficulty=item.difficulty, checks=dict(item.checks),
        unit_hash=item.unit_hash, case_text=item.case_text, origin="scenario" if written.case_text else "author",
        author_id=actor.id, state={"draft": "generated", "approved": "approved"}.get(row.state, "generated"),
    )  # fmt: skip
    db.session.add(kept)
    db.session.flush()
    if row.state in ("draft", "approved"):
        editing.fill_forms(row)
    audit.note(actor, "wrote", "item", kept.public_id, no=row.no, scenario=bool(written.case_text))
    return str(kept.public_id)


_FIELDS = {"provenance": "quote", "one_key": "wrong"}


def approve(actor: Actor, module_id: str, item_id: str) -> None:
    """Let a question that was written for a live module be asked. Nobody approves their own words."""
    row = editing.found(module_id)
    item = editing.item_of(row, item_id)
    if item.author_id == actor.id:
        raise Refused("Somebody else has to approve what you wrote.")
    if row.state != "live" or item.state != "generated":
        raise Refused("There is nothing to approve here now.")
    item.state = "live"
    db.session.flush()
    audit.note(actor, "approved", "item", item.public_id)


def add_lesson(
    actor: Actor, module_id: str, *, section: str, quote: str, text: str, is_reply: bool = False
) -> None:  # fmt: skip
    """Add a block of somebody's own words to a module's lessons, with the clause that they are about.

    *is_reply*: it shows how a good reply to a user sounds, and is no case.
    """
    row = editing.found(module_id)
    if row.state not in OPEN:
        raise Refused("Lessons are added to a module that is not stale or retired.")
    if not text.strip():
        raise BadInput(Problem("write something", field="text"))
    citation = _cited(_citation(sources.in_force(clock.now().date()), section, quote))
    lesson = own_words.REPLIES if is_reply else own_words.WORDS
    own_words.add(row.id, lesson, escaped(text), citation)
    audit.note(actor, "wrote", "lesson", module_id, no=row.no, reply=is_reply)


def read(data: Mapping[str, Any]) -> Written:
    """A question as JSON names it: section, quote, stem, right, wrong; case_text and feedback may be left out."""
    try:
        return Written(
            section=str(data["section"]), quote=str(data["quote"]), stem=str(data["stem"]), right=str(data["right"]),
            wrong=tuple(str(one) for one in data["wrong"]), case_text=str(data.get("case_text") or ""),
            feedback=str(data.get("feedback") or ""),
        )  # fmt: skip
    except (KeyError, TypeError) as error:
        raise BadInput(Problem(f"expected section, quote, stem, right and wrong ({error})", field="item")) from error


def carry(before: ModuleVersion, after: ModuleVersion, known: Sequence[Source]) -> int:
    """Take people's questions along into a new version; how many. Where the clause changed, they wait for approval."""
    there = {(one.stem, tuple(option["text"] for option in one.options)) for one in db.session.scalars(
        select(ItemRow).where(ItemRow.module_version_id == after.id)
    )}  # fmt: skip
    query = select(ItemRow).where(ItemRow.module_version_id == before.id, ItemRow.origin.in_(ORIGINS))
    count = 0
    for old in db.session.scalars(query.where(ItemRow.state.not_in(("void", "suspended"))).order_by(ItemRow.id)):
        if (old.stem, tuple(option["text"] for option in old.options)) in there:
            continue
        again = _again(known, old.citation["section"], old.citation["quote"])
        values = {name: getattr(old, name) for name in CARRIED}
        citation = _cited(again) if again is not None else old.citation
        options = [{**option, "citation": citation} for option in old.options]
        stands = again is not None and old.state in ("approved", "live")
        state = ("live" if after.state == "live" else "approved") if stands else "generated" if again else "stale"
        db.session.add(ItemRow(module_version_id=after.id, citation=citation, options=options, state=state, **values))
        count += 1
    db.session.flush()
    count += own_words.carry(before.id, after.id, lambda section, quote: _standing(known, section, quote))
    if count and after.state == "draft":
        editing.fill_forms(after)
    return count


def _standing(known: Sequence[Source], section: str, quote: str) -> dict[str, Any] | None:
    found = _again(known, section, quote)
    return _cited(found) if found is not None else None


def _again(known: Sequence[Source], section: str, quote: str) -> Citation | None:
    try:
        return _citation(known, section, quote)
    except BadInput:
        return None


def _citation(known: Sequence[Source], section: str, quote: str) -> Citation:
    """Where the clause stands in the versions in force. Raises BadInput where it does not."""
    slug, _, own = section.partition("/")
    source = next((one for one in known if one.slug == slug), None)
    place = next((one for one in source.document.sections if one.key == own), None) if source is not None else None
    if source is None or place is None:
        raise BadInput(Problem("choose a section of a policy in force", field="section"))
    if not quote.strip() or not stands_in(quote, source.markdown, place.line_from, place.line_to):
        raise BadInput(Problem("these words do not stand in that section, word for word", field="quote"))
    lines = range(place.line_from, place.line_to + 1)
    line = next((at for at in lines if stands_in(quote, source.markdown, at, at)), None)
    first, last = (line, line) if line is not None else (place.line_from, place.line_to)
    return Citation(section, source.version, first, last, plain(quote))


def _item(written: Written, citation: Citation) -> Item:
    texts = [plain(one) for one in (written.right, *written.wrong) if one.strip()]
    told = written.feedback.strip()
    said = [told or f"The policy says: {quoted(citation.quote)}"]
    said += [f"Not this. {told}" if told else f"That is not what the policy says: {quoted(citation.quote)}"] * 3
    order = choice.shuffled(range(len(texts)), written.stem, *texts)
    case = quoted(plain(written.case_text)) if written.case_text.strip() else None
    asked = plain(written.stem)
    return Item(
        id=f"own-{secrets.token_hex(6)}",
        kind="case" if case else "author",
        stem=f"Case: {case} {asked}" if case else asked,
        options=tuple(
            Option(letter, texts[at], said[min(at, 1)], citation)
            for letter, at in zip(LETTERS, order, strict=False)
        ),
        key=(LETTERS[order.index(0)],) if order else (),
        citation=citation,
        difficulty=0.5,
        checks=dict.fromkeys(item_checks.CHECKS, True),
        unit_hash=text_hash(citation.quote),
        skill=SkillKey("section", citation.section),
        case_text=case,
    )  # fmt: skip


def _cited(citation: Citation) -> dict[str, Any]:
    return {
        "section": citation.section, "version": citation.version, "line_from": citation.line_from,
        "line_to": citation.line_to, "quote": citation.quote,
    }  # fmt: skip


def _plain(option: Option) -> dict[str, Any]:
    return {
        "id": option.id, "text": option.text, "feedback": option.feedback, "citation": _cited(option.citation),
    }  # fmt: skip
