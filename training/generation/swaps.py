"""Swaps: a word of a sentence for one that turns its meaning and adds no word, so that its length tells nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from training.generation import choice
from training.generation.wording import tokens

#: Pairs that turn a rule round; each goes both ways.
_TURNS = """
    publicly/privately minimum/maximum temporary/permanent temporarily/permanently
    mandatory/optional mandatory/voluntary automatically/manually verbal/written unanimous/majority
    encouraged/required public/private free/paid
"""
#: These go one way only: the other way round they are too often part of a fixed phrase.
_ONE_WAY = "must/may should/may shall/may without/with recommended/required before/after including/excluding"
_PHRASES = (
    ("at least", "at most"), ("at most", "at least"), ("no more than", "no less than"), ("more than", "less than"),
    ("regardless of", "depending on"),
)  # fmt: skip
_PAIRS = [tuple(one.split("/")) for one in _TURNS.split()]
#: Lower case -> what stands for it.
WORDS = dict(
    [(b, a) for a, b in reversed(_PAIRS)]
    + [(a, b) for a, b in reversed(_PAIRS)]
    + [(a, b) for a, b in (one.split("/") for one in _ONE_WAY.split())]
)
#: "It may be that ..." guesses, "the board may, at its discretion" leaves it open, and so does "at any
#: time": none can be turned.
_GUESSES = (
    "be|have|seem|appear|contain|include|take|not|also|result|cause|feel|lead|vary|need|want|wish|find|become|think|"
    "decide|choose|differ|happen|occur|change|come|help|or|even|still|involve|require|violate|constitute"
)
_DISCRETION = re.compile(
    r"(?i)\b(?:discretion|at any time|any reason|(?:if|as|where|when) (?:necessary|needed|appropriate))\b"
)
#: Who decides may be bound to it as well; that somebody "must appeal" would deceive nobody.
_DECIDES = "we|committee|board|teams?|staff|moderators?|administrators?|admins?|managers?|leaders|hosts?"
#: A house that speaks of itself by its name: a word in capitals where a sentence or its second half begins.
_HOUSE = r"(?:^|, )(?-i:(?!We|You|It|They|This|That|These|Those|There|If|When|\w+s\b)[A-Z]\w+)"
_PERMITS = re.compile(rf"(?i)(?:\b(?:{_DECIDES})|{_HOUSE})\s+(?P<word>may)\s(?!(?:{_GUESSES}|only)\b)")
_CAN = re.compile(
    r"(?i)\b(?:you|we|members?|users?|they)\s+(?P<word>can)\s(?!not\b|also\b|be\b|have\b|only\b|\w+ up to\b)"
)
_PROMISES = re.compile(
    rf"(?i)(?:\b(?:{_DECIDES})|{_HOUSE})\s+(?P<word>will)\s(?!not\b|be\b|only\b|also\b|never\b|always\b|have\b)"
)
#: "may only" and "must only" say the same.
_ONLY = re.compile(r"(?i)\b(?:will|shall)\s+(?P<word>only)\s(?!if\b|when\b|after\b)")
_WORD = re.compile(r"(?<![\w-])(?P<word>[A-Za-z]+)(?![\w-])")
#: What follows says that a word does not stand for itself: "must not", "should have been", "without accessing".
_LEFT_ALONE = re.compile(
    r"(?i)^(?:must|should|shall)\s+(?:not|also|only|either|never|always|have|be at (?:least|most))\b|"
    r"^without (?!(?:\w+ ){0,2}(?:notice|warning|notification|refund|recompense|compensation|explanation|hearing|"
    r"lawyer)\b)|"
    r"^(?:publicly|privately) (?!(?:\w+ ){0,2}(?:shar|post|discuss|disclos|comment|report|apolog|announc|publish)\w*)|"
    r"^(?:encouraged|required|recommended)\b(?! to\b)|^(?:verbal|written)\b(?! (?:warning|notice|consent|apology)s?\b)|"
    r"^(?:public|private)\b(?! (?:channels?|chats?|areas?|rooms?|servers?|profiles?|repositor\w+|forums?)\b)|"
    r"^(?:free|paid)\b(?! (?:services?|plans?|accounts?|users?|tiers?|versions?)\b)|"
    r"^including\b(?! (?!but |without |\w+ing )(?:[\w’'-]+ ){0,5}[\w’'-]+(?: [—–]|[.;)]|$))|"
    r"^before\b(?! (?:\w+ing|a|an|the|your|you|we|it|they|any)\b)|"
    r"^(?:unanimous|majority)\b(?! (?:vote|decision)s?\b)"
)
#: What may be set in front of such words says already which of the two it is: "from an hour to permanent".
_BEFORE = re.compile(r"(?i)\b(?:with or|range[sd]?\b.*|temporary or|permanent or|written or|verbal or)\s+$")
#: At most so many years of age, at most so many percent of a minimum: nobody would set that.
_AGED = re.compile(r"(?i)\byears?\b|\bage\b")


@dataclass(frozen=True, slots=True)
class Swap:
    """Words *start*..*end* of a sentence with what stands for them; *kind* says of what sort."""

    start: int
    end: int
    text: str
    kind: str


def swaps(sentence: str) -> list[Swap]:
    """Every swap of *sentence*, in its order.

    >>> [one.text for one in swaps("You must reply within 3 days.")]
    ['may']
    """
    found = [*_phrases(sentence), *_words(sentence), *_guarded(sentence)]
    found = [one for one in found if not _BEFORE.search(sentence[: one.start])]
    return sorted({(one.start, one.end): one for one in reversed(found)}.values(), key=lambda one: one.start)


def turned(sentence: str, *chosen: Swap) -> str:
    """*sentence* with swaps that do not overlap."""
    for one in sorted(chosen, key=lambda one: -one.start):
        sentence = sentence[: one.start] + one.text + sentence[one.end :]
    return sentence


def apart(one: Swap, other: Swap) -> bool:
    """Whether two swaps can be made in one sentence."""
    return one.end <= other.start or other.end <= one.start


def _like(text: str, model: str) -> str:
    return text[0].upper() + text[1:] if model[0].isupper() else text


def _phrases(sentence: str) -> Iterator[Swap]:
    if _AGED.search(sentence):
        return
    for before, after in _PHRASES:
        for match in re.finditer(rf"(?i)\b{before}\b", sentence):
            yield Swap(*match.span(), _like(after, match[0]), "phrase")


def _words(sentence: str) -> Iterator[Swap]:
    in_phrases, there = list(_phrases(sentence)), set(tokens(sentence))
    for match in _WORD.finditer(sentence):
        other = WORDS.get(match["word"].lower())
        rest = sentence[match.start() :]
        free = all(match.end() <= one.start or one.end <= match.start() for one in in_phrases)
        if (
            other is not None
            and other not in there
            and free
            and not _LEFT_ALONE.match(rest)
            and match["word"] not in ("May", "Only")
        ):
            yield Swap(*match.span(), _like(other, match["word"]), other)


def _guarded(sentence: str) -> Iterator[Swap]:
    rules = [(_CAN, "cannot"), (_PROMISES, "may"), (_ONLY, "also")]
    if not _DISCRETION.search(sentence):
        rules.append((_PERMITS, "must"))
    for pattern, other in rules:
        for match in pattern.finditer(sentence):
            yield Swap(*match.span("word"), other, other)


def pairs(sentence: str, *parts: object) -> list[tuple[Swap, Swap]]:
    """Two swaps at a time that fit together, of two kinds, in an order that depends on *parts*."""
    found = swaps(sentence)
    both = [(a, b) for at, a in enumerate(found) for b in found[at + 1 :] if apart(a, b) and _both_read(a, b)]
    return choice.shuffled(both, *parts)


def _both_read(one: Swap, other: Swap) -> bool:
    """Whether one reads a sentence with both: two swaps of a kind make a riddle."""
    return one.kind != other.kind
