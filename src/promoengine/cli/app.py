"""The application: its commands, and what becomes of what they raise."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from promoengine import __version__
from promoengine.cli.commands.bench import bench
from promoengine.cli.commands.presets import presets
from promoengine.cli.commands.price import price
from promoengine.cli.commands.schema import schema
from promoengine.cli.commands.validate import validate
from promoengine.cli.defects import defect
from promoengine.cli.exits import ExitCode, epilog
from promoengine.cli.findings import printable
from promoengine.cli.terminal import flush_all, let_go, say, say_each
from promoengine.errors import DiagnosticsError

NAME = "promoengine"

app = typer.Typer(name=NAME, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
for _command in (price, validate, bench, presets, schema):
    app.command(epilog=epilog())(_command)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"{NAME} {__version__}")
        raise typer.Exit(ExitCode.OK)


@app.callback(epilog=epilog())
def _promoengine(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Price carts under a promotion campaign."""


def run(arguments: Sequence[str]) -> int:
    """Run a command line; the exit code. Whatever happens is a message, not a traceback."""
    try:
        return _run(arguments)
    except BrokenPipeError:
        let_go(sys.stdout, sys.stderr)
        return ExitCode.READER_GONE


def _run(arguments: Sequence[str]) -> int:
    try:
        code = _invoke(arguments)
        flush_all()
        return code
    except BrokenPipeError:
        raise
    except OSError as error:
        say(f"{NAME}: {printable(error.strerror or str(error))}")
        let_go(sys.stdout)
        return ExitCode.OUTPUT
    except DiagnosticsError as error:
        say_each(error.diagnostics)
        return ExitCode.REFUSED
    except KeyboardInterrupt:
        say(f"{NAME}: interrupted")
        return ExitCode.INTERRUPTED
    except Exception as error:
        say_each([defect(error)])
        return ExitCode.DEFECT


def _invoke(arguments: Sequence[str]) -> int:
    """Parse and run, without the handling of errors that comes with the parser."""
    command = typer.main.get_command(app)
    try:
        with command.make_context(NAME, list(arguments)) as context:
            command.invoke(context)
    except typer.Exit as ended:
        return ended.exit_code
    except Exception as error:
        show = getattr(error, "show", None)  # what is wrong with a command line; typer has moved the class about
        if show is None:
            raise
        show()
        return ExitCode.USAGE
    return ExitCode.OK
