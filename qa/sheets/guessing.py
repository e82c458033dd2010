"""What a sheet seems to say: which of its columns are ours, how its dates are written, what its words stand for.

A guess is shown as one and stored only when somebody kept it. No column is ever guessed to be evidence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from qa.intake import writings
from qa.intake.columns import ALIKE
from qa.policytext.sections import slugify
from qa.sheets import names
from qa.sheets.survey import Survey

#: Our column -> its section, or `none`, or nothing, by what a sheet calls it.
Sections = Callable[[str], str | None]

MOMENTS = ("closed_at", "opened_at", "first_response_at", "due_at", "at")
#: Columns that are only believed by more than their name.
_DOUBTED = {"case_id", "agent_id", "decided_policy", "closed_at", "at", "kind"}
#: Cells of a column that are looked at.
_SOME = 300


@dataclass(frozen=True)
class Guess:
    """A mapping that nobody has confirmed."""

    columns: dict[str, str] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    writings: dict[str, str] = field(default_factory=dict)


def guess(survey: Survey, wanted: Mapping[str, Sequence[str]]) -> Guess:
    """What the columns of a sheet seem to be; *wanted*: our columns and what they may be called."""
    columns: dict[str, str] = {}
    for score, theirs, ours in sorted(_scores(survey, wanted), key=lambda one: -one[0]):
        if score > 0 and theirs not in columns and ours not in columns.values():
            columns[theirs] = ours
    orders = {}
    for theirs, ours in columns.items():
        order = writings.guessed(_some(survey, theirs)) if ours in MOMENTS else None
        if order is not None:
            orders[ours] = order
    return Guess(columns, _classes(survey, columns), orders)


def _scores(survey: Survey, wanted: Mapping[str, Sequence[str]]) -> list[tuple[float, str, str]]:
    found = []
    for theirs in survey.header:
        for ours, called in wanted.items():
            score = _by_name(names.plain(theirs), ours, called)
            if score > 0:
                found.append((score * _by_values(survey, theirs, ours), theirs, ours))
    return found


def _by_name(said: str, ours: str, called: Sequence[str]) -> float:
    """How surely a name means a column of ours: 1 when it is ours, less along the list, little for a part of it."""
    if said == ours.replace("_", " "):
        return 1.0
    if said in called:
        return 0.95 - 0.4 * called.index(said) / len(called)
    parts = set(said.split())
    inside = [name for name in called if set(name.split()) <= parts]
    return 0.3 if inside and len(parts) <= 4 else 0.0


def _some(survey: Survey, theirs: str) -> list[str]:
    return [cell.strip() for cell in survey.columns[theirs] if cell.strip()][:_SOME]


def _by_values(survey: Survey, theirs: str, ours: str) -> float:
    """How well the cells fit: 0 where they cannot be that."""
    cells = _some(survey, theirs)
    if not cells:
        return 0.0 if ours in _DOUBTED else 0.1
    different, shares = len(set(cells)), len(cells)
    fits: dict[str, Callable[[], bool]] = {
        "case_id": lambda: different >= 0.9 * shares and all(len(cell) <= 200 for cell in cells),
        "agent_id": lambda: all(len(cell) <= 100 for cell in cells) and (different < shares or shares < 10),
        "decided_policy": lambda: different <= 60 and (different < shares or shares < 10) and not _are_moments(cells),
        "action": lambda: different <= 60 and not _are_moments(cells),
        "text": lambda: sum(map(len, cells)) / shares > 12,
        "kind": lambda: different <= 30,
        "handle_seconds": lambda: all(_is_number(cell) for cell in cells),
        "locale": lambda: all(len(cell) <= 20 for cell in cells) and different <= 60,
    }
    if ours in MOMENTS:
        return 1.0 if _are_moments(cells) else 0.0
    if _are_moments(cells) and ours != "detail":
        return 0.0
    return 1.0 if ours not in fits or fits[ours]() else 0.0


_ISO = re.compile(r"\d{4}-?\d{2}-?\d{2}([T ].*)?")


def _are_moments(cells: Sequence[str]) -> bool:
    def is_one(cell: str) -> bool:
        return bool(_ISO.fullmatch(cell)) or writings.is_parted(cell) or writings.looks_like_number(cell)

    return sum(map(is_one, cells)) >= 0.9 * len(cells)


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"\d+([.,]\d+)?", cell) is not None


def _classes(survey: Survey, columns: Mapping[str, str]) -> dict[str, str]:
    """Classes that keep something away from graders: addresses and names of people, and what comes after a decision."""
    found = {}
    for theirs in survey.header:
        if theirs in columns:
            continue
        cells, said = _some(survey, theirs), names.plain(theirs).split()
        if cells and all("@" in cell for cell in cells):
            found[theirs] = "person"
        elif any(word.removesuffix("s") in names.AFTERWARDS for word in said):
            found[theirs] = "outcome"
    return found


def words(ours: str, counts: Sequence[tuple[str, int]], sections: Sections) -> dict[str, str]:
    """Their word -> what it seems to stand for in our column *ours*; of one that nobody can tell there is none."""
    found = {}
    for theirs, _ in counts:
        said = _word(ours, theirs, sections)
        if said is not None and (said != theirs or not theirs):
            found[theirs] = said
    return found


def _word(ours: str, theirs: str, sections: Sections) -> str | None:
    said = names.plain(theirs)
    if ours == "decided_policy":
        return "none" if said in names.NOTHING else sections(theirs)
    if ours == "reported_policy":
        return sections(theirs) if said else None
    if ours == "action" and not said:
        return "no_action"
    if not said:
        return None
    if ours in ("action", "workflow"):
        return as_word(theirs)
    for word, called in names.WORDS.get(ours, {}).items():
        if said == word.replace("_", " ") or said in called:
            return word
    return None


def as_word(text: str) -> str:
    """A short name out of any text.

    >>> as_word("Remove content (48 h)"), as_word("Löschen"), as_word("keep")
    ('remove_content_48_h', 'loschen', 'keep')
    """
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}", text):
        return text
    return names.plain(text).replace(" ", "_")[:64] or "other"


def finder(rows: Sequence[tuple[str, str]]) -> Sections:
    """A function that finds a section by its key, or by a title or last part of a key that no other section has.

    *rows*: (key, title).
    """
    by_name: dict[str, set[str]] = {}
    keys = {key for key, _ in rows}
    for key, title in rows:
        for name in {slugify(title), slugify(key.rpartition("/")[2])}:
            by_name.setdefault(name, set()).add(key)

    def find(label: str) -> str | None:
        key = "/".join(filter(None, (slugify(part) for part in label.split("/", 1))))
        if key in keys:
            return key
        found = by_name.get(slugify(label), set())
        return next(iter(found)) if len(found) == 1 else None

    return find


#: Our columns whose words a page asks about, where they are few.
ASKED = tuple(
    name for name in dict.fromkeys(("decided_policy", "action", *ALIKE, "kind")) if name not in ("queue", "sensitivity")
)
