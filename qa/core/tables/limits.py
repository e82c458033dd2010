"""How much a table from outside may hold before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

#: The most characters that a reader holds of one field before it gives up on the file.
LONGEST = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may ask of us; each can be set by the installation."""

    #: A text of so many characters is refused.
    field_chars: int = 2_000_000
    columns: int = 1_000
    #: A packed file (gzip, XLSX, Parquet) may unpack to so many bytes, and so many times its own size.
    unpacked_bytes: int = 200_000_000
    unpacked_ratio: int = 100
    #: Files inside an XLSX.
    members: int = 1_000
    #: A line of text without an end.
    line_bytes: int = 4 * LONGEST
    #: What is unpacked to no more than this is too small to do harm, whatever its ratio.
    harmless_bytes: int = 1_000_000

    def __post_init__(self) -> None:
        if not 0 < self.field_chars <= LONGEST:
            raise ValueError(f"field_chars must be within 1..{LONGEST}, not {self.field_chars}")

    def unpacked(self, packed: int) -> int:
        """The bytes to which a file of *packed* bytes may unpack."""
        return min(self.unpacked_bytes, max(self.harmless_bytes, self.unpacked_ratio * packed))
