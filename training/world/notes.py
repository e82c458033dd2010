"""What the one who settled a difference writes for the agent: a root cause and feedback that names the clause."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from training.world.cases import World
from training.world.chance import stream
from training.world.decisions import Truth, matches
from training.world.documents import in_force
from training.world.planted import PLANTED

#: Keys and words of the root causes, with how often each is named.
ROOT_CAUSES: Mapping[str, tuple[str, int]] = {
    "clause_misread": ("Clause misread", 50),
    "evidence_missed": ("Evidence missed", 27),
    "step_missed": ("Step missed", 8),
    "tool": ("Tool", 4),
    "policy_unclear": ("Policy unclear", 7),
    "translation": ("Translation", 4),
}
MISSED = (
    "This is on the list: “{rule}” ({clause}).",
    "Please read {clause} again: “{rule}” is enough, nothing more has to happen.",
    "{clause} covers it: “{rule}”. The friendly tone does not change that.",
    "The line in quotes matches {clause}, “{rule}”.",
)
OVER = (
    "The section leaves this free; see its Excludes list before you act.",
    "Unpleasant to read, but none of the listed acts is there.",
    "This matches one of the exceptions, so nothing follows from it.",
    "The report sounds serious, the evidence does not show a listed act.",
)
SECTION = (
    "It does violate, but under {clause}: “{rule}”.",
    "Right that it violates. The act itself is {clause}, “{rule}”.",
    "The neighbouring section looks close; what is told here is “{rule}” ({clause}).",
)
ACTION = (
    "The section is right; its last line asks for another action.",
    "Right section. Please compare the action with the last line of the section and with the ladder.",
)
MORE = {
    "evidence_missed": ("The decisive words stand near the end of the text.", "Please read to the last line."),
    "translation": ("The translation hides it; the original is clear.",),
    "tool": ("The tool folded the second half of the message.",),
    "policy_unclear": ("I have asked the policy owner for a clearer example.",),
    "step_missed": ("", "The last step was left out.", "One step came before the other here."),
    "clause_misread": ("", "", "The example in the policy is nearly this case."),
}


@dataclass(frozen=True, slots=True)
class Feedback:
    """Root cause and words for one settled error."""

    root_cause: str
    text: str


def feedback(world: World, row: dict[str, str], truth: Truth) -> Feedback:
    """What the agent of *row* is told; ValueError when the decision was right."""
    if matches(row, truth, level="action"):
        raise ValueError(f"{truth.case_id} was decided rightly")
    rng = stream(world.seed, "feedback", truth.case_id)
    cause = _cause(rng, row, truth)
    day = datetime.fromisoformat(row["closed_at"]).date()
    rule = in_force(world.policies, truth.slug, day).rule(truth.clause) or ""
    words = rng.choice(_lines(row, truth)).format(clause=truth.clause, rule=rule)
    return Feedback(cause, f"{words} {rng.choice(MORE[cause])}".strip())


def _lines(row: dict[str, str], truth: Truth) -> tuple[str, ...]:
    if truth.section is None:
        return OVER
    if row["decided_policy"] == "none":
        return MISSED
    return ACTION if row["decided_policy"] == truth.section else SECTION


def _cause(rng: random.Random, row: dict[str, str], truth: Truth) -> str:
    if truth.section == PLANTED.misread.section:
        return rng.choice(("clause_misread", "clause_misread", "policy_unclear"))
    if row["decided_policy"] == truth.section:
        return "step_missed"
    known = [key for key in ROOT_CAUSES if key != "translation" or row["locale"] != "en"]
    return rng.choices(known, [ROOT_CAUSES[key][1] for key in known])[0]
