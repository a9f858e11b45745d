"""All cores at once: a process for each, which compiles the campaign itself and reads its own part of the file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from signal import SIG_IGN, SIGINT, signal
from typing import TypeVar

from promoengine.cli.bench.measure import Samples, add_chunk, ready_chunks
from promoengine.cli.carts import CartText, carts_between
from promoengine.cli.desk import open_desk
from promoengine.errors import Diagnostic

Received = TypeVar("Received")
READY, GO = "ready", "go"


@dataclass(frozen=True, slots=True)
class Job:
    """What one process is to price: the lines of a file that begin from byte `start` up to byte `end`."""

    campaign: str
    carts: str
    at: datetime
    passes: int
    start: int = 0
    end: int = 0


class WorkerFailed(Exception):
    """A process that prices carts ended before it was done."""


def cores_here() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def measure_on(cores: int, whole: Job) -> list[Samples]:
    """The samples of each process. They begin together, each after it has priced its first carts once."""
    size = os.path.getsize(whole.carts)
    bounds = [size * number // cores for number in range(cores + 1)]
    jobs = [replace(whole, start=start, end=end) for start, end in pairwise(bounds)]
    with _started(jobs) as connections:
        for connection in connections:
            _expect(_received(connection), str)
        for connection in connections:
            connection.send(GO)
        return [_expect(_received(connection), Samples) for connection in connections]


@contextmanager
def _started(jobs: list[Job]) -> Iterator[list[Connection]]:
    context = get_context("spawn")
    processes: list[SpawnProcess] = []
    connections: list[Connection] = []
    try:
        for job in jobs:
            ours, theirs = context.Pipe()
            process = context.Process(target=work, args=(job, theirs), daemon=True)
            with _interrupts_ignored():
                process.start()
            theirs.close()
            processes.append(process)
            connections.append(ours)
        yield connections
    finally:
        for connection in connections:
            connection.close()
        for process in processes:
            process.terminate()
            process.join()
            process.close()


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """What is started here does not heed Ctrl-C: whoever started it does, and ends it."""
    before = signal(SIGINT, SIG_IGN)
    try:
        yield
    finally:
        signal(SIGINT, before)


def _received(connection: Connection) -> object:
    try:
        return connection.recv()
    except (EOFError, OSError):
        raise WorkerFailed("a process that prices carts ended before it was done") from None


def _expect(received: object, kind: type[Received]) -> Received:
    if not isinstance(received, kind):
        raise WorkerFailed(str(received))
    return received


def work(job: Job, connection: Connection) -> None:
    """What a process does: say that it is ready, wait for the others, price, and hand over its samples."""
    with suppress(BrokenPipeError):
        try:
            connection.send(_measured(job, connection))
        except Exception as error:
            connection.send(WorkerFailed(f"{type(error).__name__}: {error}"))


def _measured(job: Job, connection: Connection) -> Samples:
    desk = open_desk(job.campaign, job.at.isoformat(), "found")
    chunks = ready_chunks(desk, carts_between(job.carts, job.start, job.end), _said_already)
    samples = Samples(job.passes)
    first = next(chunks, [])
    connection.send(READY)
    connection.recv()
    add_chunk(samples, desk, first)
    for chunk in chunks:
        add_chunk(samples, desk, chunk)
    return samples


def _said_already(text: CartText, diagnostics: tuple[Diagnostic, ...], is_defect: bool) -> None:
    """What was refused was said when the carts were priced on one core."""
