"""The command as a process: pipes, terminals, signals, and an install without the extra."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from promoengine.cli import INSTALL

posix = pytest.mark.skipif(os.name != "posix", reason="pipes and terminals of POSIX")
AT = "2026-11-10T20:30:00+08:00"
ROOT = Path(__file__).resolve().parents[2]
LIBRARY = os.environ | {"PYTHONPATH": str(ROOT / "src")}
EMPTY = b'{"currency": "CNY", "lines": []}\n'
Start = Callable[..., "subprocess.Popen[bytes]"]


def end(process: subprocess.Popen[bytes], given: bytes | None = None) -> tuple[int, str, str]:
    out, err = process.communicate(given, timeout=60)
    return process.returncode, (out or b"").decode(), (err or b"").decode()


def piped(*, given: bool = False) -> dict[str, Any]:
    found = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return {**found, "stdin": subprocess.PIPE} if given else found


# -- pipes ----------------------------------------------------------------------------------------


@posix
def test_a_reader_that_goes_away_is_no_traceback(shop: Any, process: Start) -> None:
    carts = [shop.cart] * 200
    writer = process("price", shop.campaign, *carts, "--json", "--at", AT, **piped())
    head = subprocess.run(["head", "-1"], stdin=writer.stdout, capture_output=True, timeout=60)
    assert writer.stdout is not None
    assert writer.stderr is not None
    writer.stdout.close()
    assert "63.73" == json.loads(head.stdout)["total"]
    assert (141, b"") == (writer.wait(timeout=60), writer.stderr.read())
    writer.stderr.close()


@posix
@pytest.mark.parametrize("arguments", [["schema"], ["--help"], ["--version"]])
def test_a_reader_that_is_gone_at_once_is_no_traceback(process: Start, arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    started = process(*arguments, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (141, "", "") == end(started)


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["schema"], ["--help"], ["price"], ["validate"]])
def test_a_full_disk_is_a_message(shop: Any, process: Start, arguments: list[str]) -> None:
    files = {"price": [shop.campaign, shop.cart], "validate": [shop.campaign]}.get(arguments[0], [])
    with open("/dev/full", "wb") as full:
        code, _, err = end(process(*arguments, *files, stdout=full, stderr=subprocess.PIPE))
    assert 3 == code
    assert "No space left" in err
    assert "Traceback" not in err


def test_a_quote_comes_before_the_next_cart_is_there(shop: Any, process: Start) -> None:
    started = process("price", shop.campaign, "-", "--lines", "--at", AT, **piped(given=True))
    assert started.stdin is not None
    assert started.stdout is not None
    for _ in range(3):
        started.stdin.write(EMPTY)
        started.stdin.flush()
        assert "0.00" == json.loads(started.stdout.readline())["total"]
    assert 0 == end(started)[0]


@posix
def test_memory_does_not_grow_with_the_number_of_carts(shop: Any, tmp_path: Path) -> None:
    code = (
        "import resource, sys; from promoengine.cli import main; main(sys.argv[1:]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    cart = b'{"currency":"CNY","lines":[%s]}\n' % b",".join(
        b'{"id":"%d","sku":"A","quantity":1,"unit_price":"1.00"}' % number for number in range(50)
    )
    peaks = []
    for count in (20, 400):
        file = tmp_path / f"{count}.jsonl"
        file.write_bytes(cart * count)
        command = [sys.executable, "-c", code, "price", shop.campaign, str(file), "--output", os.devnull]
        ran = subprocess.run(command, capture_output=True, env=LIBRARY, check=True)
        peaks.append(int(ran.stderr.split()[-1]))
    assert peaks[1] < peaks[0] * 1.1


# -- terminals ------------------------------------------------------------------------------------


def on_terminal(start: Start, *arguments: str, environment: dict[str, str] | None = None, **settings: Any) -> str:
    """What a command writes to a terminal, on standard output unless `settings` puts the terminal elsewhere."""
    import pty

    ours, theirs = pty.openpty()
    streams = {name: theirs if value == "terminal" else value for name, value in settings.items()}
    started = start(*arguments, environment=environment, **(streams or {"stdout": theirs}))
    os.close(theirs)
    found = b""
    while chunk := read_some(ours):
        found += chunk
    os.close(ours)
    started.communicate(timeout=60)
    return found.decode()


def read_some(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # how Linux says that the other end is closed
        return b""


@posix
def test_a_terminal_gets_colours(shop: Any, process: Start) -> None:
    assert "\x1b[" in on_terminal(process, "price", shop.campaign, shop.cart, "--at", AT)


@posix
def test_with_no_color_a_terminal_gets_plain_text(shop: Any, process: Start) -> None:
    shown = on_terminal(process, "price", shop.campaign, shop.cart, "--at", AT, environment={"NO_COLOR": "1"})
    assert "selection: proven" in shown
    assert "\x1b" not in shown


def test_a_pipe_gets_plain_text_that_is_not_wrapped(shop: Any, process: Start) -> None:
    name = "x" * 150
    cart = f'{{"currency": "CNY", "lines": [{{"id": "{name}", "sku": "A", "quantity": 1, "unit_price": 1}}]}}'
    code, out, _ = end(process("price", shop.campaign, shop.write("wide.json", cart), **piped()))
    assert 0 == code
    assert f"  1   {name}  A" in out
    assert "\x1b" not in out


@posix
def test_a_narrow_terminal_loses_no_figure(shop: Any, process: Start) -> None:
    environment = {"COLUMNS": "20", "NO_COLOR": "1"}
    shown = on_terminal(process, "price", shop.campaign, shop.cart, "--at", AT, environment=environment)
    assert "…" not in shown
    for figure in ("19.90", "59.70", "-5.97", "-8.00", "82.70", "63.73"):
        assert figure in shown


@posix
def test_the_bar_is_for_a_terminal_where_nothing_else_is_written(shop: Any, process: Start, tmp_path: Path) -> None:
    file = tmp_path / "carts.jsonl"
    file.write_bytes(EMPTY * 5)
    arguments = ["price", shop.campaign, str(file)]
    beside_a_file = on_terminal(process, *arguments, stderr="terminal", stdout=subprocess.DEVNULL)
    assert "pricing" in beside_a_file
    assert "5 carts priced" in beside_a_file
    both = on_terminal(process, *arguments, stdout="terminal", stderr="terminal")
    assert "pricing" not in both
    assert "5 carts priced" in both
    assert "pricing" not in end(process(*arguments, **piped()))[2]


# -- signals --------------------------------------------------------------------------------------


@posix
def test_an_interrupt_ends_with_130_and_no_traceback(shop: Any, process: Start) -> None:
    heed = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}  # in case the tests run in background
    started = process("price", shop.campaign, "-", "--lines", **piped(given=True), **heed)
    assert started.stdin is not None
    assert started.stdout is not None
    started.stdin.write(EMPTY)
    started.stdin.flush()
    started.stdout.readline()
    started.send_signal(signal.SIGINT)
    code, _, err = end(started)
    assert (130, "promoengine: interrupted\n") == (code, err)


# -- the extra ------------------------------------------------------------------------------------


@pytest.mark.parametrize("package", ["typer", "rich"])
def test_without_the_extra_the_line_that_installs_it_is_printed(package: str) -> None:
    code = f"import sys; sys.modules[{package!r}] = None; from promoengine.cli import main; sys.exit(main(['--help']))"
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, capture_output=True, text=True, env=LIBRARY)
    assert (4, "") == (ran.returncode, ran.stdout)
    assert INSTALL == ran.stderr.splitlines()[-1] == 'pip install "promoengine[cli]"'


def test_importing_the_entry_point_needs_no_package_of_the_extra() -> None:
    code = "import sys, promoengine.cli; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=LIBRARY)
    assert not {"typer", "rich", "click"} & set(ran.stdout.split())
