"""Moments on the command line and beside carts: ISO 8601 with an offset. A zone is never guessed, only suggested."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from promoengine.errors import Diagnostic
from promoengine.instants import FIRST_YEAR, LAST_YEAR

EXAMPLE = "2026-11-10T20:30:00+08:00"


def read_moment(text: object, zone: ZoneInfo) -> datetime | Diagnostic:
    """The moment that a text states, or what is wrong with it. `zone`, the campaign's, serves the hint alone."""
    try:
        moment = datetime.fromisoformat(text if isinstance(text, str) else "")
    except ValueError:
        return Diagnostic("not_a_time", f"{text!r} is not a time", hint=f"as {EXAMPLE}")
    if moment.utcoffset() is None:
        return Diagnostic("time_without_zone", f"{text!r} states no offset from UTC", hint=_suggestion(moment, zone))
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return Diagnostic("time_out_of_range", f"{text!r} is out of range", hint=f"from {FIRST_YEAR} to {LAST_YEAR}")
    return moment


def _suggestion(naive: datetime, zone: ZoneInfo) -> str:
    """The time with the offset, or where clocks are changed the two offsets, of the campaign's zone."""
    moments = {naive.replace(tzinfo=zone, fold=fold).isoformat() for fold in (0, 1)}
    return f"by the campaign's clock, {zone.key}, it is {' or '.join(sorted(moments))}"


def moment_text(moment: datetime, zone: ZoneInfo) -> str:
    """A moment by a zone's clock, in a form that `--at` takes."""
    return moment.astimezone(zone).isoformat()
