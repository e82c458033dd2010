"""What became of the clauses that something leans on since the version it was made by: the same, stale, or gone."""

from __future__ import annotations

from collections.abc import Collection

from qa.core import clock
from qa.policies import queries as policy_queries
from qa.policies import section_changes, section_keys

#: Changes of a section after which what leans on it has to be looked at.
IN_SUBSTANCE = ("material", "new")
Leaning = tuple[str, int | None]


def states(leaning: Collection[Leaning]) -> dict[Leaning, str]:
    """(section key, inside number of a version) -> "same", "stale" (changed in substance since) or "gone".

    A rewording counts as substance until its owner has ruled that it means the same.
    """
    now = {row.key: row for row in policy_queries.sections_in_force(clock.now().date())}
    lines = {
        slug: [row.id for row in reversed(policy_queries.versions(slug))]
        for slug in {section_keys.policy_of(key) for key, _ in leaning}
    }
    return {one: _state(one, now.get(one[0]), lines[section_keys.policy_of(one[0])]) for one in set(leaning)}


def _state(leaning: Leaning, section: policy_queries.SectionRow | None, order: list[int]) -> str:
    key, made_by = leaning
    if section is None:
        return "gone"
    if made_by is None or section.version_id == made_by:
        return "same"
    if made_by not in order or section.version_id not in order:
        return "stale"
    passed = order[order.index(made_by) : order.index(section.version_id) + 1]
    for before, after in zip(passed, passed[1:], strict=False):
        meaning = section_changes.meanings(before, after).get(key)
        if meaning is not None and meaning.counts_as in IN_SUBSTANCE:
            return "stale"
    return "same"
