"""Numbers with units that a rule sets as its limit."""

import re
from dataclasses import dataclass
from functools import lru_cache

_SPELLED = {
    word: value
    for value, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
} | {"fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90, "hundred": 100, "one hundred": 100}
_UNITS = {
    "%": r"%|per ?cent|percent",
    "second": r"seconds?|secs?",
    "minute": r"minutes?|mins?",
    "hour": r"hours?|hrs?",
    "business day": r"(?:business|working) days?",
    "day": r"(?:calendar |consecutive )?days?",
    "week": r"weeks?",
    "month": r"(?:calendar )?months?",
    "quarter": r"quarters?",
    "year of age": r"years? (?:old|of age)|year-olds?",
    "year": r"years?",
    "time": r"times?|occasions?|instances?",
    "strike": r"strikes?",
    "warning": r"warnings?",
    "violation": r"violations?|offen[cs]es?|infractions?",
    "report": r"reports?|complaints?|flags?",
    "person": r"people|persons?|users?|members?|reviewers?|moderators?|accounts?|followers?",
    "item": r"posts?|messages?|comments?|links?|requests?|repositories|items?|words?|characters?",
}
_COMPARATORS = {
    "at least": r"at least|a minimum of|no (?:fewer|less) than|not less than|minimum of",
    "at most": r"at most|up to|no more than|not more than|no later than|a maximum of|maximum of|not exceeding",
    "within": r"within(?: the)?(?: next| first| last| past)?|in under|in less than",
    "more than": r"more than|over|exceed(?:s|ing)?|greater than|larger than|older than|above",
    "less than": r"less than|fewer than|under|below|younger than",
    "after": r"after|following",
    "before": r"before|prior to",
    "every": r"every|per|once (?:every|per)",
    "about": r"approximately|about|around|roughly",
    "for": r"for(?: the next| at least)?",
}
_NUMBER = r"(?P<value>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|" + "|".join(sorted(_SPELLED, key=len, reverse=True)) + ")"
_UNIT = "|".join(f"(?P<u{at}>{words})" for at, words in enumerate(_UNITS.values()))
_BEFORE = "|".join(f"(?P<c{at}>{words})" for at, words in enumerate(_COMPARATORS.values()))
_MEASURE = re.compile(
    rf"(?:\b(?:{_BEFORE})\s+(?:the age of\s+|age\s+)?)?(?<![\w.$])(?:an? )?{_NUMBER}(?:\s*\(\d+\))?(?:\+|\s+or more)?"
    rf"[\s-]*(?:(?:full|consecutive|different|separate|or more)\s+)?(?:{_UNIT})(?!\w)"
)
_AGE = re.compile(
    r"\b(?P<comparator>under|below|over|above|at least)\s+(?:the age of\s+|age\s+)?(?P<value>1[3-9]"
    r"|2[01])\b(?!\s*[%$\w])"
)
_OR_MORE = re.compile(r"\+|\s+or more")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit: *value* in *unit* (a singular word, or "%"), and how it is compared ("" when the text does not say)."""

    value: float
    unit: str
    comparator: str


@lru_cache(maxsize=256)
def threshold(text: str) -> Threshold | None:
    """The first limit that *text* sets.

    >>> threshold("Answer within two business days.")
    Threshold(value=2.0, unit='business day', comparator='within')
    """
    folded = text.casefold()
    match = _MEASURE.search(folded)
    age = _AGE.search(folded)
    if age is not None and (match is None or age.start() < match.start()):
        comparator = {"under": "less than", "below": "less than", "over": "more than", "above": "more than"}
        return Threshold(float(age["value"]), "year of age", comparator.get(age["comparator"], age["comparator"]))
    if match is None:
        return None
    unit = _named(match, "u", list(_UNITS))
    stated = _named(match, "c", list(_COMPARATORS))
    return Threshold(_value(match["value"]), unit, "at least" if not stated and _OR_MORE.search(match[0]) else stated)


def _value(written: str) -> float:
    return float(_SPELLED[written]) if written in _SPELLED else float(written.replace(",", ""))


def _named(match: re.Match[str], prefix: str, names: list[str]) -> str:
    return next((name for at, name in enumerate(names) if match[f"{prefix}{at}"] is not None), "")
