"""Numbers with a unit, as thresholds use them: reading, writing, and others for their place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.generation import choice

_NAMES = "one two three four five six seven eight nine ten eleven twelve"
_TENS = {
    "fourteen": 14,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "forty-five": 45,
    "sixty": 60,
}
WORDS = {
    **{name: value for value, name in enumerate(_NAMES.split(), 1)},
    **_TENS,
    "ninety": 90,
    "hundred": 100,
    "one hundred": 100,
}
#: Hours in a unit of time; a working day is a day of its own kind and is never set against a plain one.
HOURS = {"minute": 1 / 60, "hour": 1, "day": 24, "week": 168, "month": 730, "year": 8760}
#: Values that people write for a unit.
USUAL = {
    "minute": (5, 10, 15, 20, 30, 45, 60, 90),
    "hour": (1, 2, 4, 6, 8, 12, 24, 36, 48, 72, 96),
    "day": (1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 180),
    "week": (1, 2, 3, 4, 6, 8, 12, 16),
    "month": (1, 2, 3, 4, 6, 9, 12, 18, 24),
    "year": (1, 2, 3, 5, 7, 10, 16, 18, 21, 25),
    "age": (13, 14, 15, 16, 18, 21),
    "%": (1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 80, 90),
    "": (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 50, 75, 100, 150, 200, 250, 300, 500, 1000, 2000, 5000),
}
_VALUE = r"(?P<value>\d[\d,]*(?:\.\d+)?|" + "|".join(sorted(WORDS, key=len, reverse=True)) + r")"
_DIGITS_AGAIN = r"(?:\s*\(\s*\d[\d,]*\s*\))?"
_KIND = r"(?:(?P<kind>business|working|calendar|consecutive)[\s-]+)?"
_UNIT = r"(?P<unit>minutes?|hours?|days?|weeks?|months?|years?|percent|per cent|%)"
TIME = re.compile(rf"(?i)(?<![\w.$€£]){_VALUE}{_DIGITS_AGAIN}[\s-]*{_KIND}{_UNIT}(?!\w)(?!-\w)")
#: A count: "at least three members", "a minimum of two grades", "three strikes".
_LEADS = (
    "at least|at most|no more than|not more than|more than|fewer than|less than|a minimum of|a maximum of|"
    "up to|minimum of|maximum of|larger than|exactly|under|over"
)
COUNT = re.compile(rf"(?i)\b(?:{_LEADS})\s+{_VALUE}{_DIGITS_AGAIN}\s+(?P<noun>[a-z]{{3,}})")
#: Counted without such words: people, what they do and are given, and what they post.
_COUNTED = (
    "members|people|persons|players|users|moderators|admins|administrators|reviewers|reports|strikes|warnings|"
    "offen[cs]es|violations|infractions|accounts|messages|posts|links|hashtags|mentions|characters|words|participants|"
    "guests|appeals|votes|hosts|maintainers|vouches|images|attempts"
)
BARE = re.compile(rf"(?i)(?<![\w.$€£≥<>-]){_VALUE}{_DIGITS_AGAIN}\s+(?:(?!to |or |of )[a-z]+ )??(?P<noun>{_COUNTED})\b")
LEAST_BARE = 3
#: Words around a number of years that make it somebody's age.
_AGE = re.compile(r"(?i)^\s*(?:old|of age)\b")
MOST_AGE = 25


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its unit (a key of USUAL), the kind of day where one is named, and the noun of a count."""

    value: float
    unit: str
    kind: str = ""
    noun: str = ""

    @property
    def amount(self) -> float:
        """Hours for a time, else the value: what makes 24 hours and 1 day the same answer."""
        return self.value * HOURS.get(self.unit, 1)

    def written(self) -> str:
        """As an option: digits and the unit."""
        value = f"{self.value:,.6g}" if self.value < 1000 else f"{self.value:,.0f}"
        if self.unit == "%":
            return f"{value} %"
        if self.unit == "age":
            return f"{value} years"
        if self.unit:
            return f"{value} {self.kind + ' ' if self.kind else ''}{self.unit}{'' if self.value == 1 else 's'}"
        return value


@dataclass(frozen=True, slots=True)
class Found:
    """A quantity at `start`..`end` of a text."""

    quantity: Quantity
    start: int
    end: int


