"""Many carts: how far along they are, on a terminal, and how many were priced in a second."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import TextIO

from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from promoengine.cli.carts import size_of
from promoengine.cli.terminal import console_of, say

STEP_SECONDS = 0.1


class Batch:
    """Counts carts, and moves the bar now and then. One that shows nothing is for carts that come one in a file."""

    __slots__ = ("_bar", "_bytes", "_priced", "_refused", "_shown", "_started", "_task")

    def __init__(self, bar: Progress | None = None, task: TaskID | None = None) -> None:
        self._bar = bar
        self._task = task
        self._bytes = self._priced = self._refused = 0
        self._started = self._shown = perf_counter()

    def advance(self, read_bytes: int) -> None:
        """So much more was read."""
        self._bytes += read_bytes

    def priced(self) -> None:
        self._priced += 1
        self._move()

    def refused(self) -> None:
        self._refused += 1
        self._move()

    def _move(self) -> None:
        now = perf_counter()
        if self._bar is not None and self._task is not None and now - self._shown >= STEP_SECONDS:
            self._shown = now
            self._bar.update(self._task, completed=self._bytes, carts=f"{self._priced + self._refused:,}")

    def summary(self) -> str:
        """How many carts, in what time."""
        seconds = max(perf_counter() - self._started, 1e-9)
        carts = self._priced + self._refused
        return (
            f"{self._priced:,} carts priced, {self._refused:,} refused, in {seconds:.2f} s:"
            f" {carts / seconds:,.0f} carts per second"
        )


@contextmanager
def batch_of(files: Sequence[str], *, to_file: bool) -> Iterator[Batch]:
    """A batch that shows its progress and its summary on standard error; one that shows nothing for no files.

    The bar is for a terminal, and only while nothing else is written there.
    """
    if not files:
        yield Batch()
        return
    if _is_terminal(sys.stderr) and (to_file or not _is_terminal(sys.stdout)):
        with _bar() as bar:
            batch = Batch(bar, bar.add_task("pricing", total=_total(files), carts="0"))
            yield batch
    else:
        batch = Batch()
        yield batch
    say(batch.summary())


def _bar() -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[carts]} carts"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console_of(sys.stderr, writing=True), transient=True, redirect_stdout=False)


def _total(files: Sequence[str]) -> int | None:
    """How many bytes there are to read; None where it is not known of one file."""
    sizes = [size_of(file) for file in files]
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()
