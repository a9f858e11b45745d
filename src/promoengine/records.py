"""`dataclass` and `field` as the standard library has them, for classes with slots, at a fraction of what they cost.

There are more than a hundred such classes, and the standard decorator compiles six functions for each, which was a
third of the time that importing this library took. This one compiles one, and the other five read what they need from
the class. And a frozen value is made as fast as any other: it is written as a draft without a guard, and then becomes
what it is, where the standard one goes through `object.__setattr__` for each field.

What the module `dataclasses` does (`fields`, `replace`, `is_dataclass`) it does with these too. A class has the fields
that it states and inherits none.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass, field
else:
    field = dataclasses.field

    def dataclass(*, slots: bool, frozen: bool = False, eq: bool = True) -> Callable[[type], type]:
        """A class decorator; see `dataclasses.dataclass`. `slots` is always true."""
        assert slots
        return lambda cls: _made(cls, frozen, eq)


__all__ = ["dataclass", "field"]

_MADE = object()
"""The default of a field that is made anew for each value."""


def _made(cls: Any, frozen: bool, eq: bool) -> Any:
    if hasattr(cls, "__mypyc_attrs__"):  # a compiled class is given its methods, and cannot be made anew
        return dataclasses.dataclass(slots=True, frozen=frozen, eq=eq)(cls)
    fields = _fields_of(cls)
    body = {name: value for name, value in vars(cls).items() if name not in fields and name not in _OF_THE_OLD}
    body = {**_methods(fields, frozen, eq), **body, "__qualname__": cls.__qualname__}
    names = tuple(fields)
    if not frozen:
        made = type(cls)(cls.__name__, cls.__bases__, {**body, "__slots__": names})
        made.__init__ = _writer(made, fields, None)
        return made
    draft = type(cls)(f"{cls.__name__}Draft", cls.__bases__, {"__slots__": names, "__module__": cls.__module__})
    made = type(cls)(cls.__name__, (draft,), {**body, "__slots__": ()})
    made.__new__ = _writer(made, fields, draft)
    return made


_OF_THE_OLD = frozenset({"__dict__", "__weakref__"})


def _fields_of(cls: type) -> dict[str, Any]:
    """The fields by name, in their order."""
    assert not hasattr(cls, "__dataclass_fields__")
    found = {}
    for name, annotation in vars(cls).get("__annotations__", {}).items():
        if str(annotation).startswith("ClassVar"):
            continue
        default = vars(cls).get(name, dataclasses.MISSING)
        each: Any = default if isinstance(default, dataclasses.Field) else dataclasses.field(default=default)
        each.name, each.type, each._field_type = name, annotation, dataclasses._FIELD  # type: ignore[attr-defined]
        found[name] = each
    return found


def _methods(fields: dict[str, Any], frozen: bool, eq: bool) -> dict[str, Any]:
    """All methods but the one that makes a value."""
    names = tuple(fields)
    shown = [name for name, each in fields.items() if each.repr]
    values = _getter(names)
    found: dict[str, Any] = {"__dataclass_fields__": fields, "__match_args__": names}
    found["__repr__"] = lambda self: (
        f"{type(self).__qualname__}({', '.join([f'{name}={getattr(self, name)!r}' for name in shown])})"
    )
    found["__reduce__"] = lambda self: (_restored, (type(self), values(self)))
    if frozen:
        found |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
    if eq:
        compared = _getter(tuple([name for name, each in fields.items() if each.compare]))

        def equal(self: Any, other: Any) -> Any:
            return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

        found["__eq__"] = equal
        found["__hash__"] = (lambda self: hash(compared(self))) if frozen else None
    return found


def _restored(cls: type, values: tuple[Any, ...]) -> Any:
    """A value that was copied or pickled."""
    made: Any = object.__new__(cls)
    for name, value in zip(vars(cls)["__dataclass_fields__"], values, strict=True):
        object.__setattr__(made, name, value)
    return made


def _getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """The values of these fields."""
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda _: ()
    (name,) = names
    return lambda self: (getattr(self, name),)


def _writer(cls: type, fields: dict[str, Any], draft: type | None) -> Callable[..., Any]:
    """The one function that is compiled: `__init__`, or with a draft `__new__`."""
    scope: dict[str, Any] = {"_new_": object.__new__, "_draft_": draft, "_made_": _MADE}
    parameters, lines = ["cls" if draft else "self"], ["self = _new_(_draft_)"] if draft else []
    for name, each in fields.items():
        value = name
        if each.default_factory is not dataclasses.MISSING:
            scope[f"_make_{name}_"] = each.default_factory
            value = f"_make_{name}_() if {name} is _made_ else {name}" if each.init else f"_make_{name}_()"
            parameter = f"{name}=_made_"
        elif each.default is not dataclasses.MISSING:
            scope[f"_default_{name}_"] = each.default
            value = name if each.init else f"_default_{name}_"
            parameter = f"{name}=_default_{name}_"
        elif each.init:
            parameter = name
        else:
            continue  # `__post_init__` gives it
        lines.append(f"self.{name} = {value}")
        parameters += [parameter] if each.init else []
    lines += ["self.__class__ = cls"] if draft else []
    lines += ["self.__post_init__()"] if hasattr(cls, "__post_init__") else []
    lines += ["return self"] if draft else []
    name = "__new__" if draft else "__init__"
    body = "\n ".join(lines or ["pass"])
    exec(f"def {name}({', '.join(parameters)}):\n {body}", scope)
    written: Callable[..., Any] = scope[name]
    written.__qualname__ = f"{cls.__qualname__}.{name}"
    return written


def _refuse_to_set(self: Any, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
