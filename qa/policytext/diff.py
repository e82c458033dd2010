"""Two versions of a policy, held against each other section by section and unit by unit."""

from dataclasses import dataclass
from typing import Literal

from qa.policytext.units import Unit

Change = Literal["unchanged", "cosmetic", "wording", "material", "new", "removed", "moved"]


@dataclass(frozen=True, slots=True)
class UnitDiff:
    """What became of one unit.

    *old* and *new* are the unit in each version, None where it is not there; *why* says in a word each what makes a
    change material (modal, negation, number, exception, quantifier, condition, side, action, code), or where a moved
    unit went.
    """

    kind: Change
    old: Unit | None
    new: Unit | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SectionDiff:
    """What became of one section.

    *key* is that of the new version (of the old one where the section is removed) and *old_key* that of the old, None
    where the section is new; *needs_ruling* says that only the owner knows whether the changed words mean the same.
    """

    key: str
    old_key: str | None
    title: str
    kind: Change
    needs_ruling: bool
    units: tuple[UnitDiff, ...]


@dataclass(frozen=True, slots=True)
class DocumentDiff:
    """All sections of both versions in the order of the new one; what was removed stands where it was."""

    sections: tuple[SectionDiff, ...]
