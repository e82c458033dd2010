"""Actors: who, in a policy's sentences, is said to have to, to be allowed to, or to be going to do something."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from training.generation.glosses import resolved
from training.generation.material import Source
from training.generation.wording import jaccard, roots, stem, tokens

#: Who decides, and whom it is decided about: only those of one side are taken for each other.
_DECIDES = (
    "committee|board|council|panel|team|staff|moderator|mod|administrator|admin|manager|supervisor|owner|organi[sz]er|"
    "maintainer|leader|lead|director|officer|operator|host|chair|coordinator|ombudsperson|ombudsman|department|group|"
    "representative|reviewer|editor|helper|investigator|counsel|adjudicator|arbitrator|facilitator|steward|guardian"
)
_CONCERNED = (
    "user|member|player|customer|client|subscriber|participant|attendee|guest|reporter|reportee|complainant|respondent|"
    "applicant|appellant|offender|victim|author|contributor|creator|publisher|advertiser|seller|buyer|vendor|merchant|"
    "developer|employee|contractor|volunteer|researcher|archivist|parent|student|teacher|speaker|sponsor|mentor|mentee|"
    "learner|instructor|candidate|visitor|requester|affiliate|partner|agent"
)
_ROLE = rf"(?:{_DECIDES}|{_CONCERNED})s?"
_NAME = rf"(?:[A-Z][\w’'-]*\s(?:of\s)?){{0,3}}(?i:{_ROLE})(?:\sof\s(?:[A-Z][\w-]*)(?:\s[A-Z][\w-]*)?)?"
#: Behind a name stands a mark, a verb or a preposition; behind “the parent” of “the parent repository” a noun.
_ENDS = (
    r"(?=[.,;:)’']|$|\s\(|\s(?:must|may|can|will|shall|should|cannot|is|are|was|were|has|have|who|to|of|and|or|for|in|on|by|"
    r"if|when|at|with|from|about|that|does|did|before|after|as|during)\b)"
)
#: The kind of an actor in small letters, “appeal panel”; what only describes it, “the affected user”, is none.
_KIND = (
    r"(?:(?!(?:the|an?|any|all|our|each|every|no|other|original|new|same|whole|relevant|first|second|two|three|"
    r"individual|different|many|some|most|both|either|such|this|that|these|those|of|and|or)\b)"
    r"[A-Z]?[a-z]+(?<!ed)(?<!ing)(?<!ous)(?<!ive)(?<!ful)(?<!ble)(?<!ly)\s){0,2}?"
)
_ANYWHERE = re.compile(rf"\b(?i:the|an?|any|all|our|each|every|other)\s(?P<name>{_NAME})\b{_ENDS}")
ROLE = re.compile(rf"(?i)\b{_ROLE}(?:\s+of\s.*)?$")
_OPENS = r"(?:[A-Z][^,;:“”\"]{6,110},\s)?"
_MODAL = (
    r"must|may|can|will|shall|should|cannot|(?:is|are)\s(?:responsible|required|expected|encouraged|allowed|permitted|"
    r"empowered|prohibited|asked|forbidden)|reserves?|(?:review|decide|determine|investigate|contact|prepare|send|verif|"
    r"notif|respond|meet|complete|publish|handle|maintain|assign|confirm|record|inform)(?:e?s|ies)"
)
SUBJECT = re.compile(
    rf"^(?P<before>{_OPENS})(?P<article>(?i:the|an?|any|all|our|each|every|only)\s)?(?P<name>{_KIND}{_NAME}|[A-Z][A-Za-z]{{1,4}})\s"
    rf"(?P<modal>{_MODAL})\s(?P<deed>\S.+?)\.?$"
)
_SHORT = re.compile(r"\b[A-Z][a-z]?[A-Z]+[a-z]?\b")
_DECIDING = re.compile(rf"(?i)\b(?:{_DECIDES})s?\b")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody with a part in a policy, under one name: “board of directors”, “moderator”."""

    name: str

    @property
    def roots(self) -> frozenset[str]:
        """The roots of the name."""
        return roots(self.name)

    @property
    def decides(self) -> bool:
        """Whether it stands on the side that decides."""
        return _DECIDING.search(self.name) is not None

    @property
    def is_plural(self) -> bool:
        """Whether the name means several."""
        front = self.name.split(" of ")[0]
        return (front if ROLE.search(front) else self.name).endswith("s")

    @property
    def head(self) -> str:
        """The root of what it is: *committee* in “committee of readers”."""
        front = self.name.split(" of ")[0]
        return stem(tokens(front if ROLE.search(front) else self.name)[-1])

    def is_like(self, other: "Actor") -> bool:
        """Whether two names may mean the same, or one a part of the other."""
        if self.roots <= other.roots or other.roots <= self.roots or jaccard(self.roots, other.roots) >= 0.5:
            return True
        return self.head == other.head and _SHORT.search(f"{self.name} {other.name}") is not None

    @property
    def is_part(self) -> bool:
        """Whether the name says of whom it is a part: “committee member”."""
        return len(re.findall(rf"(?i)\b{_ROLE}\b", self.name)) > 1

    def shown(self, plural: bool) -> str | None:
        """The name as an answer, in that number; None where it has no such form."""
        text = self.name
        if self.is_plural and not plural:
            text = text.removesuffix("s")
        elif plural and not self.is_plural:
            if " of " in text:
                return None
            text += "s"
        return text[0].upper() + text[1:]


