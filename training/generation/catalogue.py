"""The policies as generation sees them: places with names, acts with their polarity, and who is related to whom."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from qa.policytext.rules import Rule
from qa.policytext.sections import Section, slugify
from training.generation.citing import cite, raw_line, raw_text
from training.generation.lexicon import STOP_WORDS
from training.generation.material import Citation, Source
from training.generation.spoken import policy_title, spoken
from training.generation.wording import (
    containment,
    jaccard,
    key_of,
    roots,
    sentences,
    stem,
    tokens,
    trimmed,
    without_stop,
)

_GENERIC = """
    includes include included excludes exclude excluded including excluding examples example exceptions exception
    exclusions inclusions overview introduction scope purpose general notes note criteria allowed not permitted
    prohibited violates violating violation violations safe unsafe covered covers does is are what do don't this
    these the a of and or policy rules rule section content in out acceptable unacceptable remove removed keep kept
    here we you our background about summary definition definitions label labels instructions details more things
    to know also see
"""
#: A title of such words alone says nothing without the title above it.
GENERIC = frozenset(word for title in _GENERIC.split() for word in tokens(title))
#: Words in bold in front of a rule, with a sign between them and the rest: emphasis alone is no label.
_LABEL = re.compile(r"^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)?(\*\*|__)(?P<label>.+?)(?:[:.?]\1|\1\s*[:–—-])")
_LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)")
_KIND_OF = re.compile(r"(?i)\b(?:is|are|as|counts as|constitutes?) an? (?:form|kind|type|case) of ([\w -]+)")
_HEAD_END = re.compile(
    r"(?i)[(,;:–—]|\s(?:of|to|for|that|which|who|with|in|on|about|towards?|against|without|by|from|into|when|where|"
    r"presented|intended|involving|directed|aimed|combined|based)\s"
)
#: An act of so few meaning words is said elsewhere where its head is: "private harassment" by "harasses a person".
SHORT = 3
ACT_ROLES = frozenset({"rule", "facet", "example"})


@dataclass(frozen=True, slots=True)
class Place:
    """One section with its full key; `home` is the nearest section above (or itself) whose title says something."""

    key: str
    source: Source
    section: Section
    name: str
    parent: str | None
    home: str


@dataclass(frozen=True, slots=True)
class Act:
    """One rule of a list or table: its label, and its body cut to what can stand alone."""

    place: Place
    index: int
    rule: Rule
    label: str
    body: str
    #: Word roots of the body, and the root of what the act is: *threats* in "direct threats of harm".
    roots: frozenset[str]
    head: str

    @property
    def words(self) -> str:
        """The whole rule."""
        return self.rule.text

    def cite(self) -> Citation | None:
        """Where the whole rule stands."""
        rule = self.rule
        return cite(self.place.source, self.place.key, rule.line_from, rule.line_to, rule.text)


class Catalogue:
    """All places and acts of the policies at hand, in document order."""

    def __init__(self, sources: Sequence[Source]) -> None:
        known = [replace(one, title=policy_title(one.title, one.slug, one.markdown)) for one in sources]
        self.sources = tuple(sorted(known, key=lambda source: source.slug))
        self.places: dict[str, Place] = {}
        for source in self.sources:
            self._read(source)
        self.acts = tuple(act for place in self.places.values() for act in _acts(place))

    def _read(self, source: Source) -> None:
        for section in source.document.sections:
            key = full_key(source.slug, section.key)
            parent = self._parent(source, section, key)
            name = source.title if not section.key else spoken(section.title)
            home = key if parent is None or not _is_generic(section.title) else self.places[parent].home
            self.places[key] = Place(key, source, section, name or source.title, parent, home)

    def _parent(self, source: Source, section: Section, key: str) -> str | None:
        if not section.key:
            return None
        parent = full_key(source.slug, section.parent or "")
        return parent if parent in self.places and parent != key else None

    def above(self, key: str) -> Iterator[str]:
        """The places above *key*, nearest first."""
        parent = self.places[key].parent
        while parent is not None:
            yield parent
            parent = self.places[parent].parent

    def covers(self, target: str, key: str) -> bool:
        """Whether *key* is the place *target* or stands under it."""
        return target in (key, self.places[key].source.slug, *self.above(key))

    def related(self, one: str, other: str) -> bool:
        """Whether two places cannot compete: one above the other, linked, or one a kind of the other."""
        return (
            self.covers(one, other)
            or self.covers(other, one)
            or self.linked(one, other)
            or self._named_after(one, other)
        )

    def linked(self, one: str, other: str) -> bool:
        """Whether one of two places links to the other, or to the policy that it stands in."""
        return any(
            target in self._links[start] or self.places[target].source.slug in self._links[start]
            for start, target in ((one, other), (other, one))
            if self.places[one].source is not self.places[other].source or target in self._links[start]
        )

    def _named_after(self, one: str, other: str) -> bool:
        """Hate and Hate/Threatening; “impersonation is a form of harassment”."""
        first, second = roots(self.places[one].name), roots(self.places[other].name)
        if first and second and (first <= second or second <= first):
            return True
        return bool(self._kinds[one] & second or self._kinds[other] & first)

    @cached_property
    def _kinds(self) -> dict[str, frozenset[str]]:
        return {
            key: frozenset().union(*(roots(of) for of in _KIND_OF.findall(place.section.text)))
            for key, place in self.places.items()
        }

    @cached_property
    def _links(self) -> dict[str, frozenset[str]]:
        """Places, and slugs of policies, that each place links to."""
        return {key: frozenset(self._targets(place)) for key, place in self.places.items()}

    def _targets(self, place: Place) -> Iterator[str]:
        section = place.section
        for line in range(section.line_from, section.line_to + 1):
            for target in _LINK.findall(raw_line(place.source.markdown, line)):
                path, _, anchor = target.partition("#")
                slug = slugify(path.rstrip("/").rsplit("/", 1)[-1].removesuffix(".md"))
                policy = place.source.slug if not path else slug
                key = full_key(policy, slugify(anchor)) if anchor else policy
                yield key if key in self.places else policy

    def says_nearly(self, act: Act, home: str) -> bool:
        """Whether an act under *home* says nearly the same, so that both places would be right."""
        return any(
            jaccard(act.roots, other.roots) >= 0.5
            or (min(len(act.roots), len(other.roots)) >= 3 and containment(act.roots, other.roots) >= 0.75)
            or (act.head and act.head == other.head and act.rule.polarity == other.rule.polarity)
            or (len(act.roots) <= SHORT and act.head in other.roots and act.rule.polarity == other.rule.polarity)
            for other in self.acts_at(home)
        )

    def is_asking(self, home: str) -> bool:
        """Whether a home is headed by a question: what stands there answers it, and is no list of what is banned."""
        return self.places[home].name.rstrip().endswith("?")

    def acts_at(self, home: str) -> tuple[Act, ...]:
        """The acts whose home is *home*."""
        return self._by_home.get(home, ())

    @cached_property
    def _by_home(self) -> dict[str, tuple[Act, ...]]:
        found: dict[str, list[Act]] = {}
        for act in self.acts:
            found.setdefault(act.place.home, []).append(act)
        return {home: tuple(acts) for home, acts in found.items()}

    def text_of(self, home: str) -> str:
        """All words under a home, its title first."""
        own = (place.section.text for place in self.places.values() if place.home == home)
        return " ".join((self.places[home].name, *own))


def full_key(slug: str, key: str) -> str:
    """The section key by which everybody else knows it."""
    return f"{slug}/{key}" if key else slug


def _is_generic(title: str) -> bool:
    words = tokens(title)
    leads_on = title.rstrip().endswith(":") or trimmed(title) != " ".join(title.split())
    return leads_on or all(word in GENERIC for word in words)


def _acts(place: Place) -> Iterator[Act]:
    for index, rule in enumerate(place.section.rules):
        label, body = _split(rule, place.source)
        body = without_stop(next(iter(sentences(body)), body))
        yield Act(place, index, rule, label, body, roots(body), _head(body))


def _head(body: str) -> str:
    before = _HEAD_END.split(body, maxsplit=1)[0]
    words = [word for word in tokens(before) if word not in STOP_WORDS]
    return stem(words[-1]) if words else ""


def _split(rule: Rule, source: Source) -> tuple[str, str]:
    """A rule's label in bold, if it begins with one, and the rest; the whole when there is no rest."""
    cells = [cell.strip() for cell in rule.text.split(" | ")]
    if rule.role == "definition" and len(cells) > 1:
        return cells[-2], cells[-1]
    match = _LABEL.match(raw_line(source.markdown, rule.line_from))
    if match is None:
        return "", rule.text
    label = raw_text(match["label"]).strip(" :.–—-")
    if not key_of(rule.text).startswith(key_of(label)) or not label:
        return "", rule.text
    at = len(label)
    while at < len(rule.text) and key_of(rule.text[:at]) != key_of(label):
        at += 1
    body = rule.text[at:].lstrip(" :.–—-")
    return (label, body) if len(tokens(body)) > 1 else (label, label)
