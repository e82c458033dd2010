"""Parts that are covered never overlap, and what is not covered stays as it is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.redaction.spans import LEAK, PERSONAL, WORDS, Span, apart, covered

SPANS = st.builds(
    lambda start, length, kind, rule: Span(start, start + length, kind, rule),
    st.integers(0, 40), st.integers(0, 20), st.sampled_from((LEAK, PERSONAL)), st.sampled_from(sorted(WORDS)),
)  # fmt: skip


@given(st.lists(SPANS, max_size=12))
def test_what_is_kept_of_them_stands_apart_and_in_order(spans: list[Span]) -> None:
    kept = apart(spans)

    assert all(one.end <= other.start for one, other in zip(kept, kept[1:], strict=False))
    assert {at for one in kept for at in range(one.start, one.end)} == {
        at for one in spans for at in range(one.start, one.end)
    }


@given(st.text(min_size=60, max_size=80), st.lists(SPANS, max_size=8))
def test_what_stands_outside_stays(text: str, spans: list[Span]) -> None:
    said, at = covered(text, spans), 0

    for span in apart(spans):
        assert said.startswith(text[at : span.start] + WORDS[span.rule])
        said, at = said[span.start - at + len(WORDS[span.rule]) :], span.end
    assert said == text[at:]


def test_what_could_tell_goes_before_what_is_personal() -> None:
    inside, around = Span(4, 9, PERSONAL, "name"), Span(6, 20, LEAK, "outcome")

    assert apart([inside, around]) == [Span(4, 6, PERSONAL, "name"), around]
