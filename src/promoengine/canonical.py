"""Canonical JSON: sorted keys, no blanks, amounts as decimal text; the same bytes for the same values everywhere.

A value is written by the form of its class, which is read off its fields once: what a field is called says whether it
holds an amount (`..._minor`, and the key goes without that), what it is declared as says how its text is found. Each
amount and each name is made into text once, however often it comes: the prices of a quote come again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any, Literal, get_args, get_origin, get_type_hints

from promoengine.money import format_amount

Besides = Mapping[type, Callable[[Any], tuple[str, ...]]]


def canonical_json(value: Any, exponent: int, *, without: frozenset[str], besides: Besides) -> str:
    """A dataclass, and all that it holds, as JSON text. Amounts have `exponent` digits; fields named in `without` are
    left out. `besides`, by class, names fields of a value that hold amounts though they are not called so.
    """
    return _Writer(exponent, without, besides).text_of(value)


def moment_text(moment: datetime) -> str:
    """A moment as canonical text: UTC, to the second, or the microsecond where it has one."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


class _Amounts(dict[int | None, str]):
    """Amounts as JSON text."""

    __slots__ = ("_exponent",)

    def __init__(self, exponent: int) -> None:
        super().__init__({None: "null"})
        self._exponent = exponent

    def __missing__(self, amount_minor: int | None) -> str:
        assert amount_minor is not None
        text = self[amount_minor] = f'"{format_amount(amount_minor, self._exponent)}"'
        return text


class _Names(dict[str | None, str]):
    """Names as JSON text."""

    __slots__ = ()

    def __missing__(self, name: str | None) -> str:
        text = self[name] = "null" if name is None else encode_basestring(name)
        return text


class _Numbers(dict[int | None, str]):
    """Numbers as JSON text."""

    __slots__ = ()

    def __missing__(self, number: int | None) -> str:
        text = self[number] = "null" if number is None else str(number)
        return text


_FLAGS = {True: "true", False: "false", None: "null"}

FoundBy = Literal["amount", "name", "number", "flag"]


@dataclass(frozen=True, slots=True)
class _Form:
    """How the values of one class are written. `scalars` are the fields whose text is found in a table, and in which;
    `parts` the others, and whether they map names to amounts. `order` puts the texts of both in the order of the keys,
    and `template` is what stands around them.
    """

    template: str
    scalars: tuple[tuple[str, FoundBy], ...]
    parts: tuple[tuple[str, bool], ...]
    order: Callable[[list[str]], tuple[str, ...]]


_FORMS: dict[tuple[type, frozenset[str], tuple[str, ...]], _Form] = {}
"""By class, what is left out and what holds amounts besides; made when a value of it is first written."""


def _form_of(kind: type[Any], without: frozenset[str], besides: tuple[str, ...]) -> _Form:
    names = [each.name for each in fields(kind) if each.name not in without]
    hints = get_type_hints(kind)
    found_by = {name: _found_by(name, hints[name], name in besides) for name in names}
    scalars = [(name, how) for name, how in found_by.items() if how is not None]
    parts = [(name, name.endswith("_minor")) for name, how in found_by.items() if how is None]
    keys = [name.removesuffix("_minor") for name, _ in (*scalars, *parts)]
    places = sorted(range(len(keys)), key=keys.__getitem__)
    template = ",".join([f'"{keys[place]}":%s' for place in places])
    return _Form("{" + template + "}", tuple(scalars), tuple(parts), _in_order(places))


def _in_order(places: list[int]) -> Callable[[list[str]], tuple[str, ...]]:
    if len(places) == 1:
        return tuple
    return itemgetter(*places)


def _found_by(name: str, hint: Any, is_amount: bool) -> FoundBy | None:
    """In which table the text of a field is found; None: it holds other values."""
    kinds = {type(each) if get_origin(hint) is Literal else each for each in get_args(hint) or (hint,)}
    kinds = {str if get_origin(each) is Literal else each for each in kinds} - {type(None)}
    if kinds == {int}:
        return "amount" if is_amount or name.endswith("_minor") else "number"
    if kinds == {bool}:
        return "flag"
    return "name" if kinds == {str} and get_origin(hint) not in (list, dict) else None


class _Writer:
    """Writes the values of one quote."""

    __slots__ = ("_amounts", "_besides", "_names", "_numbers", "_rows", "_tables", "_without")

    def __init__(self, exponent: int, without: frozenset[str], besides: Besides) -> None:
        self._amounts = _Amounts(exponent)
        self._names = _Names()
        self._numbers = _Numbers()
        self._tables: dict[FoundBy, Any] = {
            "amount": self._amounts,
            "name": self._names,
            "number": self._numbers,
            "flag": _FLAGS,
        }
        self._rows: dict[type, tuple[_Form, list[tuple[str, Any]]]] = {}
        self._without = without
        self._besides = besides

    def text_of(self, value: Any) -> str:
        """Any value as JSON."""
        kind = type(value)
        if kind is list:
            return "[" + ",".join([self.text_of(each) for each in value]) + "]" if value else "[]"
        if kind is str:
            return self._names[value]
        if kind is dict:
            return self._mapping({key: self.text_of(each) for key, each in value.items()}) if value else "{}"
        if value is None or kind is bool:
            return _FLAGS[value]
        if kind is int:
            return self._numbers[value]
        if kind is datetime:
            return f'"{moment_text(value)}"'
        return self._by_form(value)

    def _mapping(self, texts: dict[str, str]) -> str:
        return "{" + ",".join([f"{self._names[key]}:{texts[key]}" for key in sorted(texts)]) + "}"

    def _by_form(self, value: Any) -> str:
        kind = type(value)
        known = self._rows.get(kind)
        if known is None:
            names_of = self._besides.get(kind)
            known = self._row_of(kind, () if names_of is None else names_of(value))
            if names_of is None:  # the same for all values of the class
                self._rows[kind] = known
        form, scalars = known
        texts = [table[getattr(value, name)] for name, table in scalars]
        if form.parts:
            for name, of_amounts in form.parts:
                content = getattr(value, name)
                if of_amounts:
                    texts.append(self._mapping({key: self._amounts[amount] for key, amount in content.items()}))
                else:
                    texts.append(self.text_of(content))
        return form.template % form.order(texts)

    def _row_of(self, kind: type, besides: tuple[str, ...]) -> tuple[_Form, list[tuple[str, Any]]]:
        """The form of a class, and its scalars with the tables of this writer."""
        key = kind, self._without, besides
        form = _FORMS.get(key)
        if form is None:
            form = _FORMS[key] = _form_of(kind, self._without, besides)
        return form, [(name, self._tables[how]) for name, how in form.scalars]
