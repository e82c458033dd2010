"""A world in which every list is as long as one likes: what a page's cost is measured in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Flask, current_app

from calibration.models.signals import CorrectiveAction, Signal
from qa.core import clock, preferences
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.models import Job, Notice
from qa.models.cases import ImportRun
from qa.models.plans import DrawStratum
from qa.models.truth import Dispute, Finding, Settlement, Truth
from qa.policies import stubs as policy_stubs
from tests import factories
from tests.calibration.settled import One, Settled
from tests.core import worlds
from tests.core.matrix import ROWS
from tests.core.worlds import PERSONAS, World
from training.models.learning import Assignment
from training.models.modules import Module, ModuleVersion

#: Who looks at pages here; the others get the same pages or none.
LOOKING = ("agent", "reviewer", "manager", "policy_owner", "observer", "admin")
#: Not a page of one's own: whoever is signed in is led on.
LEFT_OUT = {"static", "account.sign_in", "home.alive", "home.ready"}
#: Made of other cards for everybody.
EVERYBODY_S = {"/"}
#: Addresses that only lead on to a page.
DOORS = {"/grade/guess", "/grade/reveal", "/grade/scorecard"}
SECTIONS = ("conduct/threats", "conduct/insults", "conduct/praise")


@dataclass
class Crowd:
    """A world and how many rows each list of it has."""

    world: World
    desk: Settled
    rows: int = 0
    addresses: dict[str, dict[str, str]] = field(default_factory=dict)
    #: (rule, persona, address); known before the lists grow.
    pages: list[tuple[str, str, str]] = field(default_factory=list)

    def grow(self, upto: int) -> None:
        """Let each list have *upto* rows."""
        numbers = range(self.rows, upto)
        agents = write(lambda: [self._agent(number) for number in numbers])
        first = len(self.desk.agents)
        self.desk.agents += agents
        places = range(first, first + len(agents))
        self._cases([One(False, SECTIONS[place % 3], agent=place) for place in places])
        mine = self._cases([One(number % 3 != 0, SECTIONS[number % 3], agent=1) for number in numbers])
        self._cases([One(None, state="difference", agent=place) for place in places])
        write(lambda: [self.desk.another_draw(f"plan {number}", purpose="find") for number in numbers])
        write(lambda: self._results(mine))
        write(lambda: [self._rows(number) for number in numbers])
        write(lambda: [self._alert(agent, number) for agent, number in zip(agents, numbers, strict=True)])
        write(lambda: policy_stubs.ensure_stubs(SYSTEM, {f"house-{number}/rule" for number in numbers[::3]}))
        self.rows = upto
        db.session.rollback()

    def _agent(self, number: int) -> Actor:
        return factories.actor("agent", team=self.world.amber, name=f"Crowd {number:03}")

    def _cases(self, cases: list[One]) -> list[int]:
        return self.desk.put(cases)

    def _results(self, cases: list[int]) -> None:
        """Published results of the persona who is an agent."""
        agent, now = self.world.people["agent"], clock.now()
        truths = db.select(Truth.id, Truth.case_id, Truth.right_policy).where(Truth.case_id.in_(cases))
        for row in db.session.execute(truths).all():
            kind = "correct" if row.right_policy else "false_positive"
            finding = Finding(
                case_id=row.case_id, truth_id=row.id, agent_id=agent.id, kind=kind, state="published", publish_at=now,
                published_at=now, dispute_until=now + timedelta(days=5),
            )  # fmt: skip
            db.session.add(finding)
            db.session.flush()
            db.session.add(Dispute(finding_id=finding.id, kind="process", text="It is done.", state="open", due_at=now))

    def _rows(self, number: int) -> None:
        """A job, a notice for everybody, an import, a setting, a stratum, a module that the agent is to do."""
        now = clock.now()
        moment = now - timedelta(minutes=number)
        done = {"state": "done", "run_after": now, "ended_at": now, "result": {"entries": 1}}
        db.session.add(Job(kind="audit.verify", args={}, **done))
        for name in LOOKING:
            db.session.add(Notice(
                person_id=self.world.people[name].id, kind="crowd", object_ref="x", line="Look here.", url="/",
                dedupe_key=f"{name} {number}",
            ))  # fmt: skip
        db.session.add(ImportRun(
            source="test", file_name=f"f{number}.csv", file_sha256="0" * 64, mapping_hash=f"{number:064}",
            state="published", published_at=moment, latest_closed_at=moment,
        ))  # fmt: skip
        db.session.add(DrawStratum(draw_id=self.desk.draw.id, key=f"s{number}", frame=10, drawn=5, probability=0.5))
        with clock.fixed(moment):
            preferences.put(SYSTEM, "target_accuracy", 0.9 + number % 9 / 100)
        self._training(number)

    def _training(self, number: int) -> None:
        now = clock.now()
        module = Module(title=f"Module {number}", focus_hash=f"{number:064}", focus={"sections": [SECTIONS[0]],
                        "contrast": None, "own": []}, state="live")  # fmt: skip
        db.session.add(module)
        db.session.flush()
        version = ModuleVersion(
            module_id=module.id, no=1, seed=1, builder="crowd", policy_versions=[], sha256="0" * 64, minutes=5,
            coverage=[], state="live",
        )  # fmt: skip
        db.session.add(version)
        db.session.flush()
        for name in ("agent", "dual"):
            db.session.add(Assignment(
                person_id=self.world.people[name].id, module_version_id=version.id, due_on=now.date(),
                assigned_at=now, state="assigned", why="Accuracy alert.",
            ))  # fmt: skip

    def _alert(self, agent: Actor, number: int) -> None:
        case = db.session.scalar(db.select(Settlement.case_id).order_by(Settlement.case_id.desc()).limit(1))
        row = Signal(
            agent_id=agent.id, kind="drop", level="act", epoch=1, crossed_case_id=case, crossed_at=clock.now(),
            lead_key=SECTIONS[number % 3], shares={SECTIONS[number % 3]: 1.0}, n=40, errors=9, state="raised",
            raised_at=clock.now(), evidence={"cases": [case], "target": 0.95, "since": clock.now().isoformat()},
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        db.session.add(CorrectiveAction(signal_id=row.id, kind="coaching", section_keys=[], reason="", state="asked"))


def build() -> Crowd:
    """The matrix's world with lists that can grow; the persona who is an agent is one of the desk's."""
    world = worlds.build()
    desk = Settled()
    desk.team = world.amber
    desk.agents.append(factories.acting(world.people["agent"]))
    world.kept["desk"] = desk
    crowd = Crowd(world, desk)
    crowd.pages = list(_pages(current_app._get_current_object(), crowd))
    return crowd


def _pages(app: Flask, crowd: Crowd) -> Iterator[tuple[str, str, str]]:
    """(rule, persona, address) of every page, as the first of LOOKING sees it who may open it."""
    named = {row.rule: row.ids for row in ROWS if row.method == "GET" and row.ids}
    found: dict[str, str] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        needed = getattr(app.view_functions[rule.endpoint], "needed_roles", frozenset())
        if "GET" not in (rule.methods or ()) or rule.endpoint in LEFT_OUT or not needed:
            continue
        if rule.arguments and rule.rule not in named:
            continue
        for persona in LOOKING:
            if needed & {*PERSONAS[persona], "signed_in", "public"}:
                address = _address(crowd, rule.rule, named.get(rule.rule), persona)
                if address is not None and (rule.rule in EVERYBODY_S or rule.rule not in found):
                    found[rule.rule] = persona
                    yield rule.rule, persona, address


def _address(crowd: Crowd, rule: str, ids: str | None, persona: str) -> str | None:
    if ids is None:
        return rule
    known = crowd.addresses.get(f"{ids} {persona}")
    if known is None:
        opened = worlds.BUILDERS[ids](crowd.world, persona).open
        known = crowd.addresses[f"{ids} {persona}"] = opened[0] if opened else {}
    return re.sub(r"<(?:[a-z]+:)?(\w+)>", lambda found: known[found[1]], rule) if known else None


def costs(crowd: Crowd) -> dict[tuple[str, str], int]:
    """How many statements each page costs each who may open it."""
    app = current_app._get_current_object()
    browsers = {name: factories.browser(app, crowd.world.people[name]) for name in LOOKING}
    found = {}
    for rule, persona, address in crowd.pages:
        client, answers = browsers[persona], []
        found[rule, persona] = factories.statements(lambda c=client, a=address, into=answers: into.append(c.get(a)))
        assert answers[0].status_code == (302 if rule in DOORS else 200), (rule, persona, answers[0].status_code)
    return found
