"""Schedules: local wall-clock windows become instants once, when a campaign is compiled.

An edge inside a gap of the clock is the first instant after the gap. A one-off edge in an overlap is the earlier
instant for `from` and the later for `until`. Recurring hours stay wall-clock seconds of the week, which hold in
both passes of an overlap.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from promoengine import plan
from promoengine.document import Period, WeeklyPeriod
from promoengine.document.schedule import WEEKDAYS
from promoengine.instants import DAY_SECONDS, local_instant, microseconds
from promoengine.kinds.lowering import Lowering


def lower_schedule(periods: tuple[Period, ...], zone: ZoneInfo, lowering: Lowering) -> plan.Schedule:
    """The plan's schedule; a window that holds nothing is reported."""
    return plan.Schedule(tuple(_lower_period(period, zone, lowering.at(index)) for index, period in enumerate(periods)))


def _lower_period(period: Period, zone: ZoneInfo, lowering: Lowering) -> tuple[plan.Window, plan.WeeklyHours | None]:
    start = None if period.from_ is None else instant(_as_moment(period.from_), zone, later=False)
    end = None if period.until is None else instant(period.until, zone, later=True)
    if period.through is not None:
        end = instant(_as_moment(period.through) + timedelta(days=1), zone, later=True)
    if start is not None and end is not None and start >= end:
        lowering.report("empty_window", "this window ends before it begins")
    return plan.Window(start, end), None if period.weekly is None else _lower_weekly(period.weekly)


def _as_moment(value: datetime | date) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def instant(moment: datetime, zone: ZoneInfo, *, later: bool) -> int:
    """A moment in microseconds UTC: as it says where it has an offset, else by the zone's wall clock."""
    if moment.tzinfo is not None:
        return microseconds(moment)
    return local_instant(moment, zone, int(later))


def _lower_weekly(weekly: tuple[WeeklyPeriod, ...]) -> plan.WeeklyHours:
    spans = []
    for period in weekly:
        start = 0 if period.from_ is None else _seconds(period.from_)
        end = DAY_SECONDS if period.until is None else _seconds(period.until)
        length = end - start if end > start else end + DAY_SECONDS - start
        for day in period.days:
            first = WEEKDAYS.index(day) * DAY_SECONDS + start
            spans.append((first, first + length))
    return plan.WeeklyHours(tuple(sorted(spans)))


def _seconds(hour: time) -> int:
    return hour.hour * 3600 + hour.minute * 60 + hour.second
