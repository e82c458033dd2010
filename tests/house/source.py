"""The product's own files, as the house tests read them: modules by name, imports with their lines."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("qa", "calibration", "training")
DOORS = ("wsgi", "start")
DYNAMIC = {"__import__", "import_module"}


@dataclass(frozen=True)
class Import:
    """One module that another one asks for."""

    target: str
    #: the name taken out of the target, empty for a plain import
    name: str
    line: int
    nested: bool
    #: a call of importlib, not a statement
    by_name: bool = False


@dataclass(frozen=True)
class Module:
    """One Python file of the product."""

    name: str
    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return ast.parse(self.text, filename=str(self.path))

    @cached_property
    def lines(self) -> list[str]:
        """The file's lines."""
        return self.text.splitlines()

    @property
    def is_package(self) -> bool:
        """Whether this is a folder's `__init__.py`."""
        return self.path.name == "__init__.py"

    @property
    def package(self) -> str:
        """The folder that a relative import starts from."""
        return self.name if self.is_package else self.name.rpartition(".")[0]

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """Every import of the file: inside functions, under TYPE_CHECKING and by name too."""
        return tuple(_imports(self, self.tree, nested=False))


@dataclass(frozen=True)
class House:
    """All modules under one root, by dotted name."""

    root: Path
    modules: dict[str, Module]

    def meets(self, wanted: Import) -> str:
        """The name of the file that an import opens: a module of ours, or the name as written."""
        inner = f"{wanted.target}.{wanted.name}"
        return inner if wanted.name and inner in self.modules else wanted.target


def read_house(root: Path = ROOT, *, tops: tuple[str, ...] = ROOMS + DOORS + ("tests",)) -> House:
    """Read every Python file of the named rooms and doors under *root*."""
    modules = {}
    for path in python_files(root, tops):
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        modules[name] = Module(name, path, path.read_text(encoding="utf-8"))
    return House(root, modules)


@cache
def our_house() -> House:
    """The product's own files, read and parsed once a process."""
    return read_house()


def python_files(root: Path, tops: tuple[str, ...]) -> Iterator[Path]:
    """The Python files of the named rooms (folders) and doors (single files), in order."""
    for top in tops:
        if (root / f"{top}.py").is_file():
            yield root / f"{top}.py"
        yield from sorted((root / top).rglob("*.py"))


def _imports(module: Module, node: ast.AST, *, nested: bool) -> Iterator[Import]:
    """Walk the tree, remembering whether a function is open."""
    for child in ast.iter_child_nodes(node):
        inside = nested or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from _asked_for(module, child, inside)
        yield from _imports(module, child, nested=inside)


def _asked_for(module: Module, node: ast.AST, nested: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield Import(alias.name, "", node.lineno, nested)
    elif isinstance(node, ast.ImportFrom):
        base = _absolute(module, node)
        for alias in node.names:
            yield Import(base, alias.name, node.lineno, nested)
    elif isinstance(node, ast.Call) and _called(node.func) in DYNAMIC and node.args:
        yield Import(_constant(node.args[0]), "", node.lineno, nested, by_name=True)


def _constant(node: ast.expr) -> str:
    """The text of a constant; a name made up at run time is a question mark."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "?"


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    """The full name behind `from ..x import y`."""
    if not node.level:
        return node.module or ""
    base = module.package.split(".")
    base = base[: len(base) - node.level + 1]
    return ".".join([*base, node.module] if node.module else base)


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
