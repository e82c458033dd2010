"""On which side a heading, a lead-in or a label puts what stands under it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from qa.policytext import heading_words, label_words, lexicon, list_words
from qa.policytext.inline import one_line
from qa.policytext.sentences import sentences

Polarity = Literal["prohibited", "permitted", "neither"]

_QUOTES = str.maketrans("’‘“”‑", "''\"\"-")
_NUMBERING = re.compile(r"^\d+(?:\.\d+)+\s+|^(?:\(?(?:\d+|[a-z]|[ivx]+)[.)]\s*)+(?=\S)|^\d+(?:\.\d+)*\s+")
_CONTRACTED = re.compile(r"\b(is|are|was|were)n't\b")
_IS = re.compile(r"\b(you|we|they)'re\b")
_SIGNS = re.compile(r"[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]+")
_PARTS = re.compile(r"\s*[:|()/]\s*(?:[–—-]\s+)?|\s+[–—-]\s+")
_ASIDE = re.compile(r"\s*\([^()]*\)(?=.)")
_GOES_ON = re.compile(
    r"(?:this |it |these |which )?(?:(?:can|could|may|might) )?(?:also )?includes?(?: the following)?:?"
)


@dataclass(frozen=True, slots=True)
class Lead:
    """What a lead-in says about its list: the side, its items' role where it gives one, and whether they are steps.

    *words* are the lead-in itself, its last sentence; "" where nothing leads to the list.
    """

    side: Polarity
    role: str = ""
    is_stepwise: bool = False
    words: str = ""


def flipped(side: Polarity) -> Polarity:
    """The other side; an exception to neither is neither."""
    other: dict[Polarity, Polarity] = {"prohibited": "permitted", "permitted": "prohibited", "neither": "neither"}
    return other[side]


@lru_cache(maxsize=256)
def fold(text: str) -> str:
    """*text* as the lexicon is written: lower case, straight quotes, single spaces."""
    folded = one_line(text.translate(_QUOTES)).casefold()
    folded = _IS.sub(r"\1 are", folded) if "'re" in folded else folded
    return _CONTRACTED.sub(r"\1 not", folded) if "n't" in folded else folded


def heading_side(title: str) -> Polarity | Literal["exception"] | None:
    """The side a heading (or a label) names: None when the lexicon does not know it.

    >>> heading_side("S (Sexual) – VIOLATES"), heading_side("Excludes"), heading_side("Overview")
    ('prohibited', 'exception', None)
    """
    folded = _bare(title)
    folded = "do's" if folded == "dos" else folded  # (in brackets, "DoS" is an attack)
    for part in dict.fromkeys([folded, *reversed(_PARTS.split(folded))]):
        if not part or heading_words.NEUTRAL_HEADING.fullmatch(part):
            continue
        if heading_words.EXCEPTION_HEADING.fullmatch(part):
            return "exception"
        if heading_words.PERMITTED_HEADING.fullmatch(part):
            return "permitted"
        if heading_words.PROHIBITED_HEADING.fullmatch(part):
            return "prohibited"
    return None


def speaks_besides(title: str) -> bool:
    """Whether a heading or a lead-in is over something that is on no side, such as reasons or references."""
    return heading_words.BESIDE_HEADING.fullmatch(_bare(title)) is not None


def opens(title: str) -> bool:
    """Whether a heading is over the first words of a text, whatever stands around it."""
    return heading_words.OPENING_HEADING.fullmatch(_bare(title)) is not None


def names_breach(title: str) -> bool:
    """Whether a heading is the name of a breach, such as "Fraud" or "Bullying and harassment"."""
    return heading_words.BREACH_HEADING.fullmatch(_bare(title)) is not None


def _bare(title: str) -> str:
    """A heading without its number, its signs and its colon."""
    return unnumbered(_SIGNS.sub("", fold(title)).strip(" .:*?")).strip(" -–—")


def unnumbered(text: str) -> str:
    """*text* without the number that it begins with.

    >>> unnumbered("2.1. You must ask.")
    'You must ask.'
    """
    return _NUMBERING.sub("", text)


def stated_side(sentence: str) -> Polarity | None:
    """The side that *sentence* puts its subject on by what comes first in its main clause.

    >>> stated_side("While jokes may be fine, we do not allow threats.")
    'prohibited'
    """
    folded = main_clause(fold(sentence))
    if folded.endswith("?"):
        return None
    permits = lexicon.PERMITTING.search(folded)
    if permits is not None:
        permits = lexicon.PERMITTING.search(lexicon.SEEING_TO.sub("", folded))
    if permits is not None and _is_the_house_s(folded, permits.start()):
        permits = None
    prohibits = lexicon.PROHIBITING.search(folded)
    if permits is None or prohibits is None:
        return "permitted" if permits else "prohibited" if prohibits else None
    return "permitted" if permits.start() < prohibits.start() else "prohibited"


def main_clause(folded: str) -> str:
    """What *folded*, a sentence, says after the words and the clause that only lead to it.

    >>> main_clause("finally, if you are unsure, do not post it.")
    'do not post it.'
    """
    return lexicon.CONCESSION.sub("", lexicon.ADVERBIAL.sub("", folded))


def _is_the_house_s(folded: str, at: int) -> bool:
    """Whether what is permitted at a place of a sentence is permitted to those who run the place."""
    is_passive = folded.startswith(("is ", "are "), at)
    return bool(lexicon.OF_THE_HOUSE.match(folded) or (is_passive and lexicon.IS_THE_HOUSE.search(folded[:at])))


def listed_side(folded: str) -> Polarity | None:
    """The side of the things that a lead-in announces."""
    if list_words.PROHIBITED_LIST.search(folded) or lexicon.BANNING.match(folded):
        return "prohibited"
    return "permitted" if list_words.PERMITTED_LIST.search(folded) else None


def lead(text: str, base: Polarity, *, nested: bool) -> Lead:
    """What *text*, the words right above a list, say about it; *base* is the side that holds around.

    A nested lead-in is mostly a description of conduct, so only its last sentence is asked, and only when that speaks
    of the list.
    """
    parts = [text[start:end] for start, end in sentences(text)]
    if not parts:
        return Lead(base)
    last = fold(parts[-1])
    if not leads(last):
        return Lead(base)
    if list_words.GROUNDS.search(last) or speaks_besides(last) or _says_what_is_done(main_clause(last)):
        return Lead("neither", "element")
    if _asks(last):
        return Lead("neither")
    if last == "include:":
        return Lead(base)
    label = None if _GOES_ON.fullmatch(last) and (nested or len(parts) > 1) else heading_side(last)
    if label is not None:
        return Lead(flipped(base), "exception") if label == "exception" else Lead(label)
    return _lead(parts[:-1], _ASIDE.sub("", last), base, nested=nested)


def _says_what_is_done(last: str) -> bool:
    """Whether a list's lead-in announces what is done about something: a label like "Actions", or consequences."""
    return bool(label_words.ACTION_LABEL.fullmatch(last.strip(" :")) or list_words.CONSEQUENCES.search(last))


