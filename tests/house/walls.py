"""The walls between the rooms: which file may import which, and what a pure folder may touch."""

from collections.abc import Iterator

from tests.house.source import House, Import, Module

#: Pure numbers and text, with the folders of ours that each may see besides itself.
PURE = {
    "qa.sampling": (),
    "qa.policytext": (),
    "qa.redaction": (),
    "calibration.stats": (),
    "training.generation": ("qa.policytext",),
}
#: Content: like a pure folder, but it may read the files that lie beside it.
CONTENT = {"training.world": ("qa.policytext",)}
FLOORS = ("pure", "qa.core", "qa", "calibration", "training", "wsgi", "tests")
OURS = ("qa", "calibration", "training", "wsgi", "start", "tests")
#: What only models, queries and services may know.
DATABASE = ("sqlalchemy", "flask_sqlalchemy", "qa.core.db")
#: What belongs to one answer to one request.
REQUEST = {"g", "request", "session"}


def lies_in(name: str, folder: str) -> bool:
    """Whether the module *name* is *folder* or stands in it."""
    return name == folder or name.startswith(f"{folder}.")


def pure_folder(name: str) -> str | None:
    """The pure folder that a module stands in, if any."""
    return next((folder for folder in (*PURE, *CONTENT) if lies_in(name, folder)), None)


def floor(name: str) -> int:
    """How high a module stands; pure numbers and text are the ground floor."""
    if pure_folder(name):
        return 0
    if lies_in(name, "qa.core"):
        return 1
    return FLOORS.index("tests" if lies_in(name, "start") else name.partition(".")[0])


def is_view(name: str) -> bool:
    """Whether a module is a door of the web: a view or an API."""
    parts = name.split(".")
    return "views" in parts[:-1] or parts[-1] in ("views", "api") or "api" in parts[1:-1]


def broken(house: House) -> list[str]:
    """Every breach of the walls, one line each: where, and what is wrong."""
    found = []
    for module in house.modules.values():
        found += _empty_init(module)
        for wanted in module.imports:
            for complaint in _complaints(house, module, wanted):
                found.append(f"{module.path.relative_to(house.root)}:{wanted.line}: {complaint}")
    return found + circles(house)


def _empty_init(module: Module) -> Iterator[str]:
    if module.is_package and module.text:
        yield f"{module.name}/__init__.py is not empty"


def _complaints(house: House, module: Module, wanted: Import) -> Iterator[str]:
    """What is wrong with one import."""
    target = house.meets(wanted)
    if wanted.nested and not wanted.by_name:
        yield f"imports {target} inside a function"
    if target == "?" and not lies_in(module.name, "tests"):
        yield "imports a name made up at run time"
    if target.partition(".")[0] in OURS:
        yield from _upward(module, target)
    if is_view(module.name) and not lies_in(module.name, "tests"):
        yield from _view(house, wanted, target)
    elif _is_plain(module.name) and target == "flask" and wanted.name in REQUEST:
        yield f"takes {wanted.name} from flask: only a view or the kernel knows the request"


def _is_plain(name: str) -> bool:
    """Whether a module is neither the kernel, nor a test, nor the place where rooms are put together."""
    return floor(name) not in (FLOORS.index("qa.core"), FLOORS.index("wsgi"), FLOORS.index("tests"))


def _upward(module: Module, target: str) -> Iterator[str]:
    """An arrow to a higher floor, or out of a pure folder."""
    room = pure_folder(module.name)
    sees = (room, *{**PURE, **CONTENT}[room]) if room else ()
    if room and not any(lies_in(target, seen) for seen in sees):
        yield f"imports {target} out of the pure folder {room}"
    if floor(target) > floor(module.name):
        yield f"imports {target} from a higher floor"
    if target == "wsgi" and not lies_in(module.name, "tests"):
        yield "imports wsgi, which only tests may"
    if lies_in(target, "start") and not lies_in(module.name, "tests"):
        yield "imports start.py, which only tests may"


def _view(house: House, wanted: Import, target: str) -> Iterator[str]:
    """A view that reaches past its services: to models, to the database, or to either by a detour."""
    if _is_model(target) or any(lies_in(target, base) for base in DATABASE):
        yield f"is a view and imports {target}"
        return
    source = house.modules.get(target)
    if source is None or _is_model(source.name):
        return
    for passed in source.imports:
        if wanted.name == passed.name and wanted.name and _is_model(house.meets(passed)):
            yield f"is a view and takes the model {wanted.name} by way of {target}"


def _is_model(name: str) -> bool:
    return name.partition(".")[0] in OURS and "models" in name.split(".")


def circles(house: House) -> list[str]:
    """Every circle of imports between files, each told once, from its first name on."""
    arrows = {
        name: sorted({house.meets(wanted) for wanted in module.imports} & house.modules.keys() - {name})
        for name, module in house.modules.items()
    }
    found: set[tuple[str, ...]] = set()
    done: set[str] = set()
    for start in sorted(arrows):
        if start not in done:
            _follow(start, arrows, [], done, found)
    return [" -> ".join([*ring, ring[0]]) + " is a circle" for ring in sorted(found)]


def _follow(
    name: str, arrows: dict[str, list[str]], trail: list[str], done: set[str], found: set[tuple[str, ...]]
) -> None:
    """Go down every arrow; a name met again on the own trail closes a circle."""
    trail.append(name)
    for target in arrows[name]:
        if target in trail:
            ring = trail[trail.index(target) :]
            turn = ring.index(min(ring))
            found.add((*ring[turn:], *ring[:turn]))
        elif target not in done:
            _follow(target, arrows, trail, done, found)
    trail.pop()
    done.add(name)
