"""One row of a file of cases, checked and made ready to be stored.

What a few columns say together is read once and remembered, so that a million rows cost little more than parsing them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any

from qa import section_keys
from qa.core.errors import BadInput, Problem
from qa.intake import values
from qa.intake.columns import KIND, MOMENTS, SELDOM, USUAL, getter, placed
from qa.intake.known import Known
from qa.intake.mapping import Mapping
from qa.intake.prepared import ALWAYS, BODY, Prepared

#: More remembered combinations than this are forgotten and begun again.
MOST_REMEMBERED = 50_000
#: A moment in UTC, to the second, laid out as databases keep it; only its day is still to be looked at.
_PLAIN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}(?:Z|\+00:00)").fullmatch
_json = json.JSONEncoder(ensure_ascii=False).encode


class Faulty(Exception):
    """A value that cannot be taken."""

    def __init__(self, field: str, value: str | None, expected: str) -> None:
        super().__init__(expected)
        self.field, self.value, self.expected = field, value, expected


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
        self.width = len(header)
        self.names = [name for name, _ in columns.hashed]
        self.start = "".join(f"{name}\x1f" for name in self.names)
        self.hashed = getter([place for _, place in columns.hashed])
        # A column that is not there is read from the empty cell that each row gets at its end.
        self.usual = getter([self.places.get(name, -1) for name in USUAL])
        self.kind = getter([self.places.get(name, -1) for name in KIND])
        self.moments = getter([self.places.get(name, -1) for name in MOMENTS])
        self.has_moments = any(name in self.places for name in MOMENTS)
        self.seldom = getter([self.places.get(name, -1) for name in SELDOM])
        self.has_seldom = any(name in self.places for name in SELDOM)
        self.filled = tuple(name for name in BODY if self._is_filled(name))
        self.body = getter([BODY.index(name) for name in self.filled])
        #: Days that have passed, by their text, each with the number of its stretch between two new versions.
        self.days: dict[str, tuple[date, int]] = {}
        self.seconds: dict[str, int] = {}
        self.kinds: dict[tuple[str, ...], tuple[Any, ...]] = {}
        self.decisions: dict[tuple[str, str, int], tuple[Any, ...]] = {}
        self.agents: dict[tuple[str, date], tuple[int, int | None]] = {}
        self.actions: dict[tuple[str, str, bool], str] = {}
        #: What another reader of the same file met.
        self.also_met: set[tuple[str, str, bool]] = set()

    def _is_filled(self, name: str) -> bool:
        """Whether a column of `closed_case` can hold anything when it comes from this file."""
        if name in ("evidence", "withheld"):
            return bool(getattr(self, name))
        column = {"agent_team_id": "agent_id", "reported_key": "reported_policy"}.get(name, name)
        return column in self.places or column in ALWAYS

    @property
    def met(self) -> set[tuple[str, str, bool]]:
        """(workflow, action, beside a violation) of all rows so far, of workflows that have no actions yet."""
        return self.also_met | {key for key in self.actions if key[0] not in self.known.actions}

    def read(self, line: int, row: list[str]) -> Prepared:
        """The row, ready to be stored; an empty cell is added to it. Raises BadInput with the first thing wrong."""
        try:
            return self._read(line, row)
        except Faulty as fault:
            raise BadInput(Problem(fault.expected, self.file, line, fault.field, fault.value)) from None

    def _read(self, line: int, row: list[str]) -> Prepared:
        row.append("")
        case_id, closed_text, decided, reported, action_text, agent_text, text, language, translation = self.usual(row)
        external_id = case_id.strip()
        if not external_id or len(external_id) > 200:
            raise Faulty("case_id", case_id or None, "a name of 1 to 200 characters")
        passed = self.days.get(closed_text[:10])
        if passed is not None and _PLAIN(closed_text):
            day, epoch = passed
            closed = f"{closed_text[:10]} {closed_text[11:19]}{self.zone}"
        else:
            day, epoch, closed = self._closed(closed_text)
        said = self.kind(row)
        kind = self.kinds.get(said) or self._read_kind(said)
        asked = (decided, reported, epoch)
        decision = self.decisions.get(asked) or self._decision(asked, day)
        agent_id, team_id = self.agents.get((agent_text, day)) or self._agent(agent_text, day, kind[0])
        opened, first, due = self._moments(*self.moments(row)) if self.has_moments else (None, None, None)
        seconds, handlers, notes = self._seldom(*self.seldom(row)) if self.has_seldom else (None, (), ())
        # Last, because an action that is met in a good row becomes one that is known.
        met = (kind[1], action_text, decision[1] != section_keys.NONE)
        action = self.actions.get(met) or self._action(met)
        digest = self.digest(row)
        body = (
            agent_id, team_id, kind[0], kind[1], kind[2], kind[3], kind[4], opened, first, due, closed,
            decision[0], decision[1], action, decision[2], decision[3], kind[5], seconds,
            _json(list(handlers)) if handlers else None, kind[6],
            _extras(self.evidence, row) if self.evidence else "{}",
            _extras(self.withheld, row) if self.withheld else "{}", digest,
        )  # fmt: skip
        spoken = self._language(language) if language else kind[3]
        texts = (text or None, spoken, translation or None)
        return Prepared(line, external_id, digest, self.body(body), closed, handlers, *texts, notes)

    def digest(self, row: list[str]) -> str:
        """A hash of all that the row says, whatever kind of file it came in and in whatever order its columns stood."""
        cells, start = self.hashed(row), self.start
        if "" in cells:
            start = "".join([f"{name}\x1f" for name, cell in zip(self.names, cells, strict=True) if cell])
            cells = tuple(filter(None, cells))
        return blake2b((start + "\x1f".join(cells)).encode(), digest_size=32).hexdigest()

    def _closed(self, text: str) -> tuple[date, int, str]:
        """Day, its stretch between two versions, and the text of the moment at which a case was closed."""
        found, stored = self._moment("closed_at", text)
        day = found.date()
        epoch = self.known.sections.epoch(day)
        if _PLAIN(text) and values.FIRST.date() < day < self.now.date() - timedelta(days=1):
            _forgetful(self.days)[text[:10]] = (day, epoch)
        return day, epoch, stored

    def _moment(self, field: str, text: str, *, ahead: bool = False) -> tuple[datetime, str]:
        """A moment, and its text as the database wants it."""
        if not text:
            raise Faulty(field, None, "a value; there is none")
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

    def _read_kind(self, said: tuple[str, ...]) -> tuple[Any, ...]:
        """decided_by, workflow, queue, locale, severity, confidence, sensitivity."""
        found = _forgetful(self.kinds)[said] = _read_kind(dict(zip(KIND, said, strict=True)))
        return found

    def _decision(self, asked: tuple[str, str, int], day: date) -> tuple[Any, ...]:
        """Section, decided key, reported key, policy in play."""
        found = _forgetful(self.decisions)[asked] = self._read_decision(asked[0].strip(), asked[1].strip(), day)
        return found

    def _read_decision(self, decided: str, reported: str, day: date) -> tuple[Any, ...]:
        if not decided:
            raise Faulty("decided_policy", None, "a section key, or none for no violation")
        key, (section_id, play) = self._section("decided_policy", decided, day)
        if not reported:
            return section_id, key, None, play
        reported_key, (_, reported_play) = self._section("reported_policy", reported, day)
        return section_id, key, reported_key, reported_play

    def _section(self, field: str, label: str, day: date) -> tuple[str, tuple[int | None, str]]:
        for key in self.known.sections.readings(label):
            found = self.known.sections.find(key, day)
            if found is not None:
                return key, found
        if self.known.sections.can_promise(label):
            return self.known.sections.promise(label)
        known = section_keys.policy_of(self.known.sections.key_of(label)) in self.known.sections.states
        what = "a section of that policy's version" if known else "a section of a policy"
        raise Faulty(field, label, f"{what} in force on {day}, or none")

    def _action(self, met: tuple[str, str, bool]) -> str:
        found = self.actions[met] = self._read_action(met[0], met[1].strip())
        return found

    def _read_action(self, workflow: str, text: str) -> str:
        if not text:
            raise Faulty("action", None, "a value; there is none")
        try:
            action = values.word(text)
        except ValueError as error:
            raise Faulty("action", text, str(error)) from None
        taken = self.known.actions.get(workflow)
        if taken is not None and action not in taken:
            raise Faulty("action", text, f"an action of {workflow}: {', '.join(sorted(taken))}")
        return action

    def _agent(self, text: str, day: date, decided_by: str) -> tuple[int | None, int | None]:
        if decided_by != "person" and not text:
            return None, None
        person_id = self._person("agent_id", text.strip())
        found = _forgetful(self.agents)[(text, day)] = (person_id, self.known.team(person_id, day))
        return found

    def _person(self, field: str, text: str) -> int:
        if not text:
            raise Faulty(field, None, "the id of a person; there is none")
        person_id = self.known.people.get(text)
        if person_id is None:
            raise Faulty(field, text, "the id of a person who is here (`flask people import` comes first)")
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
                _forgetful(self.seconds)[waited] = seconds
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


def _forgetful(memory: dict[Any, Any]) -> dict[Any, Any]:
    if len(memory) >= MOST_REMEMBERED:
        memory.clear()
    return memory


def _read_kind(said: dict[str, str]) -> tuple[Any, ...]:
    def take(name: str, reader: Callable[[str], str], missing: str | None = None) -> str | None:
        text = said[name].strip()
        try:
            return reader(text) if text else missing
        except ValueError as error:
            raise Faulty(name, text, str(error)) from None

    harms = values.parts(said["sensitivity"])
    return (
        take("decided_by", values.one_of("person", "rule", "model"), "person"),
        take("workflow", values.word, "abuse_report"),
        take("queue", values.label),
        take("locale", values.locale),
        take("severity", values.one_of("low", "medium", "high", "critical")),
        take("confidence", values.one_of("low", "medium", "high")),
        _json(harms) if harms else None,
    )


def _extras(columns: list[tuple[str, int]], row: list[str]) -> str:
    return _json({name: row[place] for name, place in columns if row[place]})
