"""Write `docs/kinds.md` from the docstrings and the fields of the built-in kinds.

    python scripts/generate_kinds_page.py

With `--check` nothing is written; the exit status is 1 where the page differs from what would be written. Kinds of
other packages are left out: they have pages of their own.
"""

from __future__ import annotations

import inspect
import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, TypeAdapter
from pydantic_core import PydanticUndefined

from promoengine import fields, plan
from promoengine.kinds import base
from promoengine.kinds.registry import KEYED, Family, kinds

TARGET = Path(__file__).resolve().parent.parent / "docs" / "kinds.md"

HEAD = """\
# The kinds

Everything that a promotion can be made of, kind by kind. This page is written by `scripts/generate_kinds_page.py` from
the docstrings of the kinds; a correction goes there. [The campaign language](language.md) says where each stands in a
promotion, and explains the [fields that many kinds share](language.md#what-kinds-share).

A table lists what may be written: the field, what it holds, and its default. *None* means that nothing is there unless
you write it. [Units and bounds](language.md#values-units-and-bounds) of amounts, names and numbers are the same
everywhere. A **figure** is an amount where money is measured, and a whole number where units are counted.

{contents}
"""

FAMILIES: dict[Family, tuple[str, str]] = {
    "trigger": (
        "Triggers",
        "What fires a promotion: `trigger: {kind: ...}`. A promotion has at most one; without one it has `none`.",
    ),
    "benefit": (
        "Benefits",
        "What a promotion gives: `benefit: {kind: ...}`, or a list of them, or one or more for each rung of `tiers`.",
    ),
    "rewarded": (
        "Rewarded units",
        "Which units in reach a benefit rewards: `rewarded: {cheapest: 1}` inside a benefit. Exactly one key, besides "
        "`over`. Without it, all units in reach are rewarded.",
    ),
    "selector": (
        "Selectors",
        "Which units: `items: {category: [snacks]}` of a promotion, of a part of a set, of a benefit, of a condition, "
        "of a floor. A mapping whose keys are kinds; every key that is stated must hold. Where a list of names may "
        "stand, one name will do.",
    ),
    "condition": (
        "Conditions",
        "Who and when: `when: {segment: [plus]}` of a promotion, read off the cart as given, at list. A mapping whose "
        "keys are kinds; every key that is stated must hold. Where a list of names may stand, one name will do.",
    ),
    "limit": (
        "Limits",
        "How often and how much: `limits: {stock: 500}` of a promotion. A mapping whose keys are kinds, besides "
        "`beyond` and `on_empty`; all of them hold together. What is left of each comes with the cart, under "
        "[`limits_left`](cart.md#what-is-left-of-limits-limitsleft).",
    ),
}

WORDS: list[tuple[Any, str]] = [
    (fields.Amount, "an amount"),
    (fields.AmountFromZero, "an amount from 0"),
    (fields.CartAmount, "an amount, in the campaign's currency"),
    (fields.Percent, "a percentage"),
    (fields.Count, "a whole number from 1"),
    (fields.Tally, "a whole number from 1"),
    (fields.Names, "one name or several"),
    (fields.Name, "a name"),
    (fields.Flag, "`true` or `false`"),
    (base.Selector, "a [selector](#selectors)"),
    (base.Conditions, "[conditions](#conditions)"),
    (base.Rewarded, "[rewarded units](#rewarded-units)"),
    (plan.UnitBase, "a [base](language.md#what-is-measured-and-of-what-a-percentage-is-taken)"),
    (base.RoundingChoice, "a [rounding](language.md#rounding-roundingchoice)"),
    (base.AllocationChoice, "an [allocation](language.md#allocation-allocationchoice)"),
    (base.MostUnits, "[bounds](language.md#most-units-mostunits), or a number for the cart"),
    (str, "text"),
    (bool, "`true` or `false`"),
]
"""What a field's type is called on the page. The first that is equal counts."""

FIGURES = frozenset({"at_least", "more_than", "at_most", "every"})
"""Fields that are amounts or counts, as the measure has it."""

SHARED = (base.RoundingChoice, base.AllocationChoice, base.MostUnits)
"""Parts that `language.md` explains, because campaigns and stages have them too."""


def page() -> str:
    """The text of the page."""
    sections = [section(family) for family in FAMILIES]
    return HEAD.format(contents=contents()) + "\n" + "\n".join(sections)


def contents() -> str:
    lines = []
    for family, (title, _) in FAMILIES.items():
        links = [f"[`{name}`](#{anchor(heading(kind))})" for name, kind in built_in(family).items()]
        lines.append(f"- [{title}](#{anchor(title)}): {', '.join(links)}")
    return "\n".join(lines)


def built_in(family: Family) -> dict[str, type[BaseModel]]:
    """The kinds of a family that this library brings along, by name."""
    found = {name: kind for name, kind in kinds(family).items() if kind.__module__.startswith("promoengine.")}
    return dict(sorted(found.items()))


def heading(kind: type) -> str:
    """The first line of a kind's file, as "The trigger `set`": so no two kinds of the page share an anchor."""
    return inspect.cleandoc(sys.modules[kind.__module__].__doc__ or "").rstrip(".")


