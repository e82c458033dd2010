"""How much a file may be, and what it may unpack to, before anybody reads it; and what was odd about it."""

from __future__ import annotations

from dataclasses import dataclass

from qa.core.errors import BadInput, Problem

MB = 1_000_000
#: What unpacks to no more than this does no harm, whatever its ratio.
HARMLESS_BYTES = 2 * MB


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one file; each is checked before the work that it bounds."""

    file_bytes: int = 10 * MB
    #: The parts of a package that are read, once unpacked.
    unpacked_bytes: int = 10 * MB
    unpacked_ratio: int = 100
    members: int = 1_000
    #: How deep elements may be nested.
    depth: int = 150
    #: Elements of a page of HTML; long policies have a few thousand.
    elements: int = 60_000

    def unpacked(self, packed: int) -> int:
        """What a package of *packed* bytes may unpack to."""
        return min(self.unpacked_bytes, max(HARMLESS_BYTES, self.unpacked_ratio * packed))


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something that could not be read as it stood: where ("line 12", "paragraph 3"), and what was done about it."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


def refuse(name: str, expected: str, value: str | None = None) -> BadInput:
    """The refusal of a file, said so that its owner can mend it."""
    return BadInput(Problem(expected, file=name, field="file", value=value))
