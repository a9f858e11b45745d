"""The field types that campaign documents and carts share, and the base of their models.

A field type says what a value may look like at the border; what it means in minor units is decided
when a currency is known (`money`). Every refusal here is a `PydanticCustomError` whose type is one of
the stable codes of `docs/errors.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    Strict,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema, to_jsonable_python

from promoengine.instants import FIRST_YEAR, LAST_YEAR
from promoengine.money import AmountError, parse_amount, parse_percent

LARGEST_COUNT = 1_000_000
"""The most units, sets, points or uses that a document may speak of. 10^9 units is a mistake."""
LARGEST_TALLY = 1_000_000_000_000
"""The most uses, points or pieces of stock: what a whole sale adds up to, not one cart."""
FINEST_EXPONENT = 4
"""The most fractional digits of any ISO currency. A field cannot know its currency; lowering does."""
_Day = TypeVar("_Day", bound=date)
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
LONGEST_NAME = 200
_NAME = r"^[^\s\x00-\x1f](?:[^\x00-\x1f]*[^\s\x00-\x1f])?$"
"""A name, as the core of pydantic reads patterns."""
_NOWHERE_IN_A_CODE = re.compile(r"[\x00-\x1f\ud800-\udfff]")


class Part(BaseModel):
    """The base of every model: unknown fields are refused, and nothing changes once it is made."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        defer_build=True,
        hide_input_in_errors=True,
        serialize_by_alias=True,
    )


@dataclass(frozen=True, slots=True)
class Shorthand:
    """A shorter way to write a value: `read` makes it the longer one, `schemas` adds it to the JSON Schema of that.

    It stands last in an `Annotated`: `read` sees the value as it was written.
    """

    read: Callable[[object], object]
    schemas: Callable[[dict[str, Any]], dict[str, Any]]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return self.schemas(handler(core))


@dataclass(frozen=True, slots=True)
class Native:
    """A type that pydantic's core checks by itself: the schema takes the place of the annotated type's own."""

    schema: Callable[[], CoreSchema]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return self.schema()


@dataclass(frozen=True, slots=True)
class AtMost:
    """The most entries of a list or a mapping. A longer one is refused before any of its entries is looked at."""

    entries: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = handler(core)
        return {**schema, "maxItems" if schema["type"] == "array" else "maxProperties": self.entries}

    def _check(self, value: object) -> object:
        if isinstance(value, (list, tuple, dict)) and len(value) > self.entries:
            raise refuse("too_many", f"there are at most {self.entries:,} entries here, not {len(value):,}")
        return value


class SchemaHints:
    """Keywords for the JSON Schema of a type whose validator is a function, which pydantic cannot look into."""

    __slots__ = ("_keywords",)

    def __init__(self, **keywords: object) -> None:
        self._keywords = keywords

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**self._keywords, **handler(core)}


def made(default: Callable[[], object]) -> Any:
    """A default that is made when it is needed, for whatever holds something.

    One that is stated is validated when the library is imported; and if it can change, pydantic copies it for each
    model, with all that is in it.
    """

    def described(schema: dict[str, Any]) -> None:
        schema["default"] = to_jsonable_python(default())

    return Field(default_factory=default, json_schema_extra=described)


def refuse(code: str, message: str, **context: object) -> PydanticCustomError:
    """An error for pydantic to place, with one of our codes."""
    return PydanticCustomError(code, message, context or None)


class _NameShape:
    """Names are checked where the core of pydantic checks text: a cart of twenty lines has a hundred of them, and a
    call from there to Python takes five times as long as the check. Half a surrogate pair is no text to the core.
    """

    __slots__ = ()

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.json_or_python_schema(core_schema.str_schema(), core_schema.is_instance_schema(str))
        name = core_schema.str_schema(max_length=LONGEST_NAME, pattern=_NAME)
        shape = "a name has 1 to 200 characters, without blanks at its ends or control characters"
        return core_schema.chain_schema(
            [_or_refuse(text, "not_text", _NOT_TEXT), _or_refuse(name, "not_a_name", shape)]
        )


_NOT_TEXT = "this must be text; put it in quotes"


def _or_refuse(schema: CoreSchema, code: str, message: str) -> CoreSchema:
    """What `refuse` says, said by the core of pydantic."""
    return core_schema.custom_error_schema(schema, code, custom_error_message=message)


def _code_text(value: object) -> str:
    if not isinstance(value, str):
        raise refuse("not_text", _NOT_TEXT)
    if not 1 <= len(value.strip()) <= LONGEST_NAME or _NOWHERE_IN_A_CODE.search(value):
        raise refuse("not_a_name", "a code has 1 to 200 characters; blanks around it do not count")
    return value


