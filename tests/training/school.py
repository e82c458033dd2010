"""A desk with a policy worth teaching, settled cases, and alerts that ask for training."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import select

from calibration.models.signals import CorrectiveAction, Signal
from calibration.signals import corrections, signals
from qa import case_addresses, truths
from qa.core import clock
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.models.cases import CaseText, ClosedCase
from qa.models.plans import DrawCase
from qa.models.truth import Finding, Settlement
from qa.policies import policies
from qa.policies import queries as policy_queries
from qa.standing import Vote
from tests import factories
from tests.desk import Desk
from tests.training.generation.invented import SWAPPING
from training import assigning, modules
from training.generation.build import generate
from training.generation.material import CaseExample, source
from training.models.learning import Assignment, AssignmentCause
from training.modules import Draft

PUSHY, UNSAFE, MISLABELLED = "swapping/pushy-offers", "swapping/unsafe-parcels", "swapping/mislabelled-seed"
#: How the addresses on the shelf look.
REF = re.compile("0{28}[0-9a-f]{4}")
#: Own cases on the shelf.
OWN = 4
WHO = ("A grower", "My neighbour", "Some member", "The host", "One seller", "A stranger", "The visitor")
DID = ("asked", "begged", "pressed", "nagged", "urged", "hurried", "pestered")
WHAT = ("beans", "tomatoes", "marigolds", "leeks", "peppers", "radishes", "onions", "lettuce")
WHEN = ("at dawn", "on Sunday", "in winter", "after lunch", "by night", "last week", "every hour", "since May", "twice")


def words(number: int) -> str:
    """The text of a case; no two numbers under 63 give texts that are much alike."""
    parts = (WHO[number % 7], DID[number // 7 % 7], "me about", WHAT[number % 8], WHEN[number % 9])
    return f"{' '.join(parts)} though I wanted silence."


@cache
def shelved() -> Draft:
    """A module as it is built for an agent with four own cases; made once for all tests."""
    known = (source(SWAPPING, name="swapping", version="1"),)
    cases = [
        CaseExample(ref_of(n), words(n), "violates", PUSHY, decided_section=None if n < OWN else PUSHY, mine=n < OWN)
        for n in range(OWN + 26)
    ]
    module = generate(known, sections=[PUSHY], cases=cases, seed=7)
    versions = ({"slug": "swapping", "version": "1", "sha256": known[0].sha256, "title": known[0].title},)
    focus = {"sections": [PUSHY], "contrast": None, "own": [ref_of(n) for n in range(OWN)]}
    return Draft("Swapping rules: Pushy offers", focus, "f" * 64, 7, versions, module)


def ref_of(number: int) -> str:
    """The address of a case on the shelf."""
    return f"{number + 1:032x}"


def _of_cases(addresses: list[str]) -> Draft:
    """The module on the shelf, built of the cases at *addresses*."""
    names = {ref_of(number): address for number, address in enumerate(addresses)}

    def renamed(value: Any) -> Any:
        if isinstance(value, str):
            return REF.sub(lambda found: names.get(found[0], found[0]), value)
        if isinstance(value, dict):
            return {renamed(key): renamed(one) for key, one in value.items()}
        if isinstance(value, list | tuple | frozenset):
            return type(value)(renamed(one) for one in value)
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{one.name: renamed(getattr(value, one.name)) for one in fields(value) if one.init})
        return value

    draft: Draft = renamed(shelved())
    return draft


class School(Desk):
    """All that a test of training needs."""

    def __init__(self) -> None:
        super().__init__(graders=1)
        write(lambda: policies.import_text(SYSTEM, SWAPPING, name="swapping"))
        self.other = factories.actor("agent", team=self.team, name="Agent Other")

    def settled(self, **given: Any) -> ClosedCase:
        """A drawn case whose truth stands; *truth* and *decided* are section keys or "none"."""
        return write(lambda: self._settled(**given))

    def _settled(
        self, *, truth: str = PUSHY, decided: str | None = None, published: bool = True, agent: Actor | None = None,
        text: str = "", closed_at: datetime | None = None, play_key: str | None = None,
    ) -> ClosedCase:  # fmt: skip
        self.count += 1
        now, decided = clock.now(), truth if decided is None else decided
        closed = closed_at or now - timedelta(days=20)
        section = None if decided == "none" else policy_queries.section(decided, closed.date())
        case_id, address = case_addresses.new(1)[0]
        row = ClosedCase(
            source="test", external_id=f"c{self.count}", run_id=self.run.id, agent_id=(agent or self.agent).id,
            agent_team_id=self.team.id, decided_by="person", workflow="abuse_report", closed_at=closed,
            decided_key=decided, decided_section_id=section.id if section else None,
            action="keep" if decided == "none" else "remove",
            play_key=play_key or (truth if truth != "none" else decided), evidence={}, withheld={},
            content_hash="0" * 64, number=self.count, id=case_id, public_id=address,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        db.session.add(CaseText(case_id=row.id, text=text or words(self.count)))
        db.session.add(DrawCase(draw_id=self.draw.id, case_id=row.id, stratum_id=self.stratum.id, probability=0.1,
                                looks=1, tier="all"))  # fmt: skip
        db.session.add(Settlement(case_id=row.id, state="settled", looks_planned=1, changed_at=now, created_at=now))
        db.session.flush()
        answer = Vote("no_violation" if truth == "none" else "violates", truth, None if truth == "none" else "remove")
        truths.stand(row, answer, basis="agreed", settler_id=None, levels=("verdict", "policy"))
        if published:
            finding = db.session.scalars(select(Finding).where(Finding.case_id == row.id)).one()
            finding.state, finding.published_at = "published", now
        return row

    def bank(self, number: int = 26) -> list[ClosedCase]:
        """Settled cases of somebody else, enough for four forms."""
        return write(lambda: [self._settled(agent=self.other) for _ in range(number)])

    def errors(self, number: int = 4, *, truth: str = PUSHY, decided: str = "none") -> list[ClosedCase]:
        """Own cases that were got wrong."""
        return write(lambda: [self._settled(truth=truth, decided=decided, play_key=PUSHY) for _ in range(number)])

    def signal(
        self, *, sections: tuple[str, ...] = (PUSHY,), crossed_at: datetime | None = None, state: str = "raised"
    ) -> Signal:
        """An alert that asks for a module."""
        case = db.session.scalars(select(ClosedCase).order_by(ClosedCase.id.desc()).limit(1)).one()
        epoch = len(db.session.scalars(select(Signal.id)).all())
        db.session.rollback()
        row: Signal = factories.kept(
            Signal(
                agent_id=self.agent.id, kind="drop", level="act", epoch=epoch, crossed_case_id=case.id,
                crossed_at=crossed_at or clock.now(), lead_key=sections[0] if sections else None, shares={},
                evidence={}, n=20, errors=4, raised_at=clock.now(), state=state,
            )
        )  # fmt: skip
        factories.kept(
            CorrectiveAction(signal_id=row.id, kind="module", section_keys=list(sections), reason="", state="asked")
        )
        return row

    def given(self) -> str:
        """The address of an assignment of the module on the shelf, given out for an alert; its cases are there."""
        cases = write(lambda: [self._settled(decided="none") for _ in range(OWN)]) + self.bank()
        signal = self.signal()
        draft = _of_cases([case.public_id for case in cases])
        version = write(lambda: modules.keep(SYSTEM, draft))
        row = factories.kept(
            Assignment(
                person_id=self.agent.id, module_version_id=version.id, due_on=clock.now().date() + timedelta(days=7),
                assigned_at=clock.now(), state="assigned", why="Accuracy alert of 16 Nov 2026.",
            )
        )  # fmt: skip
        factories.kept(
            AssignmentCause(assignment_id=row.id, person_id=self.agent.id, kind="signal", ref=signal.public_id)
        )
        action = corrections.of_signal(signal.public_id, "module")
        write(lambda: signals.report(SYSTEM, action or "", state="under_way"))
        return str(row.public_id)

    def assigned(self) -> str:
        """The address of an assignment that an alert led to."""
        self.bank()
        self.errors()
        self.signal()
        made = assigning.assign(SYSTEM)
        assert len(made) == 1
        return made[0]

    def assignment(self, public_id: str) -> Assignment:
        """The stored assignment, as it is now."""
        db.session.rollback()
        db.session.expire_all()
        return db.session.scalars(select(Assignment).where(Assignment.public_id == public_id)).one()
