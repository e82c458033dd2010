"""Files, functions and templates keep to their size and their manners."""

from pathlib import Path

import pytest

from tests.house.shape import ill_mannered, misshapen
from tests.house.source import ROOT, Module, our_house

TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))


def module(text, name="qa.draws"):
    """A file of the product with *text*."""
    return Module(name, Path("qa/draws.py"), text)


def test_every_file_keeps_its_shape():
    found = [line for one in our_house().modules.values() for line in misshapen(one)]

    assert found == []


def test_every_template_keeps_its_manners():
    found = [
        line for path in TEMPLATES for line in ill_mannered(path.relative_to(ROOT), path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_a_file_of_301_lines_is_found():
    assert list(misshapen(module("\n" * 300))) == []
    assert list(misshapen(module("\n" * 301))) == ["qa.draws: 301 lines"]


def test_a_function_of_41_lines_of_code_is_found():
    head = 'def draw():\n    """Draw.\n\n    At length.\n    """\n    # why\n\n'

    fits = list(misshapen(module(head + "    x = 1\n" * 40)))
    breaks = list(misshapen(module(head + "    x = 1\n" * 41)))

    assert fits == []
    assert breaks == ["qa.draws.draw: 41 lines of code"]


@pytest.mark.parametrize("text", ["def draw(): ...\n", "class Draw: ...\n", 'def draw():\n    """ """\n'])
def test_a_public_name_without_a_docstring_is_found(text):
    found = list(misshapen(module(text)))

    assert len(found) == 1
    assert found[0].endswith("no docstring")


def test_a_private_name_and_a_test_need_no_docstring():
    private = list(misshapen(module("def _draw(): ...\n")))
    test = list(misshapen(module("def test_draw(): ...\n", name="tests.qa.test_draws")))

    assert private == test == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("try:\n    f()\nexcept Exception:\n    pass\n", "swallows every error"),
        ("try:\n    f()\nexcept:\n    pass\n", "swallows every error"),
        ("people = relationship('Person')\n", "a relationship that is not raise_on_sql"),
        ("people = relationship(lazy='select')\n", "a relationship that is not raise_on_sql"),
        ("rows = Case.query.all()\n", "Model.query"),
    ],
)
def test_a_bad_habit_is_found(text, said):
    found = list(misshapen(module(text)))

    assert [line.rpartition(": ")[2] for line in found] == [said]


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    f()\nexcept OSError:\n    pass\n",
        "people = relationship(lazy='raise_on_sql')\n",
        "rows = queries.query(case)\n",
    ],
)
def test_a_good_habit_passes(text):
    assert list(misshapen(module(text))) == []


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("{{ text|safe }}", "an unescaped value"),
        ("{{ text | safe }}", "an unescaped value"),
        ("{% autoescape false %}", "an unescaped value"),
        ('<p style="color: red">', "an inline style"),
        ("<style>p {}</style>", "an inline style"),
        ("<script>go()</script>", "an inline script"),
        ('<a onclick="go()">', "an inline script"),
        ('<a href="javascript:go()">', "an inline script"),
        ('<script src="https://cdn.example/x.js"></script>', "something fetched from another host"),
    ],
)
def test_an_ill_mannered_template_is_found(row, what):
    found = list(ill_mannered(Path("t.html"), f"<p>\n{row}\n"))

    assert found == [f"t.html:2: {what}"]


@pytest.mark.parametrize(
    "row",
    [
        "{{ text|safely }}",
        '<a href="https://www.example.org/">',
        "<script src=\"{{ url_for('static', filename='app.js') }}\" defer></script>",
        '<link rel="stylesheet" href="/static/app.css">',
        '<option data-only="1">',
    ],
)
def test_a_well_mannered_template_passes(row):
    assert list(ill_mannered(Path("t.html"), row)) == []


def test_a_template_of_121_lines_is_found():
    found = list(ill_mannered(Path("t.html"), "<br>\n" * 121))

    assert found == ["t.html: 121 lines"]
