"""Could graders guess? Some looks of a closed batch, taken at random, are asked what was decided, before it shows.

While a guess is asked for, all reveals of its batch stay shut: what others of them tell would be a hint.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import case, func, insert, select, update

from qa.core import audit, clock, preferences, released
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.models.cases import ClosedCase
from qa.models.grading import Grade, Task, TaskPurpose
from qa.models.guesses import Guess
from qa.models.policies import Action
from qa.policies import section_keys
from qa.sampling.sizes import wilson_half_width
from qa.settlement import ORDINARY

#: Purposes whose guesses are counted: looks that were planned at random.
COUNTED = ("first", "overlap")
#: How long reveals wait for a guess: no whole days, as those are that chance holds back.
WITHIN = timedelta(hours=20)
#: In a quarter nobody is asked any more once the interval is narrower than this share.
NARROW = 0.05
_PARTS = 1_000_000


def ask(purposes: Mapping[int, str]) -> int:
    """Ask about some of a batch's looks (task -> purpose), and keep its reveals shut; how many are asked about.

    Looks that came in as a file were on no page: nobody sits before it who could guess.
    """
    share = preferences.get("guess_share")
    drawn = [
        task_id for task_id, why in purposes.items() if why in ORDINARY and secrets.randbelow(_PARTS) < share * _PARTS
    ]
    if not drawn or is_precise():
        return 0
    query = select(Grade.task_id, Grade.batch_id, Grade.person_id).join(Task, Task.id == Grade.task_id)
    on_a_page = (Grade.committed_at.is_not(None), Task.lease_token.is_not(None))
    rows = db.session.execute(query.where(Grade.task_id.in_(drawn), *on_a_page).order_by(Grade.task_id)).all()
    if not rows:
        return 0
    now = clock.now()
    opens_at = now + WITHIN
    db.session.execute(insert(Guess), [
        {"task_id": row.task_id, "batch_id": row.batch_id, "person_id": row.person_id, "state": "asked",
         "opens_at": opens_at, "created_at": now}
        for row in rows
    ])  # fmt: skip
    shut = update(Task).where(Task.id.in_(list(purposes)), Task.state == "revealed")
    shut = shut.values(state="committed", reveal_after=opens_at)
    db.session.execute(shut.execution_options(synchronize_session=False))
    return len(rows)


def is_precise() -> bool:
    """Whether this quarter's share is known well enough, by what was guessed up to the last release hour.

    Up to then only: that nobody is asked any more must not tell how somebody just guessed.
    """
    given, right = quarter_so_far()
    return given > 0 and 2 * wilson_half_width(given, expected=right / given) < NARROW


def quarter_so_far() -> tuple[int, int]:
    """How many guesses of this quarter count, and how many of them were right, up to the last release hour."""
    verdict = case((ClosedCase.decided_key == section_keys.NONE, "no_violation"), else_="violates")
    query = select(func.count(), func.sum(case((Guess.verdict == verdict, 1), else_=0))).select_from(Guess)
    query = query.join(Task, Task.id == Guess.task_id).join(TaskPurpose, TaskPurpose.task_id == Task.id)
    query = query.join(ClosedCase, ClosedCase.id == Task.case_id).where(TaskPurpose.purpose.in_(COUNTED))
    until = released.last_release()
    counted = query.where(Guess.state == "given", Guess.given_at >= quarter_of(until), Guess.given_at < until)
    given, right = db.session.execute(counted).one()
    return int(given), int(right or 0)


def quarter_of(moment: datetime) -> datetime:
    """Midnight UTC on the first day of a moment's quarter."""
    first = (moment.month - 1) // 3 * 3 + 1
    return moment.replace(month=first, day=1, hour=0, minute=0, second=0, microsecond=0)


def give(actor: Actor, task_id: str, *, verdict: str | None, action: str | None = None) -> None:
    """Take a guess; without a verdict: no idea. With the batch's last one its reveals open.

    Raises NotFound for what this person is not asked, Refused when it was answered or the reveals have opened.
    """
    row, task = own(actor, task_id)
    if row.state != "asked":
        raise Refused("You have guessed on this case already.")
    if task.state != "committed":
        raise Refused("The answers of this batch have opened; a guess would tell nothing any more.")
    if verdict not in (None, "violates", "no_violation"):
        raise BadInput(Problem("choose a verdict, or say that you have no idea", field="verdict", value=verdict))
    row.state = "given" if verdict else "passed"
    row.verdict, row.action = verdict, _known(task, action) if verdict else None
    row.given_at = clock.now()
    db.session.flush()
    audit.note(actor, "guessed", "task", task.public_id)
    left = select(Guess.id).where(Guess.batch_id == row.batch_id, Guess.state == "asked").limit(1)
    if db.session.scalar(left) is None:
        _open(row)


def own(actor: Actor, task_id: str) -> tuple[Guess, Task]:
    """What *actor* is asked about an own look; everything else is not there."""
    query = select(Guess, Task).join(Task, Task.id == Guess.task_id)
    found = db.session.execute(query.where(Task.public_id == task_id, Guess.person_id == actor.id)).first()
    if found is None:
        raise NotFound("case")
    return found[0], found[1]


def _known(task: Task, action: str | None) -> str | None:
    """An action that the case's workflow has; none where nothing was chosen."""
    if not action:
        return None
    query = select(Action.key).join(ClosedCase, ClosedCase.workflow == Action.workflow)
    if db.session.scalar(query.where(ClosedCase.id == task.case_id, Action.key == action)) is None:
        raise BadInput(Problem("choose an action from the list", field="action", value=action))
    return action


def _open(row: Guess) -> None:
    """Open the reveals that waited for the guesses of this batch; those held back by chance come later still."""
    graded = select(Grade.task_id).where(Grade.batch_id == row.batch_id, Grade.committed_at.is_not(None))
    waited = update(Task).where(Task.id.in_(graded), Task.state == "committed", Task.reveal_after == row.opens_at)
    waited = waited.values(state="revealed", reveal_after=clock.now())
    db.session.execute(waited.execution_options(synchronize_session="fetch"))
