"""What stands in the addresses of sessions, precedents and known-answer cases, for each who comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from calibration import precedents
from calibration.gold import gold
from calibration.sessions import cases as session_cases
from calibration.sessions import consensus, sessions
from calibration.sessions import people as session_people
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import write
from qa.core.models import Person
from tests import factories
from tests.desk import Desk

WHAT = (
    "sessions",
    "held_sessions",
    "led_sessions",
    "session_places",
    "ballots",
    "guest_links",
    "guest_doors",
    "precedents",
    "known",
)
#: Who takes part in the session that is open for votes, and who leads sessions: whoever leads and grades does not.
VOTERS, LEADS = ("agent", "reviewer", "dual"), ("manager", "admin")
_PLACED = ("session_places", "ballots")


@dataclass(frozen=True)
class Met:
    """A session open for votes, a guest's link into it, and what an earlier session left behind."""

    session: str
    #: The earlier one, in which nobody who has a persona took part.
    held: str
    link: str
    precedent: str
    known: str

    def ids(self, what: str, persona: str) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        """(what the persona may open, what is somebody else's)."""
        if what in ("guest_links", "guest_doors"):
            return ([{"token": self.link}] if what == "guest_links" else []), []
        if what == "precedents":
            return [{"public_id": self.precedent}], []
        if what == "held_sessions":
            one = {"public_id": self.held}
            return ([one], []) if persona in LEADS else ([], [one])
        one = {"public_id": self.known if what == "known" else self.session, **place_of(what)}
        may = {"sessions": (*VOTERS, *LEADS), "ballots": VOTERS}.get(what, LEADS)
        return ([one], []) if persona in may else ([], [one])


def place_of(what: str) -> dict[str, str]:
    """What else stands in the address."""
    return {"place": "1"} if what in _PLACED else {}


def builders(desk: Callable[[Any], Desk], ids: Callable[..., Any]) -> dict[str, Callable[[Any, str], Any]]:
    """By what a row's `ids` names: a builder that finds, for each persona, what stands in the address."""

    def built(what: str, world: Any, persona: str) -> Any:
        opened, closed = world.once("met", lambda: build(desk(world), world.people)).ids(what, persona)
        parameter = "token" if what.startswith("guest") else "public_id"
        return ids(open=opened, closed=closed, absent={parameter: "0123456789abcdef" * 2, **place_of(what)})

    return {what: partial(built, what) for what in WHAT}


def build(desk: Desk, people: Mapping[str, Person]) -> Met:
    """Both sessions, led by somebody who is nobody's persona."""
    held = [desk.case(text=f"Discussed {number}.") for number in range(2)]
    open_one = desk.case(text="To be voted on.")
    host = desk.manager

    def past() -> tuple[str, str, str]:
        guests = [factories.actor("agent", name=f"Voted {number}").public_id for number in range(2)]
        session = _session(host, "Earlier", [case.external_id for case in held], guests)
        for move in (sessions.start, sessions.close, sessions.reveal):
            move(host, session)
        for place in (1, 2):
            consensus.record(
                host, session, place, verdict="violates", section_key="conduct/threats", action="remove", reason="So."
            )
        kept = precedents.keep(host, session, 1, title="At the door")
        return session, kept.public_id, gold.keep(host, session, 2).public_id

    def present() -> tuple[str, str]:
        voters = [people[name].public_id for name in VOTERS]
        session = _session(host, "Threats", [open_one.external_id], voters)
        link = session_people.invite_guest(host, sessions.led(host, session), name="Gale")
        sessions.start(host, session)
        return session, link

    held, precedent, known = write(past)
    session, link = write(present)
    return Met(session, held, link, precedent, known)


def _session(host: Actor, title: str, cases: list[str], people: list[str]) -> str:
    row = sessions.create(host, title=title, deadline_at=clock.now() + timedelta(days=3))
    session_cases.add(host, row.public_id, how="hand", names=cases)
    session_people.invite(host, row, names=people)
    return row.public_id
