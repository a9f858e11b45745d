"""The page of the house names the rooms in their order, the operations of the plan, and files that are there."""

from __future__ import annotations

import configparser
import dataclasses
import re
from pathlib import Path

from promoengine import plan

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "promoengine"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_the_rooms_stand_in_the_order_in_which_they_may_import() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    layers = contracts["importlinter:contract:rooms"]["layers"].split()
    table = PAGE.partition("| room |")[2].partition("\n\n")[0]
    assert [layer for layer in layers if layer != "|"] == re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)


def test_every_operation_of_the_plan_is_named() -> None:
    classes = {name: value for name, value in vars(plan).items() if isinstance(value, type)}
    operations = [name for name, value in classes.items() if dataclasses.is_dataclass(value)]
    assert operations
    assert [] == [name for name in operations if f"`{name}`" not in PAGE]


def test_a_file_that_is_named_is_there() -> None:
    named = {name for name in re.findall(r"`([\w/]+\.py)`", PAGE) if not name.startswith("scripts/")}
    assert named
    assert [] == sorted(name for name in named if not (SOURCE / name).exists())
