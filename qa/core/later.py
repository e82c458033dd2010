"""What is made when somebody asks for it: commands, jobs, the builders of addresses. The web need not wait for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup
from werkzeug.routing import Rule


class Commands(AppGroup):
    """The app's commands; those that were named `later` are loaded by their first use or by `--help`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._loads: dict[str, Callable[[], click.Command]] = {}
        self._within: dict[str, list[Callable[[], click.Command]]] = {}

    def later(self, name: str, load: Callable[[], click.Command]) -> None:
        """Know a command by its name alone; *load* gives it when it is wanted."""
        self._loads[name] = load

    def later_within(self, group: str, load: Callable[[], click.Command]) -> None:
        """Add a command to a group of a lower room, when that is loaded."""
        self._within.setdefault(group, []).append(load)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, loaded or not."""
        return sorted({*super().list_commands(ctx), *self._loads})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, loaded now if it was not."""
        load = self._loads.get(cmd_name)
        found = load() if load else super().get_command(ctx, cmd_name)
        if isinstance(found, click.Group):
            for more in self._within.get(cmd_name, ()):
                found.add_command(more())
        return found


class Route(Rule):
    """An address whose builders are written by their first use: two for each, and a page links to few of them."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        write, made = super()._compile_builder, list[Callable[..., tuple[str, str]]]()

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            if not made:
                made.append(write(append_unknown))
            return made[0](rule, **values)

        return build


def commands(app: Flask) -> Commands:
    """The commands of *app*, with `later`."""
    if not isinstance(app.cli, Commands):
        raise TypeError("this app was not made by the kernel")
    return app.cli


def handler(load: Callable[[], Callable[..., Any]]) -> Callable[..., Any]:
    """A job's handler that is loaded by the first job of its kind."""
    return lambda work, **args: load()(work, **args)
