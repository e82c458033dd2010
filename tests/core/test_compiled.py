"""Compiled templates are kept, and nothing depends on it."""

from __future__ import annotations

from pathlib import Path

from jinja2 import DictLoader, Environment

from qa.core.compiled import CompiledTemplates


def drawn(folder: Path, text: str) -> str:
    pages = Environment(loader=DictLoader({"page": text}), bytecode_cache=CompiledTemplates(folder))
    return pages.get_template("page").render(name="Ana")


def test_a_template_is_kept_once_and_compiled_anew_when_its_text_changes(tmp_path: Path):
    first = [drawn(tmp_path / "kept", "Hello {{ name }}") for _ in range(2)]
    kept = list((tmp_path / "kept").iterdir())

    changed = drawn(tmp_path / "kept", "Goodbye {{ name }}")

    assert first == ["Hello Ana", "Hello Ana"] and len(kept) == 1
    assert changed == "Goodbye Ana"
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0


def test_a_page_is_drawn_where_nothing_can_be_kept(tmp_path: Path):
    (tmp_path / "kept").write_text("a file in the way")

    said = drawn(tmp_path / "kept", "Hello {{ name }}")

    assert said == "Hello Ana"


def test_a_torn_file_is_compiled_anew(tmp_path: Path):
    drawn(tmp_path / "kept", "Hello {{ name }}")
    for path in (tmp_path / "kept").iterdir():
        path.write_bytes(path.read_bytes()[:40])

    said = drawn(tmp_path / "kept", "Hello {{ name }}")

    assert said == "Hello Ana"
