"""Roll-ups of drawn cases: what figures ask of each, packed by draw, kept in the transaction that changes it.

A weekly draw by agent and tier holds two cases of a policy in a stratum: sums by stratum and policy would be as many
as the cases, and would not know any other split. So the terms of the sums are kept instead, 43 bytes a case and one
byte for what came out, and summed when a page asks: a million in some hundredths of a second.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import delete, insert, select, update

from qa import chances
from qa.core.db import ask, db
from qa.models.plans import Draw, DrawCase, PlanVersion
from qa.models.truth import TallyPart, TallyState
from qa.policies import section_keys
from qa.tallies import statements
from qa.tallies import words as tally_words

#: Cases of a part: what one settled case rewrites is as many bytes.
SIZE = 512
#: As many bound values as either database takes with ease.
BATCH = 500
CASE = np.dtype("<i8")
#: What is asked of a drawn case. `chance`: the sum of its probabilities in all plans; `closed`: seconds since 1970;
#: `agent` and `team`: 0 for nobody; `play` to `tier`: numbers of words; `enforced`: whether the decision enforces.
RECORD = np.dtype([
    ("chance", "<f8"), ("closed", "<u4"), ("stratum", "<i4"), ("agent", "<i4"), ("team", "<i4"), ("play", "<u2"),
    ("locale", "<u2"), ("workflow", "<u2"), ("severity", "<u2"), ("tier", "<u2"), ("enforced", "u1"),
])  # fmt: skip
WORDS = ("play", "locale", "workflow", "severity", "tier")
OPEN, SETTLED, LOST = 0, 1, 2
_LOST = ("ungradable", "unreached")
_TOUCHED = "tallies"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn case as the rows tell it."""

    draw_id: int
    case_id: int
    probability: float
    stratum: int
    tier: str
    agent: int | None
    team: int | None
    play: str
    locale: str | None
    workflow: str
    severity: str | None
    closed_at: datetime
    decided_key: str
    state: str
    right_verdict: bool | None
    right_policy: bool | None
    right_action: bool | None
    basis: str | None

    @property
    def outcome(self) -> int:
        """What came out, as one byte."""
        return outcome_of(self.state, (self.right_verdict, self.right_policy, self.right_action), self.basis)


def outcome_of(state: str, rights: tuple[bool | None, bool | None, bool | None], basis: str | None) -> int:
    """What came out of a case as one byte. Pure; shared with the recomputation.

    Bits 0-1: open, settled or lost. Of a settled one, bit 2: the verdict is right; bits 3-4 and 5-6: policy and action,
    0 where the level is not settled, 1 wrong, 2 right; bit 7: it was ruled with the decision in sight.
    """
    if state != "settled":
        return LOST if state in _LOST else OPEN
    verdict, policy, action = rights
    return SETTLED | bool(verdict) << 2 | _level(policy) << 3 | _level(action) << 5 | (basis == "not_blind") << 7


def ended(states: bytes) -> int:
    """How many of a part's cases are not open any more."""
    return int(np.count_nonzero(np.frombuffer(states, np.uint8) & (SETTLED | LOST)))


def _level(right: bool | None) -> int:
    return 0 if right is None else 1 + right


def changed(case_id: int) -> None:
    """Say that a case's settlement or truth changes in this transaction; its roll-up follows before the commit."""
    db.session.info.setdefault(_TOUCHED, set()).add(case_id)


def touched() -> frozenset[int]:
    """The cases of which this transaction has said so: for roll-ups of upper rooms, which come before this one's."""
    return frozenset(db.session.info.get(_TOUCHED, ()))


def keep_up() -> None:
    """Let the roll-ups of all cases that changed in this transaction say what the rows say: called before a commit."""
    moved = sorted(db.session.info.pop(_TOUCHED, ()))
    if not moved:
        return
    db.session.flush()
    rows: dict[int, dict[int, Drawn]] = defaultdict(dict)
    for start in range(0, len(moved), BATCH):
        for row in _told(ask(statements.OF_CASES, {"case_ids": moved[start : start + BATCH]})):
            rows[row.draw_id][row.case_id] = row
    for draw_id, unknown in _write_outcomes(rows).items():
        _add(draw_id, [rows[draw_id][case_id] for case_id in unknown])


