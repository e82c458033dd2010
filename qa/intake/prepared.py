"""What a row of a file becomes on its way into the database."""

from __future__ import annotations

from typing import Any, NamedTuple

from qa.intake import values

#: What a prepared row may hold of `closed_case`, in this order.
BODY = (
    "agent_id", "agent_team_id", "decided_by", "workflow", "queue", "locale", "severity", "opened_at",
    "first_response_at", "due_at", "closed_at", "decided_section_id", "decided_key", "action", "reported_key",
    "play_key", "confidence", "handle_seconds", "handled_by", "sensitivity", "evidence", "withheld", "content_hash",
)  # fmt: skip
#: Those that stand in no column of a file, or are filled without it.
ALWAYS = ("decided_by", "workflow", "decided_section_id", "decided_key", "play_key", "content_hash")


class Prepared(NamedTuple):
    """A row that can be stored."""

    line: int
    external_id: str
    content_hash: str
    #: Values of the reader's *filled*.
    body: tuple[Any, ...]
    #: As the database wants it; such texts stand in the order of their moments.
    closed_at: str
    handlers: tuple[int, ...]
    text: str | None
    language: str | None
    translation: str | None
    notes: tuple[values.Note, ...]
