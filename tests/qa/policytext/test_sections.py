import sys
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.policytext.cleaning import clean
from qa.policytext.sections import carry_keys, parse, slugify

POLICY = """---
title: Fair trade
slug: Fairs
---
Intro.

# Rules
No touts.
## Allowed
- gifts

## Other
**Special cases (T2)**
Words.

# Help
## Allowed
- advice
"""
PIECES = [
    "# ",
    "## ",
    "- ",
    "1. ",
    "  ",
    "\n",
    "\n\n",
    "**A**\n",
    "a",
    "b:",
    "| a | b |\n|---|---|\n",
    "---\n",
    "“q”",
    "x: y\n",
]


def sections(markdown, name="p"):
    return parse(markdown, name=name).sections


def test_sections_share_out_the_lines_in_order():
    found = [
        (section.key, section.level, section.parent, section.line_from, section.line_to) for section in sections(POLICY)
    ]

    assert found == [
        ("", 0, None, 1, 6),
        ("rules", 1, None, 7, 8),
        ("allowed", 2, "rules", 9, 11),
        ("other", 2, "rules", 12, 12),
        ("special-cases-t2", 3, "other", 13, 15),
        ("help", 1, None, 16, 16),
        ("help-allowed", 2, "help", 17, 18),
    ]


def test_a_section_knows_its_way_its_words_and_its_document():
    document = parse(POLICY, name="any")

    assert (document.slug, document.title) == ("fairs", "Fair trade")
    assert document.sections[4].path == ("Rules", "Other", "Special cases (T2)")
    assert [section.text for section in document.sections[:3]] == ["Intro.", "No touts.", "gifts"]


@pytest.mark.parametrize(
    ("markdown", "title", "keys"),
    [
        ("# Touting\nwords\n## A", "Touting", ["", "a"]),
        ("# Touting\n# Gifts", "P q", ["touting", "gifts"]),
        ("**Touting (T1)**\nwords\n\n**A**\n- b", "Touting (T1)", ["", "a"]),
        ("Touting\n\n# A\n- b", "Touting", ["", "a"]),
        ("We ban it.\n\n## A", "P q", ["", "a"]),
        ("words", "P q", [""]),
        ("", "P q", [""]),
        ("## A\n## A\n## A", "P q", ["a", "a-2", "a-3"]),
        ("## A\n### B\n## C\n### B\n### B", "P q", ["a", "b", "c", "c-b", "c-b-2"]),
        ("## Запрещено\nслова", "P q", ["section-1"]),
    ],
)
def test_title_and_keys(markdown, title, keys):
    document = parse(markdown, name="p_q")

    assert document.title == title
    assert [section.key for section in document.sections] == keys


@pytest.mark.parametrize("line", ["**Never do this.**", "**Note:** bold", "**Includes:**", "words **bold**"])
def test_a_line_in_bold_that_is_a_sentence_or_a_label_opens_no_section(line):
    assert [section.key for section in sections(f"# T\n\n{line}\n\n- a")] == [""]


def test_slugs_are_lower_case_ascii_words():
    assert [slugify(text) for text in ("Target_indiv", "Self\u2011harm’s Ärger", "…")] == [
        "target-indiv",
        "self-harms-arger",
        "",
    ]


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=25).map("".join)))
def test_any_text_is_parsed_and_its_sections_cover_its_lines_once(text):
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    last = len(lines) - (len(lines) > 1 and not lines[-1])

    found = sections(text)

    covered = [line for section in found for line in range(section.line_from, section.line_to + 1)]
    assert covered == list(range(1, last + 1))
    assert len({section.key for section in found}) == len(found)
    for section in found:
        assert all(section.line_from <= rule.line_from <= rule.line_to <= section.line_to for rule in section.rules)
        assert all(rule.parent is None or rule.parent < at for at, rule in enumerate(section.rules))


def test_keys_are_carried_by_path_then_title_then_words():
    old = sections("# A\n## Same\none\n# B\n## Moved\ntwo\n## Long title\nfive words that stay here")
    new = sections(
        "# A\n## Same\nall new\n## Moved\ntwo\n# B\n## Renamed\nfive words that stay put\n## Fresh\nnothing known"
    )

    carried = carry_keys(old, new)

    assert carried == {"a": "a", "same": "same", "moved": "moved", "b": "b", "renamed": "long-title", "fresh": "fresh"}


def test_a_new_section_never_takes_a_key_that_another_has_carried():
    old = [
        replace(section, key="fresh") if section.key == "old" else section for section in sections("# A\n# Old\nwords")
    ]

    carried = carry_keys(old, sections("# A\n# Old\nwords\n# Fresh\nnothing"))

    assert carried == {"a": "a", "old": "fresh", "fresh": "fresh-2"}


def test_the_document_itself_is_carried_to_itself_alone():
    assert carry_keys(sections("same words"), sections("# X\n# Y\nsame words")) == {"x": "x", "y": "y"}


@pytest.mark.parametrize(
    "piece", ["# A\nwords\n\n", "**A**\n- a\n", "- a\n  - b\n", "| a | b |\n|---|---|\n| 1 | 2 |\n\n"]
)
def test_work_grows_with_the_text_and_not_with_its_square(piece):
    def work(times):
        count = 0

        def called(frame, event, argument):
            nonlocal count
            count += 1

        before = sys.getprofile()
        sys.setprofile(called)
        try:
            parse(piece * times, name="p")
        finally:
            sys.setprofile(before)
        return count

    assert work(400) < 2.2 * work(200)


@pytest.mark.shared
def test_forty_thousand_words_are_read_within_three_seconds_of_work(shared):
    files = sorted((shared / "policies").glob("[a-z]*.md"))
    text = "\n\n".join("\n".join(clean(file.read_text(encoding="utf-8")).lines) for file in files)
    text = "\n\n".join([text] * (40_000 // len(text.split()) + 1))

    before = time.process_time()
    found = parse(text, name="p")
    seconds = time.process_time() - before

    assert len(text.split()) >= 40_000 and len(found.sections) > 200
    assert seconds < 3
