"""Which section points to which: by a link, by "see ...", or by a title that names the same subject."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from qa.policytext.polarity import heading_side
from qa.policytext.sections import Document, Section, slugify

_POINTS = re.compile(
    r"\b(?:see(?: also)?|refer to|(?:described|defined|explained|set out|listed|covered) (?:in|under|by))\s+"
    r"(?:the\s+|our\s+)?(?:sections?\s+)?[\"“'‘(]?",
    re.I,
)
_NUMBER = re.compile(r"§?\s*(\d+(?:\.\d+)*|[A-Z])(?=[\s.,;:)\"”]|$)")
_TITLE_NUMBER = re.compile(r"(\d+(?:\.\d+)*|[A-Z])(?=[.)]?\s)")
_PARTS = re.compile(r"\s*[:|()]\s*(?:[–—-]\s+)?|\s+[–—-]\s+")
_LONGEST_TITLE_WORDS = 10


@dataclass(frozen=True, slots=True)
class Link:
    """Words in *section* that point elsewhere.

    *policy* is the slug of the document they point to ("" for their own, None for none that can be told) and *target*
    the key of the section there, "" for the document itself; *address* is empty where the words alone point.
    """

    section: str
    words: str
    address: str
    line: int
    policy: str | None
    target: str


def links(document: Document) -> tuple[Link, ...]:
    """Every link of *document*, and every "see ..." that names one of its sections, in the order of the text.

    >>> from qa.policytext.sections import parse
    >>> [(one.section, one.target) for one in links(parse("# T\\n## A\\nSee B.\\n## B\\n[back](#a)", name="t"))]
    [('a', 'b'), ('b', 'a')]
    """
    places = _Places(document)
    return tuple(link for section in document.sections for link in _links(section, places))


def aliases(title: str) -> tuple[str, ...]:
    """What else a section is called by its own title: the parts of it that are not a side.

    >>> aliases("S (Sexual) – VIOLATES"), aliases("Non-consensual imagery (NCII)")
    (('S', 'Sexual'), ('Non-consensual imagery', 'NCII'))
    """
    parts = [part.strip(" .") for part in _PARTS.split(title)]
    return tuple(dict.fromkeys(part for part in parts if part and heading_side(part) is None))


def related(document: Document) -> dict[str, frozenset[str]]:
    """Key of each section -> keys of those that link to it, that it links to, or that share its subject with it."""
    found: dict[str, set[str]] = {section.key: set() for section in document.sections}
    pairs = [(link.section, link.target) for link in links(document) if link.policy == "" and link.target]
    by_subject: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for section in document.sections:
        names = aliases(section.title)
        if section.key and names and names != (section.title,):
            by_subject[tuple(name.casefold() for name in names)].append(section.key)
    pairs += [(one, other) for keys in by_subject.values() for one in keys for other in keys]
    for one, other in pairs:
        if one != other and one in found and other in found:
            found[one].add(other)
            found[other].add(one)
    return {key: frozenset(keys) for key, keys in found.items()}


class _Places:
    """Where the words and addresses of one document may point to."""

    def __init__(self, document: Document) -> None:
        self.slug = document.slug
        self.keys = {section.key for section in document.sections}
        self.titles: dict[str, str] = {}
        self.numbers: dict[str, str] = {}
        for section in document.sections:
            if not section.key:
                continue
            number = _TITLE_NUMBER.match(section.title)
            if number is not None:
                self.numbers.setdefault(number[1], section.key)
            bare = section.title[number.end() :].lstrip(" .)") if number is not None else section.title
            for name in (section.title, bare, *aliases(bare)[:1]):
                self.titles.setdefault(slugify(name), section.key)

    def anchor(self, name: str) -> str:
        """The key of the section that the part of an address after "#" names, as it is when none does."""
        slug = slugify(name)
        return slug if slug in self.keys else self.titles.get(slug, slug)

    def named(self, words: list[str]) -> tuple[str, int]:
        """The key of the section whose title most of *words* are, and how many they are."""
        for count in range(min(len(words), _LONGEST_TITLE_WORDS), 0, -1):
            key = self.titles.get(slugify(" ".join(words[:count])))
            if key is not None and words[0][:1].isupper():
                return key, count
        return "", 0


def _links(section: Section, places: _Places) -> Iterator[Link]:
    for block in section.blocks:
        linked = set()
        for words, address in block.links:
            policy, target = _target(address, places)
            linked.add(words)
            yield Link(section.key, words, address, block.line_from, policy, target)
        for match in _POINTS.finditer(block.text) if block.kind != "code" else ():
            after = block.text[match.end() : match.end() + 120]
            words, key = _mention(after, places)
            if key and key != section.key and not any(words in other or other in words for other in linked):
                yield Link(section.key, words, "", block.line_from, "", key)


def _mention(after: str, places: _Places) -> tuple[str, str]:
    """The section that the words after "see" name by its number or its title."""
    number = _NUMBER.match(after)
    if number is not None and number[1] in places.numbers:
        return number[0], places.numbers[number[1]]
    words = after.split()
    key, count = places.named(words)
    return " ".join(words[:count]).strip("\"”’'.,;:)"), key


def _target(address: str, places: _Places) -> tuple[str | None, str]:
    path, _, anchor = address.partition("#")
    if not path:
        return "", places.anchor(anchor)
    if re.match(r"(?:mailto|tel|javascript|data):", path, re.I):
        return None, ""
    page = re.sub(r"\?.*|\.(?:md|markdown|html?)$", "", path.rstrip("/"), flags=re.I)
    name = re.sub(r"^https?://[^/]*", "", page, flags=re.I).rpartition("/")[2]
    slug = slugify(name)
    if slug == places.slug:
        return "", places.anchor(anchor)
    return (slug or None), slugify(anchor)
