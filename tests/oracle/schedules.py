"""§3 Schedules: windows by the campaign's wall clock, and the instants at which being open changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from promoengine.document import Period, WeeklyPeriod
from promoengine.document.schedule import WEEKDAYS

MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """The wall clock at an instant, as a naive time."""
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def instant(wall: datetime, zone: ZoneInfo, *, later: bool) -> datetime:
    """§3: an edge inside a gap is the first instant after it; in an overlap the earlier, or the later."""
    if wall.tzinfo is not None:
        return wall.astimezone(UTC)
    passes = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    if local(passes[0], zone) != wall:
        return gap_end(min(passes), max(passes), zone)
    return passes[1] if later else passes[0]


def gap_end(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the clock jumps, which lies between the two readings of a time inside the gap."""
    return jump_between(before, after, zone) or after


def jump_between(low: datetime, high: datetime, zone: ZoneInfo) -> datetime | None:
    """The first instant of a new offset between two instants, to the second."""
    offset = low.astimezone(zone).utcoffset()
    if high.astimezone(zone).utcoffset() == offset:
        return None
    low, high = low.replace(microsecond=0), high.replace(microsecond=0) + timedelta(seconds=1)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == offset else (low, middle)
    return high


def midnight(day: date) -> datetime:
    """The start of a local day."""
    return datetime.combine(day, time())


def start_of(period: Period, zone: ZoneInfo) -> datetime | None:
    """The instant of `from`."""
    if period.from_ is None:
        return None
    wall = period.from_ if isinstance(period.from_, datetime) else midnight(period.from_)
    return instant(wall, zone, later=False)


def end_of(period: Period, zone: ZoneInfo) -> datetime | None:
    """The instant of `until`, or of the end of the local day `through`."""
    if period.until is not None:
        return instant(period.until, zone, later=True)
    return None if period.through is None else instant(midnight(period.through + DAY), zone, later=True)


def in_weekly(weekly: WeeklyPeriod, wall: datetime) -> bool:
    """§3: by the wall clock, both passes of an overlap; a window past midnight belongs to its first day."""
    for back in (0, 1):
        day = wall.date() - back * DAY
        if WEEKDAYS[day.weekday()] not in weekly.days:
            continue
        low, high = hours(weekly, day)
        if low <= wall < high:
            return True
    return False


def hours(weekly: WeeklyPeriod, day: date) -> tuple[datetime, datetime]:
    """The wall-clock window that belongs to a day."""
    if weekly.from_ is None or weekly.until is None:
        return midnight(day), midnight(day + DAY)
    following = weekly.until <= weekly.from_
    return datetime.combine(day, weekly.from_), datetime.combine(day + DAY if following else day, weekly.until)


def period_open(period: Period, at: datetime, zone: ZoneInfo) -> bool:
    """Whether one window holds."""
    start, end = start_of(period, zone), end_of(period, zone)
    if (start is not None and at < start) or (end is not None and at >= end):
        return False
    return period.weekly is None or any(in_weekly(each, local(at, zone)) for each in period.weekly)


def is_open(schedule: Sequence[Period] | None, at: datetime, zone: ZoneInfo) -> bool:
    """Whether any window holds; without a schedule it always does."""
    return schedule is None or any(period_open(period, at, zone) for period in schedule)


def next_edge(schedule: Sequence[Period] | None, at: datetime, zone: ZoneInfo) -> datetime | None:
    """§6: the first instant after `at` at which being open changes."""
    if schedule is None:
        return None
    for edge in sorted(edge for edge in candidates(schedule, at, zone) if edge > at):
        if is_open(schedule, edge, zone) != is_open(schedule, edge - MOMENT, zone):
            return edge
    return None


def candidates(schedule: Sequence[Period], at: datetime, zone: ZoneInfo) -> set[datetime]:
    """Every instant that may be an edge: the one-off ones, and weekly ones about each of them and about now."""
    once = {edge for period in schedule for edge in (start_of(period, zone), end_of(period, zone)) if edge is not None}
    found = set(once)
    for anchor in {at, *once}:
        for number in range(-2, 16):
            day = local(anchor, zone).date() + number * DAY
            found |= about_day(schedule, day, zone)
    return found


def about_day(schedule: Sequence[Period], day: date, zone: ZoneInfo) -> set[datetime]:
    """The weekly edges of a day in both passes, and the jumps of the clock."""
    walls = [wall for period in schedule for weekly in period.weekly or () for wall in hours(weekly, day)]
    found = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for wall in walls for fold in (0, 1)}
    jump = jump_between(*(midnight(each).replace(tzinfo=UTC) for each in (day, day + DAY)), zone)
    return found if jump is None else {*found, jump}


def launch_end(launched: datetime, days: int, zone: ZoneInfo) -> datetime:
    """§3: n days after launch is the same local time n calendar days later."""
    return instant(local(launched, zone) + days * DAY, zone, later=True)
