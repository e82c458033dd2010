"""Asking: an item as it stands in one sitting, and whether an answer to it may be taken."""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from qa.core.errors import BadInput, Problem, Refused
from training.models.modules import Item

_shuffle = random.SystemRandom().shuffle


def asked(item: Item) -> dict[str, Any]:
    """An item as it is asked once: options in an order and under names of this sitting alone."""
    options = [dict(option) for option in item.options]
    _shuffle(options)
    names = {option["id"]: secrets.token_hex(8) for option in options}
    return {
        "item": item.ref,
        "kind": item.kind,
        "stem": item.stem,
        "case": item.case_ref,
        "case_text": item.case_text,
        "sensitive": item.sensitive,
        "options": [{**option, "id": names[option["id"]]} for option in options],
        "key": [names[right] for right in item.key],
        "citation": item.citation,
        "skill": item.skill,
        "critical": item.critical,
    }


def known_answer(given: Mapping[int, Any], question: int, option: str) -> bool | None:
    """Whether the same answer that was given before was right; None when there was none. Refused for another."""
    if question not in given:
        return None
    if given[question].chosen != [option]:
        raise Refused("This question was answered before; an answer stays as it was given.")
    return bool(given[question].right)


def check_turn(snapshot: Sequence[Mapping[str, Any]], question: int, given: int, option: str) -> None:
    """Refuse an answer that is out of turn, or no answer to this question."""
    if question != given + 1:
        raise Refused("Questions are answered in their order.")
    if option not in {one["id"] for one in snapshot[question - 1]["options"]}:
        raise BadInput(Problem("choose one of the answers", field="option"))
