"""The size and the manners of files, functions and templates."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import ROOMS, Module

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
LONGEST_TEMPLATE = 120
MIGRATIONS = "qa.core.migrations"
Function = ast.FunctionDef | ast.AsyncFunctionDef

TEMPLATE_RULES = {
    "an unescaped value": re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\s*\("),
    "an inline style": re.compile(r"<style\b|\sstyle\s*="),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)|\son[a-z]+\s*=\s*[\"']|javascript:"),
    "something fetched from another host": re.compile(
        r"(?:\bsrc|\baction|<link\b[^>]*\bhref)\s*=\s*[\"'](?:https?:)?//"
    ),
}


def misshapen(module: Module) -> Iterator[str]:
    """What is too long, undocumented or unmannerly in one Python file; a migration is a record, not a text."""
    if module.name.startswith(MIGRATIONS):
        return
    lines = module.text.count("\n")
    if lines > LONGEST_FILE:
        yield f"{module.name}: {lines} lines"
    for function in _functions(module.tree):
        length = code_lines(module, function)
        if length > LONGEST_FUNCTION:
            yield f"{module.name}.{function.name}: {length} lines of code"
    yield from _undocumented(module)
    yield from _manners(module)


def _functions(tree: ast.Module) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def code_lines(module: Module, function: Function) -> int:
    """The lines of a function that are neither docstring nor comment nor blank."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not body:
        return 0
    rows = module.lines[body[0].lineno - 1 : function.end_lineno]
    return sum(1 for row in rows if row.strip() and not row.strip().startswith("#"))


def _undocumented(module: Module) -> Iterator[str]:
    """Public functions and classes of the product without a word on what they are for."""
    if module.name.partition(".")[0] == "tests":
        return
    for node in module.tree.body:
        named = isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_")
        if named and not (ast.get_docstring(node) or "").strip():
            yield f"{module.name}.{node.name}: no docstring"


def _manners(module: Module) -> Iterator[str]:
    """Habits of the models and of errors that are kept everywhere."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler) and _swallows(node):
            yield f"{module.name}:{node.lineno}: swallows every error"
        if isinstance(node, ast.Call) and _name(node.func) == "relationship" and not _raises_on_sql(node):
            yield f"{module.name}:{node.lineno}: a relationship that is not raise_on_sql"
        if _is_model_query(node) and module.name.partition(".")[0] in ROOMS:
            yield f"{module.name}:{node.lineno}: Model.query"


def _swallows(handler: ast.ExceptHandler) -> bool:
    broad = handler.type is None or _name(handler.type) in ("Exception", "BaseException")
    return broad and all(isinstance(step, ast.Pass | ast.Continue) for step in handler.body)


def _raises_on_sql(call: ast.Call) -> bool:
    return any(
        word.arg == "lazy" and isinstance(word.value, ast.Constant) and word.value.value == "raise_on_sql"
        for word in call.keywords
    )


def _is_model_query(node: ast.AST) -> bool:
    """`Case.query`, the old way to ask."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "query"
        and isinstance(node.value, ast.Name)
        and node.value.id[:1].isupper()
    )


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def ill_mannered(template: Path, text: str) -> Iterator[str]:
    """What a template must not hold: more than a page, raw values, inline style or script."""
    lines = text.count("\n")
    if lines > LONGEST_TEMPLATE:
        yield f"{template}: {lines} lines"
    for number, row in enumerate(text.splitlines(), start=1):
        for what, pattern in TEMPLATE_RULES.items():
            if pattern.search(row):
                yield f"{template}:{number}: {what}"
