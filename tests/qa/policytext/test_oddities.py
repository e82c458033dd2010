import pytest

from qa.policytext.sections import parse


def named(markdown):
    return [(oddity.line, oddity.message) for oddity in parse(markdown, name="p").oddities]


@pytest.mark.parametrize(
    ("markdown", "line", "words"),
    [
        ("# T\n\n#### Deep\nwords", 3, "level 4 follows one of level 1"),
        ("# T\n## A\n### B\n## A\n", 4, "in line 2"),
        ("# T\n## \nwords", 2, "without words"),
        ("words\n\n```\ncode", 3, "never closed"),
        ("| a | b |\n|---|---|\n| 1 |", 3, "1 cells in a table of 2"),
        ("a\n\n##Glued", 3, "no space after #"),
        ("a\nDonâ€™t tout", 2, "another encoding"),
        ("a\nfianc\ufffde", 2, "another encoding"),
        ("a\n" + "x" * 3000, 2, "more than 2000"),
        ("a\n\n<script>alert(1)</script>", 3, "not carried out"),
        ("> " * 60 + "deep", 1, "too deeply"),
    ],
)
def test_each_oddity_is_named_with_its_line(markdown, line, words):
    assert [(at, words in message) for at, message in named(markdown)] == [(line, True)]


@pytest.mark.parametrize(
    "markdown",
    [
        "# T\n## A\n### B\n## C\n### B\n",
        "## A\nwords\n### B\n# C",
        "```\ncode\n```\nwords",
        "**T**\nwords\n\n**A**\n- b",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "#1 and #hash",
        "Ärger mit Größe, naïve façade",
    ],
)
def test_what_is_as_it_should_be_is_not_named(markdown):
    assert named(markdown) == []


def test_of_many_oddities_of_one_kind_some_are_named_and_the_rest_is_counted():
    found = named("<!-- a -->\n" * 300)

    assert len(found) == 51
    assert any("250 more of" in message for _, message in found)


def test_a_section_whose_name_is_taken_keeps_its_own_text():
    document = parse("# T\n## A\none\n## A\ntwo", name="p")

    assert [(section.key, section.text) for section in document.sections[1:]] == [("a", "one"), ("a-2", "two")]
