"""`promoengine schema`: JSON Schemas, for editors and for whoever writes documents by program."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from promoengine.cli.schemas import schema_of
from promoengine.cli.terminal import standard_output


class DocumentName(StrEnum):
    """What a schema describes."""

    CAMPAIGN = "campaign"
    CART = "cart"
    QUOTE = "quote"


def schema(
    document: Annotated[
        DocumentName, typer.Argument(metavar="[campaign|cart|quote]", help="Which document to describe.")
    ] = DocumentName.CAMPAIGN,
) -> None:
    """Print the JSON Schema (2020-12) of a document.

    An editor completes and checks a campaign that starts with: # yaml-language-server: $schema=campaign.schema.json
    """
    standard_output().write(json.dumps(schema_of(document.value), indent=2, ensure_ascii=False) + "\n")
