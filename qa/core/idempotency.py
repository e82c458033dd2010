"""Deeds that a client may send twice: the second time gets the first answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from qa.core.access import Actor
from qa.core.audit import canonical
from qa.core.db import db
from qa.core.errors import Unprocessable
from qa.core.models import Idempotency


def once(actor: Actor, key: str | None, body: Any, deed: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do *deed* and keep its answer under *key*; a second call with the same key and body gets that answer.

    Stored in the deed's own transaction, so that an answer that was lost on the way can be asked for again. Without a
    key the deed is simply done. The same key with another body is refused: Unprocessable.
    """
    if not key or actor.id is None:
        return deed()
    body_hash = hashlib.sha256(canonical(body).encode()).hexdigest()
    known = db.session.scalar(select(Idempotency).where(Idempotency.person_id == actor.id, Idempotency.key == key))
    if known is not None:
        if known.body_hash != body_hash:
            raise Unprocessable("This form was sent before with other content. Nothing was changed.")
        return known.answer
    answer = deed()
    db.session.add(Idempotency(person_id=actor.id, key=key, body_hash=body_hash, status=200, answer=answer))
    db.session.flush()
    return answer
