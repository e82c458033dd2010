"""A calibration session on a small desk: a host, people who vote, cases, and the way from votes to an agreed answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from calibration.sessions import cases as session_cases
from calibration.sessions import consensus, sessions, voting
from calibration.sessions import people as session_people
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import write
from qa.grading import answers
from qa.models.cases import ClosedCase
from tests import factories
from tests.desk import Desk

THREAT = answers.Given("violates", "conduct/threats", "remove", "high", {}, "")
INSULT = answers.Given("violates", "conduct/insults", "warn", "medium", {}, "")
HARMLESS = answers.Given("no_violation", None, None, "low", {}, "")


class Meeting:
    """A session in draft; `open`, `vote` and the rest move it on."""

    def __init__(self, *, cases: int = 2, people: int = 3, desk: Desk | None = None, **given: Any) -> None:
        self.desk = desk or Desk()
        self.host = self.desk.manager
        self.cases: list[ClosedCase] = [self.desk.case(text=f"Case number {n}.") for n in range(cases)]
        write(lambda: self._begin(people, given))

    def _begin(self, people: int, given: dict[str, Any]) -> None:
        roles = ("reviewer",) if given.get("kind") == "covert" else ("agent",)
        self.people: list[Actor] = [factories.actor(*roles, name=f"Voter {n}") for n in range(people)]
        given.setdefault("deadline_at", clock.now() + timedelta(days=3))
        self.row = sessions.create(self.host, title="Threats or insults?", **given)
        self.id = self.row.public_id
        names = [case.external_id for case in self.cases]
        session_cases.add(self.host, self.id, how="hand", names=names)
        session_people.invite(self.host, self.row, names=[one.public_id for one in self.people])

    def open(self) -> Meeting:
        """Open the voting."""
        write(lambda: sessions.start(self.host, self.id))
        return self

    def vote(self, who: int, place: int, given: answers.Given = THREAT) -> None:
        """Let somebody vote."""
        write(lambda: voting.vote(self.people[who], self.id, place, given))

    def all_vote(self, *given: answers.Given) -> Meeting:
        """Let each person give one answer to every case."""
        for who, answer in enumerate(given):
            for place in range(1, len(self.cases) + 1):
                self.vote(who, place, answer)
        return self

    def reveal(self) -> Meeting:
        """Close the voting and show the votes."""
        write(lambda: sessions.close(self.host, self.id))
        write(lambda: sessions.reveal(self.host, self.id))
        return self

    def agree(self, place: int = 1, given: answers.Given = THREAT, **more: Any) -> Any:
        """Keep an agreed answer."""
        kept = {"verdict": given.verdict, "section_key": given.section_key, "action": given.action}
        more.setdefault("reason", "The first listed act is met.")
        return write(lambda: consensus.record(self.host, self.id, place, **kept, **more))
