"""Policy questions, as the home, the board, a question's page and a policy's page show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select

from qa.core import clock, registries
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.core.models import Person, RoleGrant
from qa.core.registries import Touch
from qa.models.cases import ClosedCase
from qa.models.policies import PolicyQuestion, PolicyVersion
from qa.models.truth import Finding, Truth
from qa.policies import queries as policy_queries
from qa.policies import section_keys
from qa.questions import OWNERS, WAITING

ANSWERED = ("answered", "closed")
#: What the board's filter offers: what it says, and the states behind it.
SHOWN = {
    "waiting": ("Waiting for an answer", WAITING),
    "answered": ("Answered", ("answered",)),
    "closed": ("Closed", ("closed",)),
    "all": ("All", (*WAITING, *ANSWERED)),
}
ORIGINS = {"signal": "an accuracy alert", "scan": "the scan over all clauses", "hand": "somebody",
           "training": "checks on what was taught", "session": "a calibration session"}  # fmt: skip
#: What was decided instead is counted over these weeks.
LOOK_BACK = timedelta(weeks=13)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a clause and what says so; 0 cases: somebody asked in words."""

    public_id: str
    section_key: str
    label: str
    #: Where the clause of the version in force is read.
    place: str
    state: str
    origin: str
    owner: str | None
    asked_by: str | None
    errors: int
    cases: int
    agents: int
    why: str | None
    #: Upper limit of the graders' specific agreement on the clause, where enough grades name it.
    agreement_high: float | None
    text: str
    wording: str
    answer: str | None
    asked_on: datetime
    answered_on: datetime | None
    led_to: str | None
    #: "tool", "step" or "translation"; None: it is about the policy.
    about: str | None
    #: Where what else it led to is read, and its title.
    kept: tuple[str, str] | None

    @property
    def url(self) -> str:
        """The question's own page."""
        return f"/questions/{self.public_id}"


@dataclass(frozen=True, slots=True)
class Instead:
    """How often a case was decided as one clause and settled as another."""

    decided: str
    settled: str
    cases: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One question with what stands beside it."""

    asked: Asked
    touches: Sequence[Touch]
    may_act: bool
    #: None: whoever may be given blind tasks is not told what was decided.
    instead: Sequence[Instead] | None
    owners: Sequence[tuple[str, str]]
    versions: Sequence[str]
    #: (address, title) of precedents on the clause.
    kept: Sequence[tuple[str, str]]


def waiting(_person: Actor) -> Sequence[Asked]:
    """The questions about clauses that nobody has answered: what most errors speak for first, then the oldest."""
    rows = _rows(_query().where(PolicyQuestion.state.in_(WAITING)).order_by(PolicyQuestion.id))
    return sorted(rows, key=lambda row: -row.errors)


def waiting_for_lead(person: Actor) -> Sequence[Asked] | None:
    """The card of a lead, who may answer too: None when nothing waits, or when the owner's card says it already."""
    return None if person.has("policy_owner") else waiting(person) or None


def board(reader: Actor, *, state: str = "waiting", slug: str = "") -> Sequence[Asked]:
    """The questions that *reader* may see: all for whoever answers for policies or agents, else those answered.

    Those that wait by the errors that speak for them, then the oldest; others the newest first.
    """
    query = _query().where(PolicyQuestion.state.in_(SHOWN[state][1])).order_by(PolicyQuestion.id.desc())
    if slug:
        own = PolicyQuestion.section_key.startswith(f"{slug}/", autoescape=True)
        query = query.where(or_(PolicyQuestion.section_key == slug, own))
    rows = _rows(query)
    if state == "waiting":
        rows.sort(key=lambda row: (-row.errors, row.asked_on))
    return rows if reader.has(*OWNERS) else [_public(row) for row in rows if row.state in ANSWERED]


def question(reader: Actor, public_id: str) -> Shown:
    """One question; NotFound for one that is not answered yet, for whoever only reads."""
    rows = _rows(_query().where(PolicyQuestion.public_id == public_id))
    may_act = reader.has(*OWNERS)
    if not rows or not (may_act or rows[0].state in ANSWERED):
        raise NotFound("question")
    row = rows[0]
    if not may_act:
        return Shown(_public(row), (), False, None, (), (), ())
    slug = row.section_key.partition("/")[0]
    lines = [line for line in policy_queries.version_list(slug) if line.state == "published"]
    return Shown(
        asked=row,
        touches=[one for one in _touches(reader, row.section_key) if one.url != row.url],
        may_act=True,
        instead=None if reader.can_be_given_blind_tasks else _instead(row.section_key),
        owners=_owners(),
        versions=[line.number for line in lines],
        kept=registries.kept_answers(row.section_key),
    )


