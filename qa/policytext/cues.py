"""The words on which the meaning of a norm turns; a version that changes one of them is not merely worded otherwise.

Data, not logic: patterns over folded text (lower case, straight quotes, "don't" as "do not").
"""

import re
from collections import Counter

from qa.policytext.polarity import fold

_SPELLED = {
    "zero": "0", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "fifteen": "15", "twenty": "20", "thirty": "30",
    "sixty": "60", "ninety": "90", "hundred": "100", "thousand": "1000",
}  # fmt: skip
# Numbers that count editions and pages of the web, and limit nothing.
_NAMED = re.compile(r"(?:https?://|www\.)\S*|\b(?:versions?|release|revision|edition|v\.?)\s*\d[\w.]*")
_NOT = re.compile(r"\b(ca|wo|sha)n't\b|n't\b|\bcannot\b")
_STEMS = {"ca": "can not", "wo": "will not", "sha": "shall not"}

_CUES = {
    "exception": r"unless|except(?:ions?|ing)?|exclud(?:e|es|ed|ing)|exclusions?|exempt(?:s|ed|ions?)?|other than"
    r"|apart from|aside from|save for|but not|does not (?:include|cover|apply)|do not (?:include|cover|apply)",
    "modal": r"must|shall|should|may|might|can|could|will|would|ought|need(?:s|ed)?|have to|has to|required?|requires"
    r"|mandatory|optional(?:ly)?|allow(?:s|ed)?|permit(?:s|ted)?|prohibit(?:s|ed)?|forbid(?:s|den)?|ban(?:s|ned)?"
    r"|disallow(?:s|ed)?|tolerated?|acceptable|unacceptable|reserves? the right|recommended|encouraged",
    "negation": r"not|no|never|nor|neither|none|nobody|nothing|without|non(?=-)",
    "condition": r"if|when|whenever|where|wherever|while|until|till|before|after|provided that|as long as|once|in case"
    r"|regardless|irrespective|even|whether",
    "quantifier": r"all|any|anyone|anybody|anything|every|everyone|everybody|everything|each|some|only|solely"
    r"|exclusively|most|many|few|several|both|either|always|often|sometimes|usually|generally|repeated(?:ly)?"
    r"|multiple|single|more|less|fewer|least|up to|within|over|under|above|below|entire|whole|first|second|third"
    r"|fourth",
    "number": r"[$€£]?\d+(?:[.,]\d+)*\s*%?|" + "|".join(_SPELLED),
}
_CUE = re.compile(rf"(?<![\w])(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _CUES.items())})(?!\w)")


def cues(text: str) -> Counter[tuple[str, str]]:
    """How often *text* holds each word that carries a norm, with the kind of the word.

    >>> sorted(cues("You can't post more than three links."))
    [('modal', 'can'), ('negation', 'not'), ('number', '3'), ('quantifier', 'more')]
    """
    folded = _NAMED.sub(" ", _NOT.sub(_spelled_out, fold(text)))
    return Counter((str(found.lastgroup), _value(found[0])) for found in _CUE.finditer(folded))


def changed(old: str, new: str) -> tuple[str, ...]:
    """The kinds of words that one of two texts has and the other has not, in the lexicon's order.

    >>> changed("You may post three links.", "You must post 3 links.")
    ('modal',)
    """
    before, after = cues(old), cues(new)
    kinds = {kind for kind, _ in (before - after) + (after - before)}
    return tuple(kind for kind in _CUES if kind in kinds)


def _spelled_out(match: re.Match[str]) -> str:
    return "can not" if match[0] == "cannot" else _STEMS.get(match[1], " not")


def _value(found: str) -> str:
    plain = found.strip().replace(",", "").replace(" ", "")
    return _SPELLED.get(plain, plain)
