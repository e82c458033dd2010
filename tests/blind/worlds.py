"""Two worlds that differ only in what must not be known: the same cases, people and deeds, the secrets dealt anew.

What belongs to a case besides its evidence is dealt to the cases in one order here and in another there, so that
every count over all cases is the same and only who and what belongs to which case differs.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from calibration.sessions import cases as session_cases
from calibration.sessions import people as session_people
from calibration.sessions import sessions, voting
from qa import scanning
from qa.attachments import attachments
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.models import Person, Team
from qa.core.notices import notify
from qa.grading import answers, blind
from qa.models.cases import AddressKey, CaseEvent, ClosedCase, Message
from qa.models.grading import Task, TaskPurpose
from qa.models.plans import DrawCase, DrawStratum
from qa.models.texts import Attachment
from tests import factories
from tests.conftest import TODAY
from tests.desk import Desk
from tests.qa.pictures import picture

#: When the day's work begins: after the release hour, so that nothing more is released today.
MORNING = TODAY + timedelta(hours=1)


@dataclass(frozen=True)
class Dealt:
    """What one case keeps from whoever is to look at it."""

    decided: str
    action: str
    agent: int
    queue: str
    severity: str
    handle_seconds: int
    remark: str
    name: str
    has_appeal: bool = False


#: One for each case that may come to the person who looks; neighbours differ in everything.
DECK = (
    Dealt("conduct/threats", "remove", 0, "general", "low", 60, "Removed, a clear threat.", "remove-1", True),
    Dealt("none", "keep", 1, "urgent", "critical", 4000, "Kept up, harmless.", "keep-2"),
    Dealt("conduct/insults", "warn", 0, "general", "high", 200, "Warned by Able.", "warn-3"),
    Dealt("none", "keep", 1, "urgent", "low", 30, "Nothing here.", "keep-4"),
    Dealt("conduct/threats", "remove", 1, "appeals", "high", 900, "Baker removed it.", "remove-5"),
    Dealt("conduct/insults", "warn", 0, "general", "critical", 61, "Insult of a colleague.", "warn-6", True),
)  # fmt: skip
LOOKS = (1, 2, 3, 2, 1, 3)


@dataclass(frozen=True)
class Secret:
    """How the deck is dealt, what others answer and when, and which looks are not what they seem."""

    order: tuple[int, ...] = (0, 1, 2, 3, 4, 5)
    #: Whether others say what the case's agent said, or something else.
    others_agree: bool = True
    others_minute: int = 1
    #: Known-answer and repeated looks: case -> purpose.
    marked: tuple[tuple[int, str], ...] = ()


PLAIN = Secret()
OTHER = Secret((1, 0, 3, 2, 5, 4), others_agree=False, others_minute=9, marked=((1, "gold"), (2, "repeat")))


@dataclass(frozen=True)
class Who:
    """Somebody who holds or may be given a blind task, with what else they are."""

    roles: tuple[str, ...]
    skills: tuple[str, ...] = ()
    #: Teams led: all, the first one, or none.
    leads: str = "none"


#: Words of a text that could tell, the same whoever decided and whatever was decided.
NAMED = "Agent Able and Agent Baker were there. It was removed by moderators. Write to mia@example.org."


class World:
    """A desk on one database, with one person who looks; made the same way whatever is dealt."""

    def __init__(self, app: Flask, secret: Secret, who: Who) -> None:
        self.app, self.secret = app, secret
        with clock.fixed(MORNING):
            factories.kept(AddressKey(key="0" * 64))  # so that an address of nobody's is one in both worlds
            self.desk = Desk(graders=3)
            self.teams = (self.desk.team, factories.team("Other team"))
            baker = factories.actor("agent", team=self.teams[1], name="Agent Baker")
            self.agents = (self.desk.agent, baker)
            self._people_have_fixed_addresses()
            self.agents = (factories.acting(self.agents[0]), factories.acting(self.agents[1]))
            self.me = self._person(who)
            self.own = [self._own_case(number) for number in range(2)] if "agent" in who.roles else []
            strata = [self._stratum(number) for number in (0, 1)]
            self.cases = [self._case(number, strata) for number in range(len(DECK))]
            self._number_the_queue()
            self._mark()
            self._meet()
            self._tell()

    def dealt(self, number: int) -> Dealt:
        """What belongs to case *number* here."""
        return DECK[self.secret.order[number]]

    def _person(self, who: Who) -> Actor:
        led = {"all": None, "none": (), "one": (self.teams[0],)}[who.leads]
        return factories.actor(
            *who.roles, skills=who.skills, manages=led, name="The one who looks", external_id="looks",
            public_id="a" * 32,
        )  # fmt: skip

    def _people_have_fixed_addresses(self) -> None:
        """People are the same in both worlds, and are listed by their addresses in places."""

        def fix() -> None:
            for row in db.session.scalars(select(Person)).all():
                row.public_id = hashlib.sha256(row.name.encode()).hexdigest()[:32]
                row.external_id, row.email, row.email_key = row.name, f"{row.id}@example.org", f"{row.id}@example.org"
            for team in db.session.scalars(select(Team)).all():
                team.public_id = hashlib.sha256(team.name.encode()).hexdigest()[:32]

        write(fix)

    def _stratum(self, number: int) -> int:
        row = DrawStratum(draw_id=self.desk.draw.id, key=f"agent {number}", frame=50, drawn=3, probability=0.06)
        return int(factories.kept(row).id)

    def _case(self, number: int, strata: list[int]) -> ClosedCase:
        dealt = self.dealt(number)
        self.desk.team = self.teams[dealt.agent]
        case = self.desk.drawn_case(
            looks=LOOKS[number], decided=dealt.decided, action=dealt.action, agent_id=self.agents[dealt.agent].id,
            text=f"Text {number}. {NAMED}", queue=dealt.queue, severity=dealt.severity,
            handle_seconds=dealt.handle_seconds,
            withheld={"team_note": dealt.remark}, evidence={"report_count": number}, external_id=dealt.name,
            reported_key="conduct/threats", sensitivity=["gore"] if number % 2 else None,
            closed_at=MORNING - timedelta(days=5, hours=number),
            opened_at=MORNING - timedelta(days=7, hours=number), due_at=MORNING - timedelta(days=6, hours=number),
        )  # fmt: skip
        factories.kept(Message(case_id=case.id, ordinal=1, author_role="agent", text=dealt.remark, withheld=True))
        self._files_beside(case, dealt)
        if dealt.has_appeal:
            factories.kept(CaseEvent(
                case_id=case.id, at=MORNING, kind="appealed_overturned", detail={"by": "user"}, detail_hash="0" * 64,
                run_id=self.desk.run.id,
            ))  # fmt: skip
        moved = update(DrawCase).where(DrawCase.case_id == case.id).values(stratum_id=strata[dealt.agent])
        write(lambda: db.session.execute(moved))
        return case

    def _files_beside(self, case: ClosedCase, dealt: Dealt) -> None:
        """A picture whose name tells the outcome, a link that may, and masks of which some wait to be looked over."""
        file = factories.kept(
            Attachment(
                case_id=case.id, ordinal=1, kind="image", media_type="image/png", named=f"case_{dealt.action}.png"
            )
        )  # fmt: skip
        attachments.path(file.public_id).write_bytes(picture())
        link = f"https://example.org/{dealt.action}"
        factories.kept(Attachment(case_id=case.id, ordinal=2, kind="link", named=link))
        scan = scanning.look_through([case.id])
        write(lambda: scanning.keep(scan, of=[case.id]))

    def _own_case(self, number: int) -> ClosedCase:
        """A case that the person who looks decided: what others say of it comes to them once it is published."""
        return self.desk.drawn_case(
            looks=1, agent_id=self.me.id, text=f"Own {number}.", external_id=f"own-{number}",
            closed_at=MORNING - timedelta(days=8, hours=number),
        )  # fmt: skip

    def _number_the_queue(self) -> None:
        """The same order in both worlds, so that the answers can be compared one by one."""

        def number() -> None:
            for place, task_id in enumerate(db.session.scalars(select(Task.id).order_by(Task.case_id, Task.id)).all()):
                db.session.execute(update(Task).where(Task.id == task_id).values(queue_number=place))

        write(number)

    def _mark(self) -> None:
        def mark() -> None:
            for number, purpose in self.secret.marked:
                one = select(Task.id).where(Task.case_id == self.cases[number].id).order_by(Task.id.desc()).limit(1)
                changed = update(TaskPurpose).where(TaskPurpose.task_id == one.scalar_subquery())
                db.session.execute(changed.values(purpose=purpose))

        write(mark)

    def _meet(self) -> None:
        """A calibration session that is open for votes: the person who looks takes part, and others have voted."""
        agrees = self.secret.others_agree
        decided = {"decided": "conduct/threats"} if agrees else {"decided": "none", "action": "keep"}
        case = self.desk.case(text="To be voted on.", external_id=f"met-{decided['decided']}", **decided)
        host = self.desk.manager
        people = [factories.acting(one) for one in (self.me, *self.desk.graders)]
        said = answers.Given(*(("violates", "conduct/threats", "remove") if agrees else ("no_violation", None, None)),
                             "high" if agrees else "low", {}, "As I see it." if agrees else "")  # fmt: skip

        def meet() -> None:
            row = sessions.create(host, title="Threats?", deadline_at=MORNING + timedelta(days=3))
            session_cases.add(host, row.public_id, how="hand", names=[case.external_id])
            session_people.invite(host, row, names=[one.public_id for one in people])
            sessions.start(host, row.public_id)
            for voter in people[1:]:
                voting.vote(voter, row.public_id, 1, said)

        write(meet)

    def _tell(self) -> None:
        told = {"kind": "test", "object_ref": "x", "line": "Welcome.", "url": "/help", "dedupe_key": "welcome"}
        write(lambda: notify.tell(person_id=self.me.id or 0, **told))

    def others_commit(self, *, many: int) -> None:
        """Somebody else claims, grades and commits *many* cases, each as this world has it."""
        for who in self.desk.graders[: 1 if many == 1 else 2]:
            with clock.fixed(MORNING + timedelta(minutes=self.secret.others_minute)):
                for _ in range(many):
                    write(lambda who=who: self._one_grade(who))
                write(lambda who=who: blind.close_batch(who))

    def _one_grade(self, who: Actor) -> None:
        task = blind.claim(who)
        assert task is not None
        query = select(ClosedCase.decided_key).join(Task, Task.case_id == ClosedCase.id).where(Task.public_id == task)
        violates = (db.session.scalar(query) != "none") == self.secret.others_agree
        answer: dict[str, Any] = {"section_key": "conduct/threats", "action": "remove"} if violates else {}
        verdict = "violates" if violates else "no_violation"
        blind.grade(who, task, verdict=verdict, confidence="high", claim_next=False, **answer)
