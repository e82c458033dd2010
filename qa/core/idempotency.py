"""Deeds that a client may send twice: the second time gets the first answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from sqlalchemy import bindparam, insert, select

from qa.core import clock
from qa.core.access import Actor
from qa.core.audit import canonical
from qa.core.db import ask
from qa.core.errors import Unprocessable
from qa.core.models import Idempotency

_ANSWERS = Idempotency.__table__.c
_KNOWN = select(_ANSWERS.body_hash, _ANSWERS.answer).where(
    _ANSWERS.person_id == bindparam("person_id"), _ANSWERS.key == bindparam("key")
)
_KEEP = insert(Idempotency.__table__)


def once(actor: Actor, key: str | None, body: Any, deed: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do *deed* and keep its answer under *key*; a second call with the same key and body gets that answer.

    Stored in the deed's own transaction, so that an answer that was lost on the way can be asked for again. Without a
    key the deed is simply done. The same key with another body is refused: Unprocessable.
    """
    if not key or actor.id is None:
        return deed()
    body_hash = hashlib.sha256(canonical(body).encode()).hexdigest()
    mine = {"person_id": actor.id, "key": key}
    known = ask(_KNOWN, mine).first()
    if known is not None:
        if known.body_hash != body_hash:
            raise Unprocessable("This form was sent before with other content. Nothing was changed.")
        return dict(known.answer)
    answer = deed()
    kept = {**mine, "body_hash": body_hash, "status": 200, "answer": answer, "created_at": clock.now()}
    ask(_KEEP, kept)
    return answer