_PRICE = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,2})?")
"""Amounts as most prices are written, which need no closer look."""


def _number(value: object) -> Decimal:
    """Amount text, a whole number or a Decimal as an exact Decimal, judged as `money` judges it."""
    if type(value) is str and _PRICE.fullmatch(value):
        return Decimal(value)
    if not isinstance(value, (int, str, Decimal, float)):
        raise refuse("not_an_amount", "this must be an amount, as 12.50")
    try:
        parse_amount(value, FINEST_EXPONENT)  # type: ignore[arg-type]
    except AmountError as error:
        raise refuse(error.code, "{why}", why=str(error)) from None
    return Decimal(value)


def plain_text(value: Decimal) -> str:
    """A Decimal in its shortest plain text, the same however many zeros it was written with."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number_from_zero(value: object) -> Decimal:
    number = _number(value)
    if number < 0:
        raise refuse("negative_amount", "an amount here is not negative")
    return number


def _positive_number(value: object) -> Decimal:
    number = _number(value)
    if number <= 0:
        raise refuse("not_positive", "an amount here is greater than zero")
    return number


def _amount(figure: Callable[[object], Decimal]) -> Callable[[object], Decimal | dict[str, Decimal]]:
    """A validator of one figure, or of one for each currency."""

    def check(value: object) -> Decimal | dict[str, Decimal]:
        if not isinstance(value, dict):
            return figure(value)
        if not value:
            raise refuse("not_an_amount", "an amount for several currencies names at least one, as {USD: 10}")
        for currency in value:
            _currency(currency)
        return {currency: figure(each) for currency, each in value.items()}

    return check


def _amount_text(value: Decimal | dict[str, Decimal]) -> str | dict[str, str]:
    if isinstance(value, dict):
        return {currency: plain_text(figure) for currency, figure in value.items()}
    return plain_text(value)


def _currency(value: object) -> str:
    if not isinstance(value, str) or not _CURRENCY.match(value):
        raise refuse("not_a_currency", "a currency is a code of three capital letters, as CNY")
    return value


def _percent(value: object) -> Decimal:
    if not isinstance(value, (int, str, Decimal, float)):
        raise refuse("not_a_percentage", "this must be a percentage, as 12.5")
    try:
        parse_percent(value)  # type: ignore[arg-type]
    except AmountError as error:
        raise refuse(error.code, "{why}", why=str(error)) from None
    return Decimal(value)


def whole(least: int, most: int = LARGEST_COUNT) -> Callable[[object], int]:
    """A validator for whole numbers in a range; a `SchemaHints` beside it tells editors of the range."""

    def check(value: object) -> int:
        if type(value) is not int:
            raise refuse("not_a_whole_number", "this must be a whole number")
        if not least <= value <= most:
            raise refuse("count_out_of_range", "this must be from {least} to {most}", least=least, most=most)
        return value

    return check


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise refuse("not_true_or_false", "this must be true or false")
    return value


def _moment(value: object) -> datetime:
    """An instant: ISO 8601 with an offset, or an aware datetime."""
    moment = value
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise refuse("not_a_time", "this must be a time as 2026-11-10T20:00:00+08:00") from None
    if not isinstance(moment, datetime):
        raise refuse("not_a_time", "this must be a time as 2026-11-10T20:00:00+08:00")
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise refuse("time_without_zone", "this time needs an offset, as 2026-11-10T20:00:00+08:00")
    return _within_years(moment)


def _local_moment(value: object) -> datetime:
    """A wall-clock time of the campaign's zone, or an instant with an offset of its own."""
    moment = value
    if isinstance(value, str) and "T" in value:
        with suppress(ValueError):
            moment = datetime.fromisoformat(value)
    if not isinstance(moment, datetime):
        raise refuse("not_a_time", "this must be a time as 2026-11-10T20:00, by the campaign's clock")
    return _within_years(moment)


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return _within_years(value)
    try:
        day = date.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise refuse("not_a_date", "this must be a date as 2026-11-11") from None
    return _within_years(day)


def _within_years(day: _Day) -> _Day:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        message = "the year lies from {first} to {last}; leave out an end that is never reached"
        raise refuse("time_out_of_range", message, first=FIRST_YEAR, last=LAST_YEAR)
    return day


