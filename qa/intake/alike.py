"""What a few columns of a row say together: many rows say it alike, so it is read once and remembered."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from qa.intake import values
from qa.intake.columns import ALIKE, KIND
from qa.intake.known import Known
from qa.policies import section_keys

#: More remembered combinations than this are forgotten and begun again.
MOST_REMEMBERED = 50_000
#: Those of all the columns together are larger, and there may be more of them.
MOST_WHOLE = 20_000


class Faulty(Exception):
    """A value that cannot be taken."""

    def __init__(self, field: str, value: str | None, expected: str) -> None:
        super().__init__(expected)
        self.field, self.value, self.expected = field, value, expected


class Alike(NamedTuple):
    """What some rows say alike."""

    decided_by: str
    locale: str | None
    #: The last columns of `prepared.BODY`; before the action was looked at, all but that.
    body: tuple[Any, ...]
    whole: bool = False


#: What the columns `columns.ALIKE` say -> what it means, between two new versions of policies.
Memory = dict[tuple[str, ...], Alike]


class AlikeReader:
    """Reads what rows of one file say alike."""

    def __init__(
        self, known: Known, pick: Callable[[Any], tuple[Any, ...]], words: dict[str, dict[str, str]] | None = None
    ) -> None:
        self.known, self.pick = known, pick
        #: What a word stands for, by the place of its column in `columns.ALIKE`.
        self.words = {ALIKE.index(name): said for name, said in (words or {}).items() if name in ALIKE}
        #: Number of a stretch between two new versions -> what was met in it.
        self.stretches: dict[int, Memory] = {}
        self.kinds: dict[tuple[str, ...], tuple[Any, ...]] = {}
        self.decisions: dict[tuple[str, str, int], tuple[Any, ...]] = {}
        self.actions: dict[tuple[str, str, bool], str] = {}
        #: What another reader of the same file met.
        self.also_met: set[tuple[str, str, bool]] = set()
        self.kept = 0

    @property
    def met(self) -> set[tuple[str, str, bool]]:
        """(workflow, action, beside a violation) of all rows so far, of workflows that have no actions yet."""
        return self.also_met | {key for key in self.actions if key[0] not in self.known.actions}

    def memory(self, day: date) -> Memory:
        """What was met so far of days with the same versions as *day*."""
        return self.stretches.setdefault(self.known.sections.epoch(day), {})

    def begin(self, said: tuple[str, ...], day: date) -> Alike:
        """What *said* means but for the action, which counts as known once all else about its row was found right."""
        shown, (decided, reported, _) = (said := self._meant(said))[: len(KIND)], said[len(KIND) :]
        kind = self.kinds.get(shown)
        if kind is None:
            kind = forgetful(self.kinds)[shown] = _read_kind(dict(zip(KIND, shown, strict=True)))
        asked = (decided, reported, self.known.sections.epoch(day))
        decision = self.decisions.get(asked)
        if decision is None:
            decision = self._read_decision(decided.strip(), reported.strip(), day)
            forgetful(self.decisions)[asked] = decision
        return Alike(kind[0], kind[3], (*kind, *decision))

    def end(self, begun: Alike, said: tuple[str, ...], memory: Memory) -> Alike:
        """The same with the action, remembered."""
        workflow, decided_key = begun.body[1], begun.body[len(KIND) + 1]
        asked = self._meant(said)[-1]
        met = (workflow, asked, decided_key != section_keys.NONE)
        action = self.actions.get(met)
        if action is None:
            action = self.actions[met] = self._read_action(workflow, asked.strip())
        if self.kept >= MOST_WHOLE:
            self.kept = 0
            for one in self.stretches.values():
                one.clear()
        self.kept += 1
        found = memory[said] = Alike(begun.decided_by, begun.locale, self.pick((*begun.body, action)), True)
        return found

    def _meant(self, said: tuple[str, ...]) -> tuple[str, ...]:
        """The same in our words."""
        if not self.words:
            return said
        ours = list(said)
        for place, words in self.words.items():
            ours[place] = words.get(said[place].strip(), said[place])
        return tuple(ours)

    def _read_decision(self, decided: str, reported: str, day: date) -> tuple[Any, ...]:
        """Section, decided key, reported key, policy in play."""
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


def forgetful(memory: dict[Any, Any]) -> dict[Any, Any]:
    """The same memory, emptied when it is full."""
    if len(memory) >= MOST_REMEMBERED:
        memory.clear()
    return memory


def _read_kind(said: dict[str, str]) -> tuple[Any, ...]:
    """decided_by, workflow, queue, locale, severity, confidence, sensitivity."""

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
        json.dumps(harms, ensure_ascii=False) if harms else None,
    )