def named(name: str) -> Actor:
    """The actor of that name, as it stands in the middle of a sentence.

    >>> named("Members").name, named("Board of Directors").name
    ('members', 'Board of Directors')
    """
    words = name.split()
    return Actor(name if len(words) > 1 else name.lower())


#: Somebody named once and never with a deed may be anybody's example.
LEAST_NAMED = 2
#: One is made of the other, chosen out of it, or acts for it.
_JOINS = re.compile(
    r"(?i)\b(?:members? of|one of|part of|(?:will|to|they) form|consist\w*|compris\w*|made up of|elect\w*|appoint\w*|"
    r"select\w*|act\w* as|serv\w* as|also (?:known|called)|on behalf of|members? (?:on|who))\b"
)


class Cast:
    """The actors of one policy, each under the longest of its names, and which of them are one."""

    def __init__(self, texts: Sequence[str], source: Source) -> None:
        self._source = source
        self._texts = [resolved(text, source) for text in texts]
        self.actors = [one for one in self._all if self.known_as(one) == one and not one.is_part]

    @cached_property
    def _all(self) -> list[Actor]:
        return _mentioned(self._texts)

    def known_as(self, actor: Actor) -> Actor:
        """*actor* under its full name: “the committee” is the committee of readers where there is but that one."""
        family = [one for one in self._all if one.head == actor.head and not one.is_part]
        nested = all(a.roots <= b.roots or b.roots <= a.roots for a in family for b in family)
        whole = sorted((one for one in family if " " in one.name), key=lambda one: len(one.roots))
        return whole[0] if whole and nested and not actor.is_part else actor

    def parted(self, text: str) -> tuple[re.Match[str], Actor] | None:
        """*text* as a sentence with its actor as its subject; the match is one of *text* itself."""
        match = SUBJECT.match(text)
        if match is None:
            return None
        whole = resolved(match["name"], self._source)
        return (match, self.known_as(named(whole))) if ROLE.search(whole) else None

    def are_apart(self, one: Actor, other: Actor) -> bool:
        """Whether no two names of one, and none a part of the other."""
        both = one.roots | other.roots
        joined = any(_JOINS.search(text) and both <= roots(text) for text in self._texts)
        return not one.is_like(other) and not joined


def _mentioned(texts: Sequence[str]) -> list[Actor]:
    """The actors of *texts*, each once (in the number in which it came first), in their order.

    An actor does something in one of them, has a name of several words, or comes again.
    """
    found: dict[frozenset[str], Actor] = {}
    times: Counter[frozenset[str]] = Counter()
    for text in texts:
        subject = SUBJECT.match(text)
        own = [(named(subject["name"]), LEAST_NAMED)] if subject is not None and ROLE.search(subject["name"]) else []
        named_in = [named(match["name"]) for match in _ANYWHERE.finditer(text)]
        for actor, weight in [*own, *((one, LEAST_NAMED if " " in one.name else 1) for one in named_in)]:
            found.setdefault(actor.roots, actor)
            times[actor.roots] += weight
    return [actor for key, actor in found.items() if times[key] >= LEAST_NAMED]
