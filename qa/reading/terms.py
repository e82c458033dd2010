"""The words that a policy defines: which they are, what they mean, and where it says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.policytext.rules import Rule
from qa.policytext.sections import Document

_SAYS = r"\s+(?:is|are|means?|refers? to|stands? for)\b"
_QUOTED = re.compile(rf"(?:an?|the)?\s*[\"“](?P<term>[^\"“”]{{2,60}})[\"”]{_SAYS}", re.I)
_SET_OFF = re.compile(r"(?P<term>[^:–—.]{2,60}?)\s*(?::|\s[–—-])\s+(?P<meaning>\S.*)", re.DOTALL)
_STATED = re.compile(rf"(?:an?\s+|the\s+)?(?P<term>[A-Z][\w’'-]*(?:\s+[\w’'-]+){{0,4}}?){_SAYS}", re.I)
_SHORT_FORM = re.compile(r"(?P<term>[^()]+?)\s*\((?P<short>[A-Z][\w.]{1,9})\)")
_MARKS = re.compile(r"[*_`\"“”]")
#: A meaning longer than this is cut for the hint; the section that it comes from is one step away.
LONGEST = 280
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Term:
    """A defined word with its meaning, and the key (without its policy) of the section that defines it."""

    term: str
    meaning: str
    section: str


def terms(document: Document) -> dict[str, Term]:
    """The terms that *document* defines, by their word in lower case."""
    found: dict[str, Term] = {}
    for section in document.sections:
        for at, rule in enumerate(section.rules):
            for said, meaning in _defined(rule):
                for term in _names(said):
                    known = Term(term, _short(_whole(meaning, at, section.rules)), section.key)
                    found.setdefault(term.casefold(), known)
    return found


def _names(said: str) -> list[str]:
    """A term, and the short form that stands in brackets behind it."""
    both = _SHORT_FORM.fullmatch(said)
    names = [both["term"], both["short"]] if both else [said]
    return [name for name in names if len(name) >= 2 and len(name.split()) <= _MOST_WORDS]


def _defined(rule: Rule) -> Iterator[tuple[str, str]]:
    if rule.role != "definition":
        return
    text = " ".join(rule.text.split())
    if rule.unit == "row":
        cells = [cell.strip() for cell in text.split(" | ")]
        if len(cells) > 1 and cells[1]:
            yield _MARKS.sub("", cells[0]).strip(), " ".join(cells[1:])
        return
    quoted = _QUOTED.match(text)
    if quoted is not None:
        yield quoted["term"].strip(" ,."), text
        return
    set_off = _SET_OFF.match(text) if rule.unit == "item" else None
    if set_off is not None:
        yield _MARKS.sub("", set_off["term"]).strip(), set_off["meaning"]
        return
    stated = _STATED.match(text)
    if stated is not None:
        yield _MARKS.sub("", stated["term"]).strip(), text


def _whole(meaning: str, at: int, rules: Sequence[Rule]) -> str:
    """*meaning* with the list that it leads to, where it does."""
    listed = [" ".join(rule.text.split()) for rule in rules if rule.parent == at] if meaning.endswith(":") else []
    return f"{meaning} {'; '.join(listed)}" if listed else meaning


def _short(meaning: str) -> str:
    if len(meaning) <= LONGEST:
        return meaning
    return meaning[:LONGEST].rsplit(" ", 1)[0].rstrip(" ,;.") + " …"
