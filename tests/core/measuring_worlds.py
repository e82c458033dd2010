"""What stands in the addresses of figures and alerts, for each who comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from calibration.models.signals import Signal
from qa.core import clock
from qa.core.models import Person
from tests import factories
from tests.desk import Desk

WHAT = ("agents", "alerts")


@dataclass(frozen=True)
class Measured:
    """An alert about an agent of each team and about the one who leads and is led."""

    people: Mapping[str, Person]
    colleague: Person
    stranger: Person
    alerts: Mapping[str, str]

    def ids(self, what: str, persona: str) -> tuple[list[str], list[str]]:
        """(what the persona may open, what is somebody else's)."""
        led, far = [self.colleague.public_id, self.people["dual"].public_id], [self.stranger.public_id]
        if what == "alerts":
            known = self.alerts
            led, far = [known["colleague"], known["dual"]], [known["stranger"]]
            if persona == "dual":
                return led[:1], [known["dual"], *far]
        own = self.people.get(persona)
        if persona == "admin":
            return led + far, []
        if persona in ("manager", "dual"):
            return led, far
        return ([own.public_id] if own is not None and persona == "agent" else []), led + far


def build(desk: Desk, people: Mapping[str, Person], colleague: Person, stranger: Person) -> Measured:
    """Alerts in the matrix's world."""
    about = {"colleague": colleague, "stranger": stranger, "dual": people["dual"]}
    return Measured(people, colleague, stranger, {name: _alert(desk, person) for name, person in about.items()})


def _alert(desk: Desk, person: Person) -> str:
    case = desk.case(agent_id=person.id)
    row = Signal(
        agent_id=person.id, kind="drop", level="act", epoch=1, crossed_case_id=case.id, crossed_at=case.closed_at,
        lead_key="conduct/threats", shares={"conduct/threats": 1.0}, n=40, errors=9, state="raised",
        raised_at=clock.now() - timedelta(hours=1),
        evidence={"cases": [case.id], "target": 0.95, "since": case.closed_at.isoformat()},
    )  # fmt: skip
    return str(factories.kept(row).public_id)
