"""What `promoengine bench` prints: for people, and as JSON."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from promoengine.cli.bench.figures import OnCores, SlowCart, Speed, ToPeak
from promoengine.cli.bench.promotions import Costs
from promoengine.cli.desk import Desk, zone_of
from promoengine.cli.moments import moment_text

MICROSECOND = 1_000
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that was measured."""

    desk: Desk
    file: str
    carts: int
    refused: int
    passes: int
    one: OnCores
    every: OnCores
    slowest: list[SlowCart]
    costs: Costs
    peak: ToPeak
    shown: int


def report(result: Result) -> RenderableType:
    """The figures for people."""
    return Group(_head(result), _speeds(result), *_carts(result), *_promotions(result), _peak(result))


def _head(result: Result) -> Text:
    campaign = result.desk.campaign.document
    refused = f", {result.refused:,} refused" if result.refused else ""
    clock = ", the time now" if result.desk.by_clock else ""
    return Text.assemble(
        (campaign.campaign, "bold"),
        f", {len(campaign.promotions):,} promotions; {result.carts:,} carts of {result.file}{refused}\n",
        f"priced {result.passes} times each at {moment_text(result.desk.at, zone_of(result.desk.campaign))}{clock},"
        " where a cart has no moment of its own\n",
    )


# -- speed ----------------------------------------------------------------------------------------


def _speeds(result: Result) -> Table:
    table = _table(("", False), ("carts/s", True), ("p50", True), ("p99", True), ("slowest", True))
    for each in (result.one, result.every)[: 1 if result.every.cores == 1 else 2]:
        name = "one core" if each.cores == 1 else f"{each.cores} cores"
        table.add_row(f"{name}, CPU time", *_cells(each.cpu))
        table.add_row(f"{name}, by the clock", *_cells(each.wall))
    return table


def _cells(speed: Speed) -> Iterator[str]:
    yield f"{speed.carts_per_second:,.0f}"
    yield from (micros(each) for each in (speed.p50, speed.p99, speed.slowest))


def micros(nanoseconds: float) -> str:
    """A time in microseconds, with as many digits as it bears."""
    amount = nanoseconds / MICROSECOND
    return f"{amount:,.0f} µs" if abs(amount) >= 100 else f"{amount:,.1f} µs"


# -- the slowest ----------------------------------------------------------------------------------


def _carts(result: Result) -> Iterator[RenderableType]:
    yield Text("\nslowest carts", "bold")
    table = _table(("line", True), ("cart", False), ("its lines", True), ("CPU time", True))
    for cart in result.slowest:
        table.add_row(str(cart.line), Text(cart.id), f"{cart.lines:,}", micros(cart.cpu))
    yield table


def _promotions(result: Result) -> Iterator[RenderableType]:
    costs = result.costs
    yield Text.assemble("\n", ("slowest promotions", "bold"), f", in {costs.sample:,} of the carts")
    figures = (("found in", True), ("adds there", True), ("on average", True), ("to the slowest cart", True))
    table = _table(("promotion", False), *figures)
    for each in costs.added[: result.shown]:
        slowest = "" if each.to_slowest is None else micros(each.to_slowest)
        added = (micros(each.where_found), micros(each.on_average), slowest)
        table.add_row(Text(each.promotion), f"{each.found_in:,}", *added)
    yield table
    yield Text(f"The campaign differs from itself by {micros(abs(costs.noise))} on average: less than that is noise.")
    if costs.not_measured:
        names, more = costs.not_measured[:MOST_NAMED], len(costs.not_measured) - MOST_NAMED
        yield Text(f"Not measured: {', '.join(names)}{f', and {more:,} more' if more > 0 else ''}.")


# -- the peak -------------------------------------------------------------------------------------


def _peak(result: Result) -> Text:
    peak, machine = result.peak, f"{result.every.cores} cores" if result.every.cores > 1 else "one core"
    one, every = result.one.cpu.carts_per_second, result.every.wall.carts_per_second
    asked = f"{peak.orders_per_second:,}"
    return Text.assemble(
        "\n",
        (f"{asked} orders a second", "bold"),
        ", each priced once\n",
        f"  {asked} / {one:,.0f} = {peak.cores:,} cores\n",
        f"  {asked} / {every:,.0f} = {peak.machines:,} machines as this one, of {machine}",
    )


def _table(*columns: tuple[str, bool]) -> Table:
    table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False, padding=(0, 1))
    for name, is_figure in columns:
        table.add_column(name, justify="right" if is_figure else "left", no_wrap=True)
    return table


# -- JSON -----------------------------------------------------------------------------------------


def data(result: Result) -> dict[str, Any]:
    """The same as plain data. Times are in microseconds."""
    campaign = result.desk.campaign
    return {
        "campaign": campaign.document.campaign,
        "content_hash": campaign.content_hash,
        "promotions": len(campaign.document.promotions),
        "file": result.file,
        "at": result.desk.at.isoformat(),
        "carts": result.carts,
        "refused": result.refused,
        "passes": result.passes,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "one_core": _of_cores(result.one),
        "all_cores": _of_cores(result.every),
        "slowest_carts": [
            {"line": cart.line, "id": cart.id, "lines": cart.lines, "cpu_us": _us(cart.cpu)} for cart in result.slowest
        ],
        "promotion_costs": _of_promotions(result.costs),
        "peak": {
            "orders_per_second": result.peak.orders_per_second,
            "cores": result.peak.cores,
            "machines": result.peak.machines,
        },
    }


def _of_cores(figures: OnCores) -> dict[str, Any]:
    return {"cores": figures.cores, "cpu": _of_speed(figures.cpu), "wall": _of_speed(figures.wall)}


def _of_speed(speed: Speed) -> dict[str, float]:
    return {
        "carts_per_second": round(speed.carts_per_second, 1),
        "p50_us": _us(speed.p50),
        "p99_us": _us(speed.p99),
        "slowest_us": _us(speed.slowest),
    }


def _of_promotions(costs: Costs) -> dict[str, Any]:
    return {
        "sample": costs.sample,
        "noise_us": _us(costs.noise),
        "not_measured": costs.not_measured,
        "added": [
            {
                "promotion": each.promotion,
                "found_in": each.found_in,
                "where_found_us": _us(each.where_found),
                "on_average_us": _us(each.on_average),
                "to_slowest_us": None if each.to_slowest is None else _us(each.to_slowest),
            }
            for each in costs.added
        ],
    }


def _us(nanoseconds: float) -> float:
    return round(nanoseconds / MICROSECOND, 1)
