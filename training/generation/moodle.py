"""Moodle XML: questions with their feedback and their clause, as Moodle takes them in."""

import re
from collections.abc import Iterable
from xml.etree import ElementTree as Xml
from xml.sax.saxutils import escape

from training.generation.material import Item

#: Characters that no XML may hold.
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_moodle(items: Iterable[Item], category: str) -> str:
    """The questions as one Moodle quiz file under *category*, each with one right answer and its clause as a tag.

    >>> "<quiz>" in as_moodle([], "Training")
    True
    """
    quiz = Xml.Element("quiz")
    named = Xml.SubElement(quiz, "question", type="category")
    _text(Xml.SubElement(named, "category"), "$course$/top/" + category.replace("/", "//"))
    for item in items:
        quiz.append(_question(item))
    Xml.indent(quiz)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(quiz, encoding="unicode") + "\n"


def _question(item: Item) -> Xml.Element:
    question = Xml.Element("question", type="multichoice")
    _text(Xml.SubElement(question, "name"), item.id)
    _html(question, "questiontext", item.stem)
    citation = item.citation
    where = f"{citation.section}, version {citation.version}, lines {citation.line_from} to {citation.line_to}"
    _html(question, "generalfeedback", f"{where}: “{citation.quote}”")
    for name, value in (
        ("defaultgrade", "1"), ("single", "true"), ("shuffleanswers", "true"), ("answernumbering", "abc"),
    ):  # fmt: skip
        Xml.SubElement(question, name).text = value
    for option in item.options:
        answer = Xml.SubElement(question, "answer", fraction="100" if option.id in item.key else "0", format="html")
        _text(answer, _safe(option.text))
        _html(answer, "feedback", option.feedback)
    tag = Xml.SubElement(Xml.SubElement(question, "tags"), "tag")
    _text(tag, item.kind)
    return question


def _text(parent: Xml.Element, text: str) -> None:
    Xml.SubElement(parent, "text").text = _FORBIDDEN.sub("", text)


def _html(parent: Xml.Element, name: str, text: str) -> None:
    """A text that Moodle shows as HTML: what looks like a tag in it is put off."""
    _text(Xml.SubElement(parent, name, format="html"), _safe(text))


def _safe(text: str) -> str:
    return escape(text).replace("\n", "<br>")
