"""The grading page by keyboard, by hand, and without script."""

from __future__ import annotations

import re

import pytest

from tests.e2e.conftest import press

pytestmark = pytest.mark.browser

PATH = "/styleguide/grading"


def chosen(page, name: str) -> str | None:
    """The value that would be sent for *name*."""
    return page.evaluate("name => new FormData(document.querySelector('.grade-form')).get(name)", name)


def said(page) -> str:
    """What the live region says."""
    return page.locator("#live").inner_text()


def test_nothing_is_preselected(site, open_page):
    page = open_page(site + PATH)

    given = [chosen(page, name) for name in ("verdict", "section", "action", "confidence")]

    assert given == [None, "", None, None]
    assert page.evaluate("document.activeElement === document.body")


def test_a_violation_is_graded_by_keys_alone(site, open_page, strike):
    page = open_page(site + PATH)

    press(page, "1 /")
    page.keyboard.type("veil")
    press(page, "Enter 2 e", stays=True)
    given = [chosen(page, name) for name in ("verdict", "section", "action", "confidence")]
    with page.expect_navigation():
        strike(page, "Enter")

    assert given == ["violates", "threats/veiled", "restrict", "high"]
    assert "Saved" in page.locator(".messages").inner_text()


def test_a_clause_is_two_keys_away(site, open_page):
    page = open_page(site + PATH)

    press(page, "1 / 4")

    assert chosen(page, "section") == "scams/fees"
    assert page.evaluate("document.activeElement === document.body")


def test_no_violation_ends_after_verdict_and_confidence(site, open_page, strike):
    page = open_page(site + PATH)

    press(page, "2 w")
    hidden = page.locator("[name=action]").first.is_hidden()
    with page.expect_navigation():
        strike(page, "Enter")

    assert hidden
    assert "Saved" in page.locator(".messages").inner_text()


def test_what_a_changed_verdict_hides_is_not_sent(site, open_page):
    page = open_page(site + PATH)
    press(page, "1 /")
    page.keyboard.type("direct")
    press(page, "Enter 1", stays=True)

    page.locator("[name=verdict][value=no_violation]").check()

    assert [chosen(page, name) for name in ("section", "action")] == ["", None]


def test_an_action_that_means_no_violation_is_not_offered_for_a_violation(site, open_page):
    page = open_page(site + PATH)

    press(page, "1")

    shown = page.evaluate(
        "[...document.querySelectorAll('[name=action]')].filter(x => x.checkVisibility()).map(x => x.value)"
    )
    assert shown == ["remove", "restrict", "escalate"]


def test_an_unfinished_grade_is_not_sent_and_says_what_is_missing(site, open_page):
    page = open_page(site + PATH)

    press(page, "1 Enter", stays=True)

    assert said(page) == "Still missing: policy clause, action, confidence."
    assert page.evaluate("document.activeElement.id") == "section-search"


def test_bare_keys_are_off_in_a_field(site, open_page):
    page = open_page(site + PATH)

    press(page, "n")
    page.keyboard.type("1 2 s ?")
    press(page, "Escape")

    assert page.locator("[name=note]").input_value() == "1 2 s ?"
    assert chosen(page, "verdict") is None


def test_bare_keys_can_be_switched_off(site, open_page):
    page = open_page(site + PATH)
    page.evaluate("document.documentElement.dataset.keys = 'off'")

    press(page, "1 s ?")

    assert chosen(page, "verdict") is None
    assert not page.locator("dialog[open]").count()
    assert not page.locator(".skip[open]").count()


def test_a_key_with_ctrl_is_the_browsers(site, open_page):
    page = open_page(site + PATH)

    press(page, "Control+1 Alt+1 Meta+1")

    assert chosen(page, "verdict") is None


def test_control_enter_in_the_note_submits(site, open_page, strike):
    page = open_page(site + PATH)
    press(page, "2 e n")
    page.keyboard.type("Plain banter.")

    with page.expect_navigation():
        strike(page, "Control+Enter")

    assert "Saved" in page.locator(".messages").inner_text()


def test_backspace_clears_the_last_answer(site, open_page):
    page = open_page(site + PATH)

    press(page, "2 e Backspace")

    assert [chosen(page, name) for name in ("verdict", "confidence")] == ["no_violation", None]


