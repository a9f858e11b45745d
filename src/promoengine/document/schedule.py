"""When a promotion runs, as written: windows by the campaign's wall clock, and hours that recur weekly."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from promoengine.fields import ONE_OR_MORE, Day, Hour, LocalMoment, Part, refuse

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class WeeklyPeriod(Part):
    """Hours that recur: on the listed days (every day where none is listed), `[from, until)`.

    `until` at or before `from` means on the following day; a period past midnight belongs to its first day.
    Without hours, the whole of each listed day.
    """

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)] = WEEKDAYS
    from_: Annotated[Hour | None, Field(alias="from")] = None
    until: Hour | None = None

    @model_validator(mode="after")
    def _both_hours(self) -> "WeeklyPeriod":
        if (self.from_ is None) != (self.until is None):
            raise refuse("half_of_hours", "hours state both from and until")
        if len(set(self.days)) != len(self.days):
            raise refuse("duplicate", "a day stands here twice")
        return self


class Period(Part):
    """A window `[from, until)`, or until the end of the day `through`; narrowed by weekly hours where stated."""

    from_: Annotated[LocalMoment | Day | None, Field(alias="from")] = None
    until: LocalMoment | None = None
    through: Day | None = None
    weekly: Annotated[tuple[WeeklyPeriod, ...], Field(min_length=1), ONE_OR_MORE] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Period":
        if self.until is not None and self.through is not None:
            raise refuse("until_or_through", "state until, a moment, or through, a day, not both")
        if self == Period.model_construct():
            raise refuse("empty_schedule", "a schedule states from, until, through or weekly")
        return self
