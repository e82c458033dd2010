"""Blocks written as Markdown that Python-Markdown nests as CommonMark does.

Python-Markdown wants a blank line before a list and four spaces for each step of nesting, finds headings and quotes
inside paragraphs, and knows fences of code only at the margin; every block is written so that none of this matters.
"""

import re
from collections.abc import Iterator, Sequence

from qa.policytext import grids
from qa.policytext.inline import settled
from qa.policytext.scanning import Node, Scan
from qa.policytext.titles import pseudo_heading

Line = tuple[int, str]

_STEP = "    "
_LEADS = re.compile(
    r"(?P<mark>[#>]|[*+-](?=\s|$)|\[(?=[^\]]*\]:)|\*(?=\[))|(?P<number>\d+)(?=[.)](?:\s|$))|(?P<colon>:(?=\s))"
)
_DRAWN = re.compile(r"[=\-*_| :]+$")
_LABELLED = re.compile(r"(\*\*|__)[^*_]+(?::\1|\1:)")


def write(found: Scan) -> Iterator[Line]:
    """The lines of all blocks, each with the number of the source's line that it came from."""
    last = 1
    for last, text in _blocks(found.root.children, found, depth=0):
        yield last, text
    if found.references:
        yield last, ""
    for label, target in found.references.items():
        yield last, f"[{label}]: <{target}>"


def _blocks(nodes: Sequence[Node], found: Scan, *, depth: int) -> Iterator[Line]:
    at = 0
    for node in nodes:
        if at:
            yield at, ""
        for at, text in _block(node, found, depth=depth):
            yield at, text
        at = at or node.line_from


def _block(node: Node, found: Scan, *, depth: int) -> Iterator[Line]:
    match node.kind:
        case "list":
            yield from _list(node, found, depth=depth)
        case "quote":
            for at, text in _blocks(node.children, found, depth=depth):
                yield at, f"> {text}".rstrip()
        case "heading":
            yield (
                node.line_from,
                "#" * node.level + " " + settled(" ".join(text for _, text in node.lines), found.references),
            )
        case "code" | "fence":
            yield from _code(node, depth=depth)
        case "table":
            yield from _table(node, found)
        case "rule":
            yield node.line_from, "- - -"
        case _:
            yield from _paragraph(node, found, depth=depth)


def _list(node: Node, found: Scan, *, depth: int) -> Iterator[Line]:
    is_tight = _is_tight(node)
    for count, item in enumerate(node.children):
        if count and not is_tight:
            yield item.line_from, ""
        lines = list(_blocks(item.children, found, depth=depth + 1)) or [(item.line_from, "")]
        if is_tight:
            lines = [line for line in lines if line[1]] or lines
        if _opens_oddly(item):
            lines = [(item.line_from, "&#8203;"), (item.line_from, ""), *lines]
        sign = f"{node.number + count}." if node.ordered else "-"
        yield lines[0][0], f"{sign} {lines[0][1]}".rstrip()
        for at, text in lines[1:]:
            yield at, (_STEP + text) if text else ""


def _is_tight(node: Node) -> bool:
    """Whether every item is a few words and at most one such list."""
    return not any(_opens_oddly(item) or len(item.children) > 2 for item in node.children) and all(
        child.kind == "list" and _is_tight(child) for item in node.children for child in item.children[1:]
    )


def _opens_oddly(item: Node) -> bool:
    return not item.children or item.children[0].kind not in ("paragraph", "html")


def _paragraph(node: Node, found: Scan, *, depth: int) -> Iterator[Line]:
    lines = list(node.lines)
    while depth == 0 and node.kind == "paragraph" and len(lines) > 1 and pseudo_heading(lines[0][1], found.references):
        yield lines.pop(0)
        yield lines[0][0], ""
    words = settled("\n".join(text for _, text in lines), found.references).split("\n")
    for count, ((at, _), text) in enumerate(zip(lines, words, strict=True)):
        breaks = count + 1 < len(lines) and _LABELLED.match(lines[count + 1][1])
        yield at, _guarded(text) + ("  " if breaks else "")


def _guarded(text: str) -> str:
    """A line of words that Python-Markdown cannot take for the start of another block."""
    if _DRAWN.match(text):
        return "&#61;" + text[1:] if text[0] == "=" else "\\" + text
    match = _LEADS.match(text)
    if match is None:
        return text
    if match["number"]:
        return f"{match['number']}\\{text[match.end() :]}"
    if match["colon"]:
        return "&#58;" + text[1:]
    return "\\" + text


def _code(node: Node, *, depth: int) -> Iterator[Line]:
    lines = node.lines or [(node.line_from, "")]
    if depth:
        yield from ((at, _STEP + text) for at, text in lines)
        return
    longest = max((len(run) for _, text in lines for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    yield node.line_from, fence
    yield from lines
    yield node.line_to, fence


def _table(node: Node, found: Scan) -> Iterator[Line]:
    width = len(grids.cells(node.lines[0][1]))
    for count, (at, row) in enumerate(node.lines):
        cells = [settled(cell, found.references).replace("|", "\\|") for cell in grids.cells(row)]
        padded = (cells + ["---" if count == 1 else ""] * width)[:width]
        yield at, "| " + " | ".join(padded) + " |"