def _hour(value: object) -> time:
    if isinstance(value, str) and re.match(r"\d\d:\d\d(?::\d\d)?\Z", value):
        try:
            return time.fromisoformat(value)
        except ValueError:
            pass
    raise refuse("not_an_hour", 'this must be a time of day in quotes, as "20:00"')


def as_list(value: object) -> object:
    """One value where a list may stand: `sku: A` reads as `sku: [A]`."""
    return [value] if isinstance(value, (str, dict)) else value


ONE_OR_MORE = Shorthand(as_list, lambda many: {"anyOf": [many["items"], many]})
"""One value where a list may stand."""


Word = TypeVar("Word", bound=str)


def distinct(values: tuple[Word, ...]) -> tuple[Word, ...]:
    """A list that names at least one, and each once."""
    if len(values) == 1:
        return values
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise refuse("duplicate", "{value} stands here twice", value=repr(value))
        seen.add(value)
    if not values:
        raise refuse("empty_list", "this list must name at least one")
    return values


def _text_schema(description: str, **more: object) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "description": description, **more})


_FIGURE_TEXT = {"type": "string", "pattern": r"^\d+(\.\d+)?$"}
_FIGURE: dict[str, Any] = {
    "anyOf": [_FIGURE_TEXT, {"type": "number", "minimum": 0}],
    "description": "decimal text or a plain decimal number of major units, as 12.50",
}
PERCENT_SCHEMA: dict[str, Any] = {
    "anyOf": [_FIGURE_TEXT, {"type": "number", "exclusiveMinimum": 0, "maximum": 100}],
    "description": "a percentage: above 0, at most 100",
}

Name = Annotated[str, _NameShape(), _text_schema("a name", minLength=1, maxLength=200)]
CodeText = Annotated[str, BeforeValidator(_code_text), _text_schema("a code; case and blanks around it do not count")]
Names = Annotated[tuple[Name, ...], AfterValidator(distinct), SchemaHints(minItems=1, uniqueItems=True), ONE_OR_MORE]
Flag = Annotated[bool, BeforeValidator(_flag), Strict()]
Count = Annotated[int, BeforeValidator(whole(1)), SchemaHints(minimum=1, maximum=LARGEST_COUNT)]
CountFromZero = Annotated[int, BeforeValidator(whole(0)), SchemaHints(minimum=0, maximum=LARGEST_COUNT)]
Tally = Annotated[int, BeforeValidator(whole(1, LARGEST_TALLY)), SchemaHints(minimum=1, maximum=LARGEST_TALLY)]
TallyFromZero = Annotated[int, BeforeValidator(whole(0, LARGEST_TALLY)), SchemaHints(minimum=0, maximum=LARGEST_TALLY)]
Currency = Annotated[str, BeforeValidator(_currency), _text_schema("an ISO 4217 code", pattern="^[A-Z]{3}$")]
Percent = Annotated[
    Decimal,
    BeforeValidator(_percent),
    PlainSerializer(plain_text, return_type=str),
    WithJsonSchema(PERCENT_SCHEMA),
]
_AMOUNT_SCHEMA = WithJsonSchema(
    {
        "anyOf": [*_FIGURE["anyOf"], {"type": "object", "additionalProperties": _FIGURE}],
        "description": "an amount of the campaign's currency, or one for each currency: {USD: 10, EUR: 9}",
    }
)
Amount = Annotated[
    Decimal | dict[str, Decimal],
    BeforeValidator(_amount(_positive_number)),
    PlainSerializer(_amount_text),
    _AMOUNT_SCHEMA,
]
AmountFromZero = Annotated[
    Decimal | dict[str, Decimal],
    BeforeValidator(_amount(_number_from_zero)),
    PlainSerializer(_amount_text),
    _AMOUNT_SCHEMA,
]
CartAmount = Annotated[
    Decimal,
    BeforeValidator(_number_from_zero),
    PlainSerializer(plain_text, return_type=str),
    WithJsonSchema(_FIGURE),
]
Moment = Annotated[datetime, BeforeValidator(_moment), _text_schema("a time with an offset", format="date-time")]
LocalMoment = Annotated[
    datetime,
    BeforeValidator(_local_moment),
    _text_schema("a time by the campaign's clock, as 2026-11-10T20:00"),
]
Day = Annotated[date, BeforeValidator(_day), _text_schema("a date", format="date")]
Hour = Annotated[time, BeforeValidator(_hour), _text_schema("a time of day, as 20:00")]


def normal_code(code: str) -> str:
    """The form in which two codes are the same code: trimmed, case folded; shown in capitals."""
    return code.strip().casefold().upper()
