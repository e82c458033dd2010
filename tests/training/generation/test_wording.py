"""Texts are cut to what stands alone, and what does not is told."""

import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.generation.wording import (
    escaped,
    flaws,
    jaccard,
    plain,
    quoted,
    roots,
    stands_alone,
    trimmed,
    without_stop,
)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("automated bulk activity, such as", "automated bulk activity"),
        ("phishing or attempted phishing; or", "phishing or attempted phishing"),
        ("Content that enables illegal selling through:", "Content that enables illegal selling"),
        ("Requests are not appropriate for:", "Requests are not appropriate"),
        ("on the basis of who they are;", "on the basis of who they are"),
        ("an age limit that no law asks for", "an age limit that no law asks for"),
    ],
)
def test_what_leads_on_is_cut_and_what_is_whole_is_kept(text, cut):
    assert trimmed(text) == cut


@settings(deadline=None)
@given(st.text(alphabet="abc ,;:or", max_size=40))
def test_cutting_twice_is_cutting_once(text):
    assert trimmed(trimmed(text)) == trimmed(text)


@pytest.mark.parametrize(
    "text",
    [
        "It depends on the case",
        "In such cases the report is closed",
        "If so, the host decides",
        "Reports that are listed above",
        "A ban under this section",
        "Details (see the annex)",
        "Write to [INSERT CONTACT METHOD] first",
        "However, a host may refuse",
    ],
)
def test_a_sentence_that_points_elsewhere_does_not_stand_alone(text):
    assert not stands_alone(text)


@pytest.mark.parametrize(
    "text", ["Italian seed is welcome", "Members may appeal under this policy", "Sending such as gifts"]
)
def test_a_sentence_that_only_looks_like_it_stands_alone(text):
    assert stands_alone(text)


@pytest.mark.parametrize(
    "text",
    [
        "the the seed",
        "sent through",
        "a “quote",
        "a (bracket",
        "**bold**",
        "{% tag %}",
        "AUTOTITLE",
        "- item",
        "x\u202ey",
        'a "b',
    ],
)
def test_a_flaw_is_seen(text):
    assert flaws(text)


@pytest.mark.parametrize("text", ["All that had had a name", "He said “JOIN NOW JOIN NOW”", "A (well) closed one."])
def test_what_is_sound_has_no_flaw(text):
    assert flaws(text) == []


def test_quotes_inside_a_quotation_become_single():
    assert quoted('say "no" and “yes”') == "“say ‘no’ and ‘yes’”"


def test_the_full_stop_goes_and_an_abbreviation_stays_readable():
    assert without_stop("A report is closed.") == "A report is closed"
    assert without_stop("Wait ...") == "Wait ..."


def test_words_of_one_root_are_one_word():
    assert jaccard(roots("planting hosts"), roots("plants a host")) == 1.0


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_shown_as_it_is_and_never_as_markup(text):
    shown = markdown.markdown(f"> {escaped(text)}", extensions=["extra", "sane_lists"])

    assert "<script" not in shown.lower() and "<a " not in shown and "<img" not in shown
    assert "<strong" not in shown and "<em" not in shown and "<h1" not in shown and "<li" not in shown


@settings(deadline=None)
@given(st.text(max_size=60))
def test_plain_text_is_one_line_without_turning_marks(text):
    line = plain(text)

    assert "\n" not in line and not set(line) & set("\u202a\u202e\u2066\u2069\u200f\x00")
