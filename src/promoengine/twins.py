"""The cart once more, for the extra `fast`: where msgspec is installed, it reads the JSON text of most carts.

Pydantic makes a good account of what is wrong with a cart, and takes its time with one that is right. So for each model
of the cart a twin is made, a struct of msgspec with the same fields, derived from the model and never written by hand.
What msgspec can check as quickly as it reads (text, whole numbers, lists, mappings, the fields of a model) it checks;
any other type is handed to pydantic, value by value. An amount stays the text it was: intake reads it anyway, and
refuses what is none.

The twin may say no wherever it likes, since whatever it refuses is read again, with care, and refused there with all
its reasons, or not at all. It may never say yes to what the models and `reading` refuse. So what is not a matter of
types is looked for in the data written once more, where every blank, escape and key is known to be part of it:

- A key that stands twice in an object has been dropped, and its colon with it.
- No name begins or ends with a blank, and nothing holds a character that texts may not hold. Few bytes can start one.

Numbers with a fraction are floats here, which no field takes, so they are left to pydantic as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from types import GenericAlias, NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from annotated_types import MinLen
from pydantic import BaseModel, PlainSerializer, TypeAdapter, WithJsonSchema

from promoengine.cart import Cart
from promoengine.fields import (
    FINEST_EXPONENT,
    LARGEST_COUNT,
    LARGEST_TALLY,
    LONGEST_NAME,
    ONE_OR_MORE,
    AtMost,
    CartAmount,
    Count,
    Currency,
    Name,
    SchemaHints,
    TallyFromZero,
)
from promoengine.money import LARGEST_AMOUNT_MINOR

LONGEST_TEXT = 1_000_000
"""A longer text may hold more values than a cart may."""

Reader = Callable[[str | bytes], Any]


def twin_of_text(text: str | bytes) -> Any | None:
    """What JSON text says of a cart, with the attributes of a `Cart`; amounts are text or whole numbers, of which only
    the shape was checked. None where the text has to be read with care, or msgspec is not installed.
    """
    read = _reader()
    return None if read is None or len(text) >= LONGEST_TEXT else read(text)


@cache
def _reader() -> Reader | None:
    """What reads a text; None where msgspec is not installed."""
    try:
        from msgspec import MsgspecError, convert
        from msgspec.json import decode, encode
    except ImportError:
        return None
    twin = _Twins().of_model(Cart)

    def read(text: str | bytes) -> Any | None:
        try:
            data = decode(text)
            return convert(data, twin, dec_hook=_by_pydantic) if _looks_sound(text, encode(data)) else None
        except (MsgspecError, ValueError, RecursionError):
            return None

    return read


_COLON_ESCAPED = "\\u003"
_ODD = re.compile(
    rb' "|" '  # a blank at an end of a name
    rb"|\\|\x7f|\xc2"  # control characters: escaped, U+007F, U+0080 and on; and blanks
    rb"|\xe1\x9a|\xe2[\x80\x81]|\xe3\x80\x80"  # more blanks: U+1680, U+2000 and on, U+3000
    rb"|\xef\xbf"  # U+FFFE and U+FFFF, no characters
)
"""Bytes of UTF-8 without which no text begins or ends with a blank, or holds a character that it may not hold."""
_PLAIN = bytes(set(range(256)) - set(b" \\\x7f\xc2\xe1\xe2\xe3\xef"))
"""Bytes with which none of these begins or ends."""


def _looks_sound(text: str | bytes, written: bytes) -> bool:
    """Whether a JSON text, and its data `written` once more without blanks, need no closer look."""
    if isinstance(text, str):
        colons, escaped = text.count(":"), _COLON_ESCAPED in text
    else:
        colons, escaped = text.count(b":"), _COLON_ESCAPED.encode() in text
    if escaped or colons != written.count(b":"):
        return False
    return not (written.translate(None, _PLAIN) and _ODD.search(written))


class _Checked(type):
    """A type of msgspec's for what pydantic reads; whatever that makes of a value is one of its values."""

    read: Callable[[Any], Any]

    def __instancecheck__(cls, value: object) -> bool:
        return True


