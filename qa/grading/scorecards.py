"""Scorecards for the quality of the work: versions that leads publish, and one for a random share of all looks.

Which look gets one is drawn with its task; it opens with the look's reveal, because it may need the agent's work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from qa import release
from qa.core import audit, clock, preferences
from qa.core.access import SYSTEM, Actor
from qa.core.columns import new_public_id
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.grading import scoring
from qa.grading.scoring import Criterion, Part
from qa.models.cases import ClosedCase
from qa.models.grading import Task
from qa.models.policies import Reason
from qa.models.scorecards import Score, Scorecard, ScoreMark
from qa.settlement import ORDINARY

NAME = "Quality of the work"
_PARTS = 1 << 60
STANDARD = (
    Part("Every case", (
        Criterion("documented", "The decision is documented", "Which clause, on what evidence.", 3, partly=True),
        Criterion("steps", "Every step of the procedure was done", "", 3, critical=True),
        Criterion("evidence", "What decided is kept or linked", "", 2, partly=True),
        Criterion("in_time", "It was dealt with in its time", "", 2),
    )),
    Part("Escalations", (
        Criterion("tone", "The tone was calm and respectful", "", 3, partly=True),
        Criterion("empathy", "What the person went through was acknowledged", "", 2, partly=True),
        Criterion("told", "Whoever had to know was told", "", 3, critical=True),
    ), "escalation"),
    Part("Legal requests", (
        Criterion("authority", "Authority and legal basis were checked", "", 3, critical=True),
        Criterion("scope", "Nothing beyond the scope was disclosed", "", 3, critical=True),
        Criterion("deadline", "The statutory time was kept", "", 2, critical=True),
        Criterion("notice", "The person was told, or why not is on record", "", 2),
    ), "legal_request"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marked:
    """What somebody marks for one criterion, and why where it was not met."""

    mark: str
    cause: str | None = None


def set_up() -> None:
    """Put in the scorecard that every installation begins with; one that is there stays."""
    if db.session.scalar(select(Scorecard.id).limit(1)) is None:
        _add(SYSTEM, 1, STANDARD)


def publish(actor: Actor, parts: Sequence[Part], *, after: int) -> str:
    """Let *parts* be the next version of the scorecard, after version *after*; its address.

    Raises Refused when somebody else published one meanwhile, BadInput for parts that nobody could mark.
    """
    _check(parts)
    replaced = update(Scorecard).where(Scorecard.state == "live", Scorecard.version == after)
    if not db.session.execute(replaced.values(state="replaced")).rowcount:
        raise Refused("Somebody published another version meanwhile. Look at it before you change it.")
    row = _add(actor, after + 1, parts)
    audit.note(actor, "published", "scorecard", row.public_id, version=row.version)
    return row.public_id


def _add(actor: Actor, version: int, parts: Sequence[Part]) -> Scorecard:
    row = Scorecard(name=NAME, version=version, parts=[part.as_data() for part in parts], state="live", by_id=actor.id)
    db.session.add(row)
    db.session.flush()
    return row


def _check(parts: Sequence[Part]) -> None:
    keys = [one.key for part in parts for one in part.criteria]
    if not keys:
        raise BadInput(Problem("name at least one criterion", field="parts"))
    if len(keys) != len(set(keys)):
        raise BadInput(Problem("two criteria have the same name", field="parts"))
    if any(not part.title or not part.criteria for part in parts):
        raise BadInput(Problem("a part has a heading and a criterion", field="parts"))
    if any(not 1 <= one.weight <= 10 for part in parts for one in part.criteria):
        raise BadInput(Problem("a weight lies from 1 to 10", field="parts"))


def is_drawn(queue_number: int, share: float) -> bool:
    """Whether a look gets a scorecard: fixed with the random number that its task was made with."""
    digest = hashlib.sha256(f"scorecard {queue_number}".encode()).digest()
    return int.from_bytes(digest[:8]) >> 4 < share * _PARTS


def draw(purposes: Mapping[int, str]) -> int:
    """Open the scorecards that were drawn with these looks (task -> purpose), now committed; how many.

    None for what was handed in as a file, and for what a rule or a model decided: there is no work to look at.
    """
    asked = [task_id for task_id, why in purposes.items() if why in ORDINARY]
    query = select(Task.id, Task.person_id, Task.queue_number, Task.created_at)
    query = query.join(ClosedCase, ClosedCase.id == Task.case_id).where(ClosedCase.agent_id.is_not(None))
    rows = db.session.execute(query.where(Task.id.in_(asked), Task.lease_token.is_not(None)).order_by(Task.id)).all()
    shares = {row.id: preferences.get("scorecard_share", at=row.created_at) for row in rows}
    drawn = [row for row in rows if is_drawn(row.queue_number, shares[row.id])]
    card = db.session.scalar(select(Scorecard.id).where(Scorecard.state == "live")) if drawn else None
    if card is None:
        return 0
    now = clock.now()
    db.session.execute(insert(Score), [
        {"public_id": new_public_id(), "task_id": row.id, "scorecard_id": card, "chance": shares[row.id],
         "person_id": row.person_id, "state": "drawn", "critical_missed": False, "comment": "", "created_at": now}
        for row in drawn
    ])  # fmt: skip
    return len(drawn)


def give(actor: Actor, task_id: str, marks: Mapping[str, Marked], *, comment: str = "") -> Score:
    """Mark the scorecard of an own look, once. The agent sees it after the next release, beside the result.

    Raises NotFound for a scorecard that is not theirs or whose reveal is not open, Refused when it was marked already,
    BadInput with every criterion that has no mark, one that it does not know, or no cause where it was not met.
    """
    row, task = own(actor, task_id)
    if row.state != "drawn":
        raise Refused("This scorecard was filled in already.")
    criteria = criteria_of(row.scorecard_id, task.case_id)
    _check_marks(criteria, marks)
    counted = scoring.count(criteria, {key: one.mark for key, one in marks.items()})
    given = update(Score).where(Score.id == row.id, Score.state == "drawn").values(
        state="given", total=counted.total, critical_missed=bool(counted.critical), comment=comment.strip(),
        given_at=clock.now(), publish_at=release.next_release(),
    )  # fmt: skip
    if not db.session.execute(given.execution_options(synchronize_session="fetch")).rowcount:
        raise Refused("This scorecard was filled in already.")
    db.session.execute(insert(ScoreMark), [
        {"score_id": row.id, "key": one.key, "mark": marks[one.key].mark, "cause": _cause(marks[one.key])}
        for one in criteria
    ])  # fmt: skip
    audit.note(actor, "scored", "score", row.public_id, criteria=len(criteria), critical=len(counted.critical))
    return row


def own(actor: Actor, task_id: str) -> tuple[Score, Task]:
    """The scorecard of a look of *actor*'s whose reveal is open; every other is not there."""
    query = select(Score, Task).join(Task, Task.id == Score.task_id)
    mine = (Task.public_id == task_id, Score.person_id == actor.id, Task.state == "revealed")
    found = db.session.execute(query.where(*mine)).first()
    if found is None:
        raise NotFound("scorecard")
    return found[0], found[1]


