"""The JSON Schemas of what goes in and out: campaigns, carts and quotes."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from promoengine.cart import Cart
from promoengine.document import CampaignDocument
from promoengine.presets import preset_names
from promoengine.quote import NOT_CANONICAL, Quote

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MODELS: dict[str, type[BaseModel]] = {"campaign": CampaignDocument, "cart": Cart}
_AMOUNT: Schema = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "description": "an amount, as 12.50"}


class _ForEditors(GenerateJsonSchema):
    """Without what an editor would only show in the way: titles that repeat names, and defaults that say nothing."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        found = super().default_schema(schema)
        if isinstance(found.get("default"), (dict, list)) or found.get("default", "") is None:
            found.pop("default")
        return found


def schema_of(document: Literal["campaign", "cart", "quote"]) -> Schema:
    """The schema of a document as it is written: shorter ways to write it included."""
    if document == "quote":
        return _headed(_of_quote(), "promoengine quote")
    schema = _MODELS[document].model_json_schema(schema_generator=_ForEditors)
    if document == "campaign":
        schema["properties"]["extends"] = {"enum": [*preset_names(), None], "description": "the preset to start from"}
    return _headed(schema, f"promoengine {document}")


def _headed(schema: Schema, title: str) -> Schema:
    return {"$schema": DIALECT, **schema, "title": title}


# -- the quote ------------------------------------------------------------------------------------


def _of_quote() -> Schema:
    """The canonical form: a field that ends in `_minor` is an amount, and is called without that ending."""
    schema = TypeAdapter(Quote).json_schema(mode="serialization", schema_generator=_ForEditors)
    for each in (schema, *schema["$defs"].values()):
        _make_canonical(each)
    figures = schema["$defs"]["Shortfall"]["properties"]
    for name in ("measured", "needed", "gap"):
        figures[name] = {"anyOf": [{"type": "integer"}, _AMOUNT]}
    schema["$defs"]["Claim"]["properties"]["amount"] = {"anyOf": [{"type": "integer"}, _AMOUNT]}
    return schema


def _make_canonical(part: Schema) -> None:
    properties: Schema = part.get("properties", {})
    part["properties"] = {
        name.removesuffix("_minor"): _as_amount(each) if name.endswith("_minor") else each
        for name, each in properties.items()
        if name not in NOT_CANONICAL
    }
    part["required"] = sorted(part["properties"])
    part["additionalProperties"] = False


def _as_amount(schema: Schema) -> Schema:
    """A schema of minor units as one of amounts."""
    if schema.get("type") == "integer":
        return _AMOUNT
    if "anyOf" in schema:
        return {"anyOf": [_as_amount(each) for each in schema["anyOf"]]}
    if "additionalProperties" in schema:
        return {**schema, "additionalProperties": _AMOUNT}
    return schema
