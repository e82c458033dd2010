"""What upper rooms hand down to the kernel: `wsgi.py` fills these, so that no lower room learns of a higher one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import current_app

from qa.core.access import Actor


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the navigation."""

    label: str
    url: str
    key: str
    roles: frozenset[str]
    order: int = 50
    #: What it stands under in the bar of somebody who has many places.
    group: str = ""
    #: Addresses of pages that belong to it though they stand elsewhere; a place of their own comes first.
    covers: tuple[str, ...] = ()
    #: The address of the place whose page leads here: such a place stands in no bar, and is a key away all the same.
    under: str = ""


@dataclass(frozen=True, slots=True)
class HomeCard:
    """A card on somebody's home. `draw` gives what the template needs, or None when the card has nothing to say."""

    template: str
    roles: frozenset[str]
    draw: Callable[[Actor], Any]
    order: int = 50


@dataclass(frozen=True, slots=True)
class Share:
    """A share from 0 to 1 with its interval, the number of cases behind it, and why it may not be shown, if so."""

    estimate: float | None
    low: float | None
    high: float | None
    n: int
    note: str = ""
    in_progress: bool = False


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing that hangs on a section: so many of something, or a figure. *url*: where the reader may see it."""

    label: str
    count: int | None = None
    share: Share | None = None
    url: str | None = None


#: Whoever reads, and the keys of sections: what hangs on each of them that this reader may know of.
TouchedBy = Callable[[Actor, Collection[str]], Mapping[str, Iterable[Touch]]]


@dataclass(frozen=True, slots=True)
class ChangeCost:
    """What a change of sections would ask of people: so many of whom or what, and how long all of them take."""

    who: str
    count: int
    minutes: float
    why: str


@dataclass(frozen=True, slots=True)
class TextHolder:
    """A place beside the cases themselves that keeps text of cases: what it is, by what rule, and how it is emptied."""

    name: str
    rule: str
    #: How many copies of cases' texts it holds now.
    count: Callable[[], int]
    #: Take out, in the caller's transaction, what it holds of the cases with these addresses; how many copies. A second
    #: time there is nothing left to take out.
    purge: Callable[[Collection[str]], int]


@dataclass(frozen=True, slots=True)
class PersonHolder:
    """A place beside findings that holds figures of a person: after a time it keeps the counts and loses the person."""

    name: str
    rule: str
    #: How many rows about a time before a moment still know somebody.
    count: Callable[[datetime], int]
    #: Let them know nobody, in the caller's transaction; how many.
    lose: Callable[[datetime], int]


#: Inside number of a person (or nobody) -> what the person is called in one evidence pack.
PersonCode = Callable[[int | None], str]


@dataclass(frozen=True, slots=True)
class OpenAction:
    """Something that is being done about an error, beside the open questions: what, about whom, by whom, until when."""

    what: str
    about: str
    url: str
    owner: str | None
    state: str
    due_on: date | None
    #: It should be done by now, or its check has come.
    is_late: bool


@dataclass(frozen=True, slots=True)
class PackPart:
    """One file of the evidence pack: what it is called, what it holds, and its lines as read in one transaction."""

    file: str
    about: str
    lines: Callable[[PersonCode], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Registries:
    """All that the rooms have put in."""

    places: list[Place] = field(default_factory=list)
    home_cards: list[HomeCard] = field(default_factory=list)
    #: What hangs on sections, for the policy page: each room asks its tables once for all sections together.
    touched_by: list[TouchedBy] = field(default_factory=list)
    #: What a change in substance of sections (by their keys) would ask of people, as far as the reader may know.
    change_costs: list[Callable[[Actor, Collection[str]], Iterable[ChangeCost]]] = field(default_factory=list)
    #: Who holds text of cases; used by erasure, and by the page that says what keeps a copy.
    text_holders: list[TextHolder] = field(default_factory=list)
    #: Who holds figures of people; used by the rules of retention.
    person_holders: list[PersonHolder] = field(default_factory=list)
    #: Files of the evidence pack, in their order.
    pack_parts: list[PackPart] = field(default_factory=list)
    #: Looks that are mixed into the queues at the daily release: of a day, for graders at work (inside numbers), by a
    #: session, the wanted tasks as `qa.grading.queue.add_tasks` takes them.
    extra_tasks: list[Callable[[date, Sequence[int], Any], Iterable[Mapping[str, Any]]]] = field(default_factory=list)
    #: Kind of notice -> what it says to a reader now, by what it is about; None: it is none of theirs any more. A line
    #: of another kind stands as it was written.
    notice_lines: dict[str, Callable[[Actor, str], str | None]] = field(default_factory=dict)
    #: Section key -> (address, title) of what upper rooms keep on it for everybody to read.
    kept_answers: list[Callable[[str], Iterable[tuple[str, str]]]] = field(default_factory=list)
    #: Inside number of a question about a clause -> who took part upstairs in what led to it (inside numbers).
    concerned: list[Callable[[int], Iterable[int]]] = field(default_factory=list)
    #: What is being done about errors and not over yet, as far as the reader may know.
    open_actions: list[Callable[[Actor], Iterable[OpenAction]]] = field(default_factory=list)
    #: How fresh the data is, in words; the first that knows answers.
    freshness: list[Callable[[], str | None]] = field(default_factory=list)


def registries() -> Registries:
    """The registries of the present app."""
    return current_app.extensions["registries"]


def touching(reader: Actor, keys: Collection[str]) -> dict[str, list[Touch]]:
    """Section key -> what hangs on it, as far as *reader* may know; sections that nothing hangs on are left out."""
    found: dict[str, list[Touch]] = {}
    for ask in registries().touched_by:
        for key, lines in ask(reader, keys).items():
            found.setdefault(key, []).extend(lines)
    return {key: lines for key, lines in found.items() if lines}


def change_costs(reader: Actor, keys: Collection[str]) -> list[ChangeCost]:
    """What a change in substance of these sections would ask of people; nothing where nothing changes."""
    return [one for ask in registries().change_costs for one in ask(reader, keys)] if keys else []


def kept_answers(section_key: str) -> list[tuple[str, str]]:
    """(address, title) of what is kept on a section for everybody to read."""
    return [one for ask in registries().kept_answers for one in ask(section_key)]


def concerned(question_id: int) -> set[int]:
    """Inside numbers of people who took part in what led to a question."""
    return {person for ask in registries().concerned for person in ask(question_id)}


def open_actions(reader: Actor) -> list[OpenAction]:
    """What is being done about errors and not over yet: what is late first, then by its day."""
    found = [one for ask in registries().open_actions for one in ask(reader)]
    return sorted(found, key=lambda one: (not one.is_late, one.due_on or date.max, one.about, one.what))


def freshness() -> str | None:
    """How fresh the data is ("cases up to 14 Nov 03:00"), or None when there is none."""
    for ask in registries().freshness:
        line = ask()
        if line:
            return line
    return None


def home_cards(person: Actor) -> list[tuple[str, Any]]:
    """(template, what it needs) of the cards that have something to say to *person*."""
    cards = sorted((card for card in registries().home_cards if person.has(*card.roles)), key=lambda card: card.order)
    drawn = [(card.template, card.draw(person)) for card in cards]
    return [(template, content) for template, content in drawn if content is not None]
