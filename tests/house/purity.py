"""What a pure folder may touch: numbers and text handed in, nothing of the machine, the clock or chance."""

import ast
import sys
from collections.abc import Iterator

from tests.house.source import House, Import, Module
from tests.house.walls import CONTENT, OURS, PURE, lies_in, pure_folder

LIBRARIES = {"markdown", "numpy", "scipy", "sklearn"}
#: Doors of the standard library to the machine, the clock and the network.
MACHINE = {
    "asyncio", "concurrent", "ctypes", "dbm", "fileinput", "ftplib", "getpass", "glob", "http", "imaplib",
    "locale", "logging", "mmap", "multiprocessing", "os", "platform", "pty", "sched", "secrets", "select",
    "selectors", "shelve", "shutil", "signal", "site", "smtplib", "socket", "socketserver", "sqlite3", "ssl",
    "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid", "webbrowser",
}  # fmt: skip
#: Modules of which a part is harmless.
PARTS = {
    "io": {"BytesIO", "StringIO"},
    "pathlib": {"PurePath", "PurePosixPath"},
    "random": {"Random"},
    "numpy.random": {"BitGenerator", "Generator", "PCG64", "Philox", "SeedSequence", "default_rng"},
}
#: Doors that content may use to read the files beside it.
READS = {"importlib", "io", "pathlib", "open"}
BUILTINS = {"breakpoint", "eval", "exec", "hash", "input", "open", "print"}
CLOCK = {"now", "today", "utcnow", "fromtimestamp"}
GENERATORS = {"Random", "default_rng", "SeedSequence", "PCG64", "Philox"}


def impure(house: House) -> list[str]:
    """Every touch of the world outside in a pure folder, one line each."""
    found = []
    for module in house.modules.values():
        room = pure_folder(module.name)
        if room in PURE or room in CONTENT:
            spared = READS if room in CONTENT else set()
            where = module.path.relative_to(house.root)
            found += [f"{where}:{line}: {what}" for line, what in _touches(module, spared)]
    return found


def _touches(module: Module, spared: set[str]) -> Iterator[tuple[int, str]]:
    for wanted in module.imports:
        if wanted.target.partition(".")[0] not in spared:
            yield from _import(wanted)
    names = _full_names(module)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            yield from _part(node, names, spared)
        elif isinstance(node, ast.Call):
            yield from _call(node, names, spared)


def _import(wanted: Import) -> Iterator[tuple[int, str]]:
    top = wanted.target.partition(".")[0]
    if top in OURS:
        return
    if top in MACHINE or (top not in LIBRARIES and top not in sys.stdlib_module_names):
        yield wanted.line, f"imports {wanted.target}"
    elif wanted.name and wanted.name not in PARTS.get(wanted.target, {wanted.name}):
        yield wanted.line, f"imports {wanted.name} of {wanted.target}"


def _full_names(module: Module) -> dict[str, str]:
    """What each imported name stands for, so that `np.random` is known as numpy's."""
    names = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _written(node: ast.expr, names: dict[str, str]) -> str:
    """The full dotted name of an expression, empty when it is not one."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        base = _written(node.value, names)
        return f"{base}.{node.attr}" if base else ""
    return ""


def _part(node: ast.Attribute, names: dict[str, str], spared: set[str]) -> Iterator[tuple[int, str]]:
    base = _written(node.value, names)
    if base in PARTS and base not in spared and node.attr not in PARTS[base]:
        yield node.lineno, f"uses {node.attr} of {base}"


def _call(node: ast.Call, names: dict[str, str], spared: set[str]) -> Iterator[tuple[int, str]]:
    full = _written(node.func, names)
    last = node.func.attr if isinstance(node.func, ast.Attribute) else full.rpartition(".")[2]
    if full in BUILTINS - spared:
        yield node.lineno, f"calls {full}"
    elif isinstance(node.func, ast.Attribute) and last in CLOCK:
        yield node.lineno, f"asks the clock by {last}"
    elif last in GENERATORS and not node.args and not node.keywords:
        yield node.lineno, f"{last} without a seed"
    elif last == "rvs" and "random_state" not in {word.arg for word in node.keywords}:
        yield node.lineno, "rvs without random_state"


def in_pure_folders(house: House) -> list[Module]:
    """The modules that hold numbers and text alone."""
    return [m for m in house.modules.values() if any(lies_in(m.name, room) for room in PURE)]
