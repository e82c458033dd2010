"""What the owner of a policy should look at again: places that could be read in more than one way."""

import re
from collections.abc import Iterable, Iterator, Sequence

from qa.policytext import grids, starts
from qa.policytext.cleaning import Oddity
from qa.policytext.scanning import DEEPEST, Node

# So many of one kind are named; the rest is counted.
_NAMED_OF_A_KIND = 50
_GARBLED = re.compile("\ufffd|\u00c3[\u0080-\u00bf\u2018-\u201d]|\u00e2\u20ac|\u00c2[\u00a0-\u00bf]|[\ud800-\udfff]")
_LONGEST_WORD = 2000


def of_blocks(nodes: Iterable[Node], *, depth: int = 0) -> Iterator[Oddity]:
    """Code that is never closed, rows that do not fit their table, nesting beyond what is read, and raw HTML."""
    for node in nodes:
        if node.kind == "html":
            yield Oddity(node.line_from, "Raw HTML is not carried out; its words are kept.")
        elif node.kind == "fence" and not node.is_closed:
            yield Oddity(node.line_from, "A block of code begins here and is never closed.")
        elif node.kind == "table":
            yield from _rows(node)
        if depth + 1 >= DEEPEST and node.lines:
            yield Oddity(node.line_from, "Nested too deeply; the rest was read as words.")
        yield from of_blocks(node.children, depth=depth + 1)


def of_lines(lines: Sequence[str]) -> Iterator[Oddity]:
    """Signs of a text that was read with the wrong encoding, words without end, and headings without a space."""
    for number, line in enumerate(lines, 1):
        if not line.isascii() and _GARBLED.search(line):
            yield Oddity(number, "Some letters look as if the text had been saved in another encoding.")
        if len(line) > _LONGEST_WORD and max(map(len, line.split()), default=0) > _LONGEST_WORD:
            yield Oddity(number, f"A word of more than {_LONGEST_WORD} letters.")
        if starts.is_glued_heading(line):
            yield Oddity(number, "No heading: there is no space after #.")


def gathered(found: Iterable[Oddity]) -> tuple[Oddity, ...]:
    """All that was *found* in the order of the lines; of many of one kind, the first and how many more there are."""
    kept: list[Oddity] = []
    kinds: dict[str, int] = {}
    last: dict[str, Oddity] = {}
    for oddity in sorted(set(found), key=lambda one: (one.line, one.message)):
        kind = re.sub(r"\d+", "#", oddity.message)
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] <= _NAMED_OF_A_KIND:
            kept.append(oddity)
        last.setdefault(kind, oddity)
    for kind, count in kinds.items():
        if count > _NAMED_OF_A_KIND:
            more = count - _NAMED_OF_A_KIND
            kept.append(Oddity(last[kind].line, f"{more} more of: {last[kind].message}"))
    return tuple(sorted(kept, key=lambda one: one.line))


def _rows(node: Node) -> Iterator[Oddity]:
    width = len(grids.cells(node.lines[0][1]))
    for line, row in node.lines[2:]:
        count = len(grids.cells(row))
        if count != width:
            yield Oddity(line, f"A row of {count} cells in a table of {width} columns.")
