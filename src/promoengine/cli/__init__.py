"""The command line: `promoengine price`, `validate`, `bench`, `presets` and `schema`.

One file a command, in `commands`. The packages of the extra `cli` are imported when a command line is run, so that
`main` can say what to install where they are missing.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from promoengine.cli.exits import ExitCode

INSTALL = 'pip install "promoengine[cli]"'
_OF_THE_EXTRA = frozenset({"typer", "click", "rich", "shellingham"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, that of the process where none is given; the exit code. Raises nothing."""
    try:
        from promoengine.cli.app import run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _OF_THE_EXTRA:
            raise
        print(f"promoengine: the command line needs more packages. To install them:\n{INSTALL}", file=sys.stderr)
        return ExitCode.NOT_INSTALLED
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    return run(sys.argv[1:] if arguments is None else arguments)


__all__ = ["INSTALL", "ExitCode", "main"]
