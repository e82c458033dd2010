"""A person's deeds come one after the other: the second of a double click finds what the first one did."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from qa.core.db import ask, is_sqlite
from qa.core.models import Person

_PERSON = Person.__table__.c
_ONE_AT_A_TIME = select(_PERSON.id).where(_PERSON.id == bindparam("person")).with_for_update(key_share=True)


def one_at_a_time(person_id: int | None) -> None:
    """Wait until whatever else the person does at this moment is done. Rows of others that refer to them need not."""
    if not is_sqlite():  # which lets one writer in at a time
        ask(_ONE_AT_A_TIME, {"person": person_id})
