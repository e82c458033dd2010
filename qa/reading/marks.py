"""Signs beside each rule of a policy's HTML, and links on the words that the policy defines."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten

from markupsafe import Markup, escape

from qa.policytext.rules import Rule
from qa.policytext.sections import Document
from qa.reading.parts import TAG, plain
from qa.reading.terms import Term

#: Side of a rule -> class, sign and word. A sign says the same as its colour.
SIDES = {"prohibited": ("no", "✕", "Not allowed"), "permitted": ("yes", "✓", "Allowed")}
#: Where the words of a policy are not its running text.
_APART = frozenset({"a", "code", "pre", "h1", "h2", "h3", "h4", "h5", "h6"})
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
#: An action longer than this is cut in the hint.
_LONGEST_ACTION = 80
_NAME = re.compile(r"</?([a-z0-9]+)")


@dataclass(frozen=True, slots=True)
class Sign:
    """What is set before one list item, or into the first cell of one row."""

    side: str
    title: str


def signs(document: Document) -> tuple[list[Sign | None], list[Sign | None]]:
    """The signs of all list items and of all rows below a table's head, in the order of the text."""
    items: list[Sign | None] = []
    rows: list[Sign | None] = []
    for section in document.sections:
        of_items = iter([rule for rule in section.rules if rule.unit == "item"])
        of_rows = iter([rule for rule in section.rules if rule.unit == "row"])
        for block in section.blocks:
            if block.kind == "item":
                items.append(_sign(next(of_items, None)) if block.text else None)
            elif block.kind == "table":
                rows += [_sign(next(of_rows, None)) for _ in block.cells[1:]]
    return items, rows


def with_sentences(body: str, rules: Iterable[Rule]) -> str:
    """*body* with a sign before each paragraph whose sentences are on one side; of two sides none is drawn."""
    signed = [
        (" ".join(rule.text.split()), sign)
        for rule in rules
        if rule.unit == "sentence" and (sign := _sign(rule)) is not None
    ]

    def drawn(found: re.Match[str]) -> str:
        words = plain(found[1])
        meant = {sign.side: sign for text, sign in signed if text in words}
        if len(meant) != 1 or "rule-sign" in found[1]:
            return found[0]
        return f'<p class="ruled">{_shown(next(iter(meant.values())))}{found[1]}</p>'

    return _PARAGRAPH.sub(drawn, body) if signed else body


def _sign(rule: Rule | None) -> Sign | None:
    if rule is None or rule.polarity not in SIDES:
        return None
    side = rule.polarity
    said = [SIDES[side][2]]
    if rule.role == "exception":
        said.append("an exception")
    if rule.threshold is not None:
        said.append("with a limit")
    if rule.action:
        said.append(f"then: {shorten(rule.action, _LONGEST_ACTION, placeholder=' …')}")
    return Sign(side, ", ".join(said))


def with_signs(stored: str, items: Sequence[Sign | None], rows: Sequence[Sign | None]) -> str | None:
    """*stored* with its signs; None where it has other items or rows than were read, so that no sign stands wrong."""
    pieces, at, item, row, in_head = [], 0, 0, 0, False
    for found in TAG.finditer(stored):
        tag = found[0]
        if tag in ("<thead>", "</thead>"):
            in_head = tag == "<thead>"
        sign = None
        if tag == "<li>":
            sign, item = (items[item] if item < len(items) else None), item + 1
        elif tag == "<tr>" and not in_head:
            sign, row = (rows[row] if row < len(rows) else None), row + 1
        if sign is not None:
            place = found.end() if tag == "<li>" else stored.find("<td>", found.end()) + 4
            pieces += [stored[at:place], _shown(sign)]
            at = place
    if (item, row) != (len(items), len(rows)):
        return None
    return "".join([*pieces, stored[at:]])


def _shown(sign: Sign) -> str:
    name, mark, word = SIDES[sign.side]
    shown = Markup('<span class="rule-sign {}" title="{}">{}</span>')
    inside = Markup('<span aria-hidden="true">{}</span><span class="unseen">{}: </span>')
    return shown.format(name, sign.title, inside.format(mark, word))


def with_terms(body: str, terms: Mapping[str, Term], *, at_home: Iterable[str] = ()) -> str:
    """*body* with a link on the first use of each of *terms*, but of those that this very section defines."""
    waiting = {word: term for word, term in terms.items() if word not in set(at_home)}
    finder = _finder(tuple(waiting.values()))
    if finder is None:
        return body
    return "".join(_linked(body, waiting, finder))


def _linked(body: str, waiting: dict[str, Term], finder: re.Pattern[str]) -> Iterator[str]:
    at, apart = 0, 0
    for found in [*TAG.finditer(body), None]:
        text = body[at : found.start() if found else len(body)]
        yield _with_links(text, waiting, finder) if text and not apart else text
        if found is not None:
            name = _NAME.match(found[0])
            if name is not None and name[1] in _APART:
                apart += -1 if found[0].startswith("</") else 1
            yield found[0]
            at = found.end()


def _with_links(text: str, waiting: dict[str, Term], finder: re.Pattern[str]) -> str:
    def link(found: re.Match[str]) -> str:
        term = _meant(found[0], waiting)
        if term is None:
            return found[0]
        del waiting[term.term.casefold()]
        return str(
            Markup('<a class="term" href="#s-{}" title="{}">{}</a>').format(
                term.section, f"{term.term}: {term.meaning}", Markup(found[0])
            )
        )

    return finder.sub(link, text)


def _meant(seen: str, waiting: Mapping[str, Term]) -> Term | None:
    """The term that a word of the HTML uses; letters that the term writes large must be large."""
    words = html.unescape(seen)
    for stem in (words, words.removesuffix("s"), words.removesuffix("es")):
        term = waiting.get(stem.casefold())
        if term is not None and (term.term[1:] == term.term[1:].lower() or term.term == stem):
            return term
    return None


def _finder(known: tuple[Term, ...]) -> re.Pattern[str] | None:
    if not known:
        return None
    longest_first = sorted({str(escape(term.term)) for term in known}, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<![\w&;-])(?:{'|'.join(map(re.escape, longest_first))})(?:e?s)?(?![\w-])", re.IGNORECASE)