def _checked(hint: Any) -> _Checked:
    return _Checked("Checked", (), {"read": staticmethod(TypeAdapter(hint).validate_python)})


def _by_pydantic(kind: type, value: Any) -> Any:
    """What msgspec asks for types that are not its own. Raises `ValueError`, as pydantic does, for what is refused."""
    assert isinstance(kind, _Checked)
    return kind.read(value)


class _Twins:
    """Makes the twins: one for each model that is met."""

    __slots__ = ("_known", "_meta")

    def __init__(self) -> None:
        from msgspec import Meta

        self._meta = Meta
        amount = LARGEST_AMOUNT_MINOR // 10**FINEST_EXPONENT
        self._known: dict[Any, Any] = {
            Currency: str,  # intake knows only real ones
            Name: Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)],
            Count: Annotated[int, Meta(ge=1, le=LARGEST_COUNT)],
            TallyFromZero: Annotated[int, Meta(ge=0, le=LARGEST_TALLY)],
            # Shorter text is a smaller amount, and intake refuses what is none.
            CartAmount: Annotated[str, Meta(max_length=len(str(amount)) - 1)] | Annotated[int, Meta(ge=0, le=amount)],
        }

    def of_model(self, model: type[BaseModel]) -> Any:
        """The twin of a model that is no more than its fields."""
        from msgspec import defstruct, field

        hints = get_type_hints(model, include_extras=True)
        members: list[Any] = []
        for name, info in model.model_fields.items():
            hint = self.of(hints[name])
            if info.is_required():
                members.append((name, hint))
            elif info.default_factory is not None:
                members.append((name, hint, field(default_factory=info.default_factory)))  # type: ignore[arg-type]
            else:
                members.append((name, hint, info.default))
        return defstruct(model.__name__, members, kw_only=True, forbid_unknown_fields=True)

    def of(self, hint: Any) -> Any:
        """The type that stands for a declared one."""
        if hint in self._known:
            return self._known[hint]
        origin, arguments = get_origin(hint), get_args(hint)
        if origin is Annotated and all(map(_is_of_lists, hint.__metadata__)):
            most = [each.entries for each in hint.__metadata__ if isinstance(each, AtMost)]
            least = [each.min_length for each in hint.__metadata__ if isinstance(each, MinLen)]
            meta = self._meta(min_length=max(least, default=None), max_length=min(most, default=None))
            return Annotated[self.of(arguments[0]), meta]
        if origin in (Union, UnionType) and len(arguments) == 2 and NoneType in arguments:
            (inner,) = set(arguments) - {NoneType}
            return self.of(inner) | None
        if origin is tuple and arguments[1:] == (...,):
            return GenericAlias(tuple, (self.of(arguments[0]), ...))
        if origin is dict:
            return GenericAlias(dict, (self.of(arguments[0]), self.of(arguments[1])))
        if isinstance(hint, type) and issubclass(hint, BaseModel) and _is_its_fields(hint):
            found = self._known[hint] = self.of_model(hint)
            return found
        return _checked(hint)


def _is_of_lists(each: object) -> bool:
    """Whether msgspec can say of a list or a mapping what this says of it, or need not."""
    return each is ONE_OR_MORE or isinstance(each, (AtMost, MinLen, SchemaHints, PlainSerializer, WithJsonSchema))


def _is_its_fields(model: type[BaseModel]) -> bool:
    """Whether a model has no validators of its own, and no names but those of its fields."""
    own = model.__pydantic_decorators__
    validators = own.validators, own.field_validators, own.root_validators, own.model_validators
    named = any(info.alias or info.validation_alias for info in model.model_fields.values())
    return model.model_config.get("extra") == "forbid" and not named and not any(validators)
