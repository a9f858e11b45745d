"""`promoengine validate`: everything that is wrong with campaigns."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from promoengine.campaign import Campaign
from promoengine.cli.exits import ExitCode
from promoengine.cli.findings import data_of, printable
from promoengine.cli.terminal import Output, standard_output, styled
from promoengine.cli.writers import json_line
from promoengine.errors import CampaignError, Diagnostic


def validate(
    campaigns: Annotated[list[str], typer.Argument(metavar="CAMPAIGN", help="Campaigns: .yaml, .yml or .json files.")],
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON for each campaign.")] = False,
) -> None:
    """Check campaigns and print everything that is wrong with them.

    Each finding is a line on standard output: FILE:LINE:COLUMN: SEVERITY[CODE]: MESSAGE (HINT).
    """
    output = standard_output()
    show = _show_json if as_json else _show
    sound = [show(output, file) for file in campaigns]
    raise typer.Exit(ExitCode.OK if all(sound) else ExitCode.REFUSED)


def _show(output: Output, file: str) -> bool:
    checked = _check(file)
    if isinstance(checked, Campaign):
        counts = f"{_counted(checked, 'promotions')}, {_counted(checked, 'stages')}"
        output.write(f"{printable(file)}: OK: {counts}\n", output.encoding)
        return True
    for diagnostic in checked:
        output.show_line(styled(diagnostic))
    return False


def _show_json(output: Output, file: str) -> bool:
    checked = _check(file)
    sound = isinstance(checked, Campaign)
    found: dict[str, Any] = {"file": file, "ok": sound, "diagnostics": []}
    if isinstance(checked, Campaign):
        found |= {name: len(getattr(checked.document, name)) for name in ("promotions", "stages")}
        found["content_hash"] = checked.content_hash
    else:
        found["diagnostics"] = [data_of(each) for each in checked]
    output.write(json_line(found))
    return sound


def _check(file: str) -> Campaign | tuple[Diagnostic, ...]:
    try:
        return Campaign.load(file)
    except CampaignError as error:
        return error.diagnostics


def _counted(campaign: Campaign, name: str) -> str:
    count = len(getattr(campaign.document, name))
    return f"{count} {name if count != 1 else name.removesuffix('s')}"
