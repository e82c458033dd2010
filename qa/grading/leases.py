"""How long a case stays in somebody's hands: kept while they work on it, given back when they stop, or moved by a lead.

Nobody here is told what was decided: a lead moves a look from one person to another without seeing the case.
"""

from __future__ import annotations

from sqlalchemy import select, update

from qa.core import audit, clock, leading
from qa.core.access import Actor, actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.leave import days_off
from qa.core.models import Person
from qa.core.turns import one_at_a_time
from qa.grading import conflicts, queue
from qa.models.grading import Task


def stay(actor: Actor) -> int:
    """Whatever *actor* has in hand stays so for another lease, because somebody is at work; how many cases."""
    held = update(Task).where(Task.person_id == actor.id, Task.state == "held").values(lease_until=queue.lease_end())
    return int(db.session.execute(held.execution_options(synchronize_session=False)).rowcount)


def hand_back(actor: Actor) -> int:
    """Give back all that *actor* has in hand, for whoever comes next; how many cases.

    It is no skip: whoever claims again is given the same cases first, because each reads on from a start of their own.
    """
    one_at_a_time(actor.id)
    held = select(Task.public_id).where(Task.person_id == actor.id, Task.state == "held").order_by(Task.id)
    tasks = db.session.scalars(held).all()
    if not tasks:
        raise Refused("You have no case in your hands.")
    _let_go(Task.person_id == actor.id, Task.public_id.in_(tasks))
    for task_id in tasks:
        audit.note(actor, "handed_back", "task", task_id)
    return len(tasks)


def lapse() -> int:
    """Give back what was held too long and open late reveals; how many were moved."""
    now = clock.now()
    moved = _let_go(Task.lease_until < now)
    shown = update(Task).where(Task.state == "committed", Task.reveal_after <= now).values(state="revealed")
    return moved + int(db.session.execute(shown.execution_options(synchronize_session=False)).rowcount)


def _let_go(*which: object) -> int:
    """Put held tasks back into the queue; what was kept for one person stays kept for them."""
    back = update(Task).where(Task.state == "held", *which).values(state="waiting", lease_until=None)
    back = back.execution_options(synchronize_session=False)
    kept = db.session.execute(back.where(Task.reserved)).rowcount
    return int(kept + db.session.execute(back.where(~Task.reserved).values(person_id=None)).rowcount)


def release(lead: Actor, task_id: str) -> None:
    """A lead takes a look from whoever has it in hand or kept, and lets it go to whoever may be given it."""
    task = _theirs(lead, task_id)
    freed = update(Task).where(Task.id == task.id, Task.state.in_(("held", "waiting")))
    values = {"state": "waiting", "person_id": None, "reserved": False, "lease_until": None}
    if not db.session.execute(freed.values(**values).execution_options(synchronize_session=False)).rowcount:
        raise Refused("This case has been graded meanwhile.")
    audit.note(lead, "freed", "task", task_id)


def reassign(lead: Actor, task_id: str, *, person_id: str) -> None:
    """A lead moves a look from whoever has it in hand or kept to another grader, whatever their skills and languages.

    Raises NotFound for a look that nobody has, Refused once it was graded, BadInput for whoever may not be given it.
    """
    task = _theirs(lead, task_id)
    chosen = _grader(lead, person_id)
    had = select(Task.id).where(Task.case_id == task.case_id, Task.person_id == chosen.id)
    if chosen.id == task.person_id or db.session.scalar(had) is not None or conflicts.among(chosen.id, [task.case_id]):
        raise BadInput(Problem("choose a grader who has had nothing to do with it", field="person"))
    if days_off.is_on_leave(chosen):
        raise BadInput(Problem("choose a grader who is not on leave", field="person"))
    moved = update(Task).where(Task.id == task.id, Task.state.in_(("held", "waiting")))
    values = {"state": "waiting", "person_id": chosen.id, "reserved": True, "lease_until": None}
    if not db.session.execute(moved.values(**values).execution_options(synchronize_session=False)).rowcount:
        raise Refused("This case has been graded meanwhile.")
    audit.note(lead, "reassigned", "task", task_id, to=chosen.public_id)


def _theirs(lead: Actor, task_id: str) -> Task:
    """A look that somebody in the lead's reach has in hand, or that is kept for them."""
    open_one = select(Task).where(Task.public_id == task_id, Task.state.in_(("held", "waiting")))
    task = db.session.scalar(open_one.where(Task.person_id.in_(select(Person.id).where(leading.in_reach(lead)))))
    if task is None:
        raise NotFound("case to grade")
    one_at_a_time(task.person_id)
    return task


def _grader(lead: Actor, person_id: str) -> Actor:
    number = db.session.scalar(select(Person.id).where(Person.public_id == person_id, leading.in_reach(lead)))
    found = None if number is None else actor(number)
    if found is None or not found.has("reviewer"):
        raise BadInput(Problem("choose a grader", field="person"))
    return found
