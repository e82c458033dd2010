"""Looking through the texts of cases before anybody is given them: what could tell the outcome, what is personal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update

from qa import masking
from qa.core import clock, preferences
from qa.core.db import db
from qa.models.cases import CaseText, ClosedCase, Message
from qa.models.texts import Mask
from qa.queries.blind_case import SPEAKERS, shown_value
from qa.redaction import telling_ids
from qa.redaction.spans import LEAK, Span, apart

#: Cases of one question.
SOME = 500


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found: case -> place -> what is to be covered there."""

    found: dict[int, dict[str, list[Span]]] = field(default_factory=dict)

    @property
    def leaking(self) -> set[int]:
        """The cases in which something could tell the outcome."""
        return {
            case_id
            for case_id, places in self.found.items()
            if any(span.kind == LEAK for spans in places.values() for span in spans)
        }


def look_through(case_ids: Collection[int]) -> Scan:
    """What is to be covered in those of *case_ids* that nobody has looked through yet. Only reads."""
    scan = Scan()
    said: dict[int, dict[str, str]] = {}
    decided: dict[int, str] = {}
    wanted = sorted(set(case_ids))
    for at in range(0, len(wanted), SOME):
        for case_id, places, action in _texts(wanted[at : at + SOME], CaseText.scanned_at.is_(None)):
            said[case_id], decided[case_id] = places, action
            found = {place: masking.found(text) for place, text in places.items()}
            scan.found[case_id] = {place: spans for place, spans in found.items() if spans}
    for case_id, place, span in _telling(said, decided):
        scan.found[case_id][place] = apart([*scan.found[case_id].get(place, ()), span])
    return scan


def places_of(case_id: int) -> dict[str, str]:
    """Place -> what a blind page would show there without masks, of one case."""
    return next((places for _case_id, places, _action in _texts([case_id])), {})


def _texts(case_ids: list[int], *only: ColumnElement[bool]) -> Iterator[tuple[int, dict[str, str], str]]:
    """(case, place -> what a blind page would show there without masks, action)."""
    messages = _messages(case_ids)
    query = (
        select(ClosedCase.id, ClosedCase.evidence, ClosedCase.action, CaseText.text, CaseText.translation)
        .join(CaseText, CaseText.case_id == ClosedCase.id)
        .where(ClosedCase.id.in_(case_ids), *only)
    )
    for case_id, evidence, action, text, translation in db.session.execute(query.order_by(ClosedCase.id)):
        facts = {masking.fact(name): shown_value(value) for name, value in evidence.items() if value not in (None, "")}
        places = {masking.TEXT: text, masking.TRANSLATION: translation, **messages.get(case_id, {}), **facts}
        yield case_id, {place: said for place, said in places.items() if said}, action


def _messages(case_ids: list[int]) -> Mapping[int, dict[str, str]]:
    query = select(Message.case_id, Message.ordinal, Message.text, Message.translation).where(
        Message.case_id.in_(case_ids), Message.withheld.is_(False), Message.author_role.in_(SPEAKERS)
    )
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for case_id, ordinal, text, translation in db.session.execute(query):
        place = masking.message(ordinal)
        found[case_id] |= {place: text or "", masking.translated(place): translation or ""}
    return found


def _telling(said: Mapping[int, Mapping[str, str]], decided: Mapping[int, str]) -> Iterator[tuple[int, str, Span]]:
    """Ids that go with the outcome over all these cases: each of them, whatever its own case's outcome is."""
    ids = [
        (case_id, place, match)
        for case_id, places in said.items()
        for place, text in places.items()
        for match in telling_ids.ID.finditer(text)
    ]
    places = telling_ids.telling([(place, match[0], decided[case_id]) for case_id, place, match in ids])
    for case_id, place, match in ids:
        if place in places:
            yield case_id, place, Span(*match.span(), LEAK, "id")


def keep(scan: Scan, *, of: Collection[int]) -> None:
    """Store what was found in the cases *of* a draw; what is not in the scan is looked through now.

    What is personal is covered at once; what could tell waits for a person, where that is set.
    """
    missing = set(_not_yet(of)) - scan.found.keys()
    if missing:
        scan = Scan({**scan.found, **look_through(missing).found})
    now = clock.now()
    leaks_are = "proposed" if preferences.get("masks_wait_for_review") else "applied"
    fresh = _not_yet(scan.found.keys() & set(of))
    rows: list[dict[str, Any]] = [
        {
            "case_id": case_id, "place": place, "begins": span.start, "ends": span.end, "kind": span.kind,
            "rule": span.rule, "state": leaks_are if span.kind == LEAK else "applied", "created_at": now,
        }
        for case_id in fresh
        for place, spans in scan.found[case_id].items()
        for span in spans
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(Mask), rows)
    for at in range(0, len(fresh), SOME):
        mark = update(CaseText).where(CaseText.case_id.in_(fresh[at : at + SOME])).values(scanned_at=now)
        db.session.execute(mark.execution_options(synchronize_session=False))


def _not_yet(case_ids: Iterable[int]) -> list[int]:
    """Those that nobody looked through meanwhile."""
    wanted, found = sorted(case_ids), []
    for at in range(0, len(wanted), SOME):
        some = CaseText.case_id.in_(wanted[at : at + SOME])
        query = select(CaseText.case_id).where(some, CaseText.scanned_at.is_(None)).order_by(CaseText.case_id)
        found += list(db.session.scalars(query))
    return found


def waiting(case_ids: Collection[int]) -> set[int]:
    """Those in whose text something may tell the outcome, and nobody has looked."""
    wanted, found = sorted(case_ids), set()
    for at in range(0, len(wanted), SOME):
        query = select(Mask.case_id).where(Mask.case_id.in_(wanted[at : at + SOME]), Mask.state == "proposed")
        found |= set(db.session.scalars(query.distinct()))
    return found
