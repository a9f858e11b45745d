"""The moment of pricing, and what it opens and closes: schedules and launches.

Nothing here reads a clock. The moment is an argument, and every edge is computed from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from promoengine import plan
from promoengine.instants import DAY_SECONDS, local_instant, moment_of, transition
from promoengine.records import dataclass

WEEK_SECONDS = 7 * DAY_SECONDS


@dataclass(slots=True)
class Clock:
    """A moment, in microseconds UTC and by the campaign's wall clock; and the stage that is running."""

    us: int
    zone: ZoneInfo
    local: datetime
    week_second: int
    stage: int = 0

    def copy(self) -> Clock:
        """The same moment, for a pass of its own."""
        return Clock(self.us, self.zone, self.local, self.week_second, self.stage)


def clock_at(us: int, zone: ZoneInfo) -> Clock:
    """The clock of one moment."""
    local = moment_of(us).astimezone(zone)
    second = local.weekday() * DAY_SECONDS + local.hour * 3600 + local.minute * 60 + local.second
    return Clock(us, zone, local, second)


def is_open(schedule: plan.Schedule, clock: Clock) -> bool:
    """Whether any period of the schedule holds at the moment."""
    for window, weekly in schedule.periods:
        if window.start_us is not None and clock.us < window.start_us:
            continue
        if window.end_us is not None and clock.us >= window.end_us:
            continue
        if weekly is None or _weekly_holds(weekly, clock.week_second):
            return True
    return False


def _weekly_holds(weekly: plan.WeeklyHours, second: int) -> bool:
    for start, end in weekly.spans:
        if start <= second < end or start <= second + WEEK_SECONDS < end:
            return True
    return False


def launch_holds(launched_us: int | None, days: int, clock: Clock) -> bool:
    """Whether the moment lies from a launch until the same local time `days` calendar days later."""
    if launched_us is None or clock.us < launched_us:
        return False
    return clock.us < launch_end(launched_us, days, clock.zone)


def launch_end(launched_us: int, days: int, zone: ZoneInfo) -> int:
    """The end of a launch: the same wall-clock time `days` calendar days later, the later instant in an overlap."""
    local = moment_of(launched_us).astimezone(zone).replace(tzinfo=None)
    return local_instant(local + timedelta(days=days), zone, fold=1)


def next_edge(schedule: plan.Schedule, clock: Clock) -> int | None:
    """The next instant at which the schedule opens or closes; None where it never does again."""
    edges = sorted({edge for edge in _candidate_edges(schedule, clock) if edge > clock.us})
    for edge in edges:
        if is_open(schedule, clock_at(edge, clock.zone)) != is_open(schedule, clock_at(edge - 1, clock.zone)):
            return edge
    return None


def _candidate_edges(schedule: plan.Schedule, clock: Clock) -> Iterator[int]:
    """The edges of windows ahead, and those of weekly hours from now and from each of these on: while one period is
    open, another one's hours change nothing, so the first edge that counts may lie after any window's.
    """
    windows = {edge for window, _ in schedule.periods for edge in (window.start_us, window.end_us) if edge is not None}
    ahead = [edge for edge in windows if edge > clock.us]
    yield from ahead
    for _, weekly in schedule.periods:
        if weekly is not None:
            for origin in (clock, *[clock_at(edge, clock.zone) for edge in ahead]):
                yield from _weekly_edges(weekly.spans, origin)


def _weekly_edges(spans: Iterable[tuple[int, int]], clock: Clock) -> Iterator[int]:
    """Every instant at which weekly hours may change next: their edges in both passes of an overlap, this week and two
    more (a gap may swallow those of the next), and the clock change of the next nine days.
    """
    monday = clock.local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    monday -= timedelta(days=clock.local.weekday())
    seconds = {edge % WEEK_SECONDS for span in spans for edge in span}
    for week in (0, 1, 2):
        for second in seconds:
            local = monday + timedelta(days=7 * week, seconds=second)
            for fold in (0, 1):
                yield local_instant(local, clock.zone, fold)
    changed = transition(clock.us, clock.us + 9 * DAY_SECONDS * 1_000_000, clock.zone)
    if changed is not None:
        yield changed
