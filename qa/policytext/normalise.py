"""A policy's source, cleaned, scanned once, and written anew as Markdown that every reader nests alike."""

from dataclasses import dataclass, field

from qa.policytext.cleaning import Oddity, clean
from qa.policytext.oddities import gathered, of_blocks, of_lines
from qa.policytext.scanning import Scan, scan
from qa.policytext.writing import Line, write


@dataclass(frozen=True, slots=True)
class Normalised:
    """A policy ready to be shown and to be read.

    *source* are the cleaned lines as they stood, *scan* their blocks, *front* the fields before the text, and
    *oddities* what the owner should know.
    """

    front: dict[str, str]
    oddities: tuple[Oddity, ...]
    source: tuple[str, ...] = field(repr=False)
    scan: Scan = field(repr=False, compare=False)

    def written(self) -> tuple[Line, ...]:
        """The lines of Markdown for Python-Markdown (`extra`, `sane_lists`), each with its line in the source."""
        return tuple(write(self.scan)) or ((1, ""),)

    @property
    def text(self) -> str:
        """What is written, as one text."""
        return "\n".join(line for _, line in self.written())


def normalise(markdown: str) -> Normalised:
    """Clean *markdown* and write it so that lists, their nesting and tables are read as CommonMark reads them.

    >>> print(normalise("Never:\\n- a\\n  - b").text)
    Never:
    <BLANKLINE>
    - a
        - b
    """
    cleaned = clean(markdown)
    found = scan(cleaned.lines)
    oddities = gathered((*cleaned.oddities, *of_blocks(found.root.children), *of_lines(cleaned.lines)))
    return Normalised(cleaned.front, oddities, cleaned.lines, found)
