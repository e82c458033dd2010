"""One row of a file of cases, checked and made ready to be stored.

What a few columns say together is read once and remembered, so that a million rows cost little more than parsing them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from hashlib import blake2b

from qa.core.errors import BadInput, Problem
from qa.intake import values, writings
from qa.intake.alike import AlikeReader, Faulty, Memory, forgetful
from qa.intake.columns import ALIKE, MOMENTS, SELDOM, USUAL, getter, placed
from qa.intake.known import Known
from qa.intake.mapping import Mapping
from qa.intake.prepared import ALWAYS, BODY, OWN, WORDS, Keys, Prepared
from qa.sampling.selection import numbering

#: A moment in UTC, to the second, laid out as databases keep it; only its day is still to be looked at.
_PLAIN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}(?:Z|\+00:00)").fullmatch
_json = json.JSONEncoder(ensure_ascii=False).encode


class RowReader:
    """Reads the rows of one file; *zone* ends a moment as the database wants it."""

    def __init__(
        self,
        header: Sequence[str],
        mapping: Mapping,
        known: Known,
        *,
        file: str,
        now: datetime,
        zone: str,
    ) -> None:
        self.known, self.file, self.now, self.zone = known, file, now, f".000000{zone}"
        columns = placed(header, mapping, file)
        self.places, self.evidence, self.withheld = columns.places, columns.evidence, columns.withheld
        self.width, self.meaning = len(header), f"\x1d{mapping.meaning}" if mapping.meaning else ""
        self.defaults = {name for name in ALIKE if mapping.has_default(name)}
        #: Our column of moments -> how a text of it becomes ISO 8601.
        self.orders = mapping.writings
        self.names = [name for name, _ in columns.hashed]
        self.start = "".join(f"{name}\x1f" for name in self.names)
        self.hashed = getter([place for _, place in columns.hashed])
        # A column that is not there is read from the empty cell that each row gets at its end.
        self.usual = getter([self.places.get(name, -1) for name in USUAL])
        self.said = getter([self.places.get(name, -1) for name in ALIKE])
        self.moments = getter([self.places.get(name, -1) for name in MOMENTS])
        self.has_moments = any(name in self.places for name in MOMENTS)
        self.seldom = getter([self.places.get(name, -1) for name in SELDOM])
        self.has_seldom = any(name in self.places for name in SELDOM)
        self.filled = tuple(name for name in BODY if self._is_filled(name))
        places = [BODY.index(name) for name in self.filled]
        self.own = getter([place for place in places if place < OWN])
        self.alike = AlikeReader(known, getter([place - OWN for place in places if place >= OWN]), mapping.values)
        self.worded = tuple(name for name in WORDS if name != "translation" or name in self.places)
        self.words = getter(range(len(self.worded)))
        #: The function id -> permanent number, once its key is known.
        self.number: Callable[[str], int] | None = None
        #: Days that have passed, by their text, each with what was met between the same two new versions.
        self.days: dict[str, tuple[date, Memory]] = {}
        self.seconds: dict[str, int] = {}
        self.agents: dict[tuple[str, date], tuple[int, int | None]] = {}

    def _is_filled(self, name: str) -> bool:
        """Whether a column of `closed_case` can hold anything when it comes from this file."""
        if name in ("evidence", "withheld"):
            return bool(getattr(self, name))
        column = {"agent_team_id": "agent_id", "reported_key": "reported_policy"}.get(name, name)
        return column in self.places or column in ALWAYS or column in self.defaults

    def read(self, line: int, row: list[str]) -> Prepared:
        """The row, ready to be stored; an empty cell is added to it. Raises BadInput with the first thing wrong."""
        try:
            return self._read(line, row)
        except Faulty as fault:
            raise BadInput(Problem(fault.expected, self.file, line, fault.field, fault.value)) from None

    def _read(self, line: int, row: list[str]) -> Prepared:
        row.append("")
        case_id, closed_text, agent_text, text, language, translation = self.usual(row)
        external_id = case_id.strip()
        if not external_id or len(external_id) > 200:
            raise Faulty("case_id", case_id or None, "a name of 1 to 200 characters")
        passed = self.days.get(closed_text[:10])
        if passed is not None and _PLAIN(closed_text):
            day, memory = passed
            closed = f"{closed_text[:10]} {closed_text[11:19]}{self.zone}"
        else:
            day, memory, closed = self._closed(closed_text)
        said = self.said(row)
        alike = memory.get(said) or self.alike.begin(said, day)
        agent = self.agents.get((agent_text, day)) or self._agent(agent_text, day, alike.decided_by)
        opened, first, due = self._moments(*self.moments(row)) if self.has_moments else (None, None, None)
        seconds, handlers, notes = self._seldom(*self.seldom(row)) if self.has_seldom else (None, (), ())
        spoken = self._language(language) if language else alike.locale
        # Last, because an action that is met in a good row becomes one that is known.
        body = alike.body if alike.whole else self.alike.end(alike, said, memory).body
        digest = self.digest(row)
        own = (
            *agent, closed, digest, opened, first, due, seconds, _json(list(handlers)) if handlers else None,
            _extras(self.evidence, row) if self.evidence else "{}",
            _extras(self.withheld, row) if self.withheld else "{}",
        )  # fmt: skip
        number = self.number(external_id) if self.number else None
        words = self.words((text or None, spoken, translation or None))
        return Prepared(line, external_id, digest, number, self.own(own) + body, words, closed, handlers, notes)

    def take(self, keys: Keys) -> None:
        """Number the rows from now on."""
        if self.number is None:
            self.number = numbering(keys.numbers, keys.source)

    def short(self, row: list[str]) -> tuple[str, str]:
        """By what a row is looked up: its id, and a hash of all that it says."""
        return row[self.places["case_id"]].strip(), self.digest(row)

    def digest(self, row: list[str]) -> str:
        """A hash of all that the row says, whatever kind of file it came in and in whatever order its columns stood."""
        cells, start = self.hashed(row), self.start
        if "" in cells:
            start = "".join([f"{name}\x1f" for name, cell in zip(self.names, cells, strict=True) if cell])
            cells = tuple(filter(None, cells))
        return blake2b((start + "\x1f".join(cells) + self.meaning).encode(), digest_size=32).hexdigest()

    def _closed(self, text: str) -> tuple[date, Memory, str]:
        """Day, what was met of such days, and the text of the moment at which a case was closed."""
        found, stored = self._moment("closed_at", text)
        day = found.date()
        memory = self.alike.memory(day)
        if _PLAIN(text) and values.FIRST.date() < day < self.now.date() - timedelta(days=1):
            forgetful(self.days)[text[:10]] = (day, memory)
        return day, memory, stored

    def _moment(self, field: str, text: str, *, ahead: bool = False) -> tuple[datetime, str]:
        """A moment, and its text as the database wants it."""
        if not text:
            raise Faulty(field, None, "a value; there is none")
        if field in self.orders:
            text = writings.iso(text, self.orders[field])
        try:
            found = values.moment(text.strip(), now=self.now, ahead=ahead)
        except ValueError as error:
            raise Faulty(field, text, str(error)) from None
        if values.is_plain(text):
            return found, f"{text[:10]} {text[11:19]}{self.zone}"
        return found, found.isoformat(" ", "microseconds")[:26] + self.zone[7:]

    def _moments(self, opened: str, first: str, due: str) -> tuple[str | None, str | None, str | None]:
        """opened_at, first_response_at, due_at."""
        return (
            self._at("opened_at", opened) if opened else None,
            self._at("first_response_at", first) if first else None,
            self._at("due_at", due, ahead=True) if due else None,
        )

    def _at(self, field: str, text: str, *, ahead: bool = False) -> str:
        """The text of a moment as the database wants it."""
        if text[:10] in self.days and _PLAIN(text):
            return f"{text[:10]} {text[11:19]}{self.zone}"
        return self._moment(field, text, ahead=ahead)[1]

    def _agent(self, text: str, day: date, decided_by: str) -> tuple[int | None, int | None]:
        if decided_by != "person" and not text:
            return None, None
        person_id = self._person("agent_id", text.strip())
        found = forgetful(self.agents)[(text, day)] = (person_id, self.known.team(person_id, day))
        return found

    def _person(self, field: str, text: str) -> int:
        if not text:
            raise Faulty(field, None, "the id of a person; there is none")
        person_id = self.known.person(text)
        if person_id is None:
            said = "the id of a person who is here: have people made of unknown ids, or add the person first"
            raise Faulty(field, text, said)
        return person_id

    def _seldom(
        self, waited: str, handled: str, talk: str
    ) -> tuple[int | None, tuple[int, ...], tuple[values.Note, ...]]:
        """handle_seconds, handled_by, messages."""
        known = self.seconds.get(waited)
        if known is not None and not handled and not talk:
            return known, (), ()
        field, text = SELDOM[0], waited
        try:
            seconds = values.seconds(waited) if waited else None
            if seconds is not None:
                forgetful(self.seconds)[waited] = seconds
            field, text = SELDOM[2], talk
            notes = values.messages(talk, now=self.now) if talk else ()
        except ValueError as error:
            raise Faulty(field, text, str(error)) from None
        people = [self._person("handled_by", part) for part in values.parts(handled)] if handled else []
        return seconds, tuple(dict.fromkeys(people)), notes

    def _language(self, text: str) -> str:
        try:
            return values.locale(text.strip())
        except ValueError as error:
            raise Faulty("language", text, str(error)) from None


def _extras(columns: list[tuple[str, int]], row: list[str]) -> str:
    return _json({name: row[place] for name, place in columns if row[place]})
