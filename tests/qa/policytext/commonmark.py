"""A CommonMark reader of other authors, asked for what our scanner must find too."""

from collections.abc import Sequence

from markdown_it import MarkdownIt

from qa.policytext.scanning import Node, scan

Found = tuple[str, int, int]

_REFERENCE = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table")
_LEAVES = {"fence": "code", "code_block": "code", "hr": "rule", "tr_open": "row"}
_OPENING = {"paragraph_open": "paragraph", "blockquote_open": "quote", "table_open": "table", **_LEAVES}


def reference(lines: Sequence[str]) -> list[Found]:
    """Every heading, item, table, row, quote, paragraph and code: what, its level or depth, its line."""
    found, depth = [], 0
    for token in _REFERENCE.parse("\n".join(lines)):
        line = token.map[0] + 1 if token.map else 0
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type == "heading_open":
            found.append(("heading", int(token.tag[1]), line))
        elif token.type == "list_item_open":
            found.append(("item", depth, line))
        elif token.type in _OPENING:
            found.append((_OPENING[token.type], 0, line))
    return found


def ours(lines: Sequence[str]) -> list[Found]:
    """The same from our own scanner."""
    return list(_walk(scan(lines).root, 0))


def _walk(node: Node, depth: int):
    for child in node.children:
        kind = "code" if child.kind == "fence" else child.kind
        if kind == "item":
            yield "item", depth, child.line_from
        elif kind not in ("list", "html"):
            yield kind, child.level, child.line_from
        if kind == "table":
            yield from (("row", 0, line) for at, (line, _) in enumerate(child.lines) if at != 1)
        yield from _walk(child, depth + (kind == "list"))
