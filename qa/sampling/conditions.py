"""The small language in which a plan says which cases are meant: `severity in (high, critical)`.

    condition  =  part { "or" part }
    part       =  unit { "and" unit }
    unit       =  "not" unit  |  "(" condition ")"  |  test
    test       =  column ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) value
               |  column [ "not" ] "in" "(" value { "," value } ")"
               |  column [ "not" ] "has" value
               |  column "is" [ "not" ] "empty"
    column     =  a word of letters, digits and _ . -
    value      =  a word of letters, digits and _ . - / : + @ or any text in 'single' or "double" quotes

`=` and `in` compare texts exactly; `<` and its kin compare numbers; `has` looks for one value among those
that `;` separates in the cell. A missing or empty cell meets none of these, so `!=` and `not in` hold for it.
Key words may be written in either case; a column or value named like one stands in quotes.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isnan

Cells = Mapping[str, str | None]
Test = Callable[[Cells], bool]

WORDS = frozenset({"and", "or", "not", "in", "has", "is", "empty"})
COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
#: Deep nesting is a mistake or an attack; each level costs the parser a few frames.
DEEPEST = 50

_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"[^"]*"|'[^']*')|(?P<sign><=|>=|!=|[=<>(),])|(?P<word>[\w./:+@-]+))""", re.UNICODE
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed condition: its text, the columns that it reads, and whether a row meets it."""

    text: str
    columns: frozenset[str]
    meets: Test


@dataclass(frozen=True, slots=True)
class _Token:
    """One token: a sign, a key word (lower case), or a text; *at* is where it begins."""

    kind: str
    text: str
    at: int


def parse(text: str) -> Condition:
    """Read a condition.

    Raises
    ------
    ValueError : *text* is no condition; the message says at which character, and what was expected.

    >>> risky = parse("severity in (high, critical) and not locale = en")
    >>> risky.meets({"severity": "high", "locale": "de"}), risky.meets({"severity": "low", "locale": "de"})
    (True, False)
    """
    parser = _Parser(text)
    meets = parser.condition(0)
    parser.end()
    return Condition(text, frozenset(parser.columns), meets)


def renamed(text: str, column: str, names: Mapping[str, str]) -> str:
    """The same condition with other names for the values of one column: *names* are present name -> new name.

    Everything else stays as it was written. A new name that is no plain word is put in quotes.

    Raises
    ------
    ValueError : *text* is no condition, or a new name holds both kinds of quotes.

    >>> renamed("agent in (r07, r08) or queue = r07", "agent", {"r07": "gone-1"})
    'agent in (gone-1, r08) or queue = r07'
    """
    parser = _Parser(text)
    parser.condition(0)
    parser.end()
    for about, token in reversed(parser.looked_for):
        if about == column and token.text in names:
            before = _TOKEN.match(text, token.at)
            end = token.at + len(token.text) if before is None else before.end()
            text = text[: token.at] + _written(names[token.text]) + text[end:]
    return text


def _written(value: str) -> str:
    """A value as a condition writes it."""
    plain = _TOKEN.fullmatch(value)
    if plain is not None and plain.lastgroup == "word" and value.lower() not in WORDS:
        return value
    mark = "'" if '"' in value else '"'
    if mark in value:
        raise ValueError(f"{value!r} holds both kinds of quotes")
    return f"{mark}{value}{mark}"


def _tokens(text: str) -> list[_Token]:
    """The tokens of *text*, then one of kind "end"."""
    found, at, stop = [], 0, len(text.rstrip())
    while at < stop:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise ValueError(f"condition {text!r}, character {at + 1} begins no word, sign or closed quote")
        kind, word, begins = match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)
        if kind == "quoted":
            found.append(_Token("text", word[1:-1], begins))
        elif kind == "word" and word.lower() not in WORDS:
            found.append(_Token("text", word, begins))
        else:
            found.append(_Token("sign", word.lower(), begins))
        at = match.end()
    return [*found, _Token("end", "", len(text))]


class _Parser:
    """Recursive descent over the tokens of one condition; builds tests, never code."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.columns: set[str] = set()
        #: (column, token of a value that is compared with it), in the order of the text.
        self.looked_for: list[tuple[str, _Token]] = []

    def condition(self, depth: int) -> Test:
        """Parts joined by "or"."""
        if depth > DEEPEST:
            raise ValueError(f"condition {self.text!r}: nested deeper than {DEEPEST} levels")
        parts = [self.part(depth)]
        while self.take("or"):
            parts.append(self.part(depth))
        return parts[0] if len(parts) == 1 else lambda row: any(meets(row) for meets in parts)

    def part(self, depth: int) -> Test:
        """Units joined by "and"."""
        units = [self.unit(depth)]
        while self.take("and"):
            units.append(self.unit(depth))
        return units[0] if len(units) == 1 else lambda row: all(meets(row) for meets in units)

    def unit(self, depth: int) -> Test:
        """A negation, a condition in brackets, or one test."""
        negated = False
        while self.take("not"):
            negated = not negated
        if self.take("("):
            inner = self.condition(depth + 1)
            self.need(")")
        else:
            inner = self.test()
        return _not(inner) if negated else inner

    def test(self) -> Test:
        """One column looked at."""
        column = self.value("a column")
        self.columns.add(column)
        if self.take("is"):
            negated = self.take("not")
            self.need("empty")
            return _not(_empty(column)) if negated else _empty(column)
        negated = self.take("not")
        if self.take("in"):
            found = _among(column, self.values(column))
        elif self.take("has"):
            found = _has(column, self.named(column))
        elif negated:
            raise self.wrong("'in' or 'has'")
        else:
            found = self.comparison(column)
        return _not(found) if negated else found

    def comparison(self, column: str) -> Test:
        """A sign and the value beside it."""
        if self.take("="):
            return _among(column, [self.named(column)])
        if self.take("!="):
            return _not(_among(column, [self.named(column)]))
        for sign, compare in COMPARE.items():
            if self.take(sign):
                limit = _as_number(self.value("a number"))
                if limit is None:
                    raise self.wrong("a number", back=1)
                return _compared(column, compare, limit)
        raise self.wrong("one of = != < <= > >= in has is")

    def values(self, column: str) -> list[str]:
        """A list in brackets."""
        self.need("(")
        found = [self.named(column)]
        while self.take(","):
            found.append(self.named(column))
        self.need(")")
        return found

    def named(self, column: str) -> str:
        """A value that *column* is compared with."""
        text = self.value("a value")
        self.looked_for.append((column, self.last))
        return text

    def value(self, wanted: str) -> str:
        """The text that stands here."""
        if self.tokens[0].kind != "text":
            raise self.wrong(wanted)
        self.last = self.tokens.pop(0)
        return self.last.text

    def take(self, sign: str) -> bool:
        """Whether *sign* stands here; then it is passed."""
        if self.tokens[0].kind == "sign" and self.tokens[0].text == sign:
            self.last = self.tokens.pop(0)
            return True
        return False

    def need(self, sign: str) -> None:
        """Pass *sign*, which must stand here."""
        if not self.take(sign):
            raise self.wrong(repr(sign))

    def end(self) -> None:
        """Nothing may follow."""
        if self.tokens[0].kind != "end":
            raise self.wrong("'and', 'or' or the end")

    def wrong(self, wanted: str, *, back: int = 0) -> ValueError:
        """The error for what stands here (or stood *back* tokens ago) instead of *wanted*."""
        token = self.last if back else self.tokens[0]
        seen = repr(token.text) if token.kind != "end" else "its end"
        where = f"condition {self.text!r}, character {token.at + 1}"
        return ValueError(f"{where}: expected {wanted}, found {seen}")


def _not(inner: Test) -> Test:
    return lambda row: not inner(row)


def _empty(column: str) -> Test:
    return lambda row: not row.get(column)


def _among(column: str, values: list[str]) -> Test:
    wanted = frozenset(values)
    return lambda row: bool(cell := row.get(column)) and cell in wanted


def _has(column: str, value: str) -> Test:
    return lambda row: value in [one.strip() for one in (row.get(column) or "").split(";")]


def _compared(column: str, compare: Callable[[float, float], bool], limit: float) -> Test:
    def meets(row: Cells) -> bool:
        cell = _as_number(row.get(column) or "")
        return cell is not None and compare(cell, limit)

    return meets


def _as_number(text: str) -> float | None:
    """The number that *text* writes, or None."""
    try:
        found = float(text)
    except ValueError:
        return None
    return None if isnan(found) else found
