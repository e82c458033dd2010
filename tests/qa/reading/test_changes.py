"""What changed between two versions: which words, and where to read them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.core.markup import policy_html
from qa.policytext.sections import parse
from qa.reading.changes import changes, words_of
from qa.reading.texts import Text

OLD = "# Spam\n\n## Links\n\nNot allowed:\n\n- more than 3 links\n- a link in a name\n\n## Gone\n\nWords.\n"
NEW = "# Spam\n\n## Links\n\nNot allowed:\n\n- more than 2 links\n- a link in a name\n\n## Added\n\nOther things.\n"


def text(markdown: str, version: int, **keys: str) -> Text:
    """A version's text; *keys*: own key -> stored key."""
    lines = tuple(
        (one.line_from, one.line_to, keys.get(one.key, one.key)) for one in parse(markdown, name="spam").sections
    )
    return Text(version, str(hash(markdown)), lines, (), "spam", "Spam", markdown, str(policy_html(markdown)))


def test_sections_and_units_that_differ_are_named_with_what_makes_them_differ() -> None:
    found = {one.title: one for one in changes(text(OLD, 1), text(NEW, 2))}

    links = found["Links"]
    assert (links.kind, links.label, links.key) == ("material", "Changed in substance", "links")
    assert [change.why for group in links.groups for change in group] == [("a number",)]
    assert [(one.kind, one.text) for one in links.groups[0][0].new if one.kind] == [("ins", "2")]
    assert (found["Added"].kind, found["Gone"].kind) == ("new", "removed")
    assert found["Gone"].key is None


def test_a_section_is_linked_by_the_key_it_is_stored_under() -> None:
    found = {one.title: one.key for one in changes(text(OLD, 1, links="anchors"), text(NEW, 2, links="anchors"))}

    assert found["Links"] == "anchors"


@given(st.text(max_size=80), st.text(max_size=80))
def test_either_side_of_marked_words_is_the_whole_text(old: str, new: str) -> None:
    gone, come = words_of(old, new)

    assert "".join(one.text for one in gone) == old
    assert "".join(one.text for one in come) == new
    assert [one.text for one in gone if not one.kind] == [one.text for one in come if not one.kind] or not (old and new)


def test_neighbours_that_differ_in_the_same_fact_alone_stand_together() -> None:
    old = "# P\n\n## Fees\n\nNot allowed:\n\n- Asking for a fee\n- Selling a course\n\nAction: warn\n"
    new = old.replace("warn", "remove")

    (fees,) = [one for one in changes(text(old, 1), text(new, 2)) if one.title == "Fees"]

    together = [group for group in fees.groups if group[0].says_the_same]
    assert [len(group) for group in together] == [2]
    assert together[0][0].facts == (("what is done", "warn", "remove"),)
