"""Where output goes: bytes to standard output or a file, messages to standard error, colours only to a terminal."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO, TextIO

import typer
from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.text import Text

from promoengine.cli.findings import parts_of
from promoengine.errors import Diagnostic

UNBOUNDED_WIDTH = 10_000
"""Where there is no terminal nothing is wrapped."""
_BLANK_ENDS = re.compile(r"[ \t]+$", re.MULTILINE)


class OutputFailed(OSError):
    """The output cannot be written. The message says where to, and why."""


class Output:
    """A stream of bytes that is written as it comes, so that whoever reads it need not wait."""

    __slots__ = ("_name", "_stream", "console", "encoding")

    def __init__(self, stream: BinaryIO, name: str, encoding: str, console: Console) -> None:
        self._stream = stream
        self._name = name
        self.encoding = encoding
        self.console = console

    def write(self, text: str, encoding: str = "utf-8") -> None:
        """Write and flush. Raises `OutputFailed`, or `BrokenPipeError` where the reader went away."""
        with failing_as_output(self._name):
            self._stream.write(text.encode(encoding, "backslashreplace"))
            self._stream.flush()

    def show(self, renderable: RenderableType) -> None:
        """Write something for people, as wide as the terminal, but never narrower than what it holds."""
        unbounded = self.console.options.update(width=UNBOUNDED_WIDTH)
        least = Measurement.get(self.console, unbounded, renderable).minimum
        terminal = self.console.width
        self.console.width = max(terminal, least)
        self.write(rendered(self.console, renderable), self.encoding)
        self.console.width = terminal

    def show_line(self, line: Text) -> None:
        """Write a line that is not wrapped, however long."""
        self.write(rendered(self.console, line, soft_wrap=True), self.encoding)


@contextmanager
def failing_as_output(name: str) -> Iterator[None]:
    """Errors of the operating system become `OutputFailed`; a broken pipe stays what it is."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputFailed(f"cannot write {name}: {error.strerror or error}") from None


@contextmanager
def open_output(path: str | None) -> Iterator[Output]:
    """The file at `path`, or standard output."""
    if path is None:
        yield standard_output()
        return
    with failing_as_output(path), open(path, "wb") as stream:
        console = Console(file=io.StringIO(), color_system=None, width=UNBOUNDED_WIDTH)
        yield Output(stream, path, "utf-8", console)


def check_not_read(written: str | None, read: Iterable[str], option: str) -> None:
    """Refuse to write over what is read. Raises `typer.BadParameter`."""
    for file in read:
        with suppress(OSError):
            if written is not None and os.path.samefile(file, written):
                raise typer.BadParameter(f"{written} is read too", param_hint=option)


def standard_output() -> Output:
    """Standard output. Raises `OutputFailed` where it is closed."""
    if sys.stdout is None:
        raise OutputFailed("cannot write standard output: it is closed")
    return Output(sys.stdout.buffer, "standard output", sys.stdout.encoding, console_of(sys.stdout))


def console_of(stream: TextIO, *, writing: bool = False) -> Console:
    """A console that renders as for a stream: plain text where it is no terminal, or where NO_COLOR is set.

    It writes there where that is asked for, as a moving bar does. All else is rendered first and written by
    ourselves, since a console has ideas of its own about streams that fail.
    """
    is_terminal = stream.isatty()
    settings: dict[str, Any] = {"color_system": None} if os.environ.get("NO_COLOR") else {}
    return Console(
        file=stream if writing else io.TextIOWrapper(io.BytesIO(), encoding=stream.encoding),
        force_terminal=True if is_terminal else None,
        width=None if is_terminal else UNBOUNDED_WIDTH,
        markup=False,
        highlight=False,
        emoji=False,
        **settings,
    )


def rendered(console: Console, renderable: RenderableType, *, soft_wrap: bool = False) -> str:
    """What a console would print, as text."""
    with console.capture() as capture:
        console.print(renderable, crop=False, soft_wrap=soft_wrap)
    return _BLANK_ENDS.sub("", capture.get())


def say(message: str | Text) -> None:
    """One line on standard error. Where that is closed or full there is nobody left to tell."""
    if sys.stderr is None:
        return
    text = rendered(console_of(sys.stderr), message, soft_wrap=True)
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except BrokenPipeError:
        raise
    except OSError:
        let_go(sys.stderr)


def say_each(diagnostics: Iterable[Diagnostic]) -> None:
    """Every diagnostic, a line each, on standard error."""
    for diagnostic in diagnostics:
        say(styled(diagnostic))


def styled(diagnostic: Diagnostic) -> Text:
    """A diagnostic as a line of text, its severity in colour."""
    where, what, message, hint = parts_of(diagnostic)
    colour = "bold red" if diagnostic.severity == "error" else "bold yellow"
    return Text.assemble(where, (what, colour), ": ", message, (hint, "dim"))


def flush_all() -> None:
    """Write what is still held back. Raises `OutputFailed` or `BrokenPipeError`."""
    if sys.stdout is not None:
        with failing_as_output("standard output"):
            sys.stdout.flush()


def let_go(*streams: TextIO | None) -> None:
    """Point streams that failed at nothing, so that the end of the process does not stumble over them again."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        with suppress(OSError, ValueError, AttributeError):
            os.dup2(nothing, stream.fileno())  # type: ignore[union-attr]
    os.close(nothing)
