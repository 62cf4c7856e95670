"""``rerack completion``."""

from __future__ import annotations

import click


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of a shell.

    \b
    Examples:
      rerack completion bash > ~/.local/share/bash-completion/completions/rerack
      rerack completion fish > ~/.config/fish/completions/rerack.fish
    """  # noqa: D301
    from click.shell_completion import get_completion_class

    from rerack.cli.main import cli

    kind = get_completion_class(shell)
    assert kind is not None  # click has one for each of the choices
    click.echo(kind(cli, {}, "rerack", "_RERACK_COMPLETE").source())
