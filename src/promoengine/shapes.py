"""What may stand at a place: the fields that a model knows there, read off its JSON Schema.

Only asked when something unknown was found, so that a diagnostic can say "did you mean".
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel

from promoengine.errors import Path

Schema = dict[str, Any]


def known_fields(model: type[BaseModel], data: object, path: Path) -> list[str]:
    """The fields that the mapping at `path` may have, sorted; `data` tells which kind stands there."""
    root = _schema_of(model)
    here, nodes = data, [root]
    for step in path:
        nodes = [child for node in _alternatives(root, nodes, here) for child in _children(node, step)]
        here = here[step] if isinstance(here, (dict, list, tuple)) else None  # type: ignore[index]
    return sorted({name for node in _alternatives(root, nodes, here) for name in node.get("properties", ())})


@cache
def _schema_of(model: type[BaseModel]) -> Schema:
    return model.model_json_schema()


def _alternatives(root: Schema, nodes: list[Schema], here: object) -> Iterator[Schema]:
    """Every plain schema that the nodes stand for; those of another kind than the data's are left out, and where
    one value stands for a list, its items are meant.
    """
    for node in nodes:
        while "$ref" in node:
            node = root["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        choices = [*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ())]
        if choices:
            yield from _alternatives(root, choices, here)
        elif "items" in node and isinstance(here, dict):
            yield from _alternatives(root, [node["items"]], here)
        elif _is_of_kind(node, here):
            yield node


def _is_of_kind(node: Schema, here: object) -> bool:
    kind = node.get("properties", {}).get("kind", {}).get("const")
    return kind is None or not isinstance(here, dict) or here.get("kind") in (kind, None)


def _children(node: Schema, step: str | int) -> list[Schema]:
    if isinstance(step, int):
        items = node.get("items")
        return [items] if isinstance(items, dict) else []
    found = node.get("properties", {}).get(step, node.get("additionalProperties"))
    return [found] if isinstance(found, dict) else []
