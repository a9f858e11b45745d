"""How a command ends: the exit codes. They are public; `docs/command-line.md` lists them too."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the shell is told."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    OUTPUT = 3
    NOT_INSTALLED = 4
    DEFECT = 5
    INTERRUPTED = 130
    READER_GONE = 141


MEANINGS = {
    ExitCode.OK: "all went well",
    ExitCode.REFUSED: "a campaign or a cart was refused; everything else was done",
    ExitCode.USAGE: "the command line is wrong; nothing was done",
    ExitCode.OUTPUT: "the output cannot be written",
    ExitCode.NOT_INSTALLED: "the packages of the command line are not installed",
    ExitCode.DEFECT: "a defect of promoengine; what it concerns was not priced",
    ExitCode.INTERRUPTED: "interrupted (Ctrl-C)",
    ExitCode.READER_GONE: "the reader of the output went away, as `head` does",
}


def epilog() -> str:
    """The exit codes as the end of a help page."""
    lines = [f"  {code.value:>3}  {meaning}" for code, meaning in MEANINGS.items()]
    return "\n".join(["\b", "Exit codes:", *lines])  # \b: the help is not to wrap these lines
