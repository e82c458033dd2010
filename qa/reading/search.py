"""Full-text search over policies: an index of each version, made from its stored HTML and kept by the process.

A day's policies are a few hundred thousand words at most and change a few times a year, so each process keeps them in
memory: the same answers on either database, in any language, without a second copy that could go stale.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from qa.reading.parts import parts, plain

_WORD = re.compile(r"\w+")
_ASKED = re.compile(r'"([^"]+)"|(\S+)')
#: Words before and after what was found, in a snippet.
_AROUND = 14
#: How much a word in the title counts beside one in the text, and the usual two numbers of BM25.
_TITLE, _K, _B = 3, 1.2, 0.75
_SHORTEST_START = 3


@dataclass(frozen=True)
class Page:
    """One section of one version, as it is searched."""

    version_id: int
    key: str
    title: str
    path: tuple[str, ...]
    text: str

    def words(self) -> list[tuple[str, int, int]]:
        """The text's words as they are compared, with their places; made anew each time, since few are ever shown."""
        return [(folded(found[0]), found.start(), found.end()) for found in _WORD.finditer(self.text)]

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each word stands in the text, those of the title several times."""
        named = Counter({word: number * _TITLE for word, number in Counter(_words(self.title)).items()})
        return Counter(word for word, _, _ in self.words()) + named


@dataclass(frozen=True, slots=True)
class Bit:
    """A piece of a snippet; *found*: it is what was asked for."""

    text: str
    found: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A section that holds every word that was asked for."""

    page: Page
    score: float
    snippet: tuple[Bit, ...]


def pages(version_id: int, stored: str, title: str, paths: dict[str, tuple[str, ...]]) -> tuple[Page, ...]:
    """The sections of a version's HTML. *paths*: section's key without the policy -> its headings from the top."""
    return tuple(
        Page(version_id, part.key, part.title or title, paths.get(part.key, (part.title,) if part.title else ()),
             plain(part.body))
        for part in parts(stored, title=title)
        if part.key or plain(part.body)
    )  # fmt: skip


def folded(word: str) -> str:
    """A word as it is compared: without case, accents and half-width forms.

    >>> folded("Größe"), folded("Café")
    ('grosse', 'cafe')
    """
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def asked(query: str) -> tuple[tuple[str, ...], ...]:
    """The phrases of a query: what stands in quotes is one, every other word its own.

    >>> asked('threat "in person" homes')
    (('threat',), ('in', 'person'), ('homes',))
    """
    found = (tuple(_words(quoted or single)) for quoted, single in _ASKED.findall(query))
    return tuple(phrase for phrase in found if phrase)


class Index:
    """What stands where in a number of sections."""

    def __init__(self, known: Sequence[Page]) -> None:
        self.pages = known
        self.places: dict[str, set[int]] = {}
        for at, page in enumerate(known):
            for word in page.counts:
                self.places.setdefault(word, set()).add(at)
        self.average = sum(page.counts.total() for page in known) / max(len(known), 1)

    def search(self, query: str, *, most: int = 50) -> tuple[list[Hit], int]:
        """The *most* best of the sections that hold every phrase of *query* in text or title (BM25), and how many do.

        A word of three letters or more also finds longer words that begin with it; where a script has no spaces
        between words, any that hold it.
        """
        phrases = asked(query)
        if not phrases:
            return [], 0
        spellings = {word: self._spellings(word) for phrase in phrases for word in phrase}
        held = {phrase: self._holding(phrase, spellings) for phrase in phrases}
        found = set.intersection(*held.values())
        scores = {at: sum(self._weight(at, phrase, spellings, held) for phrase in held) for at in found}
        best = sorted(found, key=lambda at: (-scores[at], self.pages[at].version_id, self.pages[at].key))[:most]
        wanted = frozenset[str]().union(*spellings.values())
        return [Hit(self.pages[at], scores[at], _snippet(self.pages[at], wanted)) for at in best], len(found)

    def _spellings(self, one: str) -> frozenset[str]:
        """The words of all sections that *one* finds."""
        return frozenset(word for word in self.places if _finds(one, word))

    def _holding(self, phrase: tuple[str, ...], spellings: Mapping[str, frozenset[str]]) -> set[int]:
        each = [set[int]().union(*(self.places[word] for word in spellings[part])) for part in phrase]
        both = set.intersection(*each)
        return both if len(phrase) == 1 else {at for at in both if _in_a_row(self.pages[at], phrase, spellings)}

    def _weight(
        self,
        at: int,
        phrase: tuple[str, ...],
        spellings: Mapping[str, frozenset[str]],
        held: Mapping[tuple[str, ...], set[int]],
    ) -> float:
        counts, found = self.pages[at].counts, len(held[phrase])
        rare = math.log(1 + (len(self.pages) - found + 0.5) / (found + 0.5))
        often = min(sum(counts[word] for word in spellings[part] if word in counts) for part in phrase)
        size = 1 - _B + _B * counts.total() / self.average
        return rare * often * (_K + 1) / (often + _K * size)


def _words(text: str) -> list[str]:
    return [folded(word) for word in _WORD.findall(text)]


def _finds(one: str, word: str) -> bool:
    if one == word or (len(one) >= _SHORTEST_START and word.startswith(one)):
        return True
    return not one.isascii() and one in word


def _in_a_row(page: Page, phrase: tuple[str, ...], spellings: Mapping[str, frozenset[str]]) -> bool:
    rows = ([word for word, _, _ in page.words()], _words(page.title))
    return any(
        all(row[at + step] in spellings[part] for step, part in enumerate(phrase))
        for row in rows
        for at in range(len(row) - len(phrase) + 1)
    )


def _snippet(page: Page, wanted: frozenset[str]) -> tuple[Bit, ...]:
    """The stretch of the text that holds most of what was found, with it marked."""
    words = page.words()
    places = [at for at, (word, _, _) in enumerate(words) if word in wanted]
    if not words:
        return ()
    best = max(places, key=lambda at: sum(at <= other < at + _AROUND for other in places), default=0)
    first, last = max(best - _AROUND // 2, 0), min(best + 2 * _AROUND, len(words)) - 1
    at, end = words[first][1] if first else 0, words[last][2]
    bits = [Bit("… ", False)] if first else []
    for word, left, right in words[first : last + 1]:
        if word in wanted:
            bits += [Bit(page.text[at:left], False), Bit(page.text[left:right], True)]
            at = right
    rest = page.text[at:end] + " …" if last + 1 < len(words) else page.text[at:]
    return tuple(bit for bit in [*bits, Bit(rest, False)] if bit.text)
