"""The selector `launched_within`."""

from typing import Annotated

from pydantic import BeforeValidator

from promoengine import plan
from promoengine.fields import Part, SchemaHints, whole
from promoengine.kinds.base import SelectorKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register

MOST_DAYS = 3660


class DaysAfterLaunch(Part):
    """A number of calendar days."""

    days: Annotated[int, BeforeValidator(whole(1, MOST_DAYS)), SchemaHints(minimum=1, maximum=MOST_DAYS)]


@register("selector", "launched_within")
class LaunchedWithin(SelectorKind[DaysAfterLaunch]):
    """Units whose line states a `launched_at` less than so many days ago: from the launch until the same local
    time n calendar days later.

    Example: `items: {launched_within: {days: 3}}`.
    Near miss: a day is a calendar day of the campaign's zone, so it has 23 or 25 hours when clocks change.
    """

    def lower(self, lowering: Lowering) -> plan.Test:
        return plan.LaunchedWithin(self.root.days)
