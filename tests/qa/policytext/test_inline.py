import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.policytext.inline import plain, settled


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("**No** *spam* and __no__ _scam_", "No spam and no scam"),
        ("***never***", "never"),
        ("our products* to give", "our products* to give"),
        ("snake_case_name", "snake_case_name"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("see [the *form*](/form 'Form') now", "see the form now"),
        ("see [form] and [form][] and [the form][Form]", "see form and form and the form"),
        ("[INSERT CONTACT]", "[INSERT CONTACT]"),
        ("![a logo](https://example.org/x.png)", "a logo"),
        ("`a **b**` and ``c`d``", "a **b** and c`d"),
        ("write to <team@example.org> or <https://example.org>", "write to team@example.org or https://example.org"),
        ("a<br>b <span class='x'>c</span>", "a b c"),
        ("1 < 2 &amp; 3 &lt; 4", "1 < 2 & 3 < 4"),
        (r"\*not bold\* and \[not a link\](/x)", "*not bold* and [not a link](/x)"),
        ("[a\nb](/x)", "a\nb"),
    ],
)
def test_only_the_words_are_left(markdown, words):
    assert plain(markdown, {"form": "/form"}) == words


@given(st.text(alphabet="ab *_[]()`<>!\\\n&#;'\"", max_size=60))
def test_no_line_is_lost(markdown):
    assert plain(markdown, {}).count("\n") == markdown.count("\n")


def test_brackets_that_open_nothing_are_settled_and_links_are_not():
    assert settled("[a] [[b [c](/c) `d` `e", {}) == r"\[a\] \[\[b [c](/c) `d` \`e"
