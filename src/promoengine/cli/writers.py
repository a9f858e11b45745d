"""What becomes of priced carts, and of those that were refused: receipts for people, lines of JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from promoengine.campaign import Campaign
from promoengine.cli.carts import CartText
from promoengine.cli.desk import Priced
from promoengine.cli.findings import data_of
from promoengine.cli.receipt import receipt
from promoengine.cli.terminal import Output, say_each
from promoengine.errors import Diagnostic


class Writer(Protocol):
    """One call for each cart, in the order of the carts."""

    def priced(self, priced: Priced) -> None:
        """Hand on a quote."""

    def refused(self, text: CartText, diagnostics: Sequence[Diagnostic]) -> None:
        """Hand on why there is none."""


@dataclass(slots=True)
class Receipts:
    """A receipt for each cart, an empty line between two; what is wrong goes to standard error."""

    output: Output
    campaign: Campaign
    count: int = 0

    def priced(self, priced: Priced) -> None:
        if self.count:
            self.output.write("\n")
        self.count += 1
        self.output.show(receipt(priced, self.campaign))

    def refused(self, text: CartText, diagnostics: Sequence[Diagnostic]) -> None:
        say_each(diagnostics)


@dataclass(slots=True)
class JsonLines:
    """One line of JSON for each cart: its canonical quote, or what is wrong with it."""

    output: Output

    def priced(self, priced: Priced) -> None:
        self.output.write(priced.quote.to_json() + "\n")

    def refused(self, text: CartText, diagnostics: Sequence[Diagnostic]) -> None:
        found = {"error": [data_of(each) for each in diagnostics], "file": text.file, "line": text.line}
        self.output.write(json_line(found))
        if text.line is None:
            say_each(diagnostics)


def json_line(data: object) -> str:
    """Plain data in the form of a canonical quote: sorted, no blanks."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n"
