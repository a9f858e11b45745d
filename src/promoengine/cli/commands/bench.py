"""`promoengine bench`: how fast a campaign prices a shop's own carts, before a sale day."""

from __future__ import annotations

import os
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Annotated

import typer

from promoengine.cli.bench.cores import Job, cores_here, measure_on
from promoengine.cli.bench.figures import PEAK, OnCores, SlowCart, on_cores, slowest_of, to_peak
from promoengine.cli.bench.measure import Samples, measure
from promoengine.cli.bench.plot import plot
from promoengine.cli.bench.promotions import Costs, promotion_costs, sample_of
from promoengine.cli.bench.report import Result, data, report
from promoengine.cli.carts import STANDARD_INPUT, CartText, carts_in, unheeded
from promoengine.cli.desk import Desk, Request, open_desk
from promoengine.cli.exits import ExitCode
from promoengine.cli.findings import printable
from promoengine.cli.terminal import check_not_read, open_output, say, say_each, standard_output
from promoengine.cli.writers import json_line
from promoengine.errors import Diagnostic

MOST_SAID = 10
"""Of so many carts that are refused is said why."""


def bench(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="The campaign: a .yaml, .yml or .json file.")],
    carts: Annotated[str, typer.Argument(metavar="CARTS", help="Carts: a file with one in each line.")],
    at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="The moment of pricing, ISO 8601 with an offset. Default: now.", show_default=False
        ),
    ] = None,
    passes: Annotated[int, typer.Option(min=1, metavar="N", help="Price each cart N times.")] = 3,
    cores: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Use N cores at once. Default: all there are.", show_default=False),
    ] = None,
    peak: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many orders a second are to be reckoned with.")
    ] = PEAK,
    slowest: Annotated[int, typer.Option(min=1, metavar="N", help="Show the N slowest carts and promotions.")] = 5,
    svg: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Plot cost against cart size to FILE, as SVG.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON, times in microseconds.")] = False,
) -> None:
    """Measure how fast a campaign prices your own carts, on one core and on all.

    A cart may stand beside its own moment: {"at": TIME, "cart": {...}}.
    """
    _check_files(campaign, carts, svg)
    desk = open_desk(campaign, at, "found")
    refusals = Refusals()
    with open_output(svg) if svg is not None else nullcontext() as drawing:
        samples = _on_one_core(desk, carts, passes, refusals)
        job = Job(campaign, carts, desk.at, passes)
        result = _result(desk, job, samples, refusals.count, _Wanted(cores or cores_here(), peak, slowest))
        if drawing is not None:
            times = zip(samples.sizes, samples.of_each(), strict=True)
            drawing.write(plot(desk.campaign.document.campaign, [*times]))
    output = standard_output()
    output.write(json_line(data(result))) if as_json else output.show(report(result))
    raise typer.Exit(refusals.code)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the command line asks for besides."""

    cores: int
    peak: int
    slowest: int


class Refusals:
    """Says of the first carts that are refused why, and counts the rest."""

    def __init__(self) -> None:
        self.count = 0
        self.code = ExitCode.OK

    def __call__(self, text: CartText, diagnostics: tuple[Diagnostic, ...], is_defect: bool) -> None:
        self.count += 1
        self.code = max(self.code, ExitCode.DEFECT if is_defect else ExitCode.REFUSED)
        if self.count <= MOST_SAID:
            say_each(diagnostics)

    def sum_up(self) -> None:
        """Say how many were not said."""
        if self.count > MOST_SAID:
            say(f"{self.count - MOST_SAID:,} more carts were refused")


def _check_files(campaign: str, carts: str, svg: str | None) -> None:
    """Refuse what cannot be read several times and in parts, as standard input, and to write over what is read."""
    if carts == STANDARD_INPUT or (os.path.exists(carts) and not os.path.isfile(carts)):
        raise typer.BadParameter("the carts are read several times, so they must be in a file", param_hint="CARTS")
    check_not_read(svg, [campaign, carts], "--svg")


def _on_one_core(desk: Desk, carts: str, passes: int, refusals: Refusals) -> Samples:
    """Price all carts in this process. Raises `typer.Exit` where none can be priced."""
    say(f"pricing the carts of {printable(carts)} on one core")
    samples = measure(desk, carts_in(carts, True, unheeded), passes, refusals)
    refusals.sum_up()
    if not len(samples):
        if not refusals.count:
            raise typer.BadParameter(f"{carts} holds no cart", param_hint="CARTS")
        say("no cart could be priced")
        raise typer.Exit(refusals.code)
    return samples


def _result(desk: Desk, job: Job, samples: Samples, refused: int, wanted: _Wanted) -> Result:
    """What the carts took on one core; and what is measured after that."""
    one = on_cores([samples])
    every = one if wanted.cores == 1 else _on_all(wanted.cores, job)
    times = samples.of_each()
    slowest = slowest_of(times, wanted.slowest)
    requests = _again(desk, job.carts, {*sample_of(samples.places)} | {samples.places[index] for index in slowest})
    return Result(
        desk=desk,
        file=job.carts,
        carts=len(samples),
        refused=refused,
        passes=job.passes,
        one=one,
        every=every,
        slowest=[_slow_cart(requests[samples.places[index]], times[index]) for index in slowest],
        costs=_costs(
            desk, [requests[line] for line in sample_of(samples.places)], requests[samples.places[slowest[0]]]
        ),
        peak=to_peak(wanted.peak, one, every),
        shown=wanted.slowest,
    )


def _on_all(cores: int, job: Job) -> OnCores:
    say(f"on {cores} cores")
    return on_cores(measure_on(cores, job))


def _again(desk: Desk, carts: str, lines: set[int]) -> dict[int, Request]:
    """The carts that are looked at more closely, by their line."""
    return {text.line or 0: desk.request(text) for text in carts_in(carts, True, unheeded) if text.line in lines}


def _slow_cart(request: Request, time: int) -> SlowCart:
    return SlowCart(request.text.line or 0, str(request.data.get("id") or ""), len(request.data["lines"]), time)


def _costs(desk: Desk, sample: list[Request], slowest: Request) -> Costs:
    say("without each promotion")
    return promotion_costs(desk, sample, slowest)
