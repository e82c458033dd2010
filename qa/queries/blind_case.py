"""What the holder of a blind task may know of its case. The row has no field for anything else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from sqlalchemy import select

from qa import masking
from qa.attachments import attachments
from qa.attachments.attachments import Media
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.core.markup import policy_html
from qa.models.cases import CaseText, ClosedCase, Message
from qa.models.grading import Task
from qa.models.policies import Workflow
from qa.policies import queries as policy_queries
from qa.policies.queries import SectionRow

#: Who may speak in a blind case. What the agent or the system wrote belongs to the decision.
SPEAKERS = ("reporter", "subject")


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the thread."""

    role: str
    at: datetime | None
    text: str
    language: str | None
    translation: str | None


@dataclass(frozen=True, slots=True)
class PolicySection:
    """A section of the policy of the decision day, with its own text."""

    key: str
    label: str
    policy_title: str
    version: str
    html: Markup


@dataclass(frozen=True, slots=True)
class BlindCase:
    """All that a page may show of a case before its grade is committed: no decision, no names, no grades."""

    task_id: str
    code: str
    workflow_label: str
    language: str | None
    text: str | None
    translation: str | None
    messages: tuple[Said, ...]
    facts: tuple[tuple[str, str], ...]
    reported_section_label: str | None
    closed_on: date
    policy_sections: tuple[PolicySection, ...]
    media: tuple[Media, ...] = ()
    #: Links that came with it. Where they lead may show what was done, so they are opened after the grade.
    links: int = 0


def blind_case(actor: Actor, task_id: str) -> BlindCase:
    """The case of a task that *actor* holds. Raises NotFound for every other task."""
    held = (Task.public_id == task_id, Task.person_id == actor.id, Task.state == "held")
    query = select(Task.code, Task.case_id, Workflow.label).join(Workflow, Workflow.id == Task.workflow_id).where(*held)
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound("case to grade")
    return evidence_of(row.case_id, task_id=task_id, code=row.code, workflow_label=row.label)


def evidence_of(case_id: int, *, task_id: str, code: str, workflow_label: str, in_sight: bool = False) -> BlindCase:
    """A case's evidence as of its decision day, under the name of one task; *in_sight*: without masks."""
    columns = (ClosedCase.closed_at, ClosedCase.evidence, ClosedCase.reported_key)
    texts = (CaseText.text, CaseText.language, CaseText.translation)
    query = select(*columns, *texts).outerjoin(CaseText, CaseText.case_id == ClosedCase.id)
    row = db.session.execute(query.where(ClosedCase.id == case_id)).one()
    on = row.closed_at.date()
    sections = policy_queries.sections_in_force(on)
    reported = [section_label(section) for section in sections if section.key == row.reported_key]
    cover = masking.OPEN if in_sight else masking.cover(case_id)
    facts = ((name, shown_value(value)) for name, value in row.evidence.items() if value not in (None, ""))
    beside = attachments.of(case_id)
    return BlindCase(
        task_id=task_id,
        code=code,
        workflow_label=workflow_label,
        language=row.language,
        text=cover.text(masking.TEXT, row.text),
        translation=cover.text(masking.TRANSLATION, row.translation),
        messages=_messages(case_id, cover, alone=not row.text),
        facts=tuple((_words(name), cover.said(masking.fact(name), value)) for name, value in facts),
        reported_section_label=reported[0] if reported else None,
        closed_on=on,
        policy_sections=_with_text(sections),
        media=tuple(one for one in beside if one.kind != "link"),
        links=sum(one.kind == "link" for one in beside),
    )


def section_label(section: SectionRow) -> str:
    """How a section is called beside its policy's title."""
    return " › ".join(section.path) if len(section.path) > 1 else section.title


def _messages(case_id: int, cover: masking.Cover, *, alone: bool) -> tuple[Said, ...]:
    """The thread without what is withheld; where it stands *alone*, what the subject wrote is what was reported."""
    query = select(
        Message.ordinal, Message.author_role, Message.at, Message.text, Message.language, Message.translation
    ).where(Message.case_id == case_id, Message.withheld.is_(False), Message.author_role.in_(SPEAKERS))
    found = []
    for ordinal, role, at, text, language, translation in db.session.execute(query.order_by(Message.ordinal)):
        place = masking.message(ordinal)
        said = cover.said(place, text), language, cover.text(masking.translated(place), translation)
        found.append(Said("reported" if alone and role == "subject" else role, at, *said))
    return tuple(found)


def _words(name: str) -> str:
    return name.replace("_", " ").strip().capitalize()


def shown_value(value: Any) -> str:
    """A fact's value in words."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _with_text(sections: tuple[SectionRow, ...]) -> tuple[PolicySection, ...]:
    source = policy_queries.versions_by_id({section.version_id for section in sections})
    return tuple(
        PolicySection(
            key=section.key,
            label=section_label(section),
            policy_title=section.policy_title,
            version=section.version,
            html=section_html(source[section.version_id].markdown, section.title, section.line_from, section.line_to),
        )
        for section in sections
    )


@lru_cache(maxsize=512)
def section_html(markdown: str, title: str, line_from: int, line_to: int) -> Markup:
    """A section's own text as HTML, without its heading, which the page draws itself."""
    lines = re.split("\r\n?|\n", markdown)[max(line_from - 1, 0) : line_to]
    return policy_html("\n".join(_without_heading(lines, title)), anchors={})


def _without_heading(lines: list[str], title: str) -> list[str]:
    """*lines* without the one that is *title*, and without the rule under it."""
    for at, line in enumerate(lines):
        if re.sub(r"[\s#*_`]+", "", line) == re.sub(r"[\s#*_`]+", "", title):
            ruled = at + 1 < len(lines) and re.fullmatch(r"\s*(=+|-+)\s*", lines[at + 1]) is not None
            return lines[:at] + lines[at + 1 + ruled :]
    return lines