def drawn(draw_id: int) -> None:
    """Take the cases of a draw in, once they are stored; where plans overlap, weigh the others' cases anew."""
    db.session.flush()
    known = {case_id for part in _parts(draw_id) for case_id in _cases(part.cases).tolist()}
    _add(draw_id, [row for row in _told(ask(statements.OF_DRAW, {"draw_id": draw_id})) if row.case_id not in known])
    weigh(chances.overlapping(db.session.get_one(Draw, draw_id)))


def weigh(draw_ids: Collection[int]) -> None:
    """Write the chances of these draws' cases anew: another plan can draw them now, or could and cannot any more."""
    if not draw_ids:
        return
    held: dict[int, dict[int, float]] = defaultdict(dict)
    for case_id, draw_id, probability in ask(statements.HELD, {"draw_ids": list(draw_ids)}):
        held[case_id][draw_id] = probability
    sums = chances.combined(held)
    for part in [part for draw_id in draw_ids for part in _parts(draw_id)]:
        records = np.frombuffer(part.records, RECORD).copy()
        records["chance"] = [sums[case_id] for case_id in _cases(part.cases).tolist()]
        if records.tobytes() != part.records:
            db.session.execute(update(TallyPart).where(TallyPart.id == part.id).values(records=records.tobytes()))
            _change(part.id)


def rebuild() -> None:
    """Write the roll-ups of all current draws anew from the rows."""
    db.session.flush()
    for table in (TallyState, TallyPart):
        db.session.execute(delete(table))
    measuring = select(Draw.id).join(PlanVersion, PlanVersion.id == Draw.plan_version_id)
    current = measuring.where(PlanVersion.purpose == "measure", Draw.replaced_at.is_(None)).order_by(Draw.id)
    for draw_id in db.session.scalars(current).all():
        _add(draw_id, list(_rows(DrawCase.draw_id == draw_id)))


def forget_agents(*, before: datetime) -> int:
    """Let the records of cases that were closed *before* a moment be nobody's; how many parts changed."""
    limit, changed_parts = int(before.timestamp()), 0
    query = select(TallyPart.id, TallyPart.records).where(TallyPart.first_closed < limit)
    for part_id, packed in db.session.execute(query).all():
        records = np.frombuffer(packed, RECORD).copy()
        records["agent"][records["closed"] < limit] = 0
        if records.tobytes() != packed:
            db.session.execute(update(TallyPart).where(TallyPart.id == part_id).values(records=records.tobytes()))
            _change(part_id)
            changed_parts += 1
    return changed_parts


def kept() -> dict[tuple[int, int], tuple[Any, ...]]:
    """The roll-ups of current draws as they are kept: (draw, case) -> its record and what came out."""
    found: dict[tuple[int, int], tuple[Any, ...]] = {}
    query = select(TallyPart.draw_id, TallyPart.cases, TallyPart.records, TallyState.states)
    query = query.join(TallyState).join(Draw, Draw.id == TallyPart.draw_id).where(Draw.replaced_at.is_(None))
    for draw_id, cases, records, states in db.session.execute(query):
        rows = zip(_cases(cases).tolist(), np.frombuffer(records, RECORD).tolist(), states, strict=True)
        found |= {(draw_id, case_id): (*record, state) for case_id, record, state in rows}
    return found


def recomputed() -> dict[tuple[int, int], tuple[Any, ...]]:
    """The same from the rows themselves: what `kept` must equal."""
    rows = _rows(Draw.replaced_at.is_(None))
    codes = tally_words.known()
    by_draw: dict[int, list[Drawn]] = defaultdict(list)
    for row in rows:
        by_draw[row.draw_id].append(row)
    return {
        (row.draw_id, row.case_id): (*record, row.outcome)
        for members in by_draw.values()
        for row, record in zip(members, _records(members, codes).tolist(), strict=True)
    }


