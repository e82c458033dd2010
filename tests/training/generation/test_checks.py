"""The checks pass what is right, and each of them can say no."""

import copy

import pytest

from tests.training.generation.invented import ACTIONS, cases, handling, swapping
from training.generation.build import generate
from training.generation.checks import check
from training.generation.export import as_json


@pytest.fixture(scope="module")
def made():
    return as_json(generate([swapping(), handling()], cases=cases(), actions=ACTIONS))


@pytest.fixture
def module(made):
    return copy.deepcopy(made)


def failed(module, *sources):
    return {result.name for result in check(module, sources) if not result.passed}


def first(module, kind):
    return next(item for item in module["items"] if item["kind"] == kind)


def test_a_fresh_module_passes_every_check(module):
    assert failed(module) == set()
    assert failed(module, swapping(), handling()) == set()


def test_a_quote_that_is_not_in_its_lines_is_found(module):
    first(module, "conduct")["citation"]["quote"] = "Never swap on a Sunday"

    assert failed(module) == {"provenance"}


def test_a_quote_beside_its_section_is_found(module):
    citation = first(module, "threshold")["options"][1]["citation"]
    citation["line_from"] = citation["line_to"] = 1

    assert failed(module) == {"provenance"}


def test_a_quote_of_another_version_is_found(module):
    assert failed(module, swapping("2"), handling("2")) >= {"provenance", "lesson_provenance"}


def test_two_right_options_are_found(module):
    item = first(module, "ladder")
    item["options"][0]["text"] = item["options"][1]["text"].upper()

    assert "one_key" in failed(module)


def test_a_section_above_the_right_one_may_not_compete(module):
    item = first(module, "conduct")
    wrong = next(option for option in item["options"] if option["id"] not in item["key"])
    wrong["citation"] = {**item["citation"], "section": "swapping-rules", "line_from": 7, "line_to": 7,
                         "quote": "What members may offer each other."}  # fmt: skip

    assert "one_key" in failed(module)


@pytest.mark.parametrize(
    ("text", "check_name"),
    [
        ("Sending sending soil", "surface"),
        ("Sending soil through", "surface"),
        ("Sending “soil", "surface"),
        ("Sending **soil**", "surface"),
        ("word " * 41, "self_contained"),
    ],
)
def test_a_flawed_option_is_found(module, text, check_name):
    first(module, "ladder")["options"][0]["text"] = text

    assert check_name in failed(module)


@pytest.mark.parametrize(
    "stem", ["This is not allowed either", "Reports as noted above are answered", "They may appeal"]
)
def test_a_stem_that_points_elsewhere_is_found(module, stem):
    first(module, "threshold")["stem"] = f"Which number completes this sentence of “Rules”? “{stem}”"

    assert failed(module) == {"self_contained"}


def test_an_option_of_another_type_is_found(module):
    first(module, "threshold")["options"][0]["text"] = "as soon as possible"

    assert "option_types" in failed(module)


def test_a_twin_is_found(module):
    module["items"].append({**first(module, "threshold"), "id": "twin"})

    assert "near_duplicates" in failed(module)


def test_an_item_in_two_forms_is_found(module):
    module["forms"]["retake-1"] = module["forms"]["initial"]

    assert failed(module) >= {"forms_items"}


def test_a_case_of_the_lesson_in_a_form_is_found(module):
    block = next(block for lesson in module["lessons"] for block in lesson["blocks"] if block["case"])
    asked = {id_ for form in module["forms"].values() for id_ in form}
    item = next(item for item in module["items"] if item["case"] and item["id"] in asked)
    block["case"] = item["case"]

    assert "forms_cases" in failed(module)


def test_a_form_of_navigation_is_found(module):
    old = [item for item in module["items"] if item["kind"] == "conduct"][:3]
    for item in old:
        item["kind"] = "where"
    module["forms"] = {"initial": [item["id"] for item in old]}

    assert "form_rules" in failed(module)


def test_a_shortage_that_is_not_said_is_found(module):
    row = next(row for row in module["coverage"] if row["shortage"])
    row["shortage"] = None

    assert failed(module) == {"coverage"}


def test_a_key_that_always_stands_first_is_found(module):
    for item in module["items"]:
        item["options"].sort(key=lambda option, key=item["key"]: option["id"] not in key)
        for letter, option in zip("abcd", item["options"], strict=False):
            option["id"] = letter
        item["key"] = ["a"]

    assert failed(module) >= {"key_positions", "form_rules"}


def test_a_kind_that_length_gives_away_is_found(module):
    item = first(module, "ladder")
    for option in item["options"]:
        option["text"] = (
            "A long and careful step of the board" if option["id"] in item["key"] else f"Step {option['id']}"
        )
    words = [f"w{number}ord" for number in range(1000)]
    module["items"] = [
        {**item, "id": f"ladder-{n}", "stem": f"{' '.join(words[4 * n : 4 * n + 4])}?"} for n in range(200)
    ]
    module["forms"] = {}

    assert "closed_book" in failed(module)
