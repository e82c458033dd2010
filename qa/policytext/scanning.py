"""The block structure of Markdown as CommonMark reads it, with the line of everything.

A line is first matched against the quotes and lists that are open, then may open others, and what is left of it goes to
the innermost block. Source: the parsing strategy of the CommonMark specification 0.31, https://spec.commonmark.org/0.31.2/.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.policytext import grids, starts
from qa.policytext.references import taken

# A text that is nested deeper than this is no policy; the rest of such a line is read as words.
DEEPEST = 40


@dataclass(slots=True, eq=False)
class Node:
    """A block of the source; *lines* are the numbered lines of a leaf without the marks of what holds it."""

    kind: str
    line_from: int
    line_to: int
    lines: list[tuple[int, str]] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    level: int = 0
    ordered: bool = False
    sign: str = ""
    number: int = 0
    width: int = 0
    closing: re.Pattern[str] | None = None
    is_closed: bool = False
    #: The last line that went on with a paragraph without the marks of what holds it.
    lazy: int = 0


@dataclass(frozen=True, slots=True)
class Scan:
    """The blocks of a text and the targets of its reference links by their folded labels."""

    root: Node
    references: dict[str, str]


def scan(lines: Sequence[str]) -> Scan:
    """Read *lines* (line 1 first) into a tree of blocks. Any text is a tree; nothing raises."""
    scanner = _Scanner()
    for number, line in enumerate(lines, 1):
        scanner.read(number, line.expandtabs(4).rstrip())
    scanner.close_leaf()
    return Scan(scanner.open[0], scanner.references)


class _Scanner:
    def __init__(self) -> None:
        self.open = [Node("document", 1, 1)]
        self.leaf: Node | None = None
        self.references: dict[str, str] = {}

    def read(self, number: int, text: str) -> None:
        """Give one line its place."""
        held, at = self._held(text)
        if held == len(self.open) and self._goes_on(number, text, at):
            return
        while (opened := self._open(number, text, at, held)) is not None:
            if opened < 0:
                return
            at, held = opened, len(self.open)
        self._add(number, text[at:].strip(), held)

    def _held(self, text: str) -> tuple[int, int]:
        """How many of the open blocks still hold this line, and where the rest of it begins."""
        at = 0
        for depth, node in enumerate(self.open):
            rest = text[at:]
            indent = len(rest) - len(rest.lstrip(" "))
            if node.kind == "quote":
                if indent > 3 or not rest.lstrip(" ").startswith(">"):
                    return depth, at
                at += indent + 1
                at += text[at : at + 1] == " "
            elif node.kind == "item":
                if not rest.strip():
                    if not node.children:
                        return depth, at
                elif indent >= node.width:
                    at += node.width
                else:
                    return depth, at
        return len(self.open), at

    def _goes_on(self, number: int, text: str, at: int) -> bool:
        """Whether an open block of code or raw HTML takes the line as it is."""
        leaf, rest = self.leaf, text[at:]
        if leaf is None or leaf.kind not in ("fence", "code", "html"):
            return False
        if leaf.kind == "code":
            if rest.strip() and not rest.startswith("    "):
                self.close_leaf()
                return False
            self._keep(number, rest[4:], counts=bool(rest.strip()))
            return True
        if leaf.kind == "html":
            if leaf.closing is None and not rest.strip():
                self.close_leaf()
                return True
            self._keep(number, rest.strip())
            if leaf.closing is not None and leaf.closing.search(rest):
                self.close_leaf()
            return True
        bare = rest.strip()
        is_end = len(rest) - len(rest.lstrip(" ")) < 4 and len(bare) >= leaf.width and set(bare) == {leaf.sign}
        self._keep(number, "" if is_end else rest)
        if is_end:
            leaf.lines.pop()
            leaf.is_closed = True
            self.close_leaf()
        return True

    def _open(self, number: int, text: str, at: int, held: int) -> int | None:
        """Open the block that begins here: where its text begins, -1 when the line is used up, None when none does."""
        rest = text[at:].lstrip(" ")
        indent = len(text) - at - len(rest)
        inside = held == len(self.open) and self.leaf is not None and self.leaf.kind == "paragraph"
        if not rest:
            return None
        if indent > 3:
            if self.leaf is not None and self.leaf.kind == "paragraph":
                return None
            self._begin(Node("code", number, number), held)
            self._keep(number, text[at + 4 :])
            return -1
        if rest[0] == ">" and len(self.open) < DEEPEST:
            self._begin(Node("quote", number, number), held)
            at += indent + 1
            return at + (text[at : at + 1] == " ")
        if self._open_leaf(number, rest, held, inside=inside):
            return -1
        return self._open_item(number, text, at, indent, held, inside=inside)

    def _open_leaf(self, number: int, rest: str, held: int, *, inside: bool) -> bool:
        """Open a heading, code, raw HTML, a table or a line across the page."""
        heading = starts.heading(rest)
        if heading is not None:
            self._begin(Node("heading", number, number, level=heading[0]), held)
            self._keep(number, heading[1])
            self.close_leaf()
        elif fence := starts.fence(rest):
            self._begin(Node("fence", number, number, sign=fence[0], width=len(fence)), held)
        elif (html := starts.html(rest)) and (html.may_interrupt or not self._in_paragraph()):
            self._begin(Node("html", number, number, closing=html.closing), held)
            self._keep(number, rest.strip())
            if html.closing is not None and html.closing.search(rest):
                self.close_leaf()
        elif inside and (level := starts.underline(rest)) and self._underlined(number, level):
            pass
        elif inside and self.leaf and self.leaf.lines and self._heads_table(self.leaf, rest):
            self._turn_into_table(number, rest)
        elif starts.is_rule(rest):
            self._begin(Node("rule", number, number), held)
            self.close_leaf()
        else:
            return False
        return True

    def _heads_table(self, leaf: Node, dashes: str) -> bool:
        """Whether the last line of a paragraph and the line under it are the head of a table."""
        number, text = leaf.lines[-1]
        return number != leaf.lazy and grids.makes_table(text, dashes)

    def _open_item(self, number: int, text: str, at: int, indent: int, held: int, *, inside: bool) -> int | None:
        """Open a list item, and the list around it if it is the first."""
        marker = starts.marker(text[at + indent :])
        if marker is None or len(self.open) + 1 >= DEEPEST:
            return None
        if inside and (marker.empty or (marker.ordered and marker.number != 1)):
            return None
        self._close(held)
        around = self.open[-1]
        if around.kind == "list" and (around.sign, around.ordered) != (marker.sign, marker.ordered):
            self.open.pop()
            around = self.open[-1]
        if around.kind != "list":
            self._push(Node("list", number, number, ordered=marker.ordered, sign=marker.sign, number=marker.number))
        width = indent + marker.width
        self._push(Node("item", number, number, ordered=marker.ordered, number=marker.number, width=width))
        return min(at + width, len(text))

    def _add(self, number: int, rest: str, held: int) -> None:
        """Put what is left of a line into the paragraph or table it continues, or into a new paragraph."""
        if rest and self.leaf is not None and self._in_paragraph():
            self.leaf.lazy = number if held < len(self.open) else self.leaf.lazy
            self._keep(number, rest)
            return
        if held < len(self.open):
            self._close(held)
        if not rest:
            self.close_leaf()
        elif self.leaf is not None and self.leaf.kind == "table":
            self._keep(number, rest)
        else:
            self._begin(Node("paragraph", number, number), held)
            self._keep(number, rest)

    def _in_paragraph(self) -> bool:
        return self.leaf is not None and self.leaf.kind == "paragraph"

    def _begin(self, node: Node, held: int) -> None:
        """Close what no longer holds, and open *node* in what does; quotes and lists stay open for more."""
        self._close(held)
        if self.open[-1].kind == "list":
            self.open.pop()
        self._push(node)

    def _push(self, node: Node) -> None:
        self.open[-1].children.append(node)
        if node.kind in ("quote", "list", "item"):
            self.open.append(node)
        else:
            self.leaf = node
        self._reach(node.line_to)

    def _close(self, held: int) -> None:
        self.close_leaf()
        del self.open[held:]

    def _keep(self, number: int, text: str, *, counts: bool = True) -> None:
        if self.leaf is None:
            return
        if self.leaf.kind == "paragraph" and not self.leaf.lines:
            self.leaf.line_from = number
        self.leaf.lines.append((number, text))
        if counts:
            self.leaf.line_to = number
            self._reach(number)

    def _reach(self, number: int) -> None:
        for node in self.open:
            node.line_to = max(node.line_to, number)

    def close_leaf(self) -> None:
        """End the innermost block; a paragraph gives up the link targets that it opens with."""
        leaf, self.leaf = self.leaf, None
        if leaf is None or leaf.kind != "paragraph":
            return
        self._take_definitions(leaf)
        if not leaf.lines:
            self._parent_of(leaf).children.pop()

    def _parent_of(self, leaf: Node) -> Node:
        return next(node for node in reversed(self.open) if node.children and node.children[-1] is leaf)

    def _take_definitions(self, leaf: Node) -> None:
        count, found = taken(leaf.lines)
        for label, target in found.items():
            self.references.setdefault(label, target)
        del leaf.lines[:count]
        if count and leaf.lines:
            leaf.line_from = leaf.lines[0][0]

    def _underlined(self, number: int, level: int) -> bool:
        """Make the open paragraph a heading, unless it held nothing but link targets."""
        leaf = self.leaf
        if leaf is None:
            return False
        self._take_definitions(leaf)
        if not leaf.lines:
            return False
        leaf.kind, leaf.level, leaf.line_to = "heading", level, number
        self._reach(number)
        self.leaf = None
        return True

    def _turn_into_table(self, number: int, dashes: str) -> None:
        """Make the last line of the open paragraph the head of a table."""
        leaf = self.leaf
        if leaf is None:
            return
        head = leaf.lines.pop()
        leaf.line_to = leaf.lines[-1][0] if leaf.lines else leaf.line_from
        parent = self._parent_of(leaf)
        if not leaf.lines:
            parent.children.pop()
        else:
            self.close_leaf()
        self._push(Node("table", head[0], number, lines=[head, (number, dashes)]))
