"""What pydantic finds becomes our diagnostics: with our codes, the path in the data as written, and a hint."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import core_schema

from promoengine.errors import MOST_DIAGNOSTICS, Diagnostic, Path, Place
from promoengine.kinds.registry import TAGGED
from promoengine.shapes import known_fields
from promoengine.suggestions import did_you_mean

CODES = {
    "missing": "missing_field",
    "extra_forbidden": "unknown_field",
    "literal_error": "not_one_of",
    "union_tag_invalid": "unknown_kind",
    "union_tag_not_found": "missing_kind",
    "too_short": "empty_list",
    "string_type": "not_text",
    "invalid_key": "not_text",
    "int_type": "not_a_whole_number",
    "int_from_float": "not_a_whole_number",
    "int_parsing": "not_a_whole_number",
    "greater_than_equal": "count_out_of_range",
    "less_than_equal": "count_out_of_range",
}
"""pydantic's error types and our codes; any other type of pydantic's own is `wrong_shape`."""
_PYDANTIC_TYPES = frozenset(get_args(core_schema.ErrorType))
_OUR_OWN = {"missing_field": "this field is required", "unknown_field": "this field is not known here"}


def diagnostics_of(error: ValidationError, model: type[BaseModel], data: object, prefix: Path = ()) -> list[Diagnostic]:
    """The findings of a validation of `data` by `model`, at most one more than are reported of a whole document.

    `prefix` is where the data stands in that.
    """
    findings = error.errors(include_url=False, include_input=False)[: MOST_DIAGNOSTICS + 1]
    places = [found["loc"] for found in findings]
    return [
        _diagnostic(found, model, data, prefix)
        for found in findings
        if not (found["type"] == "too_short" and any(_lies_within(place, found["loc"]) for place in places))
    ]


def _lies_within(place: tuple[str | int, ...], around: tuple[str | int, ...]) -> bool:
    """Whether a place lies inside another: then a list is too short only because its items are wrong."""
    return len(place) > len(around) and place[: len(around)] == around


def in_document_order(diagnostics: list[Diagnostic], data: object) -> list[Diagnostic]:
    """The diagnostics in the order in which their places stand in the data."""
    orders: dict[int, dict[object, int]] = {}
    return sorted(diagnostics, key=lambda each: list(_standing(each.place.path, data, orders)))


def _standing(path: Path, data: object, orders: dict[int, dict[object, int]]) -> Iterator[int]:
    """Which place each step of a path has in what holds it; `orders` are those of the mappings seen so far."""
    here = data
    for step in path:
        if isinstance(here, dict):
            order = orders.get(id(here))
            if order is None:
                order = orders[id(here)] = {key: place for place, key in enumerate(here)}
            yield order.get(step, len(order))
        else:
            yield step if isinstance(step, int) else 0
        here = _within(here, step)


def _diagnostic(found: Any, model: type[BaseModel], data: object, prefix: Path) -> Diagnostic:
    kind = found["type"]
    context = found.get("ctx") or {}
    path = written_path(found["loc"], data)
    code = CODES.get(kind) or (kind if _is_ours(found) else "wrong_shape")
    message = _OUR_OWN.get(code) or _message(code, found, context)
    if code == "unknown_field":
        hint = did_you_mean(str(path[-1]), known_fields(model, data, path[:-1]))
    else:
        hint = _hint(code, context)
    return Diagnostic(code, message, Place((*prefix, *path)), hint)


def _is_ours(found: Any) -> bool:
    """Our own refusals have types that pydantic does not know, and so no page of its documentation."""
    return found["type"] not in _PYDANTIC_TYPES


def _message(code: str, found: Any, context: dict[str, Any]) -> str:
    if code == "unknown_kind":
        return f"there is no kind {context.get('tag')!r} here"
    if code == "missing_kind":
        return "this needs a kind"
    return str(found["msg"])


def _hint(code: str, context: dict[str, Any]) -> str:
    if code == "unknown_kind":
        known = [name.strip(" '") for name in str(context.get("expected_tags", "")).split(",")]
        return did_you_mean(str(context.get("tag")), known)
    return ""


def written_path(location: tuple[str | int, ...], data: object) -> Path:
    """The path in the data as written: without the tags and the list places that validation put in."""
    path: list[str | int] = []
    here = data
    tag: object = None
    for position, step in enumerate(location):
        if tag is not None and step == tag:
            tag = None  # once: further in, a field of the kind may bear its name, as `price` does
            continue
        found = _within(here, step)
        if found is not _NOTHING:
            path.append(step)
            here, tag = found, _tag_of(found, path)
        elif position == len(location) - 1 and _is_absent_key(here, step):
            path.append(step)
    return tuple(path)


def _tag_of(here: object, path: list[str | int]) -> object:
    """The tag that validation puts in after this place: the kind of a trigger or a benefit, and of nothing else."""
    family = next((step for step in reversed(path) if isinstance(step, str)), None)
    return here.get("kind") if isinstance(here, dict) and family in TAGGED else None


def standing_path(path: Path, data: object) -> Path:
    """The path of lowering in the data as written: without the places and keys that stand for a shorter form, as
    `benefit[0]` where one benefit is written without a list.
    """
    found: list[str | int] = []
    here = data
    for step in path:
        if isinstance(here, dict if isinstance(step, str) else (list, tuple)):
            here = _within(here, step)
        elif here is not _NOTHING:
            continue
        found.append(step)
    return tuple(found)


_NOTHING = object()


def _within(here: object, step: str | int) -> object:
    """What stands under a key or at a place; `_NOTHING` where validation put the step in."""
    if isinstance(here, dict):
        return here.get(step, _NOTHING)
    if isinstance(here, (list, tuple)) and isinstance(step, int) and 0 <= step < len(here):
        return here[step]
    return _NOTHING


def _is_absent_key(here: object, step: str | int) -> bool:
    """A key that the data lacks: a missing field, and no tag of a union."""
    return isinstance(here, dict) and isinstance(step, str) and step != here.get("kind")
