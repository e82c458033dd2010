"""What the search finds among cases, results and clauses, as far as the reader may know of them."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy import Row, Select, select

from qa.core.access import Actor
from qa.core.db import db
from qa.core.search import MOST, Hit
from qa.models.cases import ClosedCase, ImportRun
from qa.models.truth import Finding
from qa.queries import cases, policy_search, results


def of_cases(reader: Actor, asked: str) -> list[Hit]:
    """The case of that id in the teams led; for whoever may be given blind tasks, only one that they are out of."""
    if not reader.has("manager", "admin"):
        return []
    query = _called(asked).add_columns(ClosedCase.public_id).where(cases.may_see(reader)).limit(MOST)
    return [
        Hit("Cases", row.external_id, url_for("cases.show", case_id=row.public_id), _about(row))
        for row in db.session.execute(query)
    ]


def of_results(reader: Actor, asked: str) -> list[Hit]:
    """The reader's own published result of that case: one that is not out yet is not there."""
    if not reader.has("agent"):
        return []
    query = _called(asked).add_columns(Finding.public_id).join(Finding, Finding.case_id == ClosedCase.id)
    query = query.where(Finding.agent_id == reader.id, Finding.state.in_(results.SHOWN)).limit(MOST)
    return [
        Hit("My results", row.external_id, url_for("results.show", finding_id=row.public_id), _about(row))
        for row in db.session.execute(query)
    ]


def of_clauses(_reader: Actor, asked: str) -> Iterator[Hit]:
    """Sections of the policies in force today, which everybody may read."""
    for hit in policy_search.found(asked)[0][:MOST]:
        url = url_for("policies.show_version", slug=hit.slug, number=hit.number)
        label = " › ".join([hit.policy, *hit.path])
        yield Hit("Clauses", label, f"{url}#{hit.anchor}" if hit.anchor else url, hit.key)


def _called(asked: str) -> Select[tuple[str, str]]:
    """The cases with that id, in whatever source; by the index of sources and ids, however many cases there are."""
    sources = select(ImportRun.source).distinct()
    query = select(ClosedCase.external_id, ClosedCase.source)
    return query.where(
        ClosedCase.source.in_(sources), ClosedCase.external_id == asked, ClosedCase.replaced_at.is_(None)
    )


def _about(row: Row[tuple[str, str, str]]) -> str:
    return "" if row.source == "default" else row.source