def _asks(last: str) -> bool:
    """Whether a list's lead-in says whom to turn to, or what people owe, and puts nothing on a side."""
    return list_words.ASKED_FOR.search(last) is not None and (stated_side(last) or listed_side(last)) is None


def leads(last: str) -> bool:
    """Whether a sentence, folded, leads to what stands under it: by its end, or as a few words left open.

    >>> leads("do not share people's"), leads("do not share people's letters.")
    (True, False)
    """
    if list_words.LEADING.search(last):
        return True
    return list_words.LEFT_OPEN.fullmatch(last) is not None


def lead_in(text: str) -> str:
    """The last sentence of *text* where it leads to what stands under it, else nothing."""
    parts = [text[start:end] for start, end in sentences(text)]
    return parts[-1] if parts and leads(fold(parts[-1])) else ""


def _lead(before: list[str], last: str, base: Polarity, *, nested: bool) -> Lead:
    """What a lead-in's *last* sentence says about the list, with the sentences *before* it."""
    excepting = list_words.EXCEPTING.search(last)
    if excepting is not None and list_words.ALLOWED_EXCEPTIONS.search(last):
        return Lead("permitted", "exception")
    if excepting is not None:
        around = _around(before, last[: excepting.start()], base, nested=nested)
        return Lead(flipped(around), "exception")
    if nested and base == "neither" and before and list_words.EXAMPLES.search(last):
        base = stated_side(before[-1]) or base
    is_of_the_list = not nested or bool(before) or lexicon.OF_THE_LIST.match(last)
    side = stated_side(last) or listed_side(last) if is_of_the_list else None
    if side is None and list_words.COMPOSING.search(last):
        return Lead("neither", "element")
    if side is None:
        side = _around(before, "", base, nested=nested or not list_words.GOES_ON.search(last))
    if side == "permitted" and list_words.CONDITIONAL.search(last):
        return Lead("neither", "element")
    return Lead(side)


def _around(before: list[str], opening: str, base: Polarity, *, nested: bool) -> Polarity:
    """The side that holds for what a lead-in's last words continue or take something out of."""
    if nested:
        return base
    for sentence in (opening, *reversed(before)):
        side = stated_side(sentence)
        if side is not None:
            return side
    return base


def takes_out(words: str) -> bool:
    """Whether a heading or a lead-in says that what stands under it is let, or excepted from what is not.

    >>> takes_out("What is still allowed"), takes_out("Examples of good manners")
    (True, False)
    """
    return list_words.TAKING_OUT.search(fold(words)) is not None


def outcome_side(outcome: str) -> Polarity:
    """The side of a case whose label or action is *outcome*.

    >>> outcome_side("INVALID + ESCALATE"), outcome_side("Refer to the lead")
    ('prohibited', 'neither')
    """
    folded = fold(outcome).strip(" .*\"'")
    if label_words.PERMITTED_OUTCOME.match(folded):
        return "permitted"
    return "prohibited" if label_words.PROHIBITED_OUTCOME.match(folded) else "neither"
