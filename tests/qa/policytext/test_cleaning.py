from hypothesis import given
from hypothesis import strategies as st

from qa.policytext.cleaning import clean


def test_front_matter_in_yaml_is_taken_off_and_kept():
    cleaned = clean("---\ntitle: 'Spam'\nversions:\n  fpt: '*'\nold:\n  - /a\n  - /b\n---\n\nNo spam.\n")

    assert cleaned.front == {"title": "Spam", "versions": "fpt: '*'", "old": "/a, /b"}
    assert cleaned.lines == ("", "", "", "", "", "", "", "", "", "No spam.")


def test_front_matter_in_toml_is_taken_off_and_kept():
    assert clean('+++\nversion = "2.1"\naliases = ["/a", "/b"]\n+++\n# T').front == {
        "version": "2.1",
        "aliases": "/a, /b",
    }


def test_a_line_across_the_page_is_no_front_matter():
    cleaned = clean("---\nNo spam, ever.\n---\nWords")

    assert cleaned.front == {}
    assert cleaned.lines[1] == "No spam, ever."
    assert "front matter" in cleaned.oddities[0].message


def test_comments_and_template_tags_leave_only_their_lines_behind():
    cleaned = clean("a <!-- one\ntwo --> b\n{% if x %}c{% endif %} {{ name }}")

    assert cleaned.lines == ("a ", " b", "c ")
    assert [oddity.line for oddity in cleaned.oddities] == [1, 3, 3, 3]


def test_a_comment_that_never_ends_hides_nothing():
    assert clean("a <!-- b\nNo spam.").lines == ("a <!-- b", "No spam.")


def test_a_link_without_a_title_is_named_after_its_target():
    cleaned = clean("See [AUTOTITLE](/files/about-large-files) and [AUTOTITLE](/glossary#fork).")

    assert cleaned.lines == ("See [about large files](/files/about-large-files) and [fork](/glossary#fork).",)
    assert len(cleaned.oddities) == 2


def test_characters_that_hide_or_turn_text_are_left_out_and_named():
    cleaned = clean("\ufeffNo\u202e spam\x00 ever\u200b.\r\nCafe\u0301")

    assert cleaned.lines == ("No spam ever.", "Café")
    assert cleaned.oddities[0].line == 1
    assert all(name in cleaned.oddities[0].message for name in ("U+0000", "U+200B", "U+202E"))


def test_an_identifier_at_the_end_of_a_heading_is_no_part_of_its_title():
    assert clean("## Spam {#spam}\nuse {#x} so").lines[0] == "## Spam"


@given(st.text())
def test_as_many_lines_come_out_as_went_in(text):
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > 1 and not lines[-1]:
        lines.pop()

    assert len(clean(text).lines) == len(lines)
