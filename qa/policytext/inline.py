"""The words of Markdown without its marks."""

import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<code>`+)"
    r"|(?P<auto><(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+)>)"
    r"|(?P<tag></?[A-Za-z][A-Za-z0-9-]*(?:\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s\"'=<>`]+|'[^']*'"
    r"|\"[^\"]*\"))?)*\s*/?>)"
    r"|(?P<link>!?\[(?P<words>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]"
    r"(?:\(\s*(?P<address><[^<>\n]*>|[^\s()<]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*\)"
    r"|\[(?P<label>[^\[\]]*)\])?)"
    r"|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<run>\*+|_+)",
    re.S,
)
_TICKS = re.compile("`+")


@dataclass(slots=True)
class _Run:
    """Asterisks or underscores: *left* of them are words so far, the others were found to be marks."""

    sign: str
    left: int
    opens: bool
    closes: bool


def plain(markdown: str, references: Mapping[str, str]) -> str:
    """The words of *markdown*, as many lines as it has; *references* are the labels that links may use.

    >>> plain("**Never** share [a key](/keys).", {})
    'Never share a key.'
    """
    parts: list[str | _Run] = []
    at = 0
    while match := _TOKEN.search(markdown, at):
        parts.append(markdown[at : match.start()])
        at = match.end()
        if match["code"]:
            words, at = _code(markdown, match)
            parts.append(words)
        elif match["run"]:
            parts.append(_run(markdown, match))
        else:
            parts.append(_words(match, references))
    parts.append(markdown[at:])
    _pair(parts)
    return "".join(part.sign * part.left if isinstance(part, _Run) else part for part in parts)


def links(markdown: str, references: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The words and the address of every link in *markdown*; pictures are none.

    >>> links("See [the form](/form) or <https://example.org>.", {})
    (('the form', '/form'), ('https://example.org', 'https://example.org'))
    """
    found: list[tuple[str, str]] = []
    at = 0
    while match := _TOKEN.search(markdown, at):
        at = match.end()
        if match["code"]:
            _, at = _code(markdown, match)
        elif match["auto"]:
            found.append((match[0][1:-1].removeprefix("mailto:"), match[0][1:-1]))
        elif match["link"] and not match[0].startswith("!") and _is_linked(match, references):
            label = " ".join((match["label"] or match["words"]).split()).casefold()
            address = match["address"] if match["address"] is not None else references.get(label, "")
            found.append((one_line(plain(match["words"], references)), address.strip("<>")))
    return tuple(found)


def settled(markdown: str, references: Mapping[str, str]) -> str:
    """*markdown* with a backslash before every bracket and backtick that opens nothing.

    A reader that looks for the end of each of them otherwise takes time that grows with the text's square.
    """
    parts: list[str] = []
    at = 0
    while match := _TOKEN.search(markdown, at):
        parts.append(_escaped(markdown[at : match.start()]))
        at = match.end()
        if match["code"]:
            _, at = _code(markdown, match)
            is_open = at == match.end()
            parts.append("\\`" * len(match[0]) if is_open else markdown[match.start() : at])
        elif match["link"] and not _is_linked(match, references):
            parts.append(_escaped(match[0]))
        else:
            parts.append(match[0])
    return "".join([*parts, _escaped(markdown[at:])])


def _escaped(text: str) -> str:
    return re.sub(r"\\?([\[\]])", r"\\\1", text)


def one_line(text: str) -> str:
    """*text* with every run of white space as one space."""
    return " ".join(text.split())


def _words(match: re.Match[str], references: Mapping[str, str]) -> str:
    """What an escape, a link, a tag or an entity reads as."""
    found = match[0]
    if match["escape"]:
        return found[1]
    if match["auto"]:
        return found[1:-1].removeprefix("mailto:")
    if match["tag"]:
        return "\n" * found.count("\n") or (" " if found[1:3].lower() == "br" else "")
    if match["entity"]:
        return html.unescape(found)
    words = match["words"]
    if not _is_linked(match, references):
        return found
    inner = plain(words, references)
    return inner + "\n" * (found.count("\n") - inner.count("\n"))


def _is_linked(match: re.Match[str], references: Mapping[str, str]) -> bool:
    """Whether brackets are a link: an address follows, or their label is known."""
    words, label = match["words"], match["label"]
    if label is None and not match[0].endswith(f"[{words}]"):
        return True
    return " ".join((label or words).split()).casefold() in references


def _code(markdown: str, match: re.Match[str]) -> tuple[str, int]:
    """The code between two equal runs of backticks, and where reading goes on."""
    ticks = len(match[0])
    for other in _TICKS.finditer(markdown, match.end()):
        if len(other[0]) == ticks:
            code = markdown[match.end() : other.start()]
            if code.strip(" ") and code[0] == code[-1] == " ":
                code = code[1:-1]
            return code, other.end()
    return match[0], match.end()


def _run(markdown: str, match: re.Match[str]) -> _Run:
    """Asterisks or underscores with what they may do, by the characters beside them."""
    before = markdown[match.start() - 1] if match.start() else " "
    after = markdown[match.end()] if match.end() < len(markdown) else " "
    opens = not after.isspace() and (not _is_sign(after) or before.isspace() or _is_sign(before))
    closes = not before.isspace() and (not _is_sign(before) or after.isspace() or _is_sign(after))
    if match[0][0] == "_":
        opens, closes = opens and (not closes or _is_sign(before)), closes and (not opens or _is_sign(after))
    return _Run(match[0][0], len(match[0]), opens, closes)


def _is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _pair(parts: list[str | _Run]) -> None:
    """Take the marks of emphasis off every pair of runs that open and close."""
    opened: dict[str, list[tuple[int, _Run]]] = {"*": [], "_": []}
    for at, part in enumerate(parts):
        if not isinstance(part, _Run):
            continue
        if part.closes:
            _close(part, opened)
        if part.left and part.opens:
            opened[part.sign].append((at, part))


def _close(closer: _Run, opened: dict[str, list[tuple[int, _Run]]]) -> None:
    """Pair *closer* with the nearest openers of its sign; the other sign's openers between them stay words."""
    own, other = opened[closer.sign], opened["_" if closer.sign == "*" else "*"]
    while closer.left and own:
        at, opener = own[-1]
        while other and other[-1][0] > at:
            other.pop()
        used = min(closer.left, opener.left)
        closer.left -= used
        opener.left -= used
        if not opener.left:
            own.pop()
