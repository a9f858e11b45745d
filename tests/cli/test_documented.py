"""`docs/command-line.md`, `--help` and the code say the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from promoengine import __version__
from promoengine.cli import ExitCode
from promoengine.cli.app import app
from promoengine.cli.exits import MEANINGS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")
GROUP: Any = typer.main.get_command(app)
COMMANDS: dict[str, Any] = GROUP.commands
Run = Callable[..., Any]


def section_of(command: str) -> str:
    """A command's part of the page."""
    return re.split(rf"^## `promoengine {command}\b", PAGE, flags=re.MULTILINE)[1].partition("\n## ")[0]


def in_first_cells(text: str, pattern: str) -> set[str]:
    cells = re.findall(r"^\| (.+?) (?<!\\)\|", text, re.MULTILINE)
    return {found for cell in cells for found in re.findall(pattern, cell)}


def options_of(command: Any) -> set[str]:
    return {option for param in command.params for option in param.opts if option.startswith("-")} - {"--help"}


def test_the_page_has_the_commands_that_there_are() -> None:
    assert set(COMMANDS) == set(re.findall(r"^## `promoengine (\w+)", PAGE, re.MULTILINE))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_has_the_options_that_a_command_has(name: str) -> None:
    assert options_of(COMMANDS[name]) == in_first_cells(section_of(name), r"`(--[\w-]+)")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_has_the_arguments_that_a_command_has(name: str) -> None:
    arguments = {
        str(param.metavar).strip("[]") for param in COMMANDS[name].params if param.param_type_name == "argument"
    }
    cells = in_first_cells(section_of(name), r"`([^-`][^`]*)`")
    assert arguments == {cell.replace("\\", "").removesuffix("...").strip("[]") for cell in cells}


def test_the_page_has_the_options_of_the_whole() -> None:
    assert options_of(GROUP) | {"--help"} == in_first_cells(PAGE.partition("\n## ")[0], r"`(--[\w-]+)")


def test_the_page_has_the_exit_codes_that_there_are() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", PAGE.partition("## Exit codes")[2], re.MULTILINE)
    assert [(str(code.value), meaning) for code, meaning in MEANINGS.items()] == rows
    assert list(ExitCode) == list(MEANINGS)


@pytest.mark.parametrize("arguments", [[], *[[name] for name in COMMANDS]], ids=str)
def test_help_has_a_line_for_everything_and_the_exit_codes(run: Run, arguments: list[str]) -> None:
    ran = run(*arguments, "--help")
    assert (0, "") == (ran.code, ran.err)
    command = COMMANDS[arguments[0]] if arguments else GROUP
    assert all(param.help for param in command.params if param.name != "help")
    for option in options_of(command):
        assert option in ran.out
    for code, meaning in MEANINGS.items():
        assert f"{code.value:>3}  {meaning}" in ran.out


def test_help_is_plain_text(run: Run) -> None:
    assert "\x1b" not in run("price", "--help").out


def test_the_version_is_printed(run: Run) -> None:
    ran = run("--version")
    assert (0, f"promoengine {__version__}\n") == (ran.code, ran.out)


@pytest.mark.parametrize(
    "arguments", [[], ["prise"], ["price"], ["price", "campaign.yaml"], ["validate"], ["price", "--nonsense"]], ids=str
)
def test_wrong_use_ends_with_2_and_shows_how_to_get_help(run: Run, arguments: list[str]) -> None:
    ran = run(*arguments)
    assert (2, "") == (ran.code, ran.out)
    assert "--help" in ran.err
    assert "Traceback" not in ran.err
