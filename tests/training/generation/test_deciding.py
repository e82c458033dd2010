"""Which clause decides: asked only where one stands out, with wrong answers from sections that cannot be right."""

from __future__ import annotations

from dataclasses import replace

from tests.training.generation.invented import handling, swapping
from training.generation.build import generate
from training.generation.catalogue import Catalogue
from training.generation.checks import check
from training.generation.export import as_json
from training.generation.items import case, deciding
from training.generation.material import NO_VIOLATION, VIOLATES, CaseExample
from training.generation.order import Order
from training.generation.quiz_forms import _bundles

PUSHY = "swapping-rules/pushy-offers"
SILENCE = "She keeps writing letters to somebody who asked the club for silence, number {}."
VAGUE = "It was about the beans of Mrs Hollow again, number {}."


def cases(text: str = SILENCE, count: int = 36, **given: object) -> tuple[CaseExample, ...]:
    plain = CaseExample("", "", VIOLATES, PUSHY)
    return tuple(replace(plain, ref=f"case-{n}", text=text.format(n), **given) for n in range(count))


def drafted(some: tuple[CaseExample, ...]) -> list:
    return list(deciding.drafts(Order(Catalogue([swapping(), handling()]), cases=some, seed=3)))


def test_the_clause_that_a_case_shares_its_words_with_is_the_key_for_a_third_of_the_cases() -> None:
    found = drafted(cases())

    assert 1 <= len(found) <= 12
    assert {one.right.text for one in found} == {"Writing to somebody who asked for silence"}
    assert all(one.citation.section == PUSHY and deciding.ASKED in one.stem for one in found)
    assert all(not one.critical for one in found)


def test_wrong_answers_come_from_other_sections_and_the_one_decided_lends_its_clause() -> None:
    found = drafted(cases(decided_section="swapping-rules/unsafe-parcels"))

    for one in found:
        sections = [option.citation.section for option in one.wrong]
        assert PUSHY not in sections and "swapping-rules/unsafe-parcels" in sections
        assert all("stands under" in option.feedback for option in one.wrong)


def test_nothing_is_asked_where_no_clause_stands_out_or_nothing_was_violated() -> None:
    assert drafted(cases(VAGUE)) == []
    assert drafted(cases(verdict=NO_VIOLATION, section=None, decided_section=PUSHY)) == []
    assert drafted(cases(section="elsewhere/x")) == []


def test_a_coded_clause_is_said_without_its_code_and_its_example() -> None:
    acts = {act.rule.code: act for act in Catalogue([swapping()]).acts if act.rule.code}

    assert deciding.words_of(acts["PO2.b"]) == "Repeated asking"
    assert deciding.words_of(acts["PO2.c"]) == "Fake scarcity"


def test_it_is_the_last_step_of_its_case_and_passes_all_checks() -> None:
    module = generate([swapping(), handling()], sections=[PUSHY], cases=cases(), seed=3)
    asked = {item.case for item in module.items if item.kind == deciding.KIND}

    bundles = [one for one in _bundles(module.items) if one[0].case in asked]
    assert asked and all([item.kind for item in one][-1] == deciding.KIND for one in bundles)
    assert all(one[0].kind == case.KIND for one in bundles if len(one) > 1)
    failed = [one for one in check(as_json(module)) if not one.passed and one.item]
    assert failed == []
