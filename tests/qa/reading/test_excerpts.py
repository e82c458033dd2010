from hashlib import sha256
from pathlib import Path

import pytest

from qa.policytext.sections import parse
from qa.reading import excerpts
from qa.reading.excerpts import Place, Source

FAIR = """---
title: Fair
---
Be kind.

# What is prohibited

## Touting

- more than 3 tickets
- bells

### Exceptions

- gifts

# What is allowed

## Songs

- at noon
"""


def read(markdown: str, wanted: set[str]) -> dict[str, list[tuple[str, str]]]:
    document = parse(markdown, name="p")
    source = Source(sha256(markdown.encode()).hexdigest(), markdown, "p", document.title, {})
    places = [Place(one.key, one.parent, one.line_from, one.line_to) for one in document.sections]
    found = excerpts.excerpt(source, places, wanted)
    return {one.key: [(rule.text, rule.polarity) for rule in one.rules] for one in found.sections if one.key in wanted}


def whole(markdown: str) -> dict[str, list[tuple[str, str]]]:
    sections = parse(markdown, name="p").sections
    return {one.key: [(rule.text, rule.polarity) for rule in one.rules] for one in sections}


def test_a_section_reads_alone_as_it_reads_under_its_headings() -> None:
    assert read(FAIR, {"exceptions"}) == {"exceptions": [("gifts", "permitted")]}
    assert read(FAIR, {"songs", "touting"}) == {key: whole(FAIR)[key] for key in ("songs", "touting")}


def test_the_words_above_the_first_heading_are_a_section_too() -> None:
    assert read(FAIR, {""}) == {"": whole(FAIR)[""]}


def test_other_line_ends_move_no_section() -> None:
    assert read(FAIR.replace("\n", "\r\n"), {"touting"}) == {"touting": whole(FAIR)["touting"]}


@pytest.mark.shared
def test_each_section_of_real_policies_reads_alone_as_in_the_whole(shared: Path) -> None:
    for path in sorted((shared / "policies").glob("*.md")):
        markdown = path.read_text(encoding="utf-8")
        sections = whole(markdown)

        for key in sections:
            assert read(markdown, {key}) == {key: sections[key]}, (path.name, key)
