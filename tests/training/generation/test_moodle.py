"""Moodle XML: well formed, one right answer each, feedback and clause, and no text that becomes markup."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as Xml

from tests.training.generation.invented import swapping
from training.generation.build import generate
from training.generation.moodle import as_moodle

ITEMS = generate([swapping()], seed=2).items


def test_every_question_has_one_right_answer_its_feedback_and_its_clause() -> None:
    quiz = Xml.fromstring(as_moodle(ITEMS, "Swapping / rules").partition("\n")[2])

    category, *questions = quiz.findall("question")
    assert category.findtext("category/text") == "$course$/top/Swapping // rules"
    assert len(questions) == len(ITEMS)
    for question, item in zip(questions, ITEMS, strict=True):
        fractions = [answer.get("fraction") for answer in question.findall("answer")]
        assert fractions.count("100") == 1 and fractions.count("0") == len(item.options) - 1
        right = next(answer for answer in question.findall("answer") if answer.get("fraction") == "100")
        told = next(option for option in item.options if option.id in item.key)
        assert question.findtext("name/text") == item.id and question.get("type") == "multichoice"
        assert right.findtext("feedback/text").replace("&amp;", "&") == told.feedback
        assert item.citation.section in question.findtext("generalfeedback/text")


def test_what_looks_like_markup_or_may_stand_in_no_xml_is_put_off() -> None:
    odd = replace(ITEMS[0], stem="<script>alert(1)</script> & \x00\x0b]]> end\nnext")

    text = as_moodle([odd], "x")

    stem = Xml.fromstring(text.partition("\n")[2]).findtext("question/questiontext/text")
    assert stem == "&lt;script&gt;alert(1)&lt;/script&gt; &amp; ]]&gt; end<br>next"
