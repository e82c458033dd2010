"""What in a case's text could tell its outcome: colleagues' names, words of the decision, notes, telling ids.

The rules look at the text, at who works here and at which actions there are, never at the case's own decision: what is
covered must not tell either. They read English, German, French, Spanish, Portuguese, Italian and Dutch.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from qa.redaction import outcome_words, outcomes_abroad
from qa.redaction.spans import LEAK, Span, words_of

_WORD = re.compile(r"\w+")
#: What may stand between the words of a name.
_JOINED = re.compile(r"[ \t\n,.'’-]{1,3}")
_HANDLE = re.compile(r"@?\w[\w.@+-]*\w")
_OUTCOME = tuple((frozenset(signs), re.compile(pattern)) for signs, pattern in outcome_words.SENTENCES)
_FIELD = re.compile(outcome_words.FIELD)
_NOTE = re.compile(outcome_words.NOTE)
_DONE = re.compile(outcome_words.DONE, re.IGNORECASE)
_TAGGED = re.compile(r"\b[A-Za-z0-9]+(?:[-_./#][A-Za-z0-9]+)+\b")


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody who works here, as their names are looked up: the first word of a name -> the rest of each."""

    names: dict[str, tuple[tuple[str, ...], ...]]
    #: Ids and addresses, folded.
    handles: frozenset[str]
    #: A word of each of those.
    parts: frozenset[str]


def staff(people: Iterable[tuple[str, str, str | None]]) -> Staff:
    """*people* are (id in files, name, e-mail address). A name of one word is too often a word like any other.

    >>> staff([("a-07", "Anna Bell", None)]).names
    {'anna': (('bell',),), 'bell': (('anna',),)}
    """
    names: dict[str, set[tuple[str, ...]]] = {}
    handles: set[str] = set()
    for external_id, name, email in people:
        words = tuple(match[0].casefold() for match in _WORD.finditer(name))
        for said in (words, words[::-1]) if len(words) == 2 else (words,):
            if len(said) >= 2 and sum(map(len, said)) >= 5:
                names.setdefault(said[0], set()).add(said[1:])
        handles.update(one.casefold() for one in (external_id, email) if one and _is_handle(one))
    longest_first = {first: tuple(sorted(rest, key=len, reverse=True)) for first, rest in names.items()}
    parts = (max(_WORD.findall(one), key=len) for one in handles)
    return Staff(longest_first, frozenset(handles), frozenset(parts))


def _is_handle(said: str) -> bool:
    """Whether an id is one that nobody writes by chance: letters with digits, or parts that are joined."""
    has_digit, has_letter = any(map(str.isdigit, said)), any(map(str.isalpha, said))
    if has_letter:
        return len(said) >= 4 and (has_digit or any(sign in said for sign in "._-@"))
    return len(said) >= 6


def found(text: str, known: Staff, actions: Collection[str]) -> list[Span]:
    """What in *text* could tell the outcome. *actions*: keys and names of all that can be done about a case.

    >>> said = "Decision: removed\\nThey wrote to me again."
    >>> [said[span.start:span.end] for span in found(said, staff([]), ())]
    ['Decision: removed']
    """
    words, spans = words_of(text), names(text, known)
    for signs, rule in _OUTCOME:
        if not words.isdisjoint(signs):
            spans += [Span(*match.span(), LEAK, "outcome") for match in rule.finditer(text)]
    spans += [Span(*match.span(), LEAK, "outcome") for match in outcomes_abroad.sentences(text, words)]
    notes = (*_NOTE.finditer(text), *outcomes_abroad.notes(text))
    spans += [Span(*match.span(), LEAK, "note") for match in notes]
    folded = frozenset(map(str.casefold, actions))
    for match in (*_FIELD.finditer(text), *outcomes_abroad.fields(text)):
        if _says_outcome(match["value"], folded):
            spans.append(Span(*_stripped(match), LEAK, "outcome"))
    if "_" in text or not words.isdisjoint(outcome_words.PARTS | folded):
        ids = (match for match in _TAGGED.finditer(text) if _is_telling(match[0], folded))
        spans += [Span(*match.span(), LEAK, "id") for match in ids]
    return spans


def names(text: str, known: Staff) -> list[Span]:
    """Names, ids and addresses of colleagues in *text*."""
    words = words_of(text)
    return [*_names(text, known, words), *_handles(text, known, words)]


def _names(text: str, known: Staff, words: frozenset[str]) -> Iterator[Span]:
    """Names of colleagues, whatever their letters' case."""
    if not any(words.issuperset(rest) for first in words & known.names.keys() for rest in known.names[first]):
        return
    spoken = [(match[0].casefold(), match.start(), match.end()) for match in _WORD.finditer(text)]
    for place, (word, start, end) in enumerate(spoken):
        for rest in known.names.get(word, ()):
            said = spoken[place + 1 : place + 1 + len(rest)]
            if tuple(one[0] for one in said) != rest:
                continue
            ends = [end, *(one[2] for one in said)]
            if all(_JOINED.fullmatch(text[at : one[1]]) for at, one in zip(ends, said, strict=False)):
                yield Span(start, said[-1][2], LEAK, "staff")
                break


def _handles(text: str, known: Staff, words: frozenset[str]) -> Iterator[Span]:
    if not words.isdisjoint(known.parts):
        for match in _HANDLE.finditer(text):
            if match[0].lstrip("@").casefold() in known.handles:
                yield Span(*match.span(), LEAK, "staff")


def _says_outcome(value: str, actions: frozenset[str]) -> bool:
    said = value.strip().strip(".!*_ ").casefold()
    first = re.split(r"[\s,;.(]", said, maxsplit=1)[0]
    return (
        _DONE.search(value) is not None
        or outcomes_abroad.is_outcome(value)
        or said in actions
        or first in actions
        or first in outcome_words.PARTS
        or said.startswith(("no action", "no violation", "not violat", "violat"))
    )


def _is_telling(said: str, actions: frozenset[str]) -> bool:
    """Whether an id has a part that says an outcome: `case_remove_123`."""
    parts = {part.casefold() for part in re.split(r"[-_./#]", said)}
    return any(part.isdigit() for part in parts) and not parts.isdisjoint(outcome_words.PARTS | actions)


def _stripped(match: re.Match[str]) -> tuple[int, int]:
    """Where a line's words begin and end."""
    return match.start() + len(match[0]) - len(match[0].lstrip()), match.start() + len(match[0].rstrip())
