"""What a row of cases is read against: people and their teams, sections by day, workflows and their actions."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date

from qa.policies import section_keys
from qa.policytext.sections import slugify

#: Of what a file calls a person.
LONGEST_ID = 100

#: Section id (None for no violation) and the policy in play of a key.
Found = tuple[int | None, str]


@dataclass(slots=True)
class Sections:
    """Which section a label names on a day."""

    #: Days on which a version began, in order.
    days: list[date]
    #: Policies that are stand-ins.
    stubs: set[str]
    #: policy slug -> (version, from when on), the latest first.
    states: dict[str, list[tuple[int, date | None]]]
    #: Version -> section key -> what it is.
    sections: dict[int, dict[str, Found]]
    #: Stand-ins that turned out to be other sections.
    merged: dict[str, str]
    #: Whether labels that name no section are collected, for stand-ins to be made of them.
    collects: bool = False
    promised: set[str] = field(default_factory=set)

    def epoch(self, on: date) -> int:
        """A number that is the same for two days between which no version began."""
        return bisect_right(self.days, on) if self.days else 0

    def key_of(self, label: str) -> str:
        """The section key that a label of a file stands for."""
        if label.lower() == section_keys.NONE:
            return section_keys.NONE
        parts = [slugify(part) for part in label.split("/", 1)]
        key = "/".join(part for part in parts if part)
        return self.merged.get(key, key)

    def readings(self, label: str) -> tuple[str, ...]:
        """The keys that a label may stand for, the likeliest first.

        A merged stand-in is the last: the section that it is read as may have begun after the case was closed.
        """
        own = "/".join(part for part in (slugify(part) for part in label.split("/", 1)) if part)
        return tuple(dict.fromkeys((label, self.key_of(label), own)))

    def find(self, key: str, on: date) -> Found | None:
        """Section and policy in play of *key* on a day; None when no version in force then has it."""
        if key == section_keys.NONE:
            return None, section_keys.NONE
        for version_id, effective_from in self.states.get(section_keys.policy_of(key), ()):
            if effective_from is None or effective_from <= on:
                found = self.sections.get(version_id, {}).get(key)
                if found is not None:
                    return found
                break
        return None

    def promise(self, label: str) -> tuple[str, Found]:
        """Note that a stand-in will be made for a label; its key and what it will be."""
        key = self.key_of(label)
        self.promised.add(key)
        return key, (None, section_keys.policy_of(key))

    def can_promise(self, label: str) -> bool:
        """Whether a stand-in may be made for a label: none of its policy has been written yet."""
        slug = section_keys.policy_of(self.key_of(label))
        return self.collects and slug != "" and (slug not in self.states or slug in self.stubs)


@dataclass(slots=True)
class Known:
    """All that is known when a file begins to be read."""

    sections: Sections
    #: What files call a person -> the inside number.
    people: dict[str, int] = field(default_factory=dict)
    #: Person -> (from, to, team), the latest first.
    teams: dict[int, list[tuple[date, date | None, int]]] = field(default_factory=dict)
    #: Workflow -> its actions; a workflow without any takes those of its first file.
    actions: dict[str, frozenset[str]] = field(default_factory=dict)
    #: Whether ids that nobody has are collected, for people to be made of them; and those that were.
    welcomes: bool = False
    newcomers: dict[str, None] = field(default_factory=dict)

    def person(self, external_id: str) -> int | None:
        """The inside number of a person; 0 for somebody who will be made."""
        found = self.people.get(external_id)
        if found is None and self.welcomes and len(external_id) <= LONGEST_ID:
            self.newcomers[external_id] = None
            return 0
        return found

    def team(self, person_id: int, on: date) -> int | None:
        """The team of a person on a day."""
        for start, end, team_id in self.teams.get(person_id, ()):
            if start <= on and (end is None or on < end):
                return team_id
        return None
