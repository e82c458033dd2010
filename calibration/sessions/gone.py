"""Cases of a session whose text was taken out meanwhile: nobody is asked about them, and nothing waits for them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, or_, select

from qa.core.db import db
from qa.models.cases import CaseText, ClosedCase
from qa.models.texts import Erasure


def is_gone() -> ColumnElement[bool]:
    """In a query over `ClosedCase`: what it was judged by can be read no more, for its time was over or by request."""
    over = exists().where(CaseText.case_id == ClosedCase.id, CaseText.purged_at.is_not(None))
    erased = exists().where(Erasure.subject_kind == "case", Erasure.subject_ref == ClosedCase.public_id)
    return or_(over.correlate_except(CaseText), erased.correlate_except(Erasure))


def among(case_ids: Collection[int]) -> set[int]:
    """Those of *case_ids* that are gone."""
    return set(db.session.scalars(select(ClosedCase.id).where(ClosedCase.id.in_(case_ids), is_gone())))
