import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qa.policytext.cleaning import clean
from qa.policytext.scanning import DEEPEST, scan
from tests.qa.policytext.commonmark import ours, reference

PIECES = (
    ["- ", "* ", "1. ", "2. ", "  ", "    ", "> ", "# ", "a", "b c", "\n", "\n\n", "| a | b |\n|---|---|\n", "---"]
    + ["```", "***", "10) ", " ", "===", "<div>", "</div>", "<b>x</b>"]
)  # fmt: skip


def kinds(text):
    return [(kind, level) for kind, level, _ in ours(text.split("\n"))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Never:\n- a\n- b", [("paragraph", 0), ("item", 1), ("paragraph", 0), ("item", 1), ("paragraph", 0)]),
        ("- a\n  - b\n   c", [("item", 1), ("paragraph", 0), ("item", 2), ("paragraph", 0)]),
        ("in\n2. not a list", [("paragraph", 0)]),
        ("Title\n=====\nwords", [("heading", 1), ("paragraph", 0)]),
        ("> - a\nlazy", [("quote", 0), ("item", 1), ("paragraph", 0)]),
        ("- a\n\n      code", [("item", 1), ("paragraph", 0), ("code", 0)]),
        ("#no heading", [("paragraph", 0)]),
        ("words\n| a |\n|---|\n| 1 |", [("paragraph", 0), ("table", 0), ("row", 0), ("row", 0)]),
        ("```\n- a\n```\n- b", [("code", 0), ("item", 1), ("paragraph", 0)]),
        ("<div>\n- a\n\n- b", [("item", 1), ("paragraph", 0)]),
    ],
)
def test_blocks_are_those_of_commonmark(text, found):
    assert kinds(text) == found
    assert ours(text.split("\n")) == reference(text.split("\n"))


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=9))
def test_any_mixture_of_marks_is_read_as_commonmark_reads_it(pieces):
    lines = "".join(pieces).split("\n")
    # The reference takes a table before the list markers in front of it; nobody writes such a line.
    assume(not any("|" in line and not line.startswith("|") for line in lines))

    assert ours(lines) == reference(lines)


INDENTS = ["", "", "", " ", "  ", "   ", "    ", "      ", "\t", " \t"]
MARKS = (
    ["- a", "* b", "+ c", "1. d", "2. e", "2) f", "10. g", "> q", ">", "# h", "### h ##", "words", "- - a", "> - c"]
    + ["- > c", "1. - x", "```", "~~~", "```py", "<!-- c -->", "<!--", "-->", "---", "***", "===", "- ", "1.", "", ""]
    + ["| a | b |", "|---|---|", "| 1 | `x|y` |", "**B**", "<div>", "</div>", "<b>x</b>", "\\- a", "#x", "- # h"]
    + ["- ```", "* * *"]
)  # fmt: skip
FAR = re.compile(r"(?=.{5})(?: *(?:[-*+]|\d+[.)])(?: +|$))+")


def is_undecided(lines):
    """Whether the reference leaves the specification: what it makes of a line that is indented by four or more after
    an item whose words begin further in (it interrupts the item's paragraph), of such a line with > or |, and of a
    table whose head is a line of dashes."""
    if any("|---|" in line and "|---|" in after for line, after in zip(lines, lines[1:], strict=False)):
        return True
    far = False
    for line in (line.expandtabs(4) for line in lines):
        deep = line.startswith("    ") and line.strip()
        if deep and (far or line.lstrip()[:1] in ">|"):
            return True
        match = FAR.match(line + " ")
        far = far or (match is not None and match.end() > 4)
    return False


@given(st.lists(st.tuples(st.sampled_from(INDENTS), st.sampled_from(MARKS)).map("".join), min_size=1, max_size=8))
def test_lines_of_any_indent_are_read_as_commonmark_reads_them(lines):
    assume(not is_undecided(lines))

    assert ours(lines) == reference(lines)


@pytest.mark.shared
def test_every_policy_has_the_blocks_of_commonmark(shared):
    files = sorted((shared / "policies").rglob("*.md"))
    different = []

    for file in files:
        lines = clean(file.read_text(encoding="utf-8")).lines
        if ours(lines) != reference(lines):
            different.append(file.name)

    assert len(files) >= 20
    assert different == []


def test_link_targets_are_kept_apart_from_the_text():
    found = scan(["See [the form][form].", "", "[Form]: https://example.org/form 'Form'"])

    assert [node.kind for node in found.root.children] == ["paragraph"]
    assert found.references == {"form": "https://example.org/form"}


def test_nesting_without_end_is_cut_and_kept_as_words():
    found = scan(["> " * 500 + "deep"])

    depth, node = 0, found.root
    while node.children:
        depth, node = depth + 1, node.children[0]
    assert depth <= DEEPEST
    assert "deep" in node.lines[0][1]