def criteria_of(scorecard_id: int, case_id: int) -> list[Criterion]:
    """What a case is marked by."""
    return [one for part in parts_of(scorecard_id, case_id) for one in part.criteria]


def parts_of(scorecard_id: int, case_id: int) -> tuple[Part, ...]:
    """The same under its headings."""
    card = db.session.get_one(Scorecard, scorecard_id)
    workflow = db.session.scalars(select(ClosedCase.workflow).where(ClosedCase.id == case_id)).one()
    return scoring.for_workflow(scoring.read(card.parts), workflow)


def _cause(one: Marked) -> str | None:
    return one.cause if one.mark in ("partly", "missed") else None


def _check_marks(criteria: Sequence[Criterion], marks: Mapping[str, Marked]) -> None:
    causes = set(db.session.scalars(select(Reason.key).where(Reason.kind == "root_cause", Reason.active)))
    problems = []
    for one in criteria:
        given = marks.get(one.key)
        known = [mark for mark in scoring.MARKS if mark != "partly" or one.partly]
        if given is None or given.mark not in known:
            problems.append(Problem("mark it, or say that it does not apply", field=one.key))
        elif given.mark in ("partly", "missed") and given.cause not in causes:
            problems.append(Problem("say why", field=one.key, value=given.cause))
    if problems:
        raise BadInput(*problems)