def _rows(*wanted: Any) -> Iterable[Drawn]:
    """The drawn cases for which *wanted* holds, as `tally_statements.drawn` asks for them."""
    return _told(db.session.execute(statements.drawn(*wanted)))


def _told(found: Iterable[Any]) -> Iterable[Drawn]:
    return (Drawn(*row) for row in found)


def _records(rows: Sequence[Drawn], codes: dict[str, int]) -> npt.NDArray[np.void]:
    """The records of drawn cases of one draw."""
    sums = chances.combined({row.case_id: {row.draw_id: row.probability} for row in rows})
    return np.array(
        [
            (
                sums[row.case_id], int(row.closed_at.timestamp()), row.stratum, row.agent or 0, row.team or 0,
                *(codes[word] for word in _words(row)), row.decided_key != section_keys.NONE,
            )
            for row in rows
        ],
        dtype=RECORD,
    )  # fmt: skip


def _words(row: Drawn) -> tuple[str, str, str, str, str]:
    return row.play, row.locale or "", row.workflow, row.severity or "", row.tier


def _add(draw_id: int, rows: Sequence[Drawn]) -> None:
    """New parts for cases of one draw that stand in none yet, in order of their inside numbers."""
    if not rows:
        return
    codes = tally_words.numbered({word for row in rows for word in _words(row)})
    records = _records(rows, codes)
    for start in range(0, len(rows), SIZE):
        some, packed = rows[start : start + SIZE], records[start : start + SIZE]
        part = insert(TallyPart).values(
            draw_id=draw_id, first_closed=int(packed["closed"].min()), last_closed=int(packed["closed"].max()),
            cases=np.array([row.case_id for row in some], dtype=CASE).tobytes(), records=packed.tobytes(),
        )  # fmt: skip
        part_id = db.session.scalar(part.returning(TallyPart.id))
        states = bytes(row.outcome for row in some)
        begun = {"part_id": part_id, "draw_id": draw_id, "changes": secrets.randbits(40)}
        db.session.execute(insert(TallyState).values(**begun, states=states))


def _write_outcomes(rows: dict[int, dict[int, Drawn]]) -> dict[int, list[int]]:
    """Write what came out of these cases of each draw; by draw, those that stand in no part yet."""
    places: dict[int, dict[int, int]] = {}
    missing = {draw_id: set(wanted) for draw_id, wanted in rows.items()}
    for part in ask(statements.PLACES, {"draw_ids": sorted(rows)}):
        wanted, cases = np.array(sorted(missing[part.draw_id]), dtype=CASE), _cases(part.cases)
        met = np.intersect1d(wanted, cases, assume_unique=True)
        if met.size:
            outcomes = [rows[part.draw_id][case_id].outcome for case_id in met.tolist()]
            places[part.id] = dict(zip(np.searchsorted(cases, met).tolist(), outcomes, strict=True))
            missing[part.draw_id].difference_update(met.tolist())
    _move(places)
    return {draw_id: sorted(cases) for draw_id, cases in missing.items() if cases}


def _move(places: dict[int, dict[int, int]]) -> None:
    """Change bytes of parts: *places* are place -> what came out by part, whose rows are held from first to last."""
    moved = []
    for part_id, before in ask(statements.STATES, {"part_ids": list(places)}).all():
        states = bytearray(before)
        for place, outcome in places[part_id].items():
            states[place] = outcome
        if states != before:
            moved.append({"part": part_id, "moved": bytes(states)})
    if moved:
        ask(statements.MOVED, moved)


def _change(part_id: int) -> None:
    """Write that something of a part has changed."""
    ask(statements.CHANGED, {"part": part_id})


def _parts(draw_id: int) -> Sequence[Any]:
    """(id, cases, records) of a draw's parts."""
    return ask(statements.PARTS, {"draw_id": draw_id}).all()


def _cases(packed: bytes) -> npt.NDArray[np.int64]:
    return np.frombuffer(packed, CASE)
