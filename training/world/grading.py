"""What the graders of the demonstration world answer, so that a queue can be worked off without a person."""

from dataclasses import dataclass

from training.world.catalogue import NO_VIOLATION_ACTION
from training.world.chance import stream
from training.world.decisions import Truth, right_answer, wrong_action, wrong_answer
from training.world.planted import PLANTED

#: A grader's error rate at the level of policy, and the share of right sections with a wrong action.
ERROR_RATE = 0.03
ACTION_SLIPS = 0.005
SHARE_WITH_NOTE = 0.3
SURE = (
    "The listed act is quite plain here.",
    "Read twice; the wording leaves no doubt.",
    "The words in quotes settle it.",
    "No doubt about the section; its last line names the action.",
)
NOTHING = (
    "This falls under what the section leaves free.",
    "Unfriendly, but not an act that is listed.",
    "The exception covers it.",
    "Nothing here is on the list.",
)
UNSURE = (
    "Close to the neighbouring section.",
    "Would like to hear a colleague on this.",
    "The text leaves a little open.",
)


@dataclass(frozen=True, slots=True)
class Grade:
    """A grader's blind answer."""

    verdict: str
    section: str | None
    action: str
    confidence: str
    note: str


def grade(seed: int, truth: Truth, grader_id: str) -> Grade:
    """The answer of *grader_id* to a case; it depends on the seed, the case and the grader alone.

    Everybody errs in 3 % of the cases; the lenient grader also lets a quarter of all violations pass.
    """
    rng = stream(seed, "grade", truth.case_id, grader_id)
    lenient = PLANTED.lenient
    if grader_id == lenient.grader_id and truth.section is not None and rng.random() < lenient.share_let_pass:
        return Grade("no_violation", None, NO_VIOLATION_ACTION[truth.workflow], "high", "")
    dice = rng.random()
    if dice < ERROR_RATE:
        answer = wrong_answer(rng, truth)
    elif dice > 1 - ACTION_SLIPS:
        answer = wrong_action(rng, truth)
    else:
        answer = right_answer(rng, truth)
    note = ""
    if rng.random() < SHARE_WITH_NOTE:
        lines = UNSURE if answer.confidence == "low" else SURE if answer.section else NOTHING
        note = rng.choice(lines)
    return Grade(answer.verdict, answer.section, answer.action, answer.confidence, note)
