"""One row of a file of cases, checked and made ready to be stored.

What a few columns say together is read once and remembered, so that a million rows cost little more than parsing them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from qa import section_keys
from qa.core.errors import BadInput, Problem
from qa.intake import values
from qa.intake.columns import KIND, MOMENTS, placed
from qa.intake.known import Known
from qa.intake.mapping import Mapping

#: What a prepared row holds of `closed_case`, in this order.
BODY = (
    "agent_id", "agent_team_id", "decided_by", "workflow", "queue", "locale", "severity", "opened_at",
    "first_response_at", "due_at", "closed_at", "decided_section_id", "decided_key", "action", "reported_key",
    "play_key", "confidence", "handle_seconds", "handled_by", "sensitivity", "evidence", "withheld", "content_hash",
)  # fmt: skip
#: More remembered combinations than this are forgotten and begun again.
MOST_REMEMBERED = 50_000
_json = json.JSONEncoder(ensure_ascii=False).encode


class Prepared(NamedTuple):
    """A row that can be stored."""

    line: int
    external_id: str
    content_hash: str
    #: Values of BODY.
    body: tuple[Any, ...]
    closed_at: datetime
    agent_id: int | None
    handlers: tuple[int, ...]
    text: str | None
    language: str | None
    translation: str | None
    notes: tuple[values.Note, ...]


class Faulty(Exception):
    """A value that cannot be taken."""

    def __init__(self, field: str, value: str | None, expected: str) -> None:
        super().__init__(expected)
        self.field, self.value, self.expected = field, value, expected


class RowReader:
    """Reads the rows of one file; *stamp* writes a moment as the database wants it."""

    def __init__(
        self,
        header: Sequence[str],
        mapping: Mapping,
        known: Known,
        *,
        file: str,
        now: datetime,
        stamp: Callable[[datetime], Any],
    ) -> None:
        self.known, self.file, self.now, self.stamp = known, file, now, stamp
        self.places, self.hashed, self.evidence, self.withheld = placed(header, mapping, file)
        self.optional = [name for name in MOMENTS if name in self.places]
        self.seldom = [name for name in ("handle_seconds", "handled_by", "messages") if name in self.places]
        self.kind_places = [self.places.get(name, -1) for name in KIND]
        self.kinds: dict[tuple[str, ...], tuple[Any, ...]] = {}
        self.decisions: dict[tuple[str, str, int], tuple[Any, ...]] = {}
        self.agents: dict[tuple[str, date], tuple[int, int | None]] = {}
        self.actions: dict[tuple[str, str, bool], str] = {}

    @property
    def met(self) -> set[tuple[str, str, bool]]:
        """(workflow, action, beside a violation) of all rows so far, of workflows that have no actions yet."""
        return {key for key in self.actions if key[0] not in self.known.actions}

    def read(self, line: int, row: Sequence[str]) -> Prepared:
        """The row, ready to be stored. Raises BadInput with the first thing that is wrong."""
        try:
            return self._read(line, row)
        except Faulty as fault:
            raise BadInput(Problem(fault.expected, self.file, line, fault.field, fault.value)) from None

    def _read(self, line: int, row: Sequence[str]) -> Prepared:
        get = self._get
        external_id = _named(get(row, "case_id"), "case_id")
        closed_text = get(row, "closed_at")
        closed_at = self._moment("closed_at", closed_text, needed=True)
        day = closed_at.date()
        kind = self._kind(row)
        decision = self._decision(get(row, "decided_policy"), get(row, "reported_policy"), day)
        agent_id, team_id = self._agent(get(row, "agent_id"), day, kind[0])
        opened, first, due = self._moments(row)
        seconds, handlers, notes = self._seldom(row) if self.seldom else (None, (), ())
        # Last, because an action that is met in a good row becomes one that is known.
        action = self._action(kind[1], get(row, "action"), decision[1] != section_keys.NONE)
        digest = self._digest(row)
        stamp = self.stamp
        body = (
            agent_id, team_id, kind[0], kind[1], kind[2], kind[3], kind[4], opened, first, due, stamp(closed_at),
            decision[0], decision[1], action, decision[2], decision[3], kind[5], seconds,
            _json(list(handlers)) if handlers else None, kind[6], _extras(self.evidence, row),
            _extras(self.withheld, row), digest,
        )  # fmt: skip
        text = get(row, "text") or None
        language, translation = self._language(row, kind[3]), get(row, "translation") or None
        return Prepared(
            line, external_id, digest, body, closed_at, agent_id, handlers, text, language, translation, notes
        )

    def _get(self, row: Sequence[str], name: str) -> str:
        place = self.places.get(name)
        return "" if place is None else row[place]

    def _digest(self, row: Sequence[str]) -> str:
        """A hash of all that the row says, whatever kind of file it came in and in whatever order its columns stood."""
        said = "\x1e".join([name + row[place] for name, place in self.hashed if row[place]])
        return hashlib.sha256(said.encode()).hexdigest()

    def _moment(self, field: str, text: str, *, needed: bool = False, ahead: bool = False) -> datetime:
        if not text and needed:
            raise Faulty(field, None, "a value; there is none")
        try:
            return values.moment(text.strip(), now=self.now, ahead=ahead)
        except ValueError as error:
            raise Faulty(field, text, str(error)) from None

    def _moments(self, row: Sequence[str]) -> tuple[Any, Any, Any]:
        if not self.optional:
            return None, None, None
        found = []
        for name in MOMENTS:
            text = self._get(row, name)
            found.append(self.stamp(self._moment(name, text, ahead=name == "due_at")) if text else None)
        return found[0], found[1], found[2]

    def _kind(self, row: Sequence[str]) -> tuple[Any, ...]:
        """decided_by, workflow, queue, locale, severity, confidence, sensitivity."""
        said = tuple([row[place] if place >= 0 else "" for place in self.kind_places])
        found = self.kinds.get(said)
        if found is None:
            found = _forgetful(self.kinds)[said] = _read_kind(dict(zip(KIND, said, strict=True)))
        return found

    def _decision(self, decided: str, reported: str, day: date) -> tuple[Any, ...]:
        """Section, decided key, reported key, policy in play."""
        said = (decided, reported, self.known.sections.epoch(day))
        found = self.decisions.get(said)
        if found is None:
            found = _forgetful(self.decisions)[said] = self._read_decision(decided.strip(), reported.strip(), day)
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
        for key in (label, self.known.sections.key_of(label)):
            found = self.known.sections.find(key, day)
            if found is not None:
                return key, found
        if self.known.sections.can_promise(label):
            return self.known.sections.promise(label)
        known = section_keys.policy_of(self.known.sections.key_of(label)) in self.known.sections.states
        what = "a section of that policy's version" if known else "a section of a policy"
        raise Faulty(field, label, f"{what} in force on {day}, or none")

    def _action(self, workflow: str, text: str, violates: bool) -> str:
        key = (workflow, text, violates)
        found = self.actions.get(key)
        if found is None:
            found = self._read_action(workflow, text.strip())
            self.actions[key] = found
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
        key = (text, day)
        found = self.agents.get(key)
        if found is None:
            person_id = self._person("agent_id", text.strip())
            found = _forgetful(self.agents)[key] = (person_id, self.known.team(person_id, day))
        return found

    def _person(self, field: str, text: str) -> int:
        if not text:
            raise Faulty(field, None, "the id of a person; there is none")
        person_id = self.known.people.get(text)
        if person_id is None:
            raise Faulty(field, text, "the id of a person who is here (`flask people import` comes first)")
        return person_id

    def _seldom(self, row: Sequence[str]) -> tuple[int | None, tuple[int, ...], tuple[values.Note, ...]]:
        """handle_seconds, handled_by, messages."""
        field, text = "", ""
        try:
            field, text = "handle_seconds", self._get(row, "handle_seconds")
            seconds = values.seconds(text) if text else None
            field, text = "messages", self._get(row, "messages")
            notes = values.messages(text, now=self.now) if text else ()
        except ValueError as error:
            raise Faulty(field, text, str(error)) from None
        handled = self._get(row, "handled_by")
        people = [self._person("handled_by", part) for part in values.parts(handled)] if handled else []
        return seconds, tuple(dict.fromkeys(people)), notes

    def _language(self, row: Sequence[str], fallback: str | None) -> str | None:
        text = self._get(row, "language")
        if not text:
            return fallback
        try:
            return values.locale(text.strip())
        except ValueError as error:
            raise Faulty("language", text, str(error)) from None


def _forgetful(memory: dict[Any, Any]) -> dict[Any, Any]:
    if len(memory) >= MOST_REMEMBERED:
        memory.clear()
    return memory


def _named(text: str, field: str) -> str:
    found = text.strip()
    if not found:
        raise Faulty(field, None, "a value; there is none")
    if len(found) > 200:
        raise Faulty(field, text, f"at most 200 characters; there are {len(found):,}")
    return found


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


def _extras(columns: list[tuple[str, int]], row: Sequence[str]) -> str:
    if not columns:
        return "{}"
    return _json({name: row[place] for name, place in columns if row[place]})
