"""Canonical JSON: sorted keys, no blanks, amounts as decimal text; the same bytes for the same values everywhere.

A quote of twenty lines has a thousand values, so nothing may be asked of each that its class can answer. What the
fields of a class are called and declared as says it all: in which order they are written, which hold amounts
(`..._minor`; the key goes without that), what a list lists. So for each class one function is made, as source text, in
the way in which dataclasses make theirs. That of `Segment` reads

    def write_Segment(value, amounts):
        return f'{{"quantity":{numbers[value.quantity]},"unit_payable":{amounts[value.unit_payable_minor]}}}'

and a line's calls that for each of its segments. No type is looked at while a value is written, so a value must be what
its field is declared as. The functions are made when something is first written, and keep nothing of it.

The prices of a quote come again and again: what a unit cost before one promotion is what it cost after another. So
`amounts`, which holds the texts of one quote's amounts, is asked, and makes what it does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from json.encoder import encode_basestring
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from promoengine.money import format_amount

Besides = Mapping[type, tuple[tuple[str, ...], Callable[[Any], bool]]]
"""By class: fields that hold amounts though they are not called so, and in which values of the class they do."""
Writer = Callable[[Any, int], str]


def canonical_writer(kind: type[Any], *, without: frozenset[str], besides: Besides) -> Writer:
    """What makes the JSON text of a value of this dataclass, and of all that it holds. It takes the value, and how many
    digits its currency has. Fields that are named in `without` are left out.

    Raises `TypeError` where a field is declared as something that is not known here, or two classes have one name.
    """
    write = _Writers(without, besides).function_of(kind)
    return lambda value, exponent: write(value, _Amounts(exponent))


def moment_text(moment: datetime) -> str:
    """A moment as canonical text: UTC, to the second, or the microsecond where it has one."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


class _Amounts(dict[int, str]):
    """The amounts of one value as JSON text."""

    __slots__ = ("_exponent",)

    def __init__(self, exponent: int) -> None:
        self._exponent = exponent

    def __missing__(self, amount_minor: int) -> str:
        text = self[amount_minor] = f'"{format_amount(amount_minor, self._exponent)}"'
        return text


class _Numbers(dict[int, str]):
    """Whole numbers as text. Those that come often, pieces and positions, are there; others are made each time."""

    __slots__ = ()

    def __missing__(self, number: int) -> str:
        return str(number)


class _Writers:
    """Makes the functions: one for each class that is met."""

    __slots__ = ("_besides", "_kinds", "_known", "_without")

    def __init__(self, without: frozenset[str], besides: Besides) -> None:
        self._without = without
        self._besides = besides
        self._kinds: dict[str, type[Any]] = {}
        self._known: dict[str, Any] = {  # what the functions see
            "comma": ",".join,
            "flags": {True: "true", False: "false"},
            "moment": lambda moment: f'"{moment_text(moment)}"',
            "nothing": "",
            "null": "null",
            "numbers": _Numbers(enumerate(map(str, range(1000)))),
            "text": encode_basestring,
        }

    def function_of(self, kind: type[Any]) -> Callable[[Any, _Amounts], str]:
        """The function that writes the values of a dataclass."""
        name = f"write_{kind.__name__}"
        if self._kinds.setdefault(name, kind) is not kind:
            raise TypeError(f"canonical JSON knows classes by their names, and two are called {kind.__name__}")
        if name not in self._known:
            self._known[name] = None  # a class that holds its own kind finds its name taken
            exec(self._source(name, kind), self._known)
        found: Callable[[Any, _Amounts], str] = self._known[name]
        return found

    def _source(self, name: str, kind: type[Any]) -> str:
        hints = get_type_hints(kind)
        named, holds = self._besides.get(kind, ((), None))
        self._known[f"holds_amounts_{name}"] = holds
        members: dict[str, str] = {}
        for field in [each.name for each in fields(kind) if each.name not in self._without]:
            where = f"value.{field}"
            written = self._member(hints[field], where, field.endswith("_minor"))
            if field in named:
                written = f"{{amounts[{where}] if holds_amounts_{name}(value) else numbers[{where}]}}"
            members[field.removesuffix("_minor")] = written
        body = ",".join([f'"{key}":{members[key]}' for key in sorted(members)])
        return f"def {name}(value, amounts):\n    return f'{{{{{body}}}}}'\n"

    def _member(self, hint: Any, where: str, is_amount: bool) -> str:
        """What stands after the key, as part of an f-string in single quotes."""
        if get_origin(hint) is list:
            (item,) = get_args(hint)
            each = f'f"{{{self._scalar(item, "each", is_amount)}}}"'
            return f"[{{comma([{each} for each in {where}]) if {where} else nothing}}]"
        if get_origin(hint) is dict:
            _, item = get_args(hint)
            pair = f'f"{{text(key)}}:{{{self._scalar(item, f"{where}[key]", is_amount)}}}"'
            return f"{{{{{{comma([{pair} for key in sorted({where})]) if {where} else nothing}}}}}}"
        return f"{{{self._scalar(hint, where, is_amount)}}}"

    def _scalar(self, hint: Any, where: str, is_amount: bool) -> str:
        """The expression of what an f-string is to show, without quotes in it. `where`: that of the value."""
        kinds = _kinds(hint)
        expression = self._expression(kinds - {NoneType}, where, is_amount)
        return f"null if {where} is None else {expression}" if NoneType in kinds else expression

    def _expression(self, kinds: set[Any], where: str, is_amount: bool) -> str:
        if kinds == {int}:
            return f"amounts[{where}]" if is_amount else f"numbers[{where}]"
        if kinds == {str}:
            return f"text({where})"
        if kinds == {bool}:
            return f"flags[{where}]"
        if kinds == {datetime}:
            return f"moment({where})"
        (kind,) = kinds
        if not isinstance(kind, type) or not is_dataclass(kind):
            raise TypeError(f"canonical JSON does not know how to write {kind}")
        self.function_of(kind)
        return f"write_{kind.__name__}({where}, amounts)"


def _kinds(hint: Any) -> set[Any]:
    """The classes of the values that a field may hold."""
    origin = get_origin(hint)
    if origin is Literal:
        return {type(each) for each in get_args(hint)}
    if origin in (Union, UnionType):
        return set().union(*[_kinds(each) for each in get_args(hint)])
    return {hint}
