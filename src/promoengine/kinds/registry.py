"""Where kinds are registered, and the open pydantic types that are made of them.

Two shapes of language share one registry. *Tagged* families (trigger, benefit) are objects with a `kind`.
*Keyed* families (selector, condition, rewarded, limit) are mappings whose keys are the kinds, all of which
must hold: `{category: [snacks], on_sale: true}`. The types are assembled when a model is first used, so that
kinds of third parties, found by the entry point `promoengine.kinds`, take part. Built-ins win: a clash is
an error, never a silent replacement.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Annotated, Any, Literal, TypeVar, Union

from pydantic import Discriminator, Field, GetPydanticSchema, create_model

from promoengine.fields import Part

Family = Literal["trigger", "benefit", "selector", "condition", "rewarded", "limit"]
TAGGED: tuple[Family, ...] = ("trigger", "benefit")
KEYED: tuple[Family, ...] = ("selector", "condition", "rewarded", "limit")
ENTRY_POINT = "promoengine.kinds"

_kinds: dict[Family, dict[str, type]] = {family: {} for family in (*TAGGED, *KEYED)}
_Kind = TypeVar("_Kind", bound=type)


class KindClash(Exception):
    """Two kinds of one family have the same name."""


def register(family: Family, name: str) -> Callable[[_Kind], _Kind]:
    """A class decorator: `cls` is the kind `name` of `family`.

    Raises `KindClash` where the name is taken: built-ins register first, so they win.
    """

    def add(kind: _Kind) -> _Kind:
        if name in _kinds[family]:
            raise KindClash(f"{family} {name!r} is registered already, by {_kinds[family][name].__module__}")
        _kinds[family][name] = kind
        return kind

    return add


def kinds(family: Family) -> dict[str, type]:
    """The kinds of a family by name, built-ins first, in order of registration."""
    load_registered()
    return dict(_kinds[family])


@cache
def load_registered() -> None:
    """Import the built-in kinds, then those that installed packages offer. Once a process."""
    import_module("promoengine.kinds.builtin")  # late: the kinds register with this module
    for entry in entry_points(group=ENTRY_POINT):
        entry.load()


@cache
def tagged_type(family: Family) -> Any:
    """The union of a tagged family, told apart by `kind`."""
    return Annotated[Union[tuple(kinds(family).values())], Discriminator("kind")]  # noqa: UP007 - made at run time


@cache
def keyed_model(family: Family, base: type[Part]) -> type[Part]:
    """The mapping model of a keyed family: one optional field for each kind."""
    fields: dict[str, Any] = {
        f"key_{name}": (kind | None, Field(default=None, alias=name)) for name, kind in kinds(family).items()
    }
    return create_model(base.__name__, __base__=base, __module__=base.__module__, **fields)


def open_tagged(family: Family) -> GetPydanticSchema:
    """For `Annotated[Base, open_tagged(family)]`: validates as the whole registered family."""
    return GetPydanticSchema(lambda _source, handler: handler(tagged_type(family)))


def open_keyed(family: Family, base: Callable[[], type[Part]]) -> GetPydanticSchema:
    """For `Annotated[Base, open_keyed(family, lambda: Base)]`: validates as the whole registered family."""
    return GetPydanticSchema(lambda _source, handler: handler(keyed_model(family, base())))
