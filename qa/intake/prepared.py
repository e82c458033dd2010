"""What a row of a file becomes on its way into the database."""

from __future__ import annotations

from typing import Any, NamedTuple

from qa.intake import values

#: What a prepared row may hold of `closed_case`, in this order: first what is read anew for each row, then what few
#: columns say together and many rows say alike.
BODY = (
    "agent_id", "agent_team_id", "closed_at", "content_hash", "opened_at", "first_response_at", "due_at",
    "handle_seconds", "handled_by", "evidence", "withheld", "decided_by", "workflow", "queue", "locale", "severity",
    "confidence", "sensitivity", "decided_section_id", "decided_key", "reported_key", "play_key", "action",
)  # fmt: skip
#: Where that begins.
OWN = BODY.index("decided_by")
#: Those that stand in no column of a file, or are filled without it.
ALWAYS = ("decided_by", "workflow", "decided_section_id", "decided_key", "play_key", "content_hash")
#: What it may hold of `case_text`.
WORDS = ("text", "language", "translation")


class Keys(NamedTuple):
    """By what rows get their permanent numbers and their addresses."""

    source: str
    numbers: bytes
    addresses: bytes


class Prepared(NamedTuple):
    """A row that can be stored."""

    line: int
    external_id: str
    content_hash: str
    #: Its permanent number; None when it was read before the key was known.
    number: int | None
    #: Values of the reader's *filled*.
    body: tuple[Any, ...]
    #: Values of the reader's *worded*.
    words: tuple[str | None, ...]
    #: As the database wants it; such texts stand in the order of their moments.
    closed_at: str
    handlers: tuple[int, ...]
    notes: tuple[values.Note, ...]