def touched_by(reader: Actor, section_keys: Collection[str]) -> Mapping[str, Sequence[Touch]]:
    """Questions about sections: those that wait for whoever may act, those answered for everybody."""
    query = select(PolicyQuestion.section_key, PolicyQuestion.state, PolicyQuestion.public_id)
    rows = db.session.execute(query.where(PolicyQuestion.section_key.in_(section_keys)).order_by(PolicyQuestion.id))
    waits: dict[str, list[str]] = {}
    known: dict[str, list[str]] = {}
    for key, state, public_id in rows:
        (known if state in ANSWERED else waits).setdefault(key, []).append(public_id)
    found: dict[str, list[Touch]] = {}
    for word, asked, is_open in (("open question", waits, True), ("answered question", known, False)):
        for key, addresses in asked.items():
            if is_open and not reader.has(*OWNERS):
                continue
            one = len(addresses) == 1
            board_of = f"/questions?state={'waiting' if is_open else 'all'}&policy={key.partition('/')[0]}"
            url = f"/questions/{addresses[0]}" if one else board_of
            found.setdefault(key, []).append(Touch(word if one else f"{word}s", len(addresses), url=url))
    return found


def _touches(reader: Actor, section_key: str) -> Iterator[Touch]:
    """What hangs on a section, and on the sections above it whatever is a figure: a policy in play may be wider."""
    on = policy_queries.section(section_key, clock.now().date())
    above = [section_key.partition("/")[0]] if on is None else [on.parent_key or on.policy_slug, on.policy_slug]
    found = registries.touching(reader, list(dict.fromkeys([section_key, *above])))
    yield from found.get(section_key, [])
    for key in dict.fromkeys(above):
        yield from (one for one in found.get(key, []) if one.share is not None and key != section_key)


def _public(row: Asked) -> Asked:
    """What everybody may read of an answered question: where it is asked, its public wording, the answer."""
    return Asked(
        row.public_id, row.section_key, row.label, row.place, row.state, "", None, None, 0, 0, 0, None, None, "",
        row.wording, row.answer, row.asked_on, row.answered_on, row.led_to, row.about, row.kept,
    )  # fmt: skip


def _query() -> Select[Any]:
    owner, asker = Person.__table__.alias("owner"), Person.__table__.alias("asker")
    return (
        select(PolicyQuestion, owner.c.name, asker.c.name, PolicyVersion.number)
        .outerjoin(owner, owner.c.id == PolicyQuestion.owner_id)
        .outerjoin(asker, asker.c.id == PolicyQuestion.asked_by_id)
        .outerjoin(PolicyVersion, PolicyVersion.id == PolicyQuestion.led_to_id)
    )


def _rows(query: Select[Any]) -> list[Asked]:
    rows: Sequence[Row[Any]] = db.session.execute(query).all()
    labels = policy_queries.labels(sorted({row[0].section_key for row in rows}))
    return [_asked(row[0], labels[row[0].section_key], *row[1:]) for row in rows]


def _asked(
    one: PolicyQuestion, label: str, owner: str | None, asked_by: str | None, led_to: str | None
) -> Asked:  # fmt: skip
    seen = one.evidence
    return Asked(
        one.public_id, one.section_key, label, section_keys.address(one.section_key), one.state,
        ORIGINS.get(one.origin_kind, one.origin_kind), owner, asked_by, seen.get("errors", 0), seen.get("cases", 0),
        seen.get("others", 0), seen.get("why"), seen.get("agreement_high"), one.text, one.wording, one.answer,
        one.created_at, one.answered_at, led_to, one.about,
        (one.led_to_url, one.led_to_title or "") if one.led_to_url else None,
    )  # fmt: skip


def _instead(section_key: str) -> list[Instead]:
    """What was settled otherwise than decided, where either is the section and the agent knows; most frequent first."""
    query = (
        select(ClosedCase.decided_key, Truth.section_key)
        .join(ClosedCase, ClosedCase.id == Truth.case_id)
        .join(Finding, and_(Finding.truth_id == Truth.id, Finding.published_at.is_not(None)))
        .where(Truth.replaced_at.is_(None), Truth.right_policy.is_(False))
        .where(ClosedCase.closed_at >= clock.now() - LOOK_BACK)
        .where(or_(Truth.section_key == section_key, ClosedCase.decided_key == section_key))
    )
    counts = Counter((row[0], row[1]) for row in db.session.execute(query))
    labels = policy_queries.labels(sorted({key for pair in counts for key in pair}))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [Instead(labels[decided], labels[settled], cases) for (decided, settled), cases in ordered[:10]]


def _owners() -> list[tuple[str, str]]:
    """(address, name) of whoever may be given a question."""
    query = select(Person.public_id, Person.name).where(
        Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role.in_(OWNERS), RoleGrant.to_at.is_(None))),
        Person.active.is_(True),
    )
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(Person.name))]
