"""Cases whose words were taken out on purpose: no file brings them back.

Of an erased case nothing is taken any more. One whose text was kept long enough takes what it was decided, without
its words.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from qa.core.db import db
from qa.intake.prepared import Prepared
from qa.models.cases import CaseText, ClosedCase
from qa.models.texts import Erasure
from qa.removal import retention

#: Ids that one question names.
ASKED = 500
#: What leads to words that lie elsewhere.
_FILES = "attachments"


def erased(source: str, external_ids: Sequence[str]) -> dict[str, datetime]:
    """External id -> when it was erased, or that was asked for."""
    found: dict[str, datetime] = {}
    at = func.coalesce(Erasure.ended_at, Erasure.created_at)
    about = select(ClosedCase.external_id, at).join(Erasure, Erasure.subject_ref == ClosedCase.public_id)
    about = about.where(Erasure.subject_kind == "case", ClosedCase.source == source)
    for start in range(0, len(external_ids), ASKED):
        some = ClosedCase.external_id.in_(external_ids[start : start + ASKED])
        # Apart, because each half has an index of its own.
        for half in (ClosedCase.replaced_at.is_(None), ClosedCase.replaced_at.is_not(None)):
            found |= {row[0]: row[1] for row in db.session.execute(about.where(some, half))}
    return found


def purged(case_ids: Sequence[int]) -> dict[int, datetime]:
    """Case -> when its text was taken out because it was kept long enough."""
    found: dict[int, datetime] = {}
    for start in range(0, len(case_ids), ASKED):
        some = CaseText.case_id.in_(case_ids[start : start + ASKED])
        query = select(CaseText.case_id, CaseText.purged_at).where(some, CaseText.purged_at.is_not(None))
        found |= {row[0]: row[1] for row in db.session.execute(query)}
    return found


def wordless(row: Prepared, *, filled: Sequence[str]) -> Prepared:
    """The row without words, as retention leaves a case."""
    body = list(row.body)
    for name in ("evidence", "withheld"):
        if name in filled:
            place = filled.index(name)
            body[place] = _short(json.loads(body[place]))
    return row._replace(body=tuple(body), words=(None, row.words[1], None)[: len(row.words)], notes=())


def _short(facts: dict[str, Any]) -> str:
    kept = {name: value for name, value in facts.items() if name != _FILES and retention.is_short(value)}
    return json.dumps(kept, ensure_ascii=False)


def keep_empty(source: str, run_id: int, since: dict[str, datetime]) -> None:
    """Note beside the rows of an import when their cases' texts were taken out: external id -> moment."""
    text = CaseText.__table__
    for external_id, at in since.items():
        ours = select(ClosedCase.id).where(
            ClosedCase.source == source, ClosedCase.external_id == external_id, ClosedCase.run_id == run_id,
            ClosedCase.replaced_at.is_not(None),
        )  # fmt: skip
        db.session.execute(update(text).where(text.c.case_id.in_(ours)).values(purged_at=at))
