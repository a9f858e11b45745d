"""What the tests of the command line share: a campaign, a cart, and two ways to run a command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from promoengine.cli import main

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGN = """
campaign: corner-shop
currency: CNY
timezone: Asia/Shanghai
stages: [item, order, shipping]
promotions:
  - {id: tenth, stage: item, items: {category: tea}, benefit: {kind: percent_off, percent: 10}}
  - id: three-hundred
    stage: order
    trigger: {kind: spend, at_least: 300}
    benefit: {kind: amount_off, amount: 50, per: once}
  - {id: coupon, stage: order, priority: 1, codes: [SAVE5], benefit: {kind: amount_off, amount: 5, per: once}}
  - id: free-post
    stage: shipping
    trigger: {kind: spend, at_least: 50}
    benefit: {kind: percent_off, percent: 100, items: {shipping_method: post}}
"""
CART = """{"id": "C-1", "currency": "CNY", "codes": ["save5"],
 "lines": [{"id": "z", "sku": "TEA", "quantity": 3, "unit_price": "19.90", "categories": ["tea"]},
           {"id": "a", "sku": "CUP", "quantity": 1, "unit_price": "15.00"}],
 "shipments": [{"id": "s", "selected": "post", "options": [{"method": "post", "amount": "8.00"},
                                                           {"method": "courier", "amount": "20.00"}]}]}
"""
AT = "2026-11-10T20:30:00+08:00"


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Shop:
    """A folder with `campaign.yaml` and `cart.json`, and the way to write more there."""

    folder: Path

    @property
    def campaign(self) -> str:
        return self.write("campaign.yaml", CAMPAIGN)

    @property
    def cart(self) -> str:
        return self.write("cart.json", CART)

    def write(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run a command in this process."""

    def run(*arguments: str) -> Ran:
        code = main(arguments)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture
def process() -> Callable[..., subprocess.Popen[bytes]]:
    """Start a command in a process of its own."""

    def process(*arguments: str, environment: dict[str, str] | None = None, **settings: Any) -> subprocess.Popen[bytes]:
        command: Sequence[str] = [sys.executable, "-m", "promoengine.cli", *arguments]
        return subprocess.Popen(command, env=process_environment() | (environment or {}), **settings)

    return process


def process_environment() -> dict[str, str]:
    """This process' environment, less what would colour the output, and with the library on the path."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    return kept | {"PYTHONPATH": str(ROOT / "src"), "TERM": "xterm-256color"}
