"""A question as it is shown: without its key, and with every clause once the answer is in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from training.queries import citations
from training.queries.citations import Chip

#: As an attempt or a check keeps what it asks.
Snapshot = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is asked: nothing here tells which option is right."""

    no: int
    number: int
    of: int
    asked: str
    case_text: str
    is_covered: bool
    #: (name of this sitting, text)
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ToldOption:
    """An option after the answer: what is to be said to whoever chooses it, with its clause."""

    text: str
    is_right: bool
    is_chosen: bool
    feedback: str
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class Feedback:
    """A question that was answered."""

    no: int
    number: int
    of: int
    asked: str
    case_text: str
    is_covered: bool
    is_right: bool
    options: tuple[ToldOption, ...]
    is_last: bool


def next_question(snapshot: Snapshot, no: int, answered: int) -> Question | None:
    """The question after those that are answered; None after the last."""
    if answered >= len(snapshot):
        return None
    asked = snapshot[answered]
    case_text, words = _parted(asked)
    return Question(
        no=no,
        number=answered + 1,
        of=len(snapshot),
        asked=words,
        case_text=case_text,
        is_covered=bool(asked["sensitive"]),
        options=tuple((option["id"], option["text"]) for option in asked["options"]),
    )


def told(snapshot: Snapshot, no: int, number: int, chosen: Collection[str]) -> Feedback:
    """Question *number*, from 1, to which *chosen* was the answer."""
    asked = snapshot[number - 1]
    case_text, words = _parted(asked)
    return Feedback(
        no=no,
        number=number,
        of=len(snapshot),
        asked=words,
        case_text=case_text,
        is_covered=bool(asked["sensitive"]),
        is_right=set(chosen) == set(asked["key"]),
        options=tuple(
            ToldOption(
                text=option["text"],
                is_right=option["id"] in asked["key"],
                is_chosen=option["id"] in chosen,
                feedback=option["feedback"],
                chips=tuple(citations.chips([option["citation"]])),
            )
            for option in asked["options"]
        ),
        is_last=number == len(snapshot),
    )


def _parted(asked: Mapping[str, Any]) -> tuple[str, str]:
    """The case and what is asked about it; a question without a case has the second alone."""
    case_text = asked["case_text"] or ""
    lead = f"Case: {case_text} "
    if case_text and asked["stem"].startswith(lead):
        return case_text, asked["stem"].removeprefix(lead)
    return "", asked["stem"]
