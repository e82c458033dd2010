"""A policy's source, made safe to read, line for line."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_FIELD = re.compile(r"^([A-Za-z_][\w .-]*?)[ \t]*:(?:[ \t]+(.*)|)$")
_UNREADABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_SPACES = re.compile("[\x0b\x0c\u2028\u2029]")
_UNTITLED = re.compile(r"\[AUTOTITLE\]\(([^)\s]*)\)")
_HEADING_ID = re.compile(r"^( {0,3}#{1,6} .*?)[ \t]*\{:?[ ]*#[\w.:-]+[^{}\n]*\}[ \t]*$", re.M)
_CUTS = (
    ("<!--", "-->", "a comment"),
    ("{%", "%}", "a template tag"),
    ("{{", "}}", "a template tag"),
    ("{#", "#}", "a template comment"),
)


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something about a source that its owner should know: where, and what was done about it."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The lines of a source (as many as it had, none moved) without what is not policy text."""

    lines: tuple[str, ...]
    front: dict[str, str]
    oddities: tuple[Oddity, ...]


def clean(source: str) -> Cleaned:
    """Take front matter, comments, template tags and unreadable characters off *source*.

    What goes leaves its line breaks behind, so line n of the answer is line n of the source.

    >>> clean("---\\ntitle: Spam\\n---\\nNo <!-- hidden --> spam.").lines
    ('', '', '', 'No  spam.')
    """
    text = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    oddities: list[Oddity] = []
    lines = [_readable(line, number, oddities) for number, line in enumerate(_split(text), 1)]
    front, past = _front_matter(lines, oddities)
    body = "\n".join([""] * past + lines[past:])
    body = _name_links(body, oddities)
    body = _HEADING_ID.sub(r"\1", body)
    for opening, closing, what in _CUTS:
        body = _cut(body, opening, closing, what, oddities)
    oddities.sort(key=lambda oddity: oddity.line)
    return Cleaned(tuple(body.split("\n")), front, tuple(oddities))


def _split(text: str) -> list[str]:
    lines = text.split("\n")
    return lines[:-1] if len(lines) > 1 and not lines[-1] else lines


def _readable(line: str, number: int, oddities: list[Oddity]) -> str:
    """*line* composed (NFC), without characters that have no look or that turn the reading direction."""
    line = unicodedata.normalize("NFC", _SPACES.sub(" ", line))
    found = sorted(set(_UNREADABLE.findall(line)))
    if not found:
        return line
    names = ", ".join(f"U+{ord(character):04X}" for character in found)
    oddities.append(Oddity(number, f"Characters that cannot be seen were left out: {names}."))
    return _UNREADABLE.sub("", line)


def _front_matter(lines: list[str], oddities: list[Oddity]) -> tuple[dict[str, str], int]:
    """The fields before the text, and how many lines they take."""
    fence = lines[0].rstrip()
    if fence not in ("---", "+++"):
        return {}, 0
    closings = ("---", "...") if fence == "---" else ("+++",)
    end = next((at for at in range(1, len(lines)) if lines[at].rstrip() in closings), None)
    if end is None:
        if fence == "+++":
            oddities.append(Oddity(1, "Front matter was opened and never closed; it was read as text."))
        return {}, 0
    inside = lines[1:end]
    fields = _toml(inside) if fence == "+++" else _yaml(inside)
    if fields is None:
        oddities.append(Oddity(1, "What looks like front matter could not be read as such; it was read as text."))
        return {}, 0
    return fields, end + 1


def _toml(lines: list[str]) -> dict[str, str] | None:
    try:
        table = tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return None
    return {key: _one_line(value) for key, value in table.items()}


def _one_line(value: object) -> str:
    return ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)


def _yaml(lines: list[str]) -> dict[str, str] | None:
    """The plain part of YAML that front matter uses: fields, with lists and blocks under them joined."""
    fields: dict[str, list[str]] = {}
    key = ""
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _FIELD.match(line)
        if match:
            key = match[1].strip()
            fields[key] = [_unquoted(match[2] or "")]
        elif key and line.startswith((" ", "- ", "\t")):
            fields[key].append(_unquoted(line.strip().removeprefix("- ")))
        else:
            return None
    return {name: ", ".join(part for part in parts if part not in ("", "|", ">")) for name, parts in fields.items()}


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value


def _name_links(text: str, oddities: list[Oddity]) -> str:
    """Give links whose title a publishing tool would have filled in the words of their target."""

    lines = _Lines(text)

    def named(match: re.Match[str]) -> str:
        page, _, part = match[1].partition("#")
        words = re.sub(r"[-_]+", " ", part or page.rstrip("/").rpartition("/")[2]).strip()
        oddities.append(Oddity(lines.of(match.start()), "A link without a title was named after its target."))
        return f"[{words or 'link'}]({match[1]})"

    return _UNTITLED.sub(named, text).replace("AUTOTITLE", "")


def _cut(text: str, opening: str, closing: str, what: str, oddities: list[Oddity]) -> str:
    """*text* without any *opening* … *closing*; the line breaks within stay."""
    kept: list[str] = []
    lines = _Lines(text)
    at = 0
    for start, end in _spans(text, opening, closing):
        kept += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end
        oddities.append(Oddity(lines.of(start), f"Left out {what}."))
    return "".join(kept) + text[at:]


def _spans(text: str, opening: str, closing: str) -> Iterator[tuple[int, int]]:
    start = text.find(opening)
    while start >= 0:
        end = text.find(closing, start + len(opening))
        if end < 0:
            return
        yield start, end + len(closing)
        start = text.find(opening, end + len(closing))


class _Lines:
    """Counts the lines of a text up to places that are asked for in ascending order, each line once."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.line = text, 0, 1

    def of(self, position: int) -> int:
        """The line in which *position* stands."""
        self.line += self.text.count("\n", self.at, position)
        self.at = position
        return self.line
