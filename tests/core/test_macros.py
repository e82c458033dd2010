"""The parts that pages are made of keep the rules of the product: no bare figure, no bare colour, nothing unescaped."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask, get_template_attribute, render_template, render_template_string
from markupsafe import Markup

from wsgi import create_app

EVIL = '"><script>alert(1)</script>'


@pytest.fixture(scope="module")
def page_app(databases) -> Iterator[Flask]:
    """One app for all macros: they read nothing."""
    app = create_app(databases.sqlite())
    with app.test_request_context("/"):
        app.preprocess_request()
        yield app


@pytest.fixture
def macro(page_app: Flask) -> Callable[[str], Callable[..., Markup]]:
    """A macro by its name; each stands in the file of its name, but for those named here."""
    homes = {"post_button": "button", "messages": "message", "page_links": "table", "check_list": "choice_list"}
    return lambda name: get_template_attribute(f"_macros/{homes.get(name, name)}.html", name)


def words(markup: str) -> str:
    """What is read of *markup*, with single spaces."""
    return " ".join(Markup(markup).striptags().split())


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"estimate": 0.96, "low": 0.872, "high": 0.985, "n": 53}, "96.0% [87% – 99%] · n=53"),
        ({"estimate": 0.9, "low": 0.5, "high": 1.0, "n": 7, "minimum": 10}, "– too few cases (n=7)"),
        ({"estimate": None, "n": 0}, "– too few cases (n=0)"),
        (
            {"estimate": None, "n": 3, "expected_from": "1 Dec 2026"},
            "– too few cases (n=3), expected from 1 Dec 2026",
        ),
        (
            {"estimate": None, "low": 0.82, "high": 0.97, "n": 120, "in_progress": True},
            "82% – 97% in progress · n=120",
        ),
        ({"estimate": 0.9, "n": 40}, "– no interval can be given (n=40)"),
        ({"estimate": float("nan"), "low": 0.1, "high": 0.2, "n": 40}, "– too few cases (n=40)"),
    ],
)
def test_a_rate_is_never_bare(macro, given, read):
    assert words(macro("figure_rate")(**given)) == read


@pytest.mark.parametrize(("kind", "sign"), [("ok", "✓"), ("warn", "▲"), ("bad", "✕"), ("neutral", "●")])
def test_a_tag_says_by_sign_and_word_what_its_colour_says(macro, kind, sign):
    assert words(macro("tag")("near", kind)) == f"{sign}near"


def test_a_button_that_does_something_is_a_form_with_a_token(macro):
    drawn = macro("post_button")("Close session", "/close", fields={"key": EVIL})

    assert 'method="post"' in drawn
    assert 'name="csrf_token"' in drawn
    assert "<script" not in drawn


def test_an_empty_table_says_so_and_names_the_next_step(page_app):
    source = """{% from "_macros/table.html" import table %}
    {{ table([], caption="Samples", heads=["Sample"], empty="None yet.", next_step="Draw one") }}"""

    drawn = render_template_string(source)

    assert words(drawn) == "None yet.Draw one"
    assert "<table" not in drawn


def test_every_head_of_a_table_has_words_and_sorting_is_said(page_app):
    source = """{% from "_macros/table.html" import table %}
    {% call(row) table([1], caption="C", heads=["A", {"text": "B", "sort": "?b", "sorted": "descending"},
      {"text": "Do", "unseen": true}]) %}<td>{{ row }}</td>{% endcall %}"""

    drawn = render_template_string(source)

    assert drawn.count('scope="col"') == 3
    assert 'aria-sort="descending"' in drawn
    assert '<span class="unseen">Do</span>' in drawn


def test_errors_stay_and_other_messages_leave(macro):
    drawn = {kind: macro("message")("Said.", kind) for kind in ("ok", "info", "warn", "bad")}

    assert {kind: "data-leaves" in text for kind, text in drawn.items()} == {
        "ok": True,
        "info": True,
        "warn": False,
        "bad": False,
    }


def test_a_flashed_message_may_carry_its_undo(macro):
    drawn = macro("messages")([("ok", {"text": "Saved.", "undo": "/undo"}), ("error", EVIL)])

    assert 'action="/undo"' in drawn
    assert "message bad" in drawn
    assert "<script" not in drawn


def test_policy_text_that_was_not_made_safe_is_escaped(macro):
    drawn = macro("policy_text")(EVIL, title=EVIL, anchor=EVIL)

    assert "<script" not in drawn


def test_media_do_not_play_and_are_not_shown_by_themselves(macro):
    drawn = macro("sensitive_media")("m", "/m.mp4", kind="video", label="Video")

    assert "autoplay" not in drawn
    assert "muted" in drawn
    assert " checked" not in drawn


def test_a_chip_takes_its_filter_away(page_app):
    source = """{% from "_macros/filter_bar.html" import filter_bar %}
    {% call filter_bar("/x", chips=[("Team: Amber", "/x?b=1")], clear="/x") %}{% endcall %}"""

    drawn = render_template_string(source)

    assert 'method="get"' in drawn
    assert 'href="/x?b=1"' in drawn


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 500, 503])
def test_an_error_page_says_what_happened_and_where_to_go(page_app, status):
    drawn = render_template("core/error.html", status=status, message=EVIL)

    assert "<script>" not in drawn
    assert f"Answer {status}" in drawn
    assert "Go to the start page" in drawn


def test_the_frame_has_a_way_past_the_bar_and_no_style_or_script_of_its_own(page_app):
    drawn = render_template("core/error.html", status=404, message="No such page.")

    assert drawn.index('href="#main"') < drawn.index("<header")
    assert " style=" not in drawn
    assert all("src=" in tag.split(">")[0] for tag in drawn.split("<script")[1:])


def test_the_theme_of_the_person_stands_on_the_page(page_app):
    class Person:
        name, theme = "Ada", "dark"

    drawn = render_template("core/error.html", status=404, message="x", person=Person())

    assert 'data-theme="dark"' in drawn
    assert "Ada" in drawn
