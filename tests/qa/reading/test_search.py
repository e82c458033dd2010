"""The search over sections: what it finds, in which order, and what it shows of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.search import Index, Page, asked, folded, pages

KNOWN = [
    Page(1, "threats", "Threats", ("Threats",), "Saying that somebody will be hurt, in person or online."),
    Page(1, "homes", "Homes", ("Homes",), "Saying where somebody lives. A threat to a home counts twice."),
    Page(2, "praise", "Praise", ("Praise",), "Thanking somebody for a café visit. 感谢别人的帮助"),
]


def keys(query: str) -> list[str]:
    hits, _ = Index(KNOWN).search(query)
    return [hit.page.key for hit in hits]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("threat", ["threats", "homes"]),
        ("somebody threat", ["threats", "homes"]),
        ("THREATS", ["threats"]),
        ('"in person"', ["threats"]),
        ('"person in"', []),
        ("cafe", ["praise"]),
        ("帮助", ["praise"]),
        ("somebody nowhere", []),
        ("th", []),
        ("", []),
        ('"" ?!', []),
    ],
)
def test_a_section_is_found_by_all_words_by_their_starts_and_by_phrases(query: str, found: list[str]) -> None:
    assert keys(query) == found


def test_a_title_counts_more_than_a_word_in_the_text() -> None:
    assert keys("threat")[0] == "threats"


def test_a_snippet_marks_what_was_asked_for_and_is_a_stretch_of_the_text() -> None:
    (hit, *_), total = Index(KNOWN).search("lives home")

    assert total == 1
    assert [bit.text for bit in hit.snippet if bit.found] == ["lives", "home"]
    assert "".join(bit.text for bit in hit.snippet) == hit.page.text


def test_only_the_best_are_shown_and_all_are_counted() -> None:
    hits, total = Index(KNOWN).search("somebody", most=2)

    assert (len(hits), total) == (2, 3)


def test_sections_of_html_are_searched_by_their_words_alone() -> None:
    made = pages(
        7, '<p>Intro &amp; more</p><h2 id="s-a">A <em>b</em></h2><ul><li>one</li></ul>', "Policy", {"a": ("A b",)}
    )

    assert [(page.key, page.title, page.text) for page in made] == [("", "Policy", "Intro & more"), ("a", "A b", "one")]


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=5), st.text(max_size=30))
def test_whatever_is_asked_a_hit_holds_every_word_and_its_snippet_is_its_text(texts: list[str], query: str) -> None:
    known = [Page(1, str(at), "", (), " ".join(text.split())) for at, text in enumerate(texts)]

    hits, total = Index(known).search(query)

    assert total == len(hits)
    for hit in hits:
        words = {word for word, _, _ in hit.page.words()}
        assert all(any(one in word for word in words) for phrase in asked(query) for one in phrase)
        assert "".join(bit.text for bit in hit.snippet).strip("… ") in hit.page.text
    assert folded(query) == folded(folded(query))
