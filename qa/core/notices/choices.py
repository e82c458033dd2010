"""How each person is told by e-mail: their own choice, seen and changed by them alone."""

from __future__ import annotations

from sqlalchemy import select

from qa.core import audit
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, Problem
from qa.core.notices.models import NoticeChoice
from qa.core.notices.quiet import HOWS, Choice


def of(person: Actor) -> Choice:
    """What *person* chose; the defaults where nothing was chosen."""
    row = db.session.scalar(select(NoticeChoice).where(NoticeChoice.person_id == person.id))
    return Choice() if row is None else Choice(row.how, row.digest_hour, row.quiet_from, row.quiet_to)


def choose(actor: Actor, choice: Choice) -> None:
    """Be told like this from now on. Raises BadInput for half a quiet time, or an hour that no day has."""
    hours = (choice.digest_hour, choice.quiet_from, choice.quiet_to)
    if choice.how not in HOWS or any(hour is not None and not 0 <= hour <= 23 for hour in hours):
        raise BadInput(Problem("one of the choices", field="how"))
    if (choice.quiet_from is None) != (choice.quiet_to is None):
        raise BadInput(Problem("an hour at both ends of the quiet time, or at neither", field="quiet_to"))
    row = db.session.scalar(select(NoticeChoice).where(NoticeChoice.person_id == actor.id))
    if row is None:
        row = NoticeChoice(person_id=actor.id)
        db.session.add(row)
    row.how, row.digest_hour = choice.how, choice.digest_hour
    row.quiet_from, row.quiet_to = choice.quiet_from, choice.quiet_to
    audit.note(actor, "chose", "notices", actor.public_id, how=choice.how)
    db.session.flush()
