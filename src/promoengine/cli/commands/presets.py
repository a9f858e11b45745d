"""`promoengine presets`: which presets there are, and what each says."""

from __future__ import annotations

from typing import Annotated

import typer

from promoengine.cli.terminal import standard_output
from promoengine.errors import Diagnostic
from promoengine.presets import preset_names, preset_text


def presets(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="The preset to show. Default: list all.", show_default=False)
    ] = None,
) -> None:
    """List the presets that a campaign may extend, or show one: what it sets, why, and its source."""
    output = standard_output()
    if name is not None:
        output.write(_shown(name))
        return
    names = preset_names()
    width = max(len(each) for each in names)
    for each in names:
        summary = _shown(each).partition("\n")[0].removeprefix("#").strip()
        output.write(f"{each:{width}}  {summary}\n", output.encoding)


def _shown(name: str) -> str:
    text = preset_text(name)
    if isinstance(text, Diagnostic):
        raise typer.BadParameter(f"{text.message} ({text.hint})", param_hint="NAME")
    return text
