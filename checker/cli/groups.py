"""Groups of commands that say which command was meant when there is none of that name."""

from __future__ import annotations

import click

from checker.problems import did_you_mean


class Commands(click.Group):
    """Commands in the order in which a reader needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            near = did_you_mean(name, list(self.commands)) or f"there are {', '.join(self.commands)}"
            raise NoSuchCommand(f"there is no command '{name}'", near, ctx)
        return super().resolve_command(ctx, args)


class NoSuchCommand(click.UsageError):
    """A command that there is not, with the ones that may have been meant."""

    def __init__(self, message: str, hint: str, ctx: click.Context) -> None:
        super().__init__(message, ctx)
        self.hint = hint
