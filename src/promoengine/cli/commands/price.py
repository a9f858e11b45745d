"""`promoengine price`: receipts, or quotes, of carts."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import chain
from typing import Annotated

import typer

from promoengine.cli.batch import Batch, batch_of
from promoengine.cli.carts import STANDARD_INPUT, CartText, carts_in, holds_lines
from promoengine.cli.defects import defect
from promoengine.cli.desk import Desk, open_desk
from promoengine.cli.exits import ExitCode
from promoengine.cli.terminal import check_not_read, open_output, say_each
from promoengine.cli.writers import JsonLines, Receipts, Writer
from promoengine.errors import DiagnosticsError


class Reported(StrEnum):
    """Which promotions have an outcome."""

    FOUND = "found"
    ALL = "all"


def price(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="The campaign: a .yaml, .yml or .json file.")],
    carts: Annotated[
        list[str],
        typer.Argument(
            metavar="CART",
            help="Carts: .json or .yaml, one in a file; .jsonl, one in each line; - for standard input.",
        ),
    ],
    at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="The moment of pricing, ISO 8601 with an offset. Default: now.", show_default=False
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write quotes, one line of JSON for each cart.")] = False,
    lines: Annotated[bool, typer.Option("--lines", help="Read each line of each CART as a cart.")] = False,
    outcomes: Annotated[
        Reported,
        typer.Option(help="all: report promotions whose code was not entered too, and what barred ones would save."),
    ] = Reported.FOUND,
    output: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write to FILE, not to standard output.", show_default=False)
    ] = None,
) -> None:
    """Price carts and print a receipt for each.

    A cart may stand beside its own moment: {"at": TIME, "cart": {...}}. With a .jsonl file, --lines or --json, the
    output is JSON lines: the quote of each cart, or {"error": [...], "file": ..., "line": ...}.
    """
    _check_files(campaign, carts, output)
    desk = open_desk(campaign, at, outcomes.value)
    in_lines = any(holds_lines(cart, lines) for cart in carts)
    with open_output(output) as out, batch_of(carts if in_lines else [], to_file=output is not None) as batch:
        writer: Writer = JsonLines(out) if as_json or in_lines else Receipts(out, desk.campaign)
        texts = chain.from_iterable(carts_in(cart, lines, batch.advance) for cart in carts)
        code = _price_all(desk, texts, writer, batch)
    raise typer.Exit(code)


def _check_files(campaign: str, carts: list[str], output: str | None) -> None:
    """Refuse to read standard input twice, and to write over what is read."""
    if carts.count(STANDARD_INPUT) > 1:
        raise typer.BadParameter("standard input can be read once", param_hint="CART")
    check_not_read(output, [campaign, *carts], "--output")


def _price_all(desk: Desk, texts: Iterator[CartText], writer: Writer, batch: Batch) -> ExitCode:
    """Price every cart, whatever became of the others."""
    code = ExitCode.OK
    for text in texts:
        try:
            priced = desk.price(text)
        except DiagnosticsError as error:
            writer.refused(text, error.diagnostics)
            batch.refused()
            code = max(code, ExitCode.REFUSED)
        except Exception as error:
            found = [text.placed(defect(error))]
            writer.refused(text, found)
            say_each(found)
            batch.refused()
            code = ExitCode.DEFECT
        else:
            writer.priced(priced)
            batch.priced()
    return code