def anchor(title: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def section(family: Family) -> str:
    title, introduction = FAMILIES[family]
    parts = [f"## {title}\n\n{introduction}\n"]
    for kind in built_in(family).values():
        parts.append(f"### {heading(kind)}\n\n{prose(kind)}\n")
        parts.append(keyed_value(kind) if family in KEYED else tables(kind))
    return "\n".join(part for part in parts if part)


def prose(kind: type) -> str:
    """The docstring in paragraphs, the example and the near miss each as one of its own."""
    text = inspect.cleandoc(kind.__doc__ or "")
    text = re.sub(r"(?m)^(Example|Near miss):", r"\n**\1:**", text)
    paragraphs = [re.sub(r"\s*\n\s*", " ", paragraph).strip() for paragraph in text.split("\n\n")]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def keyed_value(kind: type[BaseModel]) -> str:
    """What stands behind the key, and the table of its fields where it is a mapping."""
    (value,) = next(arguments for each in kind.__mro__ if (arguments := generic_arguments(each)))
    if is_part(value):
        return f"It holds a mapping:\n\n{table(value)}"
    return f"It holds {words(value)}.\n"


def generic_arguments(each: type) -> tuple[Any, ...]:
    """What a generic model was made for, as `Names` in `SelectorKind[Names]`."""
    return tuple(getattr(each, "__pydantic_generic_metadata__", {}).get("args", ()))


def tables(kind: type[BaseModel]) -> str:
    """The fields of a kind, and those of the parts that it is made of."""
    found = [table(kind)]
    for part in parts_of(kind):
        found.append(f"{prose(part)} (`{part.__name__}`)\n\n{table(part)}")
    return "\n".join(found)


def table(model: type[BaseModel]) -> str:
    rows = ["| field | holds | default |", "|---|---|---|"]
    hints = get_type_hints(model, include_extras=True)
    for name, field in sorted(model.model_fields.items(), key=lambda item: rank(model, item[0])):
        shown = field.alias or name
        default = "required" if field.is_required() else default_text(field.get_default(call_default_factory=True))
        rows.append(f"| `{shown}` | {holds(name, hints[name])} | {default} |")
    return "\n".join(rows) + "\n"


def holds(name: str, hint: Any) -> str:
    is_figure = name in FIGURES and any(
        each in (fields.Amount, fields.AmountFromZero, fields.CartAmount) for each in get_args(hint)
    )
    return "a figure" if is_figure else words(hint)


def rank(model: type[BaseModel], name: str) -> tuple[bool, int]:
    """A kind's own fields come before those that it shares with its family; `kind` comes first of all."""
    own = name in inspect.get_annotations(model)
    return not own, list(model.model_fields).index(name)


def default_text(value: object) -> str:
    if value is PydanticUndefined or value is None:
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`"


def called(hint: Any) -> str:
    """The name of a type that has one."""
    return next((name for known, name in WORDS if hint == known), "")


def words(hint: Any) -> str:
    """What a value of this type is called."""
    named = called(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if named:
        return named
    if origin is Annotated:
        return annotated(hint)
    if origin in (Union, types.UnionType):
        return " or ".join(words(each) for each in arguments if each is not type(None))
    if origin is Literal:
        return ", ".join(f"`{each}`" for each in arguments)
    if origin is tuple:
        return f"a list; each {words(arguments[0])}"
    if origin is dict:
        return f"a mapping; for {words(arguments[0])}, {words(arguments[1])}"
    if is_part(hint):
        return f"a `{hint.__name__}`, see below"
    raise TypeError(f"no words for {hint!r}: add them to WORDS")


def annotated(hint: Any) -> str:
    """The longest part of the marks that has a name of its own; of the rest, the bounds are said."""
    within, *marks = get_args(hint)
    if within is int:
        return whole_number(hint)
    for end in range(len(marks), 0, -1):
        named = called(Annotated[within, *marks[:end]])
        if named:
            return named + longest(marks[end:])
    return words(within) + longest(marks)


def whole_number(hint: Any) -> str:
    schema = TypeAdapter(hint).json_schema()
    most = f" to {schema['maximum']:,}" if "maximum" in schema else ""
    return f"a whole number from {schema['minimum']}{most}"


def longest(marks: list[Any]) -> str:
    """The most entries that a list may have."""
    found = [mark.entries for mark in marks if isinstance(mark, fields.AtMost)]
    return "".join(f", at most {each:,}" for each in found)


def is_part(hint: Any) -> bool:
    return inspect.isclass(hint) and issubclass(hint, fields.Part)


def parts_of(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The parts that the fields of a model hold, each once, shared ones left out."""
    found: dict[type[BaseModel], None] = {}
    for hint in get_type_hints(model, include_extras=True).values():
        for part in parts_within(hint):
            if part not in SHARED and not issubclass(part, base.KeyedMapping):
                found[part] = None
    yield from found


def parts_within(hint: Any) -> Iterator[type[BaseModel]]:
    if is_part(hint):
        yield hint
    for argument in get_args(hint):
        yield from parts_within(argument)


if __name__ == "__main__":
    from generated import write_or_check

    sys.exit(write_or_check(TARGET, page))