def test_s_and_a_digit_skip_with_a_reason(site, open_page, strike):
    page = open_page(site + PATH)

    press(page, "s")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        strike(page, "2")

    assert "reason=language" in (sent.value.post_data or "")


@pytest.mark.parametrize("key", ["{key: 'u'}", "{key: 'z', ctrlKey: true}"])
def test_u_goes_back_to_the_last_case(site, open_page, key):
    page = open_page(site + PATH)
    press = f"document.body.dispatchEvent(new KeyboardEvent('keydown', {{bubbles: true, ...{key}}}))"

    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.evaluate(f"setTimeout(() => {press})")  # the page goes away, and nobody would hear of the key

    assert "verdict" not in (sent.value.post_data or "")


def test_j_and_k_walk_through_the_thread(site, open_page):
    page = open_page(site + PATH)

    press(page, "j j k j")

    assert "reported" in page.evaluate("document.activeElement.className")


def test_the_policy_is_open_on_a_wide_screen_until_it_is_folded(site, open_page):
    page = open_page(site + PATH)
    was_open = page.locator(".desk-policy[open]").count()

    press(page, "p")
    page.reload()

    assert was_open == 1
    assert page.locator(".desk-policy[open]").count() == 0


def test_the_chosen_clause_opens_in_the_policy(site, open_page):
    page = open_page(site + PATH)

    press(page, "1 /")
    page.keyboard.type("private")
    press(page, "Enter", stays=True)

    assert page.locator(".clause.chosen[open] summary").inner_text() == "Private addresses"


def test_a_question_mark_lists_the_keys(site, open_page):
    page = open_page(site + PATH)

    press(page, "?")

    assert page.locator("dialog#keys").is_visible()


def test_the_reported_item_is_brought_into_view(site, open_page):
    page = open_page(site + PATH, width=390)

    place = page.locator(".item.reported").bounding_box()

    assert place is not None and place["y"] + place["height"] <= 900


def test_the_time_shown_is_sent(site, open_page, strike):
    page = open_page(site + PATH)
    press(page, "2 e")
    page.wait_for_timeout(1100)

    with page.expect_request(lambda request: request.method == "POST") as sent:
        strike(page, "Enter")

    seconds = int(re.findall(r"seconds_shown=(\d+)", sent.value.post_data or "")[0])
    assert 1 <= seconds <= 30


def test_the_time_stands_still_while_the_page_is_hidden(site, open_page, strike):
    page = open_page(site + PATH)
    seen = page.evaluate("""() => {
      Object.defineProperty(document, "hidden", { value: true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
      return performance.now() / 1000;
    }""")
    page.wait_for_timeout(2600)
    press(page, "2 e")

    with page.expect_request(lambda request: request.method == "POST") as sent:
        strike(page, "Enter")

    seconds = int(re.findall(r"seconds_shown=(\d+)", sent.value.post_data or "")[0])
    assert seconds < seen + 1  # however long the page took until it was hidden


def test_at_double_zoom_and_on_a_phone_nothing_is_wider_than_the_screen(site, open_page):
    widths = [
        open_page(site + PATH, width=width).evaluate("document.documentElement.scrollWidth") for width in (680, 390)
    ]

    assert widths == [680, 390]


def test_a_case_can_be_graded_without_script(site, open_page):
    page = open_page(site + PATH, script=False)

    page.check("[name=verdict][value=violates]")
    page.select_option("[name=section]", "threats/direct")
    page.check("[name=action][value=remove]")
    page.check("[name=confidence][value=low]", force=True)
    page.click("text=Submit and next")

    assert "Saved" in page.locator(".messages").inner_text()


def test_a_refused_grade_keeps_what_was_given_and_says_why_without_script(site, open_page):
    page = open_page(site + PATH, script=False)

    page.check("[name=verdict][value=violates]")
    page.fill("[name=note]", "Look at the door.")
    page.click("text=Submit and next")

    assert "Choose the clause that is met." in page.locator(".desk-decision").inner_text()
    assert page.locator("[name=verdict][value=violates]").is_checked()
    assert page.locator("[name=note]").input_value() == "Look at the door."
