"""The way back to the tool that a case came from, for whoever sees its decision: an address by source, of settings."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sqlalchemy import select

from qa import case_addresses
from qa.core import preferences
from qa.core.db import db
from qa.models.cases import ClosedCase
from qa.models.grading import Task
from qa.models.truth import Finding

SETTING = "source_links"


def address(source: str, external_id: str) -> str | None:
    """Where a case of *source* stands in its own tool; None where no address was set, or none of the web."""
    for part in preferences.get(SETTING).split(";"):
        name, equals, template = part.strip().partition("=")
        if equals and name.strip() == source and template.strip().startswith(("https://", "http://")):
            return str(template.strip().replace("{id}", quote(external_id, safe="")))
    return None


def of_case(case_id: str) -> str | None:
    """The address for the case behind *case_id*, whose decision the reader sees."""
    return _of(select(ClosedCase.source, ClosedCase.external_id).where(case_addresses.at(case_id)))


def of_task(task_id: str) -> str | None:
    """The address for the case of a look that was committed and revealed."""
    query = select(ClosedCase.source, ClosedCase.external_id).join(Task, Task.case_id == ClosedCase.id)
    return _of(query.where(Task.public_id == task_id, Task.state == "committed"))


def of_result(finding_id: str) -> str | None:
    """The address for the case of a result that is out."""
    query = select(ClosedCase.source, ClosedCase.external_id).join(Finding, Finding.case_id == ClosedCase.id)
    return _of(query.where(Finding.public_id == finding_id))


def _of(query: Any) -> str | None:
    if not preferences.get(SETTING):
        return None
    row = db.session.execute(query).first()
    return None if row is None else address(row.source, row.external_id)
