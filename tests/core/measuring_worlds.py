"""What stands in the addresses of figures, alerts and evidence packs, for each who comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta

from calibration.earlier import keeping as earlier
from calibration.earlier.reading import Result, Sheet
from calibration.evidence import evidence
from calibration.goals import events, targets
from calibration.models.signals import Signal
from calibration.reports import composing, keeping, wishes
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import write
from qa.core.models import Job, Person
from tests import factories
from tests.desk import Desk
from training.business.sheet import Line
from training.models.business import BusinessSheet

WHAT = ("agents", "alerts", "packs", "reports", "earlier_sheets", "targets", "events", "report_wishes",
        "business_sheets")  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """An alert about an agent of each team and about the one who leads and is led."""

    people: Mapping[str, Person]
    colleague: Person
    stranger: Person
    alerts: Mapping[str, str]
    #: Of the admin, who asked for it.
    pack: str
    #: For whoever looks after all teams and grades nothing.
    report: str
    #: Likewise.
    sheet: str
    #: For everybody who looks after all teams.
    target: str
    event: str
    #: Like the report.
    wish: str
    #: Likewise, and for observers.
    business: str

    def ids(self, what: str, persona: str) -> tuple[list[str], list[str]]:
        """(what the persona may open, what is somebody else's)."""
        if what == "packs":
            return ([self.pack], []) if persona == "admin" else ([], [self.pack])
        if what == "reports":
            return ([self.report], []) if persona == "admin" else ([], [self.report])
        if what == "earlier_sheets":
            return ([self.sheet], []) if persona == "admin" else ([], [self.sheet])
        if what == "business_sheets":
            return ([self.business], []) if persona in ("admin", "observer") else ([], [self.business])
        if what in ("targets", "events", "report_wishes"):
            one = {"targets": self.target, "events": self.event, "report_wishes": self.wish}[what]
            return ([one], []) if persona == "admin" else ([], [one])
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
    alerts = {name: _alert(desk, person) for name, person in about.items()}
    return Measured(
        people,
        colleague,
        stranger,
        alerts,
        _pack(people["admin"]),
        _report(),
        _sheet(),
        *_goals(),
        _wish(people["admin"]),
        _business(people["admin"]),
    )


def _pack(owner: Person) -> str:
    now = clock.now()
    values = {"kind": evidence.JOB, "args": {}, "state": "done", "by_id": owner.id, "run_after": now, "ended_at": now}
    made = str(factories.kept(Job(**values)).public_id)
    evidence.path_of(made).write_bytes(b"")
    return made


def _report() -> str:
    days = composing.span("dsa", clock.now().date())
    return write(lambda: str(keeping.keep(SYSTEM, "dsa", days, names=False).public_id))


def _wish(reader: Person) -> str:
    to = [reader.public_id]
    return write(lambda: str(wishes.again(SYSTEM, "dsa", every="month", day=1, hour=6, names=False, to=to).public_id))


def _sheet() -> str:
    results = [Result("Agent Able", "Scam", "Scam", clock.now().date(), f"case-no-{number}") for number in range(3)]
    sheet = Sheet("qa.csv", {"agent": "agent"}, results)
    return write(lambda: str(earlier.keep(SYSTEM, sheet).public_id))


def _business(by: Person) -> str:
    row = BusinessSheet(
        name="autumn", days_from=clock.now().date(), days_to=clock.now().date(), money="EUR", by_id=by.id,
        put_in=[asdict(Line("Grading", "h", (1.0, 1.0, 1.0), None, "set"))],
    )  # fmt: skip
    return str(factories.kept(row).public_id)


def _goals() -> tuple[str, str]:
    today = clock.now().date()
    target = write(lambda: str(targets.put(SYSTEM, about="all", share=0.9, from_on=today).public_id))
    return target, write(lambda: str(events.add(SYSTEM, happened_on=today, said="new tool").public_id))


def _alert(desk: Desk, person: Person) -> str:
    case = desk.case(agent_id=person.id)
    row = Signal(
        agent_id=person.id, kind="drop", level="act", epoch=1, crossed_case_id=case.id, crossed_at=case.closed_at,
        lead_key="conduct/threats", shares={"conduct/threats": 1.0}, n=40, errors=9, state="raised",
        raised_at=clock.now() - timedelta(hours=1),
        evidence={"cases": [case.id], "target": 0.95, "since": case.closed_at.isoformat()},
    )  # fmt: skip
    return str(factories.kept(row).public_id)
