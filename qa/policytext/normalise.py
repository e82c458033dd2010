"""A policy's source, cleaned, and written anew as Markdown that every reader nests alike."""

from dataclasses import dataclass, field

from qa.policytext.cleaning import Oddity, clean
from qa.policytext.oddities import gathered, of_blocks, of_lines
from qa.policytext.scanning import scan
from qa.policytext.writing import write


@dataclass(frozen=True, slots=True)
class Normalised:
    """A policy ready to be shown and to be read.

    *text* is Markdown for Python-Markdown (`extra`, `sane_lists`) and *lines* the source's line of each of its lines;
    *source* are the cleaned lines as they stood, *front* the fields before the text, and *oddities* what the owner
    should know.
    """

    text: str
    lines: tuple[int, ...]
    front: dict[str, str]
    oddities: tuple[Oddity, ...]
    source: tuple[str, ...] = field(default=(), repr=False)


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
    written = list(write(found)) or [(1, "")]
    return Normalised(
        "\n".join(line for _, line in written),
        tuple(number for number, _ in written),
        cleaned.front,
        gathered((*cleaned.oddities, *of_blocks(found.root.children), *of_lines(cleaned.lines))),
        cleaned.lines,
    )
