"""What a module is called: its sections by their policies, each policy named once."""

from __future__ import annotations

from collections.abc import Sequence

from qa.policies import queries as policy_queries
from qa.policies.queries import SectionRow

#: Sections that a title names; the others are counted.
NAMED = 2


def of_module(sections: Sequence[str], contrast: Sequence[str] | None) -> str:
    """The title of a module on *sections*, the most needed first; at most 300 characters.

    Of a module that is about telling the two of *contrast* apart and nothing else, "A or B".
    """
    is_pair = contrast is not None and sections[0] in contrast and set(sections) <= set(contrast)
    keys = list(contrast) if is_pair and contrast is not None else list(sections)
    rows = policy_queries.sections_by_key(keys)
    return written([(key, rows.get(key)) for key in keys], "or" if is_pair else "and")


def written(sections: Sequence[tuple[str, SectionRow | None]], link: str) -> str:
    """A title from sections as they stand (None: gone, its key is its name), linked by "or" or "and".

    A section beside one that stands under it goes without saying.
    """
    kept = [
        (key, row) for key, row in sections
        if not any(_is_over(row, other) for _, other in sections)
    ]  # fmt: skip
    by_policy: dict[str, list[str]] = {}
    for key, row in kept[:NAMED]:
        names = by_policy.setdefault(row.policy_title if row is not None else key, [])
        if row is not None and row.key != row.policy_slug and row.title not in (row.policy_title, *names):
            names.append(row.title)
    parts = [f"{policy}: {f' {link} '.join(names)}" if names else policy for policy, names in by_policy.items()]
    title = (", or " if link == "or" else "; ").join(parts)
    more = f", {len(kept) - NAMED} more" if len(kept) > NAMED else ""
    return title[: 300 - len(more)] + more


def _is_over(row: SectionRow | None, other: SectionRow | None) -> bool:
    """Whether *other* stands somewhere under *row*."""
    if row is None or other is None or row.policy_slug != other.policy_slug or row.key == other.key:
        return False
    return row.key == row.policy_slug or (len(row.path) < len(other.path) and other.path[: len(row.path)] == row.path)
