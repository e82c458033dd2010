"""A policy's text as a row of blocks, each with its words and its lines in the source."""

from collections.abc import Iterator
from dataclasses import dataclass

from qa.policytext import grids
from qa.policytext.inline import links, one_line, plain
from qa.policytext.normalise import Normalised
from qa.policytext.scanning import Node, Scan
from qa.policytext.titles import pseudo_heading


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a policy.

    *kind* is heading, paragraph, item, table, quote, code or rule; *text* its words, *plain_lines* the same line for
    line, and *markdown* its source; *level* that of a heading (0: a line in bold that does a heading's work); *depth*
    how many lists hold it; *cells* the rows of a table, its head first; *links* words and address of each link.
    """

    kind: str
    text: str
    markdown: str
    line_from: int
    line_to: int
    level: int = 0
    depth: int = 0
    ordered: bool = False
    number: int = 0
    cells: tuple[tuple[str, ...], ...] = ()
    plain_lines: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


def blocks(text: Normalised) -> tuple[Block, ...]:
    """The blocks of *text* by their lines; an item holds its first paragraph, and what else it has comes after it."""
    return tuple(_walk(text.scan.root, text.scan, depth=0, within=""))


def _walk(node: Node, found: Scan, *, depth: int, within: str) -> Iterator[Block]:
    for child in node.children:
        if child.kind in ("list", "quote"):
            yield from _walk(child, found, depth=depth + (child.kind == "list"), within=child.kind)
        elif child.kind == "item":
            yield from _item(child, found, depth)
        elif child.kind == "paragraph" and not within and depth == 0:
            yield from _titled(child, found)
        else:
            yield _leaf(child, found, depth=depth, within=within)


def _item(node: Node, found: Scan, depth: int) -> Iterator[Block]:
    """An item with its first paragraph, then the blocks that follow within it."""
    first = node.children[0] if node.children else None
    inner = list(node.children)
    words = Node("paragraph", node.line_from, node.line_from)
    if first is not None and first.kind in ("paragraph", "heading", "html"):
        words = Node("paragraph", node.line_from, first.line_to, lines=first.lines)
        inner = inner[1:]
    if first is not None and first.kind == "heading":
        yield _leaf(first, found, depth=depth, within="item")
    block = _leaf(words, found, depth=depth, within="item")
    yield _as_item(block, node)
    yield from _walk(Node("item", node.line_from, node.line_to, children=inner), found, depth=depth, within="item")


def _as_item(block: Block, node: Node) -> Block:
    return Block(
        "item", block.text, block.markdown, block.line_from, block.line_to, depth=block.depth, ordered=node.ordered,
        number=node.number, plain_lines=block.plain_lines, links=block.links,
    )  # fmt: skip


def _leaf(node: Node, found: Scan, *, depth: int, within: str) -> Block:
    markdown = "\n".join(line for _, line in node.lines)
    if node.kind == "table":
        return _table(node, markdown, found, depth)
    lines = markdown.split("\n") if node.kind in ("code", "fence") else plain(markdown, found.references).split("\n")
    kind = {"fence": "code", "html": "paragraph"}.get(node.kind, node.kind)
    if within == "quote" and kind == "paragraph":
        kind = "quote"
    text = "\n".join(lines).strip("\n") if kind == "code" else one_line(" ".join(lines))
    return Block(
        kind, text, markdown, node.line_from, node.line_to, level=node.level, depth=depth, plain_lines=tuple(lines),
        links=() if kind == "code" else _links(markdown, found),
    )  # fmt: skip


def _links(markdown: str, found: Scan) -> tuple[tuple[str, str], ...]:
    return links(markdown, found.references) if "[" in markdown or "<" in markdown else ()


def _table(node: Node, markdown: str, found: Scan, depth: int) -> Block:
    rows = [text for at, (_, text) in enumerate(node.lines) if at != 1]
    width = len(grids.cells(rows[0]))
    table = []
    for row in rows:
        cells = [one_line(plain(cell, found.references)) for cell in grids.cells(row)]
        table.append(tuple((cells + [""] * width)[:width]))
    text = "\n".join(" | ".join(cells) for cells in table)
    return Block(
        "table", text, markdown, node.line_from, node.line_to, depth=depth, cells=tuple(table),
        links=_links(markdown, found),
    )  # fmt: skip


def _titled(node: Node, found: Scan) -> Iterator[Block]:
    """A paragraph, with the lines in bold at its top that do the work of headings taken apart."""
    lines = list(node.lines)
    while lines and (title := pseudo_heading(lines[0][1], found.references)):
        number, markdown = lines.pop(0)
        yield Block("heading", title, markdown, number, number, plain_lines=(title,))
    if lines:
        rest = Node("paragraph", lines[0][0], node.line_to, lines=lines)
        yield _leaf(rest, found, depth=0, within="")
