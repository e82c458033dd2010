"""A policy's source, cleaned, and written anew as Markdown that every reader nests alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from qa.policytext.cleaning import Oddity, clean
from qa.policytext.scanning import Node, scan
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
        tuple(sorted((*cleaned.oddities, *_html_oddities(found.root.children)), key=lambda oddity: oddity.line)),
        cleaned.lines,
    )


def _html_oddities(nodes: Sequence[Node]) -> Iterator[Oddity]:
    for node in nodes:
        if node.kind == "html":
            yield Oddity(node.line_from, "Raw HTML is not carried out; its words are kept.")
        yield from _html_oddities(node.children)
