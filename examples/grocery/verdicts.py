"""What the engine gave for each recorded redemption, beside what the shop gave.

A tied redemption is **reproduced** when its promotion takes off exactly the recorded coupon_disc. That is asked of
the coupon, not of the row: the shop's till puts a coupon on one row, and the records do not say how it picks one;
the engine shares an amount over all the coupon's goods. How much of it lies on the recorded row is counted beside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from documents import Json, cents, upc_of
from upc import value

from promoengine import Quote


@dataclass(slots=True)
class Verdict:
    """One redemption. Cents; `recorded` is None, and `on_row` and `row_units` are 0, where it is tied to no row."""

    basket: str
    code: str
    tie: str
    status: str
    """applied, the reason of the refusal, `no face value` where the campaign has no promotion, or `not entered`."""
    given: int
    recorded: int | None = None
    on_row: int = 0
    """What of `given` lies on the recorded row."""
    row_units: int = 0
    """How many units that row has."""

    @property
    def reproduced(self) -> bool:
        return self.given == self.recorded


def verdicts_of(row: Json, quote: Quote) -> list[Verdict]:
    """A verdict on each redemption of a basket."""
    return [_verdict(record, row["cart"], quote) for record in row["recorded"]["redemptions"]]


def _verdict(record: Json, cart: Json, quote: Quote) -> Verdict:
    found = Verdict(cart["id"], record["code"], record["tie"], "not entered", 0)
    if record["entered"]:
        outcome = quote.codes[record["code"]]
        applied = quote.promotions.get(outcome.promotion)
        found.status = outcome.reason or ("applied" if applied else "no face value")
        found.given = applied.amount_minor if applied else 0
    if record["tie"] == "tied":
        of_row = [line for line in quote.lines.values() if line.sku == record["sku"]]
        found.recorded = cents(record["coupon_disc"])
        found.row_units = sum(line.quantity for line in of_row)
        found.on_row = sum(
            adjustment.amount_minor
            for line in of_row
            for adjustment in line.adjustments
            if adjustment.promotion == quote.codes[record["code"]].promotion
        )
    return found


def difference(verdict: Verdict) -> str:
    """Why a tied redemption is not reproduced, as far as the records can tell. What is said first wins."""
    recorded, given, said = verdict.recorded or 0, verdict.given, value(upc_of(verdict.code))
    if verdict.status != "applied":
        return f"refused: {verdict.status}"
    if said is not None and said.cents == recorded:
        return "our face value is wrong: the UPC states the recorded amount"
    if said is not None and said.cents is None:
        return "a coupon for free goods, worth what they cost"
    if recorded < given:
        return "recorded below the face value"
    if recorded % given == 0 and verdict.row_units >= recorded // given:
        return "the same coupon several times on the row"
    if verdict.row_units > 1:
        return "a second coupon, not on record, on a row of several units"
    return "recorded above the face value, on a single unit"


def tabulated(verdicts: Iterable[Verdict]) -> Json:
    """The figures of the report."""
    every = list(verdicts)
    tied = [verdict for verdict in every if verdict.recorded is not None]
    reproduced = [verdict for verdict in tied if verdict.reproduced]
    untied = [verdict for verdict in every if verdict.recorded is None and verdict.status == "applied"]
    return {
        "codes entered": _by_frequency(each.status for each in every if each.status != "not entered"),
        "tied redemptions": {
            "all": len(tied),
            "reproduced to the cent": len(reproduced),
            "of these, all of it on the recorded row": sum(each.on_row == each.recorded for each in reproduced),
            "on a row of one unit": sum(each.row_units == 1 for each in tied),
            "recorded, in cents": sum(each.recorded or 0 for each in tied),
            "given, in cents": sum(each.given for each in tied),
        },
        "why not reproduced": _by_frequency(difference(each) for each in tied if not each.reproduced),
        "applied, tied to no row": _by_frequency(each.tie for each in untied),
        "refused, though the shop may have given it": _by_frequency(
            f"{each.status}; {each.tie}"
            for each in every
            if each.status not in ("applied", "no face value", "not entered")
        ),
    }


def _by_frequency(words: Iterable[str]) -> dict[str, int]:
    """Each word with its number of times, the most frequent first."""
    return dict(sorted(Counter(words).items(), key=lambda item: (-item[1], item[0])))
