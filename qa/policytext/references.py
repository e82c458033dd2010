"""The targets of reference links, which a paragraph may open with."""

import re
from collections.abc import Sequence

_DEFINITION = re.compile(
    r"\[((?:[^\[\]\\]|\\.){1,999})\]:[ ]*\n?[ ]*(<[^<>\n]*>|[^\s<]\S*)"
    r"(?:(?:[ ]+|[ ]*\n[ ]*)(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ ]*(?:\n|$)"
)


def fold(label: str) -> str:
    """A reference link's label as it is compared."""
    return " ".join(label.split()).casefold()


def taken(lines: Sequence[tuple[int, str]]) -> tuple[int, dict[str, str]]:
    """How many of a paragraph's *lines* are targets of links, and these by their folded labels; the first wins."""
    found: dict[str, str] = {}
    at = 0
    while at < len(lines) and lines[at][1].startswith("["):
        match = _DEFINITION.match("\n".join(text for _, text in lines[at : at + 4]))
        if match is None or not match[1].strip() or match[1].startswith("^") or not _is_balanced(match[2]):
            break
        found.setdefault(fold(match[1]), match[2].strip("<>"))
        at += match[0].count("\n") + (not match[0].endswith("\n"))
    return at, found


def _is_balanced(address: str) -> bool:
    """Whether the brackets in a link's target open and close in pairs."""
    depth = 0
    for sign in re.sub(r"\\.", "", address) if not address.startswith("<") else "":
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return False
    return depth == 0
