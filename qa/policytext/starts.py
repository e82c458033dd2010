"""How a line shows that a block begins: the marks of CommonMark, one recogniser each."""

import re
from dataclasses import dataclass

_HEADING = re.compile(r"(#{1,6})(?:[ ]+(.*?))??(?:[ ]+#+)?[ ]*$")
_GLUED = re.compile(r" {0,3}#{2,6}[A-Za-z][^#]*$")
_RULE = re.compile(r"(?:(?:\*[ ]*){3,}|(?:_[ ]*){3,}|(?:-[ ]*){3,})$")
_UNDERLINE = re.compile(r"(?:=+|-+)[ ]*$")
_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_BULLET = re.compile(r"([*+-])(?=[ ]|$)")
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=[ ]|$)")
_TAG = (
    r"(?:<[A-Za-z][A-Za-z0-9-]*(?:\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?)*\s*/?>"
    r"|</[A-Za-z][A-Za-z0-9-]*\s*>)"
)
_BLOCK_TAGS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt"
    "|fieldset|figcaption|figure|footer|form|frame|frameset|h1|h2|h3|h4|h5|h6|head|header|hr|html|iframe|legend|li"
    "|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot"
    "|th|thead|title|tr|track|ul"
)
# What opens raw HTML, what closes it (None: a blank line), and whether it may cut into a paragraph.
_HTML = (
    (
        re.compile(r"<(?:script|pre|style|textarea)(?:\s|>|$)", re.I),
        re.compile(r"</(?:script|pre|style|textarea)>", re.I),
        True,
    ),
    (re.compile(r"<!--"), re.compile(r"-->"), True),
    (re.compile(r"<\?"), re.compile(r"\?>"), True),
    (re.compile(r"<![A-Za-z]"), re.compile(r">"), True),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>"), True),
    (re.compile(rf"</?(?:{_BLOCK_TAGS})(?:\s|/?>|$)", re.I), None, True),
    (re.compile(rf"{_TAG}\s*$"), None, False),
)


@dataclass(frozen=True, slots=True)
class Marker:
    """What stands in front of a list item: its sign, its number, and how far its text is indented."""

    sign: str
    ordered: bool
    number: int
    width: int
    empty: bool


@dataclass(frozen=True, slots=True)
class Html:
    """An opening of raw HTML and what will close it."""

    closing: re.Pattern[str] | None
    may_interrupt: bool


def heading(rest: str) -> tuple[int, str] | None:
    """Level and Markdown of the heading that *rest* (a line without its indent) is."""
    match = _HEADING.match(rest)
    return (len(match[1]), (match[2] or "").strip()) if match else None


def is_glued_heading(line: str) -> bool:
    """Whether *line* was meant as a heading and lacks the space after its marks."""
    return bool(_GLUED.match(line))


def underline(rest: str) -> int:
    """The level that *rest* gives to the paragraph above it; 0 when it is no underline."""
    if not _UNDERLINE.match(rest):
        return 0
    return 1 if rest[0] == "=" else 2


def is_rule(rest: str) -> bool:
    """Whether *rest* is a line drawn across the page."""
    return bool(_RULE.match(rest))


def fence(rest: str) -> str:
    """The backticks or tildes that open a block of code, else nothing."""
    match = _FENCE.match(rest)
    return (match[1] or match[2]) if match else ""


def html(rest: str) -> Html | None:
    """The raw HTML that *rest* opens."""
    if not rest.startswith("<"):
        return None
    for opening, closing, may_interrupt in _HTML:
        if opening.match(rest):
            return Html(closing, may_interrupt)
    return None


def marker(rest: str) -> Marker | None:
    """The list marker that *rest* begins with."""
    bullet = _BULLET.match(rest)
    number = None if bullet else _NUMBER.match(rest)
    match = bullet or number
    if match is None:
        return None
    after = rest[match.end() :]
    spaces = len(after) - len(after.lstrip(" "))
    empty = not after.strip()
    padding = 1 if empty or spaces > 4 else spaces
    sign = bullet[1] if bullet else match[2]
    return Marker(sign, number is not None, int(match[1]) if number else 0, match.end() + padding, empty)
