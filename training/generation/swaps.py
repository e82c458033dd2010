"""Swaps: a word of a sentence for one that turns its meaning and adds no word, so that its length tells nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from training.generation import choice
from training.generation.quantities import find, others
from training.generation.wording import tokens

#: Pairs that turn a rule round; each goes both ways.
_TURNS = """
    publicly/privately minimum/maximum temporary/permanent temporarily/permanently increase/reduce increases/reduces
    mandatory/optional mandatory/voluntary
"""
#: These go one way only: the other way round they are too often part of a fixed phrase.
_ONE_WAY = "must/may should/may shall/may without/with"
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
#: "It may be that ..." guesses, "the board may, at its discretion" leaves it open: neither can be turned.
_GUESSES = (
    "be|have|seem|appear|contain|include|take|not|also|result|cause|feel|lead|vary|need|want|wish|find|become|think|"
    "differ|happen|occur|change|come|help|or|even|still|involve|require|violate|constitute"
)
_DISCRETION = re.compile(r"(?i)\bdiscretion\b")
_PERMITS = re.compile(
    rf"(?i)\b(?:you|we|members?|users?|committee|board|teams?|people|they)\s+(?P<word>may)\s(?!(?:{_GUESSES})\b)"
)
_CAN = re.compile(r"(?i)\b(?:you|we|members?|users?|they)\s+(?P<word>can)\s(?!not\b|also\b|be\b|have\b|only\b)")
_PROMISES = re.compile(r"(?i)\bwe\s+(?P<word>will)\s(?!not\b|be\b|only\b|also\b|never\b|always\b)")
_ONLY = re.compile(r"(?i)\b(?:must|may|will|can|should|shall)\s+(?P<word>only)\s(?!if\b|when\b|after\b)")
_WORD = re.compile(r"(?<![\w-])(?P<word>[A-Za-z]+)(?![\w-])")
#: What follows says that a word does not stand for itself: "must not", "should have been", "without accessing".
_LEFT_ALONE = re.compile(
    r"(?i)^(?:must|should|shall)\s+(?:not|also|only|either|never|always|have)\b|^without (?:limit|prejudice|\w+ing\b)|"
    r"^both\b(?!.*\band\b)|^after all\b|^(?:before|after)\s*[,.]"
)


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
    ['may', '5']
    """
    found = [*_phrases(sentence), *_words(sentence), *_guarded(sentence), *_numbers(sentence)]
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


def _numbers(sentence: str) -> Iterator[Swap]:
    for found in find(sentence):
        text = sentence[found.start : found.end]
        value = re.match(r"[\d,.]+", text)
        plain = value is not None and "(" not in text and found.quantity.value > 1
        near = others(found.quantity, (), 1, sentence) if plain else []
        if value is not None and near and near[0].value > 1 and near[0].unit == found.quantity.unit:
            yield Swap(found.start, found.start + value.end(), f"{near[0].value:,.6g}", "number")


def pairs(sentence: str, *parts: object) -> list[tuple[Swap, Swap]]:
    """Two swaps at a time that fit together, of two kinds, in an order that depends on *parts*."""
    found = swaps(sentence)
    both = [(a, b) for at, a in enumerate(found) for b in found[at + 1 :] if apart(a, b) and _both_read(a, b)]
    return choice.shuffled(both, *parts)


def _both_read(one: Swap, other: Swap) -> bool:
    """Whether one reads a sentence with both: two swaps of a kind make a riddle."""
    return one.kind != other.kind
