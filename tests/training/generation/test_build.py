"""A module is made from its policies alone, the same everywhere, and says what it lacks."""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest

from qa.core.settings import ROOT
from tests.training.generation.invented import ACTIONS, TEXTS, cases, handling, swapping
from training.generation.build import generate
from training.generation.export import as_json, from_json
from training.generation.material import NO_VIOLATION, VIOLATES, CaseExample

PRINT_BANK = """
import hashlib, json
from tests.training.generation.invented import ACTIONS, cases, handling, swapping
from training.generation.build import generate
from training.generation.export import as_json
module = generate([handling(), swapping()], cases=cases(), actions=ACTIONS, seed=5)
print(json.dumps(as_json(module)))
"""


@pytest.fixture(scope="module")
def module():
    return generate([swapping(), handling()], cases=cases(), actions=ACTIONS)


def test_two_processes_with_other_hash_seeds_print_the_same_bytes():
    def printed(seed: str) -> bytes:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", PRINT_BANK]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout

    one, other = printed("1"), printed("2")

    assert len(json.loads(one)["items"]) > 30
    assert one == other


def test_the_order_of_the_sources_and_cases_does_not_matter(module):
    turned = generate([handling(), swapping()], cases=cases()[::-1], actions=ACTIONS)

    assert as_json(turned)["items"] == as_json(module)["items"]
    assert turned.forms == module.forms


def test_another_seed_asks_in_another_order(module):
    other = generate([swapping(), handling()], cases=cases(), actions=ACTIONS, seed=9)

    assert other.forms["initial"] != module.forms["initial"]


def test_every_kind_of_item_comes_from_the_text_that_holds_it(module):
    kinds = Counter(item.kind for item in module.items)

    assert set(kinds) >= {"case", "coded_example", "conduct", "definition", "ladder", "threshold"}
    assert kinds["coded_example"] == 6
    assert kinds["ladder"] == 4


def test_a_module_survives_its_json(module):
    again = from_json(json.loads(json.dumps(as_json(module))))

    assert again == module


def test_items_come_from_the_targeted_section_alone_and_the_rest_lends_wrong_answers():
    made = generate([swapping(), handling()], sections=["swapping-rules/pushy-offers"])

    assert {item.citation.section for item in made.items} == {"swapping-rules/pushy-offers"}
    assert "ML1.a Wrong kind" in {option.text for item in made.items for option in item.options}
    assert [row.section for row in made.coverage] == ["swapping-rules/pushy-offers"]


def test_a_contrast_asks_for_its_pair_and_shows_both_sections_side_by_side():
    pair = ("swapping-rules/mislabelled-seed", "swapping-rules/unsafe-parcels")

    made = generate([swapping()], contrast=pair)

    skills = {(item.skill.kind, item.skill.a, item.skill.b) for item in made.items}
    shown = [block for lesson in made.lessons for block in lesson.blocks if block.kind == "contrast"]
    assert ("pair", *pair) in skills
    assert {citation.section for citation in shown[0].citations} >= set(pair)


def test_a_thin_section_says_what_it_lacks():
    made = generate([handling()], sections=["handling-of-reports/what-we-publish"])

    row = made.coverage[0]
    assert row.items < 6
    assert row.shortage is not None and "applies the rule" in row.shortage
    assert made.shortage is not None and "retake-2 has 0 of 8" in made.shortage


def test_an_unknown_section_is_refused_by_name():
    with pytest.raises(ValueError, match="no section 'swapping-rules/dragons'"):
        generate([swapping()], sections=["swapping-rules/dragons"])


def test_two_versions_of_one_policy_are_refused():
    with pytest.raises(ValueError, match="two versions"):
        generate([swapping("1"), swapping("2")])


def test_the_learners_own_cases_are_in_the_lesson_and_in_no_question():
    text = TEXTS["swapping-rules/pushy-offers"].format("Friday", "nine")
    decided = "swapping-rules/unsafe-parcels"
    own = CaseExample("own-1", text, VIOLATES, "swapping-rules/pushy-offers", decided_section=decided, mine=True)

    made = generate([swapping()], sections=["swapping-rules/pushy-offers"], cases=(own, *cases()))

    taught = {block.case for lesson in made.lessons for block in lesson.blocks if block.kind == "why"}
    assert taught == {"own-1"}
    assert "own-1" not in {item.case for item in made.items}


def test_worked_cases_are_never_asked_about(module):
    taught = {block.case for lesson in module.lessons for block in lesson.blocks} - {None}
    asked = {item.case for item in module.items} - {None}

    assert taught
    assert not taught & asked


def test_a_case_text_that_is_markup_stays_text():
    hostile = CaseExample("evil", "**bold** <script>alert(1)</script> \u202e [x](javascript:y) | cell", VIOLATES,
                          "swapping-rules/pushy-offers", mine=True)  # fmt: skip

    made = generate([swapping()], sections=["swapping-rules/pushy-offers"], cases=(hostile,))

    shown = next(block.markdown for lesson in made.lessons for block in lesson.blocks if block.case == "evil")
    assert "<script" not in shown and "\u202e" not in shown
    assert r"\*\*bold\*\*" in shown and r"\[x\]" in shown and r"\|" in shown


def test_a_case_without_a_violation_asks_for_that_answer():
    made = generate([swapping()], cases=cases())

    harmless = {case.ref for case in cases() if case.verdict == NO_VIOLATION}
    keys = {
        next(option.text for option in item.options if option.id in item.key)
        for item in made.items
        if item.case in harmless
    }
    assert keys == {"No violation"}
