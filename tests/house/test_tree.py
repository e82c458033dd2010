"""The checkout speaks of the product alone, and stands as it was designed."""

import re

import pytest

from tests.house.source import ROOT
from tests.house.tree import SKIPPED, misspoken, text_files

TOP = {
    "qa", "training", "calibration", "templates", "static", "tests", "wsgi.py", "pyproject.toml", "start.py",
    "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "requirements.in",
    "requirements.txt", "requirements-test.in", "requirements-test.txt", "requirements-browser.in",
    "requirements-browser.txt",
}  # fmt: skip
PAGES = [path for path in ROOT.glob("*.md") if path.is_file()]


def test_no_file_speaks_of_machines_or_of_its_making():
    found = [
        line
        for path in text_files()
        for line in misspoken(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
    ]

    assert found == []


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("see /" + "root/.cache", "a path of one machine"),
        ("cd /" + "work/main", "a path of one machine"),
        ("open('/" + "tmp/x.csv')", "a path of one machine"),
        ("https://" + "pypi" + ".org/simple", "the host of a package registry"),
        ("# TO" + "DO: later", "a note to self"),
        ("x = f()  # type: " + "ignore[arg-type]", "a way round the type checker"),
        ("pytest." + "skip('later')", "a test left out by hand"),
        ("as asked in issue " + "2", "how it was written"),
    ],
)
def test_a_word_that_does_not_belong_is_found(row, what):
    found = list(misspoken("f.py", f"x = 1\n{row}\n"))

    assert found == [f"f.py:2: {what}"]


@pytest.mark.parametrize("row", ["/work/queue", "an issue of trust", "GET /tmpl", "../shared/policies", "hackney"])
def test_words_of_the_product_pass(row):
    assert list(misspoken("f.py", row)) == []


def test_the_top_level_holds_what_was_designed():
    tops = {path.name for path in ROOT.iterdir()} - SKIPPED

    strangers = {top for top in tops - TOP if not top.startswith(".")}

    assert strangers == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page):
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))

    lost = [link for link in links if not re.match(r"[a-z]+:|#", link) and not (ROOT / link.partition("#")[0]).exists()]

    assert lost == []


def test_no_folder_of_tests_takes_the_name_of_a_room():
    """An init file there would make `tests/qa` the package `qa` and hide the product."""
    found = [str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("__init__.py")]

    assert found == []


def test_the_licence_is_apache_2():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
