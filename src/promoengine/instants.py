"""Instants and wall clocks: the arithmetic that schedules share, in microseconds since 1970 UTC.

A wall-clock time inside a gap means the first instant after the gap; in an overlap it means two instants, and the
caller says which (`fold` 0 the earlier, 1 the later).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_SECONDS = 86_400
FIRST_YEAR, LAST_YEAR = 1000, 9900
"""The years that a date or a moment may have: far enough from the ends of the calendar for any arithmetic here."""
_MICROSECOND = timedelta(microseconds=1)


def moment_of(us: int) -> datetime:
    """An aware moment in UTC."""
    return EPOCH + timedelta(microseconds=us)


def microseconds(moment: datetime) -> int:
    """An aware moment as microseconds since 1970 UTC."""
    return (moment - EPOCH) // _MICROSECOND


def local_instant(local: datetime, zone: ZoneInfo, fold: int) -> int:
    """The instant of a naive wall-clock time in a zone."""
    found = local.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == local:
        return microseconds(found)
    before = microseconds(local.replace(tzinfo=zone, fold=1).astimezone(UTC))
    after = microseconds(local.replace(tzinfo=zone, fold=0).astimezone(UTC))
    return transition(before, after, zone) or after


def transition(low_us: int, high_us: int, zone: ZoneInfo) -> int | None:
    """The instant in `(low, high]` at which the zone's offset changed, to the second; None where it did not."""
    low, high = low_us // 1_000_000, -(-high_us // 1_000_000)
    old = _offset(low, zone)
    if _offset(high, zone) == old:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(middle, zone) == old else (low, middle)
    return high * 1_000_000


def _offset(second: int, zone: ZoneInfo) -> timedelta | None:
    return (EPOCH + timedelta(seconds=second)).astimezone(zone).utcoffset()
