"""A policy as a tree of sections with keys that stay."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from qa.policytext.blocks import Block, blocks
from qa.policytext.cleaning import Oddity
from qa.policytext.contexts import Passage
from qa.policytext.hashing import text_hash
from qa.policytext.matching import matched
from qa.policytext.normalise import Normalised, normalise
from qa.policytext.oddities import gathered
from qa.policytext.outline import Heading, Outline, doubts, outline
from qa.policytext.rules import Rule, read_rules

_DASHES = re.compile("[\u2010-\u2015\u2212]")


@dataclass(frozen=True, slots=True)
class Section:
    """One heading's own text, up to the next heading of any level; the key "" is the document itself."""

    key: str
    path: tuple[str, ...]
    title: str
    level: int
    parent: str | None
    line_from: int
    line_to: int
    text: str
    text_hash: str
    blocks: tuple[Block, ...]
    rules: tuple[Rule, ...]
    #: Changes with whatever is written, be it only a mark of Markdown.
    source_hash: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed policy; its sections share out all lines of the source, in order and without overlap."""

    slug: str
    title: str
    front: Mapping[str, str]
    sections: tuple[Section, ...]
    oddities: tuple[Oddity, ...]


def parse(markdown: str | Normalised, *, name: str) -> Document:
    """Read *markdown* into sections and rules; *name* (of the file) gives the slug where the front matter has none.

    Whoever needs the normalised text too hands it in, so that it is made once.

    >>> [section.key for section in parse("# Spam\\nIntro.\\n## Not allowed\\n- Links", name="spam").sections]
    ['', 'not-allowed']
    """
    text = normalise(markdown) if isinstance(markdown, str) else markdown
    pieces = blocks(text)
    found = outline(pieces, text.front, name=name)
    slug = slugify(text.front.get("slug", "")) or slugify(name) or "policy"
    sections = tuple(_sections(pieces, found, text.source))
    oddities = gathered((*text.oddities, *doubts(pieces, found.headings)))
    return Document(slug, found.title, text.front, sections, oddities)


def slugify(text: str) -> str:
    """Lower case ASCII words joined by "-".

    >>> slugify("S (Sexual) – VIOLATES"), slugify("target_indiv")
    ('s-sexual-violates', 'target-indiv')
    """
    letters = unicodedata.normalize("NFKD", _DASHES.sub("-", text)).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", letters.replace("'", "")))


def _sections(pieces: Sequence[Block], found: Outline, lines: Sequence[str]) -> Iterator[Section]:
    """The document's own section, where it has any line, then one for each heading."""
    starts = [pieces[heading.at].line_from for heading in found.headings]
    ends = [start - 1 for start in starts[1:]] + [len(lines)]
    bodies = [_body(pieces, found, at) for at in range(-1, len(found.headings))]
    passages = [Passage("", None, bodies[0])]
    for heading, body in zip(found.headings, bodies[1:], strict=True):
        passages.append(Passage(heading.title, 0 if heading.parent is None else heading.parent + 1, body))
    rules = read_rules(passages)
    keys = _keys(found.headings)
    first = starts[0] - 1 if starts else len(lines)
    if first:
        yield _section("", (), found.title, 0, None, (1, first), bodies[0], rules[0], lines)
    for at, heading in enumerate(found.headings):
        yield _section(
            keys[at],
            _path(found.headings, at),
            heading.title,
            heading.level,
            None if heading.parent is None else keys[heading.parent],
            (starts[at], ends[at]),
            bodies[at + 1],
            rules[at + 1],
            lines,
        )


def _section(
    key: str, path: tuple[str, ...], title: str, level: int, parent: str | None, span: tuple[int, int],
    body: tuple[Block, ...], rules: tuple[Rule, ...], lines: Sequence[str],
) -> Section:  # fmt: skip
    text = "\n".join(block.text for block in body if block.text)
    written = "\n".join(line.rstrip() for line in lines[span[0] - 1 : span[1]]).strip("\n")
    source_hash = hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
    return Section(key, path, title, level, parent, *span, text, text_hash(text), body, rules, source_hash)


def _body(pieces: Sequence[Block], found: Outline, at: int) -> tuple[Block, ...]:
    """The blocks under heading *at* (-1: above the first heading), without the heading and without the title."""
    start = found.headings[at].at + 1 if at >= 0 else 0
    end = found.headings[at + 1].at if at + 1 < len(found.headings) else len(pieces)
    return tuple(pieces[place] for place in range(start, end) if place != found.title_at)


def _path(headings: Sequence[Heading], at: int) -> tuple[str, ...]:
    titles: list[str] = []
    place: int | None = at
    while place is not None:
        titles.append(headings[place].title)
        place = headings[place].parent
    return tuple(reversed(titles))


def _keys(headings: Sequence[Heading]) -> list[str]:
    """A key for each heading: its slug, a second time with its parent's in front, then with a number behind."""
    keys: list[str] = []
    taken: dict[str, int] = {}
    for at, heading in enumerate(headings):
        key = slugify(heading.title) or f"section-{at + 1}"
        if key in taken and heading.parent is not None:
            key = f"{keys[heading.parent]}-{key}"
        keys.append(_free(key, taken))
    return keys


def _free(key: str, taken: dict[str, int]) -> str:
    """*key*, or *key* with the next number where it is taken; *taken* counts how often each was asked for."""
    free = key
    while free in taken:
        taken[key] += 1
        free = f"{key}-{taken[key]}"
    taken[free] = 1
    return free


def carry_keys(old: Sequence[Section], new: Sequence[Section]) -> dict[str, str]:
    """Which key each section of a new version bears: new key -> stable key.

    A section is the one of the old version with the same path, else the same title, else more than half of the words;
    what is none of these keeps its own key, or the next free one.
    """
    carried = {new[at].key: old[other].key for at, other in matched(old, new).items()}
    taken = dict.fromkeys(carried.values(), 1)
    for section in new:
        if section.key not in carried:
            carried[section.key] = _free(section.key, taken) if section.key else ""
    return carried


def rekeyed(document: Document, known: Mapping[tuple[int, int], str]) -> Document:
    """*document* with the keys that its sections are *known* by, first and last line -> key; others keep theirs."""
    keys = {one.key: known.get((one.line_from, one.line_to), one.key) for one in document.sections}
    sections = tuple(
        replace(one, key=keys[one.key], parent=None if one.parent is None else keys[one.parent])
        for one in document.sections
    )
    return replace(document, sections=sections)