def _value(word: str) -> float:
    return float(WORDS[word.lower()]) if word.lower() in WORDS else float(word.replace(",", ""))


def find(text: str) -> list[Found]:
    """Every quantity of *text*, in order; a count only behind words such as “at least”."""
    found = []
    for match in TIME.finditer(text):
        unit = match["unit"].lower().rstrip("s")
        unit = "%" if unit in {"%", "percent", "per cent"} else unit
        if unit == "year" and _value(match["value"]) <= MOST_AGE and _AGE.match(text[match.end() :]):
            unit = "age"
        quantity = Quantity(_value(match["value"]), unit, (match["kind"] or "").lower())
        found.append(Found(quantity, *match.span()))
    for pattern, least in ((COUNT, 0), (BARE, LEAST_BARE)):
        for match in pattern.finditer(text):
            one = _count(match)
            if one.quantity.value >= least and not any(one.start < at.end and at.start < one.end for at in found):
                found.append(one)
    return sorted(found, key=lambda at: at.start)


def _count(match: re.Match[str]) -> Found:
    digits = re.match(_VALUE + _DIGITS_AGAIN, match.string[match.start("value") :], re.I)
    end = match.start("value") + (digits.end() if digits else 0)
    return Found(Quantity(_value(match["value"]), "", noun=match["noun"].lower()), match.start("value"), end)


def _neighbours(true: Quantity) -> Iterator[Quantity]:
    """The usual values of the same unit, and for small times those of the units beside it."""
    for value in USUAL[true.unit]:
        yield Quantity(float(value), true.unit, true.kind, true.noun)
    if true.unit in HOURS and not true.kind and true.value <= 2:
        for unit in HOURS:
            if unit != true.unit and 1 / 40 <= HOURS[unit] / HOURS[true.unit] <= 40:
                yield from (Quantity(float(value), unit) for value in USUAL[unit])


def others(true: Quantity, met: Sequence[Quantity], count: int, *parts: object) -> list[Quantity]:
    """*count* wrong quantities, so that the true one's rank by size is as likely to be any.

    Times that the policy itself uses elsewhere (*met*) come first. Never the same amount twice (24 hours
    is 1 day), never more than 16 times as much or as little. Nothing where the true one could only be
    the lowest or the highest, which would give it away.
    """
    pool = _pool(true, met)
    below = [q for q in pool if q.amount < true.amount]
    above = [q for q in pool if q.amount > true.amount]
    ranks = [rank for rank in range(count + 1) if rank <= len(below) and count - rank <= len(above)]
    if len(ranks) < 2:
        return []
    rank = choice.pick(ranks, *parts, "rank")
    return _nearest(below, rank, true, met, *parts) + _nearest(above, count - rank, true, met, *parts)


def _pool(true: Quantity, met: Sequence[Quantity]) -> list[Quantity]:
    if true.unit in HOURS:
        own = [q for q in met if q.unit in HOURS and q.kind == true.kind]
    else:
        own = [q for q in met if q.unit == true.unit and q.noun == true.noun]
    pool = [true]
    for quantity in [*own, *_neighbours(true)]:
        near = 1 / 16 <= quantity.amount / true.amount <= 16
        same = true.unit != "age" and any(_nearly(quantity.amount / other.amount) for other in pool)
        if near and not same and quantity.amount not in (other.amount for other in pool):
            pool.append(quantity)
    return pool[1:]


def _nearly(ratio: float) -> bool:
    """30 days beside 1 month, 4 weeks beside 1 month: nobody should have to choose."""
    return 0.87 < ratio < 1.15


def _nearest(
    side: Sequence[Quantity], count: int, true: Quantity, met: Sequence[Quantity], *parts: object
) -> list[Quantity]:
    """*count* of one side; the policy's own first, then the nearer ones."""
    known = {(round(q.amount, 6), q.kind) for q in met}

    def wish(q: Quantity) -> tuple[bool, float, int]:
        distance = max(q.amount, true.amount) / min(q.amount, true.amount)
        return (round(q.amount, 6), q.kind) not in known, round(distance, 6), choice.number(*parts, q)

    return sorted(side, key=wish)[:count]
