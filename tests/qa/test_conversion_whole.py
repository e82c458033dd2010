"""Whole policies as HTML and as Word, read back: the same sections, the same rules on the same sides."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from qa.conversion.reading import read
from qa.policytext.blocks import Block, blocks
from qa.policytext.inline import plain
from qa.policytext.normalise import normalise
from qa.policytext.sections import Document, parse
from tests.qa import word_files

RULE = tuple[str, str, int, str]


def documents(shared: Path) -> dict[str, str]:
    """Name -> Markdown of every policy, without what is no text of it."""
    folder = shared / "policies"
    files = [*sorted(folder.glob("*.md")), *sorted((folder / "versions").glob("*.md"))]
    return {file.name: normalise(file.read_text()).text for file in files if not file.name.startswith("SOURCES")}


def headings(document: Document) -> list[tuple[str, int]]:
    """Title and level of each section."""
    return [(one.title, one.level) for one in document.sections if one.key]


def rules(document: Document) -> list[RULE]:
    """Words, side, depth and kind of each rule."""
    return [(rule.text, rule.polarity, rule.depth, rule.unit) for one in document.sections for rule in one.rules]


def runs(markdown: str) -> str:
    """The runs of a paragraph: bold where it was bold, a line break where a line ended."""
    lines = re.sub(r"\]\[[^\]]*\]", "]", markdown).split("\n")
    parts = [[part for part in re.split(r"(\*\*.+?\*\*)", line) if part] for line in lines]
    made = [
        "".join(
            word_files.run(plain(part.strip("*") if part.startswith("**") else part, {}), bold=part.startswith("**"))
            for part in line
        )
        for line in parts
    ]
    return "<w:r><w:br/></w:r>".join(made)


def as_word(text: str) -> bytes:
    """A policy as somebody would have it in Word."""

    def made(block: Block) -> str:
        if block.kind == "heading":
            style = f"Heading{block.level}" if block.level else ""
            return word_files.paragraph(block.text, style=style, bold=not block.level)
        if block.kind == "item":
            return word_files.paragraph(level=block.depth - 1, ordered=block.ordered, inside=runs(block.markdown))
        return (
            word_files.table(*block.cells)
            if block.kind == "table"
            else word_files.paragraph(inside=runs(block.markdown))
        )

    return word_files.docx(*(made(block) for block in blocks(normalise(text)) if block.kind != "rule"))


@pytest.mark.shared
def test_every_policy_read_back_from_html_is_the_same_policy(shared: Path) -> None:
    reader = MarkdownIt("commonmark").enable("table")

    for name, text in documents(shared).items():
        page = f"<html><body>{reader.render(text)}</body></html>".encode()
        before, after = parse(text, name="a"), parse(read(page, "a.html").markdown, name="a")

        assert headings(after) == headings(before), name
        assert rules(after) == rules(before), name


@pytest.mark.shared
def test_every_policy_read_back_from_word_has_the_same_sections_and_sides(shared: Path) -> None:
    same = total = 0

    for name, text in documents(shared).items():
        before, after = parse(text, name="a"), parse(read(as_word(text), "a.docx").markdown, name="a")

        assert headings(after) == headings(before), name
        assert [(side, unit) for _, side, _, unit in rules(after)] == [
            (side, unit) for _, side, _, unit in rules(before)
        ], name
        same += len(set(rules(before)) & set(rules(after)))
        total += len(set(rules(before)))

    #: Words that differ do so by a bracket of a link, or by a table that stood inside a list.
    assert total > 600 and same / total >= 0.98
