"""The parts of a norm that say when it holds, and what is taken out of it."""

import re
from dataclasses import dataclass

from qa.policytext.sentences import sentences

_IF = (
    r"(?:only |even )?if|(?:only |even )?when|whenever|in cases? (?:where|of|that)|provided that|(?:as|so) long as"
    r"|on condition that|once|until|subject to|where(?= (?:there|it|local|the law|required|permitted|legal|possible)\b)"
)
_UNLESS = (
    r"unless|except(?:ing)?(?: (?:for|when|where|if|in|that|to|as))?|excluding|excludes?|with the exceptions? of"
    r"|other than|apart from|aside from|save for|(?<=, )but not"
    r"|(?:does|do) not (?:include|apply to|cover|extend to)|(?:doesn't|don't) (?:include|apply to|cover|extend to)"
)
_OPENING = re.compile(rf"(?<![\w-])(?:(?P<condition>{_IF})|(?P<exception>{_UNLESS}))(?![\w-])", re.I)
# Where a clause ends: with its sentence, its bracket, or before a main clause that follows.
_END = re.compile(
    r"[;:()\u2013\u2014\u2192\u21d2]|\s[-–—]\s|[.!?](?=\s|$)"
    r"|,(?=\s+(?:then\s+)?(?:(?:and|but|so|or)\s+)?(?:you|we|they|it|users?|members?|staff|the \w+|please|do not)\s"
    r"(?:\w+\s)?(?:must|may|can|will|should|shall|is|are|need|do|does|remove|report)\b)"
)


# One of these is in every clause; looking for them first spares most sentences the closer look.
_HINTS = (
    "if", "when", "case", "provided", "long as", "condition", "once", "until", "subject", "where", "unless", "except",
    "exclud", "other than", "apart", "aside", "save for", "but not", "not include", "not apply", "not cover",
    "not extend", "n't include", "n't apply", "n't cover",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses of a norm that say when it holds, and those that take something out of it."""

    conditions: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()


def clauses(text: str) -> Clauses:
    """The clauses of *text*, each with the word it opens with.

    >>> clauses("If a fair is sold out, resale is allowed when the price is the same.").conditions
    ('If a fair is sold out', 'when the price is the same')
    >>> clauses("No resale, unless the fair agrees.").exceptions
    ('unless the fair agrees',)
    """
    text = text.replace("\u2019", "'")
    found: dict[str | None, list[str]] = {"condition": [], "exception": []}
    lowered = text.lower()
    if not any(hint in lowered for hint in _HINTS):
        return Clauses()
    for start, end in sentences(text):
        sentence = text[start:end]
        openings = list(_OPENING.finditer(sentence))
        for at, opening in enumerate(openings):
            limit = openings[at + 1].start() if at + 1 < len(openings) else len(sentence)
            clause = _cut(sentence, opening.start(), opening.end(), limit)
            if len(clause.split()) > 1:
                found[opening.lastgroup].append(clause)
    return Clauses(tuple(found["condition"]), tuple(found["exception"]))


def _cut(sentence: str, start: int, after: int, limit: int) -> str:
    """The clause that begins at *start*; one that opens its sentence ends at the first comma."""
    end = _END.search(sentence, after, limit)
    stop = end.start() if end is not None else limit
    comma = sentence.find(",", after, stop)
    if start < 4 and not sentence[:start].strip(" \"'“‘(*") and comma > 0:
        stop = comma
    return sentence[start:stop].strip(" ,;:.!?\"'”’")
