"""The words that roll-ups hold as numbers."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from qa.core.db import db, is_sqlite
from qa.models.truth import TallyWord


def known() -> dict[str, int]:
    """Word -> its number."""
    return {row.word: row.id for row in db.session.execute(select(TallyWord.word, TallyWord.id))}


def numbered(words: Collection[str]) -> dict[str, int]:
    """The same, after those of *words* that nobody used before have got a number too."""
    found = known()
    new = sorted(set(words) - found.keys())
    if not new:
        return found
    add = (sqlite.insert if is_sqlite() else postgresql.insert)(TallyWord.__table__)
    db.session.execute(add.on_conflict_do_nothing(), [{"word": word} for word in new])
    return known()
