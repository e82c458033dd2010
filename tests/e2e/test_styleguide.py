"""The style page shows every part without a complaint of axe, at every width, in both themes."""

from __future__ import annotations

import gzip

import pytest

from tests.e2e.conftest import COLOUR_RULES, press

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 390])
@pytest.mark.parametrize("path", ["/styleguide?errors=1", "/styleguide/grading"])
def test_axe_finds_nothing(site, open_page, axe, scheme, width, path):
    page = open_page(site + path, scheme=scheme, width=width)

    found = axe(page, rules=COLOUR_RULES if scheme == "dark" else ())

    assert found == []


def test_axe_finds_what_is_planted(site, open_page, axe):
    page = open_page(site + "/styleguide")
    page.evaluate("document.querySelector('#main').insertAdjacentHTML('beforeend', '<input type=text>')")

    found = axe(page)

    assert any(line.startswith("label") for line in found)


@pytest.mark.parametrize("width", [1360, 900, 600, 390, 320])
@pytest.mark.parametrize("path", ["/styleguide", "/styleguide/grading"])
def test_nothing_is_wider_than_the_window(site, open_page, width, path):
    page = open_page(site + path, width=width)

    wide = page.evaluate("document.documentElement.scrollWidth")

    assert wide <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_persons_theme_wins_over_the_systems(site, open_page, theme):
    page = open_page(site + "/styleguide", scheme="dark" if theme == "light" else "light")
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")

    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert ground == {"light": "rgb(246, 247, 249)", "dark": "rgb(14, 19, 25)"}[theme]


def test_a_dark_page_prints_dark_on_white_without_buttons(site, open_page):
    page = open_page(site + "/styleguide", scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")

    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    ink = page.evaluate("getComputedStyle(document.body).color")
    shown = page.evaluate("[...document.querySelectorAll('.button, .bar')].filter(x => x.checkVisibility()).length")

    assert (ground, ink, shown) == ("rgb(255, 255, 255)", "rgb(21, 27, 32)", 0)


def test_a_table_keeps_its_heads_on_a_phone(site, open_page):
    page = open_page(site + "/styleguide", width=390)

    cell = page.locator("table.table tbody tr").first.locator("td").nth(1)

    assert cell.get_attribute("data-label") == "Cases"
    assert "Cases" in page.evaluate("x => getComputedStyle(x, '::before').content", cell.element_handle())


def test_g_and_a_places_key_go_there(site, open_page):
    page = open_page(site + "/styleguide")

    press(page, "g q")

    assert page.evaluate("location.hash") == "#main"


def test_a_message_leaves_by_itself_and_an_error_stays(site, open_page, strike):
    page = open_page(site + "/styleguide/grading")
    press(page, "2 e")
    with page.expect_navigation():
        strike(page, "Enter")

    page.locator(".messages .message").wait_for(state="detached", timeout=15_000)
    page.goto(site + "/styleguide")

    assert page.locator(".message.bad").is_visible()


def test_a_dialog_opens_closes_and_gives_the_focus_back(site, open_page):
    page = open_page(site + "/styleguide")

    page.click("[data-opens=sample-dialog]")
    is_open = page.locator("#sample-dialog").is_visible()
    press(page, "Escape")

    assert is_open
    assert not page.locator("#sample-dialog").is_visible()
    assert page.evaluate("document.activeElement.dataset.opens") == "sample-dialog"


def test_media_are_covered_until_asked_for(site, open_page):
    page = open_page(site + "/styleguide", script=False)
    image = page.locator(".media img")

    before = image.evaluate("x => getComputedStyle(x).filter")
    page.check("#sample-media")
    after = image.evaluate("x => getComputedStyle(x).filter")

    assert "blur" in before
    assert after == "none"


@pytest.mark.parametrize("path", ["/styleguide", "/styleguide/grading"])
def test_a_page_weighs_under_60_kb_without_the_font_and_loads_from_here_alone(site, open_page, path):
    page = open_page(site + path)

    loaded = page.evaluate("performance.getEntriesByType('resource').map(x => x.name)")
    bodies = [page.request.get(name).body() for name in [site + path, *loaded] if not name.endswith(".woff2")]

    assert all(name.startswith(site) for name in loaded)
    assert len(bodies) > 3
    assert sum(len(gzip.compress(body)) for body in bodies) < 60_000
