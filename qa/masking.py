"""How a case's text is shown to whoever judges it, and to whoever learns from it: with its masks.

The one place that knows. A case that was looked through has its masks as rows, which people may have looked over; any
other is covered by the rules as it is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

from qa.core.db import db, remembered
from qa.core.models import Person
from qa.models.cases import CaseText
from qa.models.policies import Action
from qa.models.texts import Mask
from qa.redaction import leaks, personal
from qa.redaction.leaks import Staff
from qa.redaction.spans import Span, apart, covered

TEXT, TRANSLATION = "text", "translation"


def message(ordinal: int) -> str:
    """The place of a message."""
    return f"message {ordinal}"


def translated(place: str) -> str:
    """The place of what translates another."""
    return TRANSLATION if place == TEXT else f"{place} {TRANSLATION}"


def fact(name: str) -> str:
    """The place of a fact."""
    return f"fact {name}"[:250]


@dataclass(frozen=True, slots=True)
class Known:
    """What the rules go by: who works here, and what can be done about a case. Never what was done."""

    staff: Staff
    actions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cover:
    """The masks of one case; without *spans* the rules are asked."""

    spans: Mapping[str, list[Span]] | None

    def text(self, place: str, text: str | None) -> str | None:
        """What stands at *place*, covered."""
        return text and self.said(place, text)

    def said(self, place: str, text: str) -> str:
        """The same for a text that is there."""
        return covered(text, found(text) if self.spans is None else self.spans.get(place, ()))


#: Covers nothing: for whoever has the decision in sight anyway.
OPEN = Cover({})


def cover(case_id: int) -> Cover:
    """The masks of one case."""
    return covers([case_id])[case_id]


def covers(case_ids: Collection[int]) -> dict[int, Cover]:
    """Case -> its masks."""
    wanted = sorted(set(case_ids))
    known: dict[int, dict[str, list[Span]]] = {}
    for at in range(0, len(wanted), 500):
        for case_id, *mask in db.session.execute(_MASKS.where(CaseText.case_id.in_(wanted[at : at + 500]))):
            places = known.setdefault(case_id, {})
            if mask[0] is not None:
                places.setdefault(mask[0], []).append(Span(*mask[1:]))
    return {case_id: Cover(known.get(case_id)) for case_id in wanted}


_MASKS = (
    select(CaseText.case_id, Mask.place, Mask.begins, Mask.ends, Mask.kind, Mask.rule)
    .outerjoin(Mask, and_(Mask.case_id == CaseText.case_id, Mask.state == "applied"))
    .where(CaseText.scanned_at.is_not(None))
)


def found(text: str) -> list[Span]:
    """What the rules find in a text that is to be judged."""
    rules = known()
    return apart([*leaks.found(text, rules.staff, rules.actions), *personal.found(text)])


def for_reuse(case_id_texts: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Case -> its text as it may be met outside the case: its masks, and links, accounts and long numbers too."""
    texts = dict(case_id_texts)
    shown = covers(texts)
    return {case_id: personal.masked(shown[case_id].said(TEXT, text)) for case_id, text in texts.items()}


def nameless(text: str) -> str:
    """A text that somebody wrote about a case, without names and what else is personal."""
    return covered(text, [*leaks.names(text, known().staff), *personal.found(text)])


def known() -> Known:
    """What the rules go by, asked once in a transaction."""
    return remembered("masking", _known)


def _known() -> Known:
    people: list[Any] = list(
        db.session.execute(
            select(Person.external_id, Person.name, Person.email).where(Person.erased_at.is_(None)).order_by(Person.id)
        )
    )
    actions = db.session.execute(select(Action.key, Action.label)).all()
    return Known(leaks.staff(map(tuple, people)), frozenset(word for row in actions for word in row))
