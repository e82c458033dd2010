"""What marks come to: weights, critical criteria, what does not apply, parts of one workflow."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.grading.scorecards import STANDARD
from qa.grading.scoring import MARKS, Criterion, Part, count, for_workflow, read

CRITERION = st.builds(
    Criterion, key=st.uuids().map(str), label=st.just("x"), weight=st.integers(1, 10), critical=st.booleans()
)
CRITERIA = st.lists(CRITERION, min_size=1, max_size=8, unique_by=lambda one: one.key)


@st.composite
def marked(draw: st.DrawFn) -> tuple[list[Criterion], dict[str, str]]:
    criteria = draw(CRITERIA)
    return criteria, {one.key: draw(st.sampled_from(MARKS)) for one in criteria}


@given(marked())
def test_what_does_not_apply_weighs_nothing(given_: tuple[list[Criterion], dict[str, str]]) -> None:
    criteria, marks = given_
    applying = [one for one in criteria if marks[one.key] != "na"]

    assert count(criteria, marks) == count(applying, marks)


@given(marked())
def test_a_total_lies_from_nothing_to_all_and_better_marks_never_lower_it(
    given_: tuple[list[Criterion], dict[str, str]],
) -> None:
    criteria, marks = given_
    total = count(criteria, marks).total
    better = count(criteria, {key: "met" if mark == "missed" else mark for key, mark in marks.items()}).total

    assert (total is None) == all(mark == "na" for mark in marks.values())
    assert total is None or better is None or 0 <= total <= better <= 1


def test_weights_count_and_a_part_counts_half() -> None:
    one, two, three = (
        Criterion("1", "One", weight=1),
        Criterion("2", "Two", weight=2),
        Criterion("3", "Three", weight=5),
    )

    assert count([one, two, three], {"1": "met", "2": "partly", "3": "missed"}).total == (1 + 1) / 8


def test_a_critical_criterion_that_is_missed_leaves_nothing_and_is_named() -> None:
    told, tone = Criterion("told", "Told", critical=True), Criterion("tone", "Tone", weight=9)

    assert count([told, tone], {"told": "missed", "tone": "met"}) == count([told], {"told": "missed"})
    assert count([told, tone], {"told": "missed", "tone": "met"}).critical == ("Told",)
    assert count([told, tone], {"told": "na", "tone": "met"}).total == 1


def test_an_escalation_asks_for_tone_and_a_legal_request_for_its_steps() -> None:
    titles = {key: [part.title for part in for_workflow(STANDARD, key)] for key in ("escalation", "legal_request", "x")}

    assert titles == {
        "escalation": ["Every case", "Escalations"], "legal_request": ["Every case", "Legal requests"],
        "x": ["Every case"],
    }  # fmt: skip


def test_parts_come_back_as_they_were_kept() -> None:
    parts = (Part("One", (Criterion("a", "A", "help", 3, critical=True, partly=True),), "escalation"),)

    assert read([part.as_data() for part in parts]) == parts
